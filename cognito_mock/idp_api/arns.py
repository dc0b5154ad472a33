"""Names of resources in AWS's scheme. There is one account, and it is made up."""

ACCOUNT_ID = "123456789012"


def pool_arn(pool_id: str) -> str:
    """COG-API-WIRE-032."""
    region = pool_id.partition("_")[0]
    partition = "aws"
    if region.startswith("cn-"):
        partition = "aws-cn"
    elif region.startswith("us-gov-"):
        partition = "aws-us-gov"
    return f"arn:{partition}:cognito-idp:{region}:{ACCOUNT_ID}:userpool/{pool_id}"

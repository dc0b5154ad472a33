"""Names of resources in AWS's scheme. There is one account, and it is made up."""

import re

from cognito_mock.core.errors import InvalidParameterException

ACCOUNT_ID = "123456789012"
_POOL = re.compile(
    r"arn:aws(?:-cn|-us-gov)?:cognito-idp:([a-z0-9-]+):[0-9]{12}:userpool/(\1_[0-9A-Za-z]+)"
)


def pool_arn(pool_id: str) -> str:
    """COG-API-WIRE-032."""
    region = pool_id.partition("_")[0]
    partition = "aws"
    if region.startswith("cn-"):
        partition = "aws-cn"
    elif region.startswith("us-gov-"):
        partition = "aws-us-gov"
    return f"arn:{partition}:cognito-idp:{region}:{ACCOUNT_ID}:userpool/{pool_id}"


def pool_id_of(arn: str) -> str:
    """Return the pool that ``arn`` names, of whatever account: a caller may have one in mind."""
    found = _POOL.fullmatch(arn)
    if found is None:
        # The service's text is not known.
        raise InvalidParameterException("Invalid user pool ARN.")
    return found.group(2)

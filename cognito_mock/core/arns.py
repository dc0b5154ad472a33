"""Names of resources in AWS's scheme. There is one account, and it is made up."""

import re

from cognito_mock.core.errors import InvalidParameterException

ACCOUNT_ID = "123456789012"
_POOL = re.compile(
    r"arn:aws(?:-cn|-us-gov)?:cognito-idp:([a-z0-9-]+):[0-9]{12}:userpool/(\1_[0-9A-Za-z]+)"
)


def pool_arn(pool_id: str) -> str:
    """COG-API-WIRE-032."""
    return _arn(pool_id, f"userpool/{pool_id}")


def device_arn(pool_id: str, username: str, key: str) -> str:
    """COG-API-DEV-007."""
    return _arn(pool_id, f"owner/{username}.{pool_id}/device/{key}")


def _arn(pool_id: str, resource: str) -> str:
    region = pool_id.partition("_")[0]
    partition = "aws"
    if region.startswith("cn-"):
        partition = "aws-cn"
    elif region.startswith("us-gov-"):
        partition = "aws-us-gov"
    return f"arn:{partition}:cognito-idp:{region}:{ACCOUNT_ID}:{resource}"


def pool_id_of(arn: str) -> str:
    """Return the pool that ``arn`` names, of whatever account: a caller may have one in mind."""
    found = _POOL.fullmatch(arn)
    if found is None:
        # The service's text is not known.
        raise InvalidParameterException("Invalid user pool ARN.")
    return found.group(2)

"""What AWS would name the resources of a template: ids, ARNs, secrets.

They follow from the logical ids, so that they are the same at each start and can be written down
where an application is configured. A secret that everybody can work out is one for tests alone.
"""

import hashlib

from cognito_mock.blueprint.cloudformation.parameters import STACK
from cognito_mock.blueprint.cloudformation.template import Resource
from cognito_mock.core.arns import ACCOUNT_ID, pool_arn
from cognito_mock.core.ids import new_client_id, new_client_secret, new_pool_id

POOL = "AWS::Cognito::UserPool"
CLIENT = "AWS::Cognito::UserPoolClient"
# Names that a resource has from one of its properties, which Ref gives.
NAMED_BY = {
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::Cognito::UserPoolGroup": "GroupName",
    "AWS::Cognito::UserPoolUser": "Username",
    "AWS::Cognito::UserPoolResourceServer": "Identifier",
    "AWS::Cognito::UserPoolIdentityProvider": "ProviderName",
    "AWS::IAM::Role": "RoleName",
}
_ROLE = "AWS::IAM::Role"


class _FromName:
    """Entropy that is none: bytes that follow from a name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn = 0

    def token_bytes(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(f"{STACK}/{self._name}/{self._drawn}".encode()).digest(count)


def pool_id(logical_id: str, region: str) -> str:
    """Return the id of a user pool."""
    return new_pool_id(_FromName(logical_id), region)


def client_id(logical_id: str) -> str:
    """Return the id of an app client."""
    return new_client_id(_FromName(logical_id))


def client_secret(logical_id: str) -> str:
    """Return the secret of an app client that has one."""
    return new_client_secret(_FromName(f"{logical_id}/secret"))


def attribute(resource: Resource, name: str, *, region: str, own_name: str) -> str | None:
    """Return what ``Fn::GetAtt`` gives; None for what only AWS knows.

    ``own_name`` is what ``Ref`` gives.
    """
    if resource.type == POOL:
        provider = f"cognito-idp.{region}.amazonaws.com/{own_name}"
        return {
            "Arn": pool_arn(own_name),
            "ProviderName": provider,
            "ProviderURL": f"https://{provider}",
            "UserPoolId": own_name,
        }.get(name)
    if resource.type == CLIENT:
        return {"ClientId": own_name, "ClientSecret": client_secret(resource.logical_id)}.get(name)
    if resource.type == _ROLE and name == "Arn":
        return f"arn:aws:iam::{ACCOUNT_ID}:role/{own_name}"
    return None

"""AddUserPoolClientSecret, ListUserPoolClientSecrets, DeleteUserPoolClientSecret."""

from cognito_mock.core.clients import ClientSecret
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import client_secrets
from cognito_mock.flows.members import optional_text, text
from cognito_mock.idp_api.call import Call


def add_user_pool_client_secret(call: Call) -> JsonObject:
    """COG-API-OP-AddUserPoolClientSecret: the value is shown when it was generated."""
    own = optional_text(call.input, "ClientSecret")
    secret = client_secrets.add_client_secret(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
        value=own,
    )
    value = secret.value if own is None else None
    return {"ClientSecretDescriptor": {**_descriptor(secret), "ClientSecretValue": value}}


def list_user_pool_client_secrets(call: Call) -> JsonObject:
    """COG-API-OP-ListUserPoolClientSecrets: ids and dates only."""
    secrets = client_secrets.list_client_secrets(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
    )
    return {"ClientSecrets": [_descriptor(secret) for secret in secrets]}


def delete_user_pool_client_secret(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUserPoolClientSecret."""
    client_secrets.delete_client_secret(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
        secret_id=text(call.input, "ClientSecretId"),
    )
    return {}


def _descriptor(secret: ClientSecret) -> JsonObject:
    return {"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created_at}


OPERATIONS = {
    "AddUserPoolClientSecret": add_user_pool_client_secret,
    "ListUserPoolClientSecrets": list_user_pool_client_secrets,
    "DeleteUserPoolClientSecret": delete_user_pool_client_secret,
}

"""Set- and GetUserPoolSessionConfiguration, Set- and GetUserPoolClientSessionConfiguration."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import session_settings
from cognito_mock.flows.members import text
from cognito_mock.idp_api.call import Call


def set_user_pool_session_configuration(call: Call) -> JsonObject:
    """COG-API-OP-SetUserPoolSessionConfiguration."""
    pool_id = text(call.input, "UserPoolId")
    settings = session_settings.set_pool_sessions(
        call.services, pool_id=pool_id, request=call.input
    )
    return {"UserPoolId": pool_id, **settings}


def get_user_pool_session_configuration(call: Call) -> JsonObject:
    """COG-API-OP-GetUserPoolSessionConfiguration."""
    pool_id = text(call.input, "UserPoolId")
    return {"UserPoolId": pool_id, **session_settings.pool_sessions(call.services, pool_id=pool_id)}


def set_user_pool_client_session_configuration(call: Call) -> JsonObject:
    """COG-API-OP-SetUserPoolClientSessionConfiguration."""
    place = {name: text(call.input, name) for name in ("UserPoolId", "ClientId")}
    settings = session_settings.set_client_sessions(
        call.services,
        pool_id=place["UserPoolId"],
        client_id=place["ClientId"],
        request=call.input,
    )
    return {**place, **settings}


def get_user_pool_client_session_configuration(call: Call) -> JsonObject:
    """COG-API-OP-GetUserPoolClientSessionConfiguration."""
    place = {name: text(call.input, name) for name in ("UserPoolId", "ClientId")}
    settings = session_settings.client_sessions(
        call.services, pool_id=place["UserPoolId"], client_id=place["ClientId"]
    )
    return {**place, **settings}


OPERATIONS = {
    "SetUserPoolSessionConfiguration": set_user_pool_session_configuration,
    "GetUserPoolSessionConfiguration": get_user_pool_session_configuration,
    "SetUserPoolClientSessionConfiguration": set_user_pool_client_session_configuration,
    "GetUserPoolClientSessionConfiguration": get_user_pool_client_session_configuration,
}

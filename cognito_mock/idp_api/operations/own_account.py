"""What a signed-in user does with an access token: GetUser, DeleteUser, GlobalSignOut."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import users
from cognito_mock.flows.members import text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.user_documents import attribute_list, mfa_members


def get_user(call: Call) -> JsonObject:
    """COG-API-OP-GetUser."""
    user = users.get_user(call.services, access_token=text(call.input, "AccessToken"))
    return {
        "Username": user.username,
        "UserAttributes": attribute_list(user),
        **mfa_members(user),
    }


def delete_user(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUser."""
    users.delete_user(call.services, access_token=text(call.input, "AccessToken"))
    return {}


def global_sign_out(call: Call) -> JsonObject:
    """COG-API-OP-GlobalSignOut."""
    users.global_sign_out(call.services, access_token=text(call.input, "AccessToken"))
    return {}


OPERATIONS = {
    "GetUser": get_user,
    "DeleteUser": delete_user,
    "GlobalSignOut": global_sign_out,
}

"""Users as administrators handle them: AdminCreateUser ... AdminUserGlobalSignOut, ListUsers."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import users
from cognito_mock.flows.members import flag, optional_integer, optional_text, strings, text
from cognito_mock.flows.user_pools import check_attribute_names
from cognito_mock.flows.user_search import list_users as search_users
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.user_documents import (
    described_user,
    given_attributes,
    listed_user,
)
from cognito_mock.idp_api.paging import key_after, page_token

# COG-API-LIST-004
_MOST = 60


def admin_create_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminCreateUser."""
    user = users.admin_create_user(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        attributes=given_attributes(call.input, "UserAttributes"),
        temporary_password=optional_text(call.input, "TemporaryPassword"),
        message_action=optional_text(call.input, "MessageAction"),
        desired_delivery_mediums=strings(call.input, "DesiredDeliveryMediums"),
        force_alias_creation=flag(call.input, "ForceAliasCreation"),
    )
    return {"User": listed_user(user)}


def admin_set_user_password(call: Call) -> JsonObject:
    """COG-API-OP-AdminSetUserPassword."""
    users.admin_set_user_password(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        password=text(call.input, "Password"),
        permanent=flag(call.input, "Permanent"),
    )
    return {}


def admin_get_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminGetUser."""
    user = users.admin_get_user(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return described_user(user)


def admin_delete_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminDeleteUser."""
    users.admin_delete_user(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


def admin_disable_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminDisableUser."""
    users.admin_disable_user(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


def admin_enable_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminEnableUser."""
    users.admin_enable_user(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


def admin_user_global_sign_out(call: Call) -> JsonObject:
    """COG-API-OP-AdminUserGlobalSignOut."""
    users.admin_user_global_sign_out(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


def list_users(call: Call) -> JsonObject:
    """COG-API-OP-ListUsers."""
    pool_id, condition = text(call.input, "UserPoolId"), optional_text(call.input, "Filter")
    names = strings(call.input, "AttributesToGet")
    check_attribute_names(call.services, pool_id=pool_id, names=names)
    listing = f"users of {pool_id} where {condition or ''}"
    now = call.services.clock.now()
    found = search_users(
        call.services,
        pool_id=pool_id,
        filter_text=condition,
        limit=optional_integer(call.input, "Limit") or _MOST,
        after=key_after(optional_text(call.input, "PaginationToken"), listing=listing, now=now),
    )
    return {
        "Users": [listed_user(user, names or None) for user in found.users],
        "PaginationToken": None
        if found.after is None
        else page_token(found.after, listing=listing, now=now),
    }


OPERATIONS = {
    "ListUsers": list_users,
    "AdminCreateUser": admin_create_user,
    "AdminSetUserPassword": admin_set_user_password,
    "AdminGetUser": admin_get_user,
    "AdminDeleteUser": admin_delete_user,
    "AdminDisableUser": admin_disable_user,
    "AdminEnableUser": admin_enable_user,
    "AdminUserGlobalSignOut": admin_user_global_sign_out,
}

"""Groups: CreateGroup ... ListGroups, and who is in them."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.users import Group
from cognito_mock.flows import groups
from cognito_mock.flows.members import optional_integer, optional_text, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.user_documents import listed_user
from cognito_mock.idp_api.paging import key_after, page

# COG-API-GRP-005
_MOST = 60


def create_group(call: Call) -> JsonObject:
    """COG-API-OP-CreateGroup."""
    group = groups.create_group(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        name=text(call.input, "GroupName"),
        description=optional_text(call.input, "Description"),
        role_arn=optional_text(call.input, "RoleArn"),
        precedence=optional_integer(call.input, "Precedence"),
    )
    return {"Group": _group(group)}


def get_group(call: Call) -> JsonObject:
    """COG-API-OP-GetGroup."""
    group = groups.get_group(
        call.services, pool_id=text(call.input, "UserPoolId"), name=text(call.input, "GroupName")
    )
    return {"Group": _group(group)}


def update_group(call: Call) -> JsonObject:
    """COG-API-OP-UpdateGroup."""
    group = groups.update_group(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        name=text(call.input, "GroupName"),
        description=optional_text(call.input, "Description"),
        role_arn=optional_text(call.input, "RoleArn"),
        precedence=optional_integer(call.input, "Precedence"),
    )
    return {"Group": _group(group)}


def delete_group(call: Call) -> JsonObject:
    """COG-API-OP-DeleteGroup."""
    groups.delete_group(
        call.services, pool_id=text(call.input, "UserPoolId"), name=text(call.input, "GroupName")
    )
    return {}


def list_groups(call: Call) -> JsonObject:
    """COG-API-OP-ListGroups."""
    pool_id = text(call.input, "UserPoolId")
    listing = f"groups of {pool_id}"
    size = optional_integer(call.input, "Limit") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = groups.list_groups(call.services, pool_id=pool_id, limit=size + 1, after=after)
    shown = page(found, size=size, listing=listing, key=lambda group: group.name, now=now)
    return {"Groups": [_group(group) for group in shown.items], "NextToken": shown.token}


def list_users_in_group(call: Call) -> JsonObject:
    """COG-API-OP-ListUsersInGroup."""
    pool_id, name = text(call.input, "UserPoolId"), text(call.input, "GroupName")
    listing = f"users of {name} of {pool_id}"
    size = optional_integer(call.input, "Limit") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = groups.list_users_in_group(
        call.services, pool_id=pool_id, name=name, limit=size + 1, after=after
    )
    shown = page(found, size=size, listing=listing, key=lambda user: user.username, now=now)
    return {"Users": [listed_user(user) for user in shown.items], "NextToken": shown.token}


def admin_list_groups_for_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminListGroupsForUser."""
    pool_id, username = text(call.input, "UserPoolId"), text(call.input, "Username")
    listing = f"groups of user {username} of {pool_id}"
    size = optional_integer(call.input, "Limit") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = groups.list_groups_of_user(call.services, pool_id=pool_id, username=username)
    # In the order of precedence, so a name says where the former page ended.
    names = [group.name for group in found]
    rest = found[names.index(after) + 1 :] if after in names else found
    shown = page(rest, size=size, listing=listing, key=lambda group: group.name, now=now)
    return {"Groups": [_group(group) for group in shown.items], "NextToken": shown.token}


def admin_add_user_to_group(call: Call) -> JsonObject:
    """COG-API-OP-AdminAddUserToGroup."""
    groups.add_user_to_group(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        group=text(call.input, "GroupName"),
    )
    return {}


def admin_remove_user_from_group(call: Call) -> JsonObject:
    """COG-API-OP-AdminRemoveUserFromGroup."""
    groups.remove_user_from_group(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        group=text(call.input, "GroupName"),
    )
    return {}


def _group(group: Group) -> JsonObject:
    """COG-API-GRP-001."""
    return {
        "GroupName": group.name,
        "UserPoolId": group.pool_id,
        "Description": group.description,
        "RoleArn": group.role_arn,
        "Precedence": group.precedence,
        "LastModifiedDate": group.modified_at,
        "CreationDate": group.created_at,
    }


OPERATIONS = {
    "CreateGroup": create_group,
    "GetGroup": get_group,
    "UpdateGroup": update_group,
    "DeleteGroup": delete_group,
    "ListGroups": list_groups,
    "ListUsersInGroup": list_users_in_group,
    "AdminListGroupsForUser": admin_list_groups_for_user,
    "AdminAddUserToGroup": admin_add_user_to_group,
    "AdminRemoveUserFromGroup": admin_remove_user_from_group,
}

"""Groups and who is in them."""

from dataclasses import replace

from cognito_mock.core.errors import GroupExistsException, ResourceNotFoundException
from cognito_mock.core.users import Group, Membership, User
from cognito_mock.flows.lookups import get_pool, get_user
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction


def groups_of(tx: Transaction, pool_id: str, username: str) -> list[Group]:
    """Return the user's groups by precedence, those without one last, then by name (COG-TOK-021).

    ``username`` is the canonical one.
    """
    found = [
        tx.get(Group, pool_id, membership.group)
        for membership in tx.scan(Membership, pool_id, username)
    ]
    groups = [group for group in found if group is not None]
    groups.sort(key=lambda g: (g.precedence is None, g.precedence or 0, g.name))
    return groups


def create_group(
    services: Services,
    *,
    pool_id: str,
    name: str,
    description: str | None = None,
    role_arn: str | None = None,
    precedence: int | None = None,
) -> Group:
    """CreateGroup (COG-API-GRP-001)."""
    now = services.clock.now()
    group = Group(
        pool_id=pool_id,
        name=name,
        description=description,
        role_arn=role_arn,
        precedence=precedence,
        created_at=now,
        modified_at=now,
    )
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        if tx.get(Group, pool_id, name) is not None:
            raise GroupExistsException("A group with the name already exists.")
        tx.put(group)
    return group


def get_group(services: Services, *, pool_id: str, name: str) -> Group:
    """GetGroup."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        return _group(tx, pool_id, name)


def update_group(
    services: Services,
    *,
    pool_id: str,
    name: str,
    description: str | None = None,
    role_arn: str | None = None,
    precedence: int | None = None,
) -> Group:
    """UpdateGroup: what is not given stays (COG-API-GRP-001)."""
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        group = _group(tx, pool_id, name)
        changed = replace(
            group,
            description=group.description if description is None else description,
            role_arn=group.role_arn if role_arn is None else role_arn,
            precedence=group.precedence if precedence is None else precedence,
            modified_at=services.clock.now(),
        )
        tx.put(changed)
    return changed


def delete_group(services: Services, *, pool_id: str, name: str) -> None:
    """DeleteGroup, with its memberships (COG-API-GRP-003)."""
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        _group(tx, pool_id, name)
        for membership in tx.find(Membership, "group", pool_id, name):
            tx.delete(Membership, pool_id, membership.username, name)
        tx.delete(Group, pool_id, name)


def list_groups(
    services: Services, *, pool_id: str, limit: int = 60, after: str | None = None
) -> list[Group]:
    """ListGroups by name: a page that begins after the group named ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        key = None if after is None else (pool_id, after)
        return list(tx.scan(Group, pool_id, after=key, limit=limit))


def list_groups_of_user(services: Services, *, pool_id: str, username: str) -> list[Group]:
    """AdminListGroupsForUser, all at once: there are at most 100 (COG-API-GRP-003)."""
    with services.store.read() as tx:
        user = get_user(tx, get_pool(tx, pool_id), username)
        return groups_of(tx, pool_id, user.username)


def list_users_in_group(
    services: Services, *, pool_id: str, name: str, limit: int = 60, after: str | None = None
) -> list[User]:
    """ListUsersInGroup by username: a page that begins after the user named ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        _group(tx, pool_id, name)
        names = [
            membership.username
            for membership in tx.find(Membership, "group", pool_id, name)
            if after is None or membership.username > after
        ]
        users = [tx.get(User, pool_id, username) for username in names[:limit]]
    return [user for user in users if user is not None]


def add_user_to_group(services: Services, *, pool_id: str, username: str, group: str) -> None:
    """AdminAddUserToGroup; a second time changes nothing (COG-API-GRP-003)."""
    with services.store.transaction() as tx:
        user = get_user(tx, get_pool(tx, pool_id), username)
        _group(tx, pool_id, group)
        tx.put(Membership(pool_id=pool_id, username=user.username, group=group))


def remove_user_from_group(services: Services, *, pool_id: str, username: str, group: str) -> None:
    """AdminRemoveUserFromGroup; of a non-member too (COG-API-GRP-003)."""
    with services.store.transaction() as tx:
        user = get_user(tx, get_pool(tx, pool_id), username)
        _group(tx, pool_id, group)
        tx.delete(Membership, pool_id, user.username, group)


def _group(tx: Transaction, pool_id: str, name: str) -> Group:
    group = tx.get(Group, pool_id, name)
    if group is None:
        raise ResourceNotFoundException("Group not found.")
    return group

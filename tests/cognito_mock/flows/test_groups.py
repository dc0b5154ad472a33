"""Groups and members."""

import pytest

from cognito_mock.core.errors import (
    GroupExistsException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from cognito_mock.flows import groups

POOL_ID = "eu-west-1_AbCdEfGhI"


def create(world, name, **details):
    return groups.create_group(world.services, pool_id=POOL_ID, name=name, **details)


def names_of(world, username="ada"):
    found = groups.list_groups_of_user(world.services, pool_id=POOL_ID, username=username)
    return [group.name for group in found]


def change(operation, world, group="editors", username="ada"):
    operation(world.services, pool_id=POOL_ID, username=username, group=group)


def test_create_and_get(world):
    """COG-API-GRP-001."""
    made = create(world, "editors", description="x", role_arn="arn", precedence=1)
    assert groups.get_group(world.services, pool_id=POOL_ID, name="editors") == made
    with pytest.raises(GroupExistsException) as caught:
        create(world, "editors")
    assert caught.value.message == "A group with the name already exists."


def test_unknown_names(world):
    """COG-API-GRP-001; users and pools that do not exist."""
    with pytest.raises(ResourceNotFoundException, match=r"^Group not found\.$"):
        groups.get_group(world.services, pool_id=POOL_ID, name="x")
    world.user()
    with pytest.raises(ResourceNotFoundException, match=r"^Group not found\.$"):
        change(groups.add_user_to_group, world)
    create(world, "editors")
    with pytest.raises(UserNotFoundException):
        change(groups.add_user_to_group, world, username="eve")
    with pytest.raises(ResourceNotFoundException, match="User pool x does not exist"):
        groups.create_group(world.services, pool_id="x", name="x")


def test_update_changes_what_is_given(world):
    """COG-API-GRP-001."""
    create(world, "editors", description="x", precedence=1)
    changed = groups.update_group(world.services, pool_id=POOL_ID, name="editors", precedence=0)
    assert (changed.description, changed.precedence) == ("x", 0)


def test_membership(world):
    """COG-API-GRP-003: adding twice and removing a stranger change nothing."""
    world.user()
    create(world, "editors", precedence=5)
    create(world, "admins", precedence=0)
    for _ in range(2):
        change(groups.add_user_to_group, world)
    change(groups.add_user_to_group, world, "admins")
    assert names_of(world) == ["admins", "editors"]
    for _ in range(2):
        change(groups.remove_user_from_group, world)
    assert names_of(world) == ["admins"]


def test_deleting_a_group_takes_its_memberships(world):
    """COG-API-GRP-003: a later group of the name begins empty."""
    world.user()
    create(world, "editors")
    change(groups.add_user_to_group, world)
    groups.delete_group(world.services, pool_id=POOL_ID, name="editors")
    create(world, "editors")
    assert names_of(world) == []


def test_lists_go_in_pages(world):
    """COG-API-GRP-005: after a name."""
    for name in "cab":
        create(world, name)
        world.user(f"user-{name}", password=None)
        change(groups.add_user_to_group, world, "c" if name == "c" else name, f"user-{name}")
    for name in "ab":
        change(groups.add_user_to_group, world, "c", f"user-{name}")
    listed = groups.list_groups(world.services, pool_id=POOL_ID, limit=2)
    assert [group.name for group in listed] == ["a", "b"]
    listed = groups.list_groups(world.services, pool_id=POOL_ID, after="b")
    assert [group.name for group in listed] == ["c"]
    members = groups.list_users_in_group(
        world.services, pool_id=POOL_ID, name="c", after="user-a", limit=1
    )
    assert [user.username for user in members] == ["user-b"]


def test_role_of_another_account(world):
    """COG-API-MSG-019, which the mock leaves out: its own account number is made up."""
    role = "arn:aws:iam::999999999999:role/x"

    group = create(world, "x", role_arn=role)

    assert group.role_arn == role

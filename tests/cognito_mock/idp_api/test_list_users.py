"""ListUsers: filters, pages, chosen attributes (spec section 7.6)."""

import pytest

BAD = "InvalidParameterException"


@pytest.fixture
def users(api, pool_id):
    """Four users; one is disabled."""
    people = {"ada": "Lovelace", "bob": "Brown", "cleo": "lovegood", "dan": None}
    for name, family in people.items():
        attributes = [{"Name": "email", "Value": f"{name}@example.org"}]
        if family:
            attributes.append({"Name": "family_name", "Value": family})
        api.call(
            "AdminCreateUser",
            UserPoolId=pool_id,
            Username=name,
            UserAttributes=attributes,
            MessageAction="SUPPRESS",
        )
    api.call("AdminDisableUser", UserPoolId=pool_id, Username="bob")
    return people


def listed(api, pool_id, condition):
    found = api.call("ListUsers", UserPoolId=pool_id, Filter=condition)
    return [user["Username"] for user in found["Users"]]


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("", ["ada", "bob", "cleo", "dan"]),
        ('username = "bob"', ["bob"]),
        ('username="Bob"', []),
        ('email = "ADA@example.org"', ["ada"]),
        ('family_name ^= "love"', ["cleo", "ada"]),
        ('family_name^="Love"', ["cleo", "ada"]),
        ('status = "Disabled"', ["bob"]),
        ('status = "disabled"', []),
        ('cognito:user_status = "force_change_password"', ["ada", "bob", "cleo", "dan"]),
        ('family_name = "a\\"b"', []),
    ],
)
def test_filter(api, pool_id, condition, names):
    """COG-API-LIST-001, -002, -006: ascending by the attribute, at once, whatever its case."""
    assert listed(api, pool_id, condition) == names


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("username", "Error while parsing filter"),
        ('username = "a" and email = "b"', "Error while parsing filter"),
        ('nickname = "a"', "Invalid search attribute: nickname"),
        ('custom:x = "a"', "Input fails to satisfy the constraints."),
    ],
)
def test_refused_filter(api, pool_id, condition, message):
    """COG-API-LIST-003."""
    assert api.fail("ListUsers", UserPoolId=pool_id, Filter=condition) == (BAD, message)


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("condition", ["", 'status = "Enabled"'])
def test_pages(api, pool_id, condition):
    """COG-API-LIST-005: every user once, and no token after the last page."""
    names, token = [], {}
    while token is not None:
        page = api.call("ListUsers", UserPoolId=pool_id, Limit=2, Filter=condition, **token)
        assert len(page["Users"]) <= 2
        names += [user["Username"] for user in page["Users"]]
        token = {"PaginationToken": t} if (t := page.get("PaginationToken")) else None

    assert names == (["ada", "bob", "cleo", "dan"] if not condition else ["ada", "cleo", "dan"])


@pytest.mark.usefixtures("users")
def test_token_belongs_to_its_filter(api, pool_id):
    """A token of one listing is none of another."""
    token = api.call("ListUsers", UserPoolId=pool_id, Limit=1)["PaginationToken"]

    assert api.fail(
        "ListUsers", UserPoolId=pool_id, Filter='status = "Enabled"', PaginationToken=token
    ) == (BAD, "Invalid pagination token")


@pytest.mark.usefixtures("users")
def test_chosen_attributes(api, pool_id):
    """COG-API-LIST-004: a user without one of them shows what there is."""
    found = api.call("ListUsers", UserPoolId=pool_id, AttributesToGet=["family_name"])["Users"]

    assert [user["Attributes"] for user in found] == [
        [{"Name": "family_name", "Value": "Lovelace"}],
        [{"Name": "family_name", "Value": "Brown"}],
        [{"Name": "family_name", "Value": "lovegood"}],
        [],
    ]
    assert api.fail("ListUsers", UserPoolId=pool_id, AttributesToGet=["nonsense"]) == (
        BAD,
        "One or more requested attributes do not exist.",
    )


def test_limit_is_bounded(api, pool_id):
    """0 means 60; more is a constraint violation."""
    assert api.call("ListUsers", UserPoolId=pool_id, Limit=0) == {"Users": []}
    assert api.fail("ListUsers", UserPoolId=pool_id, Limit=61) == (
        BAD,
        (
            "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint:"
            " Member must have value less than or equal to 60"
        ),
    )

"""Constraint violations, in the words of the service (COG-API-WIRE-017 to 019)."""

import pytest

NAME_PATTERN = r"Member must satisfy regular expression pattern: [\w\s+=,.@-]+"


def violation(message, *items):
    plural = "" if len(items) == 1 else "s"
    assert message == f"{len(items)} validation error{plural} detected: {'; '.join(items)}"


def failed(at, rule, value=None):
    shown = "Value" if value is None else f"Value '{value}'"
    return f"{shown} at '{at}' failed to satisfy constraint: {rule}"


def refuse(api, operation, **members):
    kind, message = api.fail(operation, **members)
    assert kind == "InvalidParameterException"
    return message


def test_missing_required_member(api):
    """A missing member is a null."""
    violation(
        refuse(api, "CreateUserPool"),
        "Value null at 'poolName' failed to satisfy constraint: Member must not be null",
    )


def test_missing_sensitive_member(api, pool_id):
    """COG-API-WIRE-018: a sensitive member is not even shown to be null."""
    violation(
        refuse(api, "DescribeUserPoolClient", UserPoolId=pool_id),
        "Value at 'clientId' failed to satisfy constraint: Member must not be null",
    )


def test_all_violations_come_in_one_message(api):
    """COG-API-WIRE-017: each member, in the order of the model, each of its rules by itself."""
    message = refuse(
        api,
        "CreateUserPool",
        PoolName="",
        DeletionProtection="MAYBE",
        Policies={"PasswordPolicy": {"MinimumLength": 5, "TemporaryPasswordValidityDays": 400}},
    )

    violation(
        message,
        failed("poolName", "Member must have length greater than or equal to 1", ""),
        failed("poolName", NAME_PATTERN, ""),
        failed(
            "policies.passwordPolicy.minimumLength",
            "Member must have value greater than or equal to 6",
            "5",
        ),
        failed(
            "policies.passwordPolicy.temporaryPasswordValidityDays",
            "Member must have value less than or equal to 365",
            "400",
        ),
        failed(
            "deletionProtection", "Member must satisfy enum value set: [ACTIVE, INACTIVE]", "MAYBE"
        ),
    )


def test_too_long(api):
    """The bound is inclusive."""
    assert api.call("CreateUserPool", PoolName="x" * 128)
    violation(
        refuse(api, "CreateUserPool", PoolName="x" * 129),
        failed("poolName", "Member must have length less than or equal to 128", "x" * 129),
    )


def test_member_of_a_structure_in_a_list(api):
    """The position in the list is part of the path, counted from one."""
    violation(
        refuse(api, "CreateUserPool", PoolName="x", Schema=[{"Name": "a"}, {"Name": "b" * 21}]),
        failed(
            "schema.2.member.name", "Member must have length less than or equal to 20", "b" * 21
        ),
    )


def test_list_of_texts(api):
    """A bad text in a list is reported for the list, with all rules of its members."""
    violation(
        refuse(api, "CreateUserPool", PoolName="x", AliasAttributes=["email", "fax"]),
        failed(
            "aliasAttributes",
            "Member must satisfy constraint: "
            "[Member must satisfy enum value set: [phone_number, email, preferred_username]]",
            "[email, fax]",
        ),
    )


def test_list_length(api):
    """Lists have bounds too."""
    violation(
        refuse(api, "CreateUserPool", PoolName="x", Schema=[]),
        failed("schema", "Member must have length greater than or equal to 1", "[]"),
    )


def test_map(api):
    """Keys and values of a map are reported for the map."""
    violation(
        refuse(api, "CreateUserPool", PoolName="x", UserPoolTags={"": "y" * 257}),
        failed(
            "userPoolTags",
            "Map keys must satisfy constraint: [Member must have length greater than or equal to 1,"
            " Member must have length less than or equal to 128]",
            "{=" + "y" * 257 + "}",
        ),
        failed(
            "userPoolTags",
            "Map value must satisfy constraint: [Member must have length greater than or equal to"
            " 0, Member must have length less than or equal to 256]",
            "{=" + "y" * 257 + "}",
        ),
    )


def test_empty_password_at_sign_up(api):
    """COG-API-WIRE-019, word for word: the service enforces more than its model says."""
    _, message = api.fail("SignUp", ClientId="abc", Username="jdoe", Password="")

    assert message == (
        "2 validation errors detected: Value at 'password' failed to satisfy constraint: Member"
        " must have length greater than or equal to 6; Value at 'password' failed to satisfy"
        r" constraint: Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$"
    )


@pytest.mark.parametrize("password", [" secret-1", "secret-1 ", "sec\nret-1"])
def test_password_with_space_at_an_end_or_a_line_break(api, password):
    """COG-API-POLICY-004."""
    violation(
        refuse(api, "SignUp", ClientId="abc", Username="jdoe", Password=password),
        failed("password", r"Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$"),
    )


def test_sensitive_values_are_not_shown(api):
    """COG-API-WIRE-018: neither in scalars nor in what contains them."""
    message = refuse(
        api,
        "AdminCreateUser",
        UserPoolId="eu-west-1_Ab1",
        Username="two words",
        TemporaryPassword="hunter2 hunter2",
        UserAttributes=[{"Name": "email", "Value": "hunter2" * 300}],
    )

    assert message.startswith("3 validation errors detected: Value at 'username'")
    assert "Value at 'userAttributes.1.member.value' failed" in message
    assert "hunter2" not in message
    assert "two words" not in message


def test_invitation_without_placeholders(api):
    """COG-API-MSG-012: the path says inviteMessage, and the acronym is lower-case."""
    message = refuse(
        api,
        "CreateUserPool",
        PoolName="x",
        AdminCreateUserConfig={"InviteMessageTemplate": {"SMSMessage": "Hello there"}},
    )

    assert (
        "Value 'Hello there' at 'adminCreateUserConfig.inviteMessage.smsMessage' failed" in message
    )


def test_answer_does_not_grow_with_the_request(api):
    """A list full of mistakes is reported up to a hundred of them."""
    _, message = api.fail("CreateUserPool", PoolName="x", Schema=[{"Name": ""}] * 5000)

    assert message.startswith("100 validation errors detected: ")
    assert message.count("failed to satisfy constraint") == 100


def test_refused_input_changes_nothing(api):
    """Nothing is stored when a constraint is broken."""
    refuse(api, "CreateUserPool", PoolName="x", MfaConfiguration="SOMETIMES")

    assert api.call("ListUserPools", MaxResults=60) == {"UserPools": []}


def item(**members):
    """A list of one structure."""
    return [members]


# COG-API-WIRE-040: the operation, the most there may be, and the input with that much in it.
LIMITS = {
    "username": ("AdminCreateUser", 128, lambda n: {"Username": "x" * n}),
    "password": ("SignUp", 256, lambda n: {"Password": "x" * n}),
    "attribute name": (
        "AdminCreateUser",
        32,
        lambda n: {"UserAttributes": item(Name="x" * n, Value="")},
    ),
    "attribute value": (
        "AdminCreateUser",
        2048,
        lambda n: {"UserAttributes": item(Name="x", Value="x" * n)},
    ),
    "custom attribute name": (
        "AddCustomAttributes",
        20,
        lambda n: {"CustomAttributes": item(Name="x" * n)},
    ),
    "group name": ("CreateGroup", 128, lambda n: {"GroupName": "x" * n}),
    "description": ("CreateGroup", 2048, lambda n: {"Description": "x" * n}),
    "client name": ("CreateUserPoolClient", 128, lambda n: {"ClientName": "x" * n}),
    "pool name": ("CreateUserPool", 128, lambda n: {"PoolName": "x" * n}),
    "domain": ("CreateUserPoolDomain", 63, lambda n: {"Domain": "x" * n}),
    "provider name": ("CreateIdentityProvider", 32, lambda n: {"ProviderName": "x" * n}),
    "resource server id": ("CreateResourceServer", 256, lambda n: {"Identifier": "x" * n}),
    "resource server name": ("CreateResourceServer", 256, lambda n: {"Name": "x" * n}),
    "scopes of a server": (
        "CreateResourceServer",
        100,
        lambda n: {"Scopes": item(ScopeName="x", ScopeDescription="x") * n},
    ),
    "scope name": (
        "CreateResourceServer",
        256,
        lambda n: {"Scopes": item(ScopeName="x" * n, ScopeDescription="x")},
    ),
    "scopes of a client": (
        "CreateUserPoolClient",
        50,
        lambda n: {"AllowedOAuthScopes": ["openid"] * n},
    ),
    "callback URLs": (
        "CreateUserPoolClient",
        100,
        lambda n: {"CallbackURLs": ["https://x.example"] * n},
    ),
    "logout URLs": (
        "CreateUserPoolClient",
        100,
        lambda n: {"LogoutURLs": ["https://x.example"] * n},
    ),
    "URL": ("CreateUserPoolClient", 1024, lambda n: {"CallbackURLs": ["x" * n]}),
}


@pytest.mark.parametrize(("operation", "most", "members"), LIMITS.values(), ids=LIMITS)
def test_limits(api, operation, most, members):
    """COG-API-WIRE-040: the most there may be is not refused for its length, one more is."""
    rule = f"Member must have length less than or equal to {most}"

    exceeds = api.send(operation, members(most + 1))
    assert rule in exceeds.json()["message"]
    assert api.records() == []

    fits = api.send(operation, members(most))
    assert rule not in fits.json().get("message", "")


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("AdminCreateUser", {"Username": "with space"}),
        ("CreateUserPool", {"PoolName": "no/slash"}),
        ("CreateResourceServer", {"Scopes": item(ScopeName="a/b", ScopeDescription="x")}),
        ("CreateUserPoolClient", {"ClientName": "no*star"}),
    ],
)
def test_letters(api, operation, members):
    """COG-API-WIRE-040: what names may not contain."""
    refused = api.send(operation, members).json()

    assert refused["__type"] == "InvalidParameterException"
    assert "Member must satisfy regular expression pattern" in refused["message"]


def test_precedence_is_not_negative(api, pool_id):
    """COG-API-WIRE-040: nothing below 0, nothing above what 32 bits hold."""
    group = {"UserPoolId": pool_id, "GroupName": "x"}

    assert "greater than or equal to 0" in api.fail("CreateGroup", **group, Precedence=-1)[1]
    assert api.fail("CreateGroup", **group, Precedence=2**31)[0] == "SerializationException"
    assert api.call("CreateGroup", **group, Precedence=2**31 - 1)["Group"]["Precedence"] == (
        2**31 - 1
    )

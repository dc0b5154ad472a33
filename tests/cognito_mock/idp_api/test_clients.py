"""App clients over the API (spec sections 7.2 and 7.8)."""

import re

import pytest

FLOW = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.example/cb"],
}
REQUIRED = (
    "AllowedOAuthFlows and AllowedOAuthScopes are required"
    " if user pool client is allowed to use OAuth flows."
)
LONGER = (
    "Access and Id Token expiration times must be less than or equal to"
    " refresh token expiration times."
)
BAD = "InvalidParameterException"
BAD_FLOW = "InvalidOAuthFlowException"


def create(api, pool_id, **members):
    return api.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", **members)[
        "UserPoolClient"
    ]


@pytest.mark.parametrize("secret", [True, False])
def test_new_client_shows_the_defaults(api, pool_id, secret):
    """COG-API-JSON-005, COG-API-CLI-001, COG-REV-015, in that order; a secret if asked for."""
    client = create(api, pool_id, GenerateSecret=secret)

    assert re.fullmatch("[a-z0-9]{26}", client["ClientId"])
    expected = {
        "UserPoolId": pool_id,
        "ClientName": "web",
        "ClientId": client["ClientId"],
        **({"ClientSecret": client.get("ClientSecret")} if secret else {}),
        "LastModifiedDate": client["CreationDate"],
        "CreationDate": client["CreationDate"],
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": False,
        "AuthSessionValidity": 3,
    }
    assert list(client.items()) == list(expected.items())
    assert not secret or re.fullmatch("[a-z0-9]{52}", client["ClientSecret"])
    described = api.call("DescribeUserPoolClient", UserPoolId=pool_id, ClientId=client["ClientId"])
    assert described["UserPoolClient"] == client


def test_own_secret(api, pool_id):
    """COG-API-CLI-010."""
    secret = "s" * 24

    assert create(api, pool_id, ClientSecret=secret)["ClientSecret"] == secret


def test_settings_are_echoed(api, pool_id):
    """COG-API-JSON-006, COG-AUT-007, -008: schemes of one's own, and HTTP on this machine."""
    given = {
        **FLOW,
        "AccessTokenValidity": 5,
        "IdTokenValidity": 10,
        "RefreshTokenValidity": 60,
        "TokenValidityUnits": {
            "AccessToken": "minutes",
            "IdToken": "minutes",
            "RefreshToken": "minutes",
        },
        "ReadAttributes": ["email", "email_verified"],
        "WriteAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "LogoutURLs": ["http://localhost:3000/bye", "myapp://bye", "http://[::1]/bye"],
        "DefaultRedirectURI": "https://app.example/cb",
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": False,
        "AuthSessionValidity": 15,
    }

    client = create(api, pool_id, **given)

    assert {name: client[name] for name in given} == given


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb",
        "http://localhost:3000/a/b",
        "http://127.0.0.1:8080",
        "http://[::1]:9/cb",
        "myapp://x",
        "com.example.app:/oauth",
    ],
)
def test_a_callback_may_be(api, pool_id, uri):
    """COG-AUT-007, -008."""
    assert create(api, pool_id, **{**FLOW, "CallbackURLs": [uri]})["CallbackURLs"] == [uri]


@pytest.mark.parametrize(
    ("members", "member"),
    [
        ({"AllowedOAuthScopes": [f"orders/s{n}" for n in range(51)]}, "allowedOAuthScopes"),
        ({"CallbackURLs": [f"https://app.example/{n}" for n in range(101)]}, "callbackURLs"),
        ({"LogoutURLs": [f"https://app.example/{n}" for n in range(101)]}, "logoutURLs"),
    ],
    ids=["scopes", "callbacks", "logout"],
)
def test_a_client_has_at_most(api, pool_id, members, member):
    """COG-SCO-010, COG-QUO-012."""
    error, message = api.fail(
        "CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", **members
    )

    assert error == BAD
    assert f"'{member}' failed to satisfy constraint: Member must have length less than" in message


REFUSED = {
    "COG-API-MSG-013-short": (
        {"AccessTokenValidity": 25},
        BAD,
        "Invalid range for token validity.",
    ),
    "COG-API-MSG-013-seconds": (
        {"IdTokenValidity": 299, "TokenValidityUnits": {"IdToken": "seconds"}},
        BAD,
        "Invalid range for token validity.",
    ),
    "COG-API-CLI-004-unit-alone": (
        {"TokenValidityUnits": {"RefreshToken": "minutes"}},
        BAD,
        "Invalid range for token validity.",
    ),
    "COG-API-MSG-013-refresh": (
        {"RefreshTokenValidity": 3651},
        BAD,
        "Invalid range for token validity.",
    ),
    "COG-API-MSG-013-longer": (
        {
            "AccessTokenValidity": 2,
            "RefreshTokenValidity": 1,
            "TokenValidityUnits": {"RefreshToken": "hours"},
        },
        BAD,
        LONGER,
    ),
    "COG-API-MSG-014-mixed": (
        {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]},
        BAD,
        "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    ),
    "COG-API-MSG-014-secret": (
        {"EnablePropagateAdditionalUserContextData": True},
        BAD,
        "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
    ),
    "COG-API-MSG-015-none": ({"AllowedOAuthFlowsUserPoolClient": True}, BAD_FLOW, REQUIRED),
    "COG-API-MSG-015-no-scope": ({**FLOW, "AllowedOAuthScopes": []}, BAD_FLOW, REQUIRED),
    "COG-API-MSG-015-no-url": (
        {**FLOW, "CallbackURLs": []},
        BAD,
        "CallbackUrls can not be empty when code flow or implicit flow is selected",
    ),
    "COG-API-MSG-015-along": (
        {**FLOW, "AllowedOAuthFlows": ["code", "client_credentials"], "GenerateSecret": True},
        BAD_FLOW,
        "client_credentials flow can not be selected along with code flow or implicit flow.",
    ),
    "COG-API-MSG-015-public": (
        {**FLOW, "AllowedOAuthFlows": ["client_credentials"]},
        BAD_FLOW,
        "client_credentials flow can not be selected if client does not have a client secret.",
    ),
    "COG-API-MSG-015-scope": (
        {**FLOW, "AllowedOAuthScopes": ["openid", "orders/read"]},
        "ScopeDoesNotExistException",
        "Invalid scope requested: orders/read",
    ),
    "COG-API-MSG-015-default": (
        {**FLOW, "DefaultRedirectURI": "https://app.example/other"},
        BAD,
        "The default redirect URI https://app.example/other is not in the callback URIs list.",
    ),
    "COG-API-MSG-015-http": (
        {**FLOW, "CallbackURLs": ["http://app.example/cb"]},
        BAD,
        "http://app.example/cb cannot use the HTTP protocol.",
    ),
    "COG-API-MSG-015-fragment": (
        {**FLOW, "LogoutURLs": ["https://app.example/#a"]},
        BAD,
        "https://app.example/#a cannot use fragment",
    ),
    "COG-API-MSG-016-read": (
        {"ReadAttributes": ["custom:nonsense"]},
        BAD,
        "Invalid read attributes specified while creating a client",
    ),
    "COG-API-MSG-016-write": (
        {"WriteAttributes": ["email_verified"]},
        BAD,
        "Invalid write attributes specified while creating a client",
    ),
    "COG-API-MSG-016-analytics": (
        {"AnalyticsConfiguration": {"ApplicationId": "a"}},
        BAD,
        (
            "Invalid analytics configuration given, either <application arn> or"
            " <application id, role arn, external id> are valid"
        ),
    ),
}


@pytest.mark.parametrize(("members", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(api, pool_id, members, error, message):
    """COG-API-CLI-005: the service's own words, and no client.

    Besides COG-TOK-100, -101, COG-AUT-007, -035, COG-TKE-060, COG-SCO-017.
    """
    answer = api.fail("CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", **members)

    assert answer == (error, message)
    assert api.call("ListUserPoolClients", UserPoolId=pool_id) == {"UserPoolClients": []}


def test_bounds_of_validity_are_inclusive(api, pool_id):
    """COG-API-CLI-004, COG-API-QUO-003, COG-TOK-100, -101: five minutes, an hour, equal ones."""
    units = {"AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds"}

    create(
        api,
        pool_id,
        AccessTokenValidity=300,
        IdTokenValidity=3600,
        RefreshTokenValidity=3600,
        TokenValidityUnits=units,
    )


@pytest.mark.parametrize("scope", ["", "o" * 257, "or ders/read", 'or"ders/read', "or\\ders/read"])
def test_a_scope_is_printable(api, pool_id, scope):
    """COG-SCO-017: 1 to 256 characters without space, quotation mark and backslash."""
    members = {**FLOW, "AllowedOAuthScopes": [scope]}

    error, message = api.fail(
        "CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", **members
    )

    assert error == BAD
    assert "'allowedOAuthScopes' failed to satisfy constraint" in message


def test_unknown_identity_provider(api, pool_id):
    """COG-API-MSG-016."""
    assert api.fail(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        SupportedIdentityProviders=["COGNITO", "Google"],
    ) == (BAD, f"The provider Google does not exist for User Pool {pool_id}.")


def test_required_attributes_must_be_writable(api):
    """COG-API-ATTR-007."""
    pool = api.call("CreateUserPool", PoolName="x", Schema=[{"Name": "name", "Required": True}])
    pool_id = pool["UserPool"]["Id"]

    assert create(api, pool_id, WriteAttributes=["name", "email"])
    assert api.fail(
        "CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", WriteAttributes=["email"]
    ) == (BAD, "Invalid write attributes specified while creating a client")


def test_machine_client_with_custom_scope(api, pool_id):
    """COG-SCO-002: the scopes of a resource server can be allowed, and only these for a machine."""
    api.call(
        "CreateResourceServer",
        UserPoolId=pool_id,
        Identifier="orders",
        Name="Orders",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "Read"}],
    )
    machine = {
        "GenerateSecret": True,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
    }

    client = create(api, pool_id, **machine, AllowedOAuthScopes=["orders/read"])

    assert client["AllowedOAuthScopes"] == ["orders/read"]
    error, _ = api.fail(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        AllowedOAuthScopes=["openid"],
        **machine,
    )
    assert error == BAD_FLOW


@pytest.mark.parametrize(("minutes", "accepted"), [(2, False), (3, True), (15, True), (16, False)])
def test_a_challenge_may_wait(api, pool_id, minutes, accepted):
    """COG-TOK-104: three minutes, which is the default, to fifteen."""
    request = {"UserPoolId": pool_id, "ClientName": "web", "AuthSessionValidity": minutes}

    if accepted:
        client = api.call("CreateUserPoolClient", **request)["UserPoolClient"]
        assert client["AuthSessionValidity"] == minutes
    else:
        assert api.fail("CreateUserPoolClient", **request)[0] == BAD
    assert create(api, pool_id)["AuthSessionValidity"] == 3


@pytest.mark.parametrize(
    ("length", "accepted"), [(1024, True), (1025, False)], ids=["longest", "too-long"]
)
def test_an_address_has_at_most_1024_characters(api, pool_id, length, accepted):
    """COG-QUO-033."""
    uri = "https://app.example/".ljust(length, "a")
    request = {"UserPoolId": pool_id, "ClientName": "web", **FLOW, "CallbackURLs": [uri]}

    if accepted:
        assert api.call("CreateUserPoolClient", **request)
    else:
        assert api.fail("CreateUserPoolClient", **request)[0] == BAD


def test_rotation(api, pool_id):
    """COG-API-CLI-003, -009, COG-TKE-046."""
    client = create(api, pool_id, RefreshTokenRotation={"Feature": "ENABLED"})

    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    error, _ = api.fail(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        RefreshTokenRotation={"Feature": "ENABLED"},
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
    )
    assert error == BAD


def test_update_resets_what_is_not_sent(api, pool_id):
    """COG-API-CLI-007: only the name and the secret stay."""
    client = create(api, pool_id, **FLOW, GenerateSecret=True, RefreshTokenValidity=5)

    updated = api.call(
        "UpdateUserPoolClient",
        UserPoolId=pool_id,
        ClientId=client["ClientId"],
        IdTokenValidity=2,
    )["UserPoolClient"]

    assert updated["ClientName"] == "web"
    assert updated["ClientSecret"] == client["ClientSecret"]
    assert updated["IdTokenValidity"] == 2
    assert updated["RefreshTokenValidity"] == 30
    assert updated["AllowedOAuthFlowsUserPoolClient"] is False
    assert "CallbackURLs" not in updated
    assert api.fail(
        "UpdateUserPoolClient",
        UserPoolId=pool_id,
        ClientId=client["ClientId"],
        ReadAttributes=["custom:x"],
    ) == (BAD, "Invalid read attributes specified while updating a client")


def test_clients_are_listed_in_pages(api, pool_id):
    """COG-API-CLI-007: three members each, of this pool only."""
    other = api.call("CreateUserPool", PoolName="other")["UserPool"]["Id"]
    create(api, other)
    created = {create(api, pool_id)["ClientId"] for _ in range(3)}

    first = api.call("ListUserPoolClients", UserPoolId=pool_id, MaxResults=2)
    second = api.call(
        "ListUserPoolClients", UserPoolId=pool_id, MaxResults=2, NextToken=first["NextToken"]
    )

    listed = first["UserPoolClients"] + second["UserPoolClients"]
    assert {client["ClientId"] for client in listed} == created
    assert len(listed) == 3
    assert list(listed[0]) == ["ClientId", "UserPoolId", "ClientName"]
    assert "NextToken" not in second


def test_deleted_client(api, pool_id):
    """COG-API-CLI-012."""
    client_id = create(api, pool_id)["ClientId"]

    api.call("DeleteUserPoolClient", UserPoolId=pool_id, ClientId=client_id)

    for operation in ("DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"):
        assert api.fail(operation, UserPoolId=pool_id, ClientId=client_id) == (
            "ResourceNotFoundException",
            f"User pool client {client_id} does not exist.",
        )


def test_client_of_another_pool_is_not_there(api, pool_id):
    """COG-API-AUTH-014: the pool id and the client id must match."""
    other = api.call("CreateUserPool", PoolName="other")["UserPool"]["Id"]
    client_id = create(api, other)["ClientId"]

    error, _ = api.fail("DescribeUserPoolClient", UserPoolId=pool_id, ClientId=client_id)

    assert error == "ResourceNotFoundException"
    assert api.fail("ListUserPoolClients", UserPoolId="eu-west-1_None") == (
        "ResourceNotFoundException",
        "User pool eu-west-1_None does not exist.",
    )

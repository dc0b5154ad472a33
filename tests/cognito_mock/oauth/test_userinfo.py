"""The userInfo endpoint."""

from dataclasses import replace

import pytest

from cognito_mock.flows.users import admin_user_global_sign_out

CALLBACK = "https://app.example/cb"
HEADERS = {
    "content-type": "application/json;charset=UTF-8",
    "access-control-allow-origin": "*",
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
    "x-content-type-options": "nosniff",
    "x-xss-protection": "1; mode=block",
    "x-frame-options": "DENY",
    "strict-transport-security": "max-age=31536000 ; includeSubDomains",
    "server": "Server",
}
INVALID_TOKEN = (
    'error="invalid_token", error_description="Access token is expired, disabled, or deleted, '
    'or the user has globally signed out."'
)


def ask(site, token, method="GET", base_url=None):
    """Call with a bearer token."""
    browser = site.browser(base_url) if base_url else site.browser()
    return browser.request(method, "/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def user(site):
    return site.new_user(
        email="ada@example.com",
        email_verified="true",
        name="Ada Löve",
        phone_number="+15550100",
        phone_number_verified="false",
        **{"custom:team": "blue"},
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_all_claims_are_strings_in_the_samples_order(site, user, method):
    """COG-UI-001, -003, -006, -007, -010, -012, -017: openid alone shows all that is readable."""
    token = site.tokens(site.new_client(), user, scope="openid")["access_token"]

    response = ask(site, token, method)

    assert response.status_code == 200
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert len(response.headers["x-amz-cognito-request-id"]) == 36
    assert list(response.json().items()) == [
        ("sub", user.sub),
        ("email_verified", "true"),
        ("custom:team", "blue"),
        ("name", "Ada Löve"),
        ("phone_number_verified", "false"),
        ("phone_number", "+15550100"),
        ("email", "ada@example.com"),
        ("username", "ada"),
    ]


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("openid email", {"email", "email_verified"}),
        ("openid phone", {"phone_number", "phone_number_verified"}),
        ("openid profile", {"name", "custom:team"}),
        (
            "openid aws.cognito.signin.user.admin",
            {
                "email",
                "email_verified",
                "phone_number",
                "phone_number_verified",
                "name",
                "custom:team",
            },
        ),
    ],
)
def test_scopes_narrow_what_is_shown(site, user, scope, shown):
    """COG-UI-007, -008."""
    token = site.tokens(site.new_client(), user, scope=scope)["access_token"]

    assert set(ask(site, token).json()) == {"sub", "username"} | shown


def test_identities_are_a_text_of_texts(site):
    """COG-UI-011: the date first, and nothing but strings inside."""
    kept = (
        '[{"userId":"1122334455","providerName":"Google","providerType":"Google","issuer":null,'
        '"primary":true,"dateCreated":1712345678901}]'
    )
    user = site.new_user(email="ada@example.com", identities=kept)

    claims = ask(site, site.tokens(site.new_client(), user)["access_token"]).json()

    assert claims["identities"] == (
        '[{"dateCreated":"1712345678901","userId":"1122334455","providerName":"Google",'
        '"providerType":"Google","issuer":null,"primary":"true"}]'
    )


def test_the_path_is_spelled_with_a_capital(site, user):
    """COG-UI-003."""
    token = site.tokens(site.new_client(), user)["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}

    assert site.browser().get("/oauth2/userinfo", headers=bearer).status_code == 404


def test_an_unreadable_attribute_is_left_out(site, user):
    """COG-UI-009."""
    client = site.new_client(ReadAttributes=["name"])

    claims = ask(site, site.tokens(client, user, scope="openid")["access_token"]).json()

    assert set(claims) == {"sub", "name", "username"}


def test_oidc_profile_stands_for_the_whole_group(site, user):
    """COG-API-ATTR-007: without the names that it expands to, and without anything beyond."""
    client = site.new_client()
    client = replace(client, settings={**client.settings, "ReadAttributes": ["oidc:profile"]})
    site.put(client)

    claims = ask(site, site.tokens(client, user, scope="openid")["access_token"]).json()

    assert set(claims) == {"sub", "name", "username"}


@pytest.mark.parametrize("listed", [None, ["email", "dev:custom:note"]], ids=["default", "listed"])
def test_a_developer_only_attribute_is_never_shown(site, listed):
    """COG-API-ATTR-008: whatever the client lists."""
    note = {"Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": True}
    pool = site.new_pool(Schema=[note])
    site.domain("notes", pool.id)
    user = site.new_user(pool=pool, email="ada@example.com", **{"dev:custom:note": "hidden"})
    client = site.new_client(pool_id=pool.id, ReadAttributes=listed)
    browser = site.browser("http://localhost:9229")
    browser.cookies = site.signed_in(user).cookies
    code = site.answer_of(browser.get(site.authorize_url(client, scope="openid")))["code"]
    form = {"grant_type": "authorization_code", "client_id": client.id, "code": code}
    redeemed = browser.post("/oauth2/token", data={**form, "redirect_uri": CALLBACK})

    claims = ask(site, redeemed.json()["access_token"], base_url="http://localhost:9229")

    assert claims.json()["email"] == "ada@example.com"
    assert "hidden" not in claims.text


@pytest.mark.parametrize("header", [None, "Basic YTpi", "Bearer", "Bearer  ", "token"])
def test_no_bearer_token_is_a_bad_request(site, header):
    """COG-UI-013: 400, a challenge without a scheme."""
    headers = {} if header is None else {"Authorization": header}

    response = site.browser().get("/oauth2/userInfo", headers=headers)

    assert response.status_code == 400
    assert response.headers["www-authenticate"] == (
        'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"'
    )
    assert response.json() == {
        "error": "invalid_request",
        "error_description": "Bad OAuth2 request at UserInfo Endpoint",
    }


@pytest.mark.parametrize(
    "fault",
    [
        *("garbage", "id-token", "tampered", "expired"),
        *("disabled", "deleted", "revoked", "signed-out"),
    ],
)
def test_a_token_that_is_no_good_is_a_401(site, user, fault):
    """COG-UI-014, -018, COG-REV-011, -013."""
    client = site.new_client()
    tokens = site.tokens(client, user)
    token = tokens["access_token"]
    if fault == "garbage":
        token = "garbage"
    elif fault == "id-token":
        token = tokens["id_token"]
    elif fault == "tampered":
        token = token[:-5] + ("AAAAA" if token[-5:] != "AAAAA" else "BBBBB")
    elif fault == "expired":
        site.clock.advance(3601)
    elif fault == "disabled":
        site.put(replace(user, enabled=False))
    elif fault == "deleted":
        with site.services.store.transaction() as tx:
            tx.delete(type(user), user.pool_id, user.username)
    elif fault == "signed-out":
        admin_user_global_sign_out(site.services, pool_id=site.pool.id, username="ada")
    else:
        form = {"token": tokens["refresh_token"], "client_id": client.id}
        assert site.browser().post("/oauth2/revoke", data=form).status_code == 200

    response = ask(site, token)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == INVALID_TOKEN
    assert response.json()["error"] == "invalid_token"


def test_a_token_without_openid_is_refused(site, user):
    """COG-UI-004, -005, -015."""
    token = site.tokens(site.new_client(), user, scope="aws.cognito.signin.user.admin")

    response = ask(site, token["access_token"])

    assert response.status_code == 401
    assert response.json() == {
        "error": "invalid_token",
        "error_description": "Access token does not contain openid scope",
    }


def test_a_token_of_another_pool_is_refused_on_a_pools_domain(site, user):
    """On the mock's own address the token says which pool; a domain has one already."""
    site.domain("other", site.new_pool().id)
    token = site.tokens(site.new_client(), user)["access_token"]

    elsewhere = ask(site, token, base_url="http://other.auth.eu-west-1.localhost:9229")
    anywhere = ask(site, token, base_url="http://localhost:9229")

    assert (elsewhere.status_code, anywhere.status_code) == (401, 200)

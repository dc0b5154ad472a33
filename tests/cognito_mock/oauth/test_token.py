"""The token endpoint: what each grant gives, what it refuses, and that refusals change nothing."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import jwt
import pytest

from cognito_mock.core.grants import AuthorizationCode, RefreshGrant
from cognito_mock.core.resource_servers import ResourceServer, Scope
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.resource_servers import delete_resource_server
from cognito_mock.flows.users import admin_delete_user, admin_user_global_sign_out

CALLBACK = "https://app.example/cb"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"
OTHER_SECRET = "zq5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3c"
# RFC 7636 appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
DOMAIN_HEADERS = {
    "content-type": "application/json;charset=UTF-8",
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
    "x-content-type-options": "nosniff",
    "x-xss-protection": "1; mode=block",
    "x-frame-options": "DENY",
    "strict-transport-security": "max-age=31536000 ; includeSubDomains",
    "server": "Server",
}
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def verified(site, token, *, audience=None):
    """The claims, checked by another implementation against the served keys."""
    jwks = site.browser().get(f"/{site.pool.id}/.well-known/jwks.json").json()
    keys = {key["kid"]: jwt.PyJWK(key) for key in jwks["keys"]}
    return jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS256"],
        audience=audience,
        issuer=f"http://localhost:9229/{site.pool.id}",
        options={"require": ["exp", "iat", "sub"]},
    )


def basic(client_id, secret):
    """An Authorization header."""
    value = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {value}"}


def state(site):
    """All that redeeming may change."""
    return site.all(AuthorizationCode), site.all(RefreshGrant)


def test_a_code_gives_tokens_that_verify_against_the_served_keys(site):
    """COG-TKE-009, -021 to 023, COG-TOK-005, -011, -030, -038, -040, COG-AUT-018, -019."""
    client, user = site.new_client(), site.new_user()

    response = site.redeem(client, site.code(client, user, nonce="n-0S6"))

    body = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert response.headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["server"] == "Server"
    assert list(body) == [
        "id_token",
        "access_token",
        "refresh_token",
        "expires_in",
        "token_type",
    ]
    assert (body["expires_in"], body["token_type"]) == (3600, "Bearer")
    identity = verified(site, body["id_token"], audience=client.id)
    access = verified(site, body["access_token"])
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert identity["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert (identity["sub"], identity["nonce"]) == (user.sub, "n-0S6")
    assert (identity["token_use"], access["token_use"]) == ("id", "access")
    assert (identity["email"], identity["email_verified"]) == ("ada@example.com", True)
    assert (access["sub"], access["client_id"]) == (user.sub, client.id)
    assert (access["scope"], access["version"]) == ("openid email", 2)
    assert "aud" not in access
    kids = {jwt.get_unverified_header(body[n])["kid"] for n in ("id_token", "access_token")}
    assert len(kids) == 2


def test_auth_time_is_the_sign_in_not_the_redemption(site):
    """COG-TOK-014: a silent sign-in keeps the original moment."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    signed_in_at = int(site.clock.now())

    site.clock.advance(1200)
    code = site.answer_of(browser.get(site.authorize_url(client)))["code"]
    site.clock.advance(-1200)  # PyJWT reads the machine's clock
    claims = verified(site, site.redeem(client, code).json()["access_token"])

    assert claims["auth_time"] == signed_in_at


def test_without_a_nonce_there_is_none(site):
    """COG-AUT-019: it is the client's to send, and not made up for the pool's own users."""
    client, user = site.new_client(), site.new_user()

    identity = verified(site, site.tokens(client, user)["id_token"], audience=client.id)

    assert "nonce" not in identity


def test_scopes_without_openid_give_no_id_token(site):
    """COG-SCO-004, COG-TKE-009: but a refresh token all the same."""
    client, user = site.new_client(), site.new_user()

    tokens = site.tokens(client, user, scope="aws.cognito.signin.user.admin")

    assert "id_token" not in tokens
    assert "refresh_token" in tokens
    assert verified(site, tokens["access_token"])["scope"] == "aws.cognito.signin.user.admin"


def test_a_resource_becomes_the_audience(site):
    """COG-TOK-061, COG-AUT-030: the identifier of a resource server, to the letter."""
    client, user = site.new_client(), site.new_user()
    site.put(ResourceServer(pool_id=site.pool.id, identifier="https://api.example/mcp", name="x"))

    tokens = site.tokens(client, user, resource="https://api.example/mcp")

    claims = verified(site, tokens["access_token"], audience="https://api.example/mcp")
    assert claims["aud"] == "https://api.example/mcp"


@pytest.mark.parametrize("resource", ["https://api.example/mcp", "https://api.example/mcp/"])
def test_the_code_for_an_unknown_resource_is_worth_nothing(site, resource):
    """COG-AUT-029: authorize lets it pass; a resource server of another pool is none here."""
    client, user = site.new_client(), site.new_user()
    other = site.new_pool()
    for pool_id, name in ((other.id, resource), (site.pool.id, "https://api.example/other")):
        site.put(ResourceServer(pool_id=pool_id, identifier=name, name="x"))
    code = site.code(client, user, resource=resource)

    response = site.redeem(client, code)

    assert (response.status_code, response.text) == (400, '{"error":"invalid_grant"}')
    assert site.all(RefreshGrant) == []


def test_a_verifier_proves_the_challenge(site):
    """RFC 7636 appendix B."""
    client, user = site.new_client(), site.new_user()

    response = site.redeem(client, site.code(client, user, **PKCE), code_verifier=VERIFIER)

    assert response.status_code == 200


@pytest.mark.parametrize("verifier", [None, "", VERIFIER[:-1] + "l", CHALLENGE, "é" * 43])
def test_a_wrong_or_missing_verifier_is_refused_and_changes_nothing(site, verifier):
    """COG-TKE-027, -028; the code still works for whoever has the verifier."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user, **PKCE)
    before = state(site)

    refused = site.redeem(client, code, code_verifier=verifier)

    assert (refused.status_code, refused.text) == (400, '{"error":"invalid_grant"}')
    assert state(site) == before
    assert site.redeem(client, code, code_verifier=VERIFIER).status_code == 200


def test_a_verifier_without_a_challenge_is_refused(site):
    """RFC 9700 §4.8.2: somebody took the challenge out of the authorize request."""
    client, user = site.new_client(), site.new_user()

    response = site.redeem(client, site.code(client, user), code_verifier=VERIFIER)

    assert response.text == '{"error":"invalid_grant"}'


def test_a_code_works_once(site):
    """COG-TKE-024, -030: the second time nothing is given, and nothing is taken back."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)
    tokens = site.redeem(client, code).json()
    before = state(site)

    again = site.redeem(client, code)

    assert (again.status_code, again.text) == (400, '{"error":"invalid_grant"}')
    assert state(site) == before
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert site.browser().get("/oauth2/userInfo", headers=bearer).status_code == 200


def test_of_many_simultaneous_redemptions_one_succeeds(site):
    """COG-AUT-062."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: site.redeem(client, code).status_code, range(6)))

    assert sorted(answers) == [200, 400, 400, 400, 400, 400]
    assert len(site.all(RefreshGrant)) == 1


def test_a_code_ends_after_five_minutes(site):
    """COG-AUT-062, COG-TKE-025: good in the last second, gone at the end."""
    client, user = site.new_client(), site.new_user()
    early, late = site.code(client, user), site.code(client, user)

    site.clock.advance(299)
    in_time = site.redeem(client, early)
    site.clock.advance(2)
    too_late = site.redeem(client, late)

    assert in_time.status_code == 200
    assert (too_late.status_code, too_late.text) == (400, '{"error":"invalid_grant"}')


def test_a_code_of_another_client_is_as_good_as_none(site):
    """COG-AUT-063, COG-TKE-025."""
    client, thief, user = site.new_client(), site.new_client(), site.new_user()
    code = site.code(client, user)
    before = state(site)

    stolen = site.redeem(thief, code)

    assert (stolen.status_code, stolen.text) == (400, '{"error":"invalid_grant"}')
    assert state(site) == before
    assert site.redeem(client, code).status_code == 200


def test_another_redirect_uri_is_an_invalid_redirect(site):
    """COG-TKE-026, even when it is registered too."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)
    before = state(site)

    response = site.redeem(client, code, redirect_uri="http://localhost:3000/cb?from=idp")

    assert response.status_code == 400
    assert response.text == (
        '{"error":"unauthorized_client","error_description":"invalid_redirect"}'
    )
    assert state(site) == before


@pytest.mark.parametrize("what", ["disabled", "deleted", "replaced"])
def test_a_code_of_a_user_who_is_gone_gives_nothing(site, what):
    """A code outlives nobody."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)
    if what == "disabled":
        site.put(replace(user, enabled=False))
    elif what == "replaced":
        site.new_user()
    else:
        with site.services.store.transaction() as tx:
            tx.delete(type(user), user.pool_id, user.username)

    assert site.redeem(client, code).text == '{"error":"invalid_grant"}'


def test_a_scope_whose_attributes_are_unreadable_is_refused(site):
    """COG-TKE-029."""
    client = site.new_client(ReadAttributes=["email"])
    user = site.new_user()

    refused = site.redeem(client, site.code(client, user, scope="openid email"))
    granted = site.redeem(client, site.code(client, user, scope="openid"))

    assert refused.text == '{"error":"invalid_grant"}'
    assert granted.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        pytest.param({"grant_type": None}, "invalid_request", id="no-grant-type"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="password-grant"),
        pytest.param({"client_id": None}, "invalid_request", id="no-client"),
        pytest.param({"client_id": "nosuchclient"}, "invalid_client", id="unknown-client"),
        pytest.param({"code": None}, "invalid_request", id="no-code"),
        pytest.param({"code": ""}, "invalid_request", id="empty-code"),
        pytest.param({"code": "no-such-code"}, "invalid_grant", id="unknown-code"),
        pytest.param({"redirect_uri": None}, "invalid_request", id="no-redirect-uri"),
        pytest.param({"grant_type": "refresh_token"}, "invalid_request", id="no-refresh-token"),
        pytest.param(
            {"grant_type": "client_credentials"}, "unauthorized_client", id="flow-not-allowed"
        ),
    ],
)
def test_bad_requests_have_their_codes_and_change_nothing(site, form, error):
    """COG-TKE-020, -050, -060, -070, -071, -073, -074, -075."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)
    before = state(site)

    response = site.redeem(client, **{"code": code, **form})

    assert (response.status_code, response.text) == (400, f'{{"error":"{error}"}}')
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert "www-authenticate" not in response.headers
    assert state(site) == before


def test_get_is_a_400_with_a_page(site):
    """COG-TKE-002."""
    response = site.browser().get("/oauth2/token?grant_type=authorization_code")

    assert response.status_code == 400
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_parameters_without_a_meaning_for_the_grant_are_ignored(site):
    """COG-TKE-008, -010: offline_access, client metadata, an unknown one."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)

    response = site.redeem(
        client, code, scope="offline_access", aws_client_metadata='{"a":"b"}', unknown="x"
    )

    assert response.status_code == 200
    assert verified(site, response.json()["access_token"])["scope"] == "openid email"


def test_answers_have_the_domains_headers(site):
    """COG-TKE-077: each with its value; good news and bad."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)

    for response in (site.redeem(client, code), site.redeem(client, code)):
        headers = response.headers
        assert {name: headers[name] for name in DOMAIN_HEADERS} == DOMAIN_HEADERS
        assert len(headers["x-amz-cognito-request-id"]) == 36
        assert headers["set-cookie"].startswith("XSRF-TOKEN=")


def test_parameters_are_read_from_the_query_too(site):
    """COG-TKE-003."""
    client, user = site.new_client(), site.new_user()
    code = site.code(client, user)

    response = site.browser().post(
        f"/oauth2/token?grant_type=authorization_code&client_id={client.id}&code={code}",
        data={"redirect_uri": CALLBACK},
    )

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b'{"grant_type":"x"}', "application/json", 400, id="json"),
        pytest.param(b"\xff\xfe", "application/x-www-form-urlencoded", 400, id="not-ascii"),
        pytest.param(b"a=%ff", "application/x-www-form-urlencoded", 400, id="not-utf-8"),
        pytest.param(b"a=b&" * 2000, "application/x-www-form-urlencoded", 400, id="too-many"),
        pytest.param(b"a" * ((1 << 20) + 1), "application/x-www-form-urlencoded", 413, id="large"),
    ],
)
def test_what_is_no_form_is_refused_in_the_protocols_words(site, body, content_type, status):
    """COG-TKE-001; more than a mebibyte is 413."""
    response = site.browser().post(
        "/oauth2/token", content=body, headers={"Content-Type": content_type}
    )

    assert (response.status_code, response.text) == (status, '{"error":"invalid_request"}')


def test_a_browser_may_ask_from_any_origin(site):
    """COG-TKE-007, with the preflight that a Basic header needs."""
    response = site.browser().request(
        "OPTIONS",
        "/oauth2/token",
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
    )

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in response.headers["access-control-allow-headers"]


# --- client authentication -------------------------------------------------------------------


@pytest.mark.parametrize("secret", [SECRET, OTHER_SECRET])
@pytest.mark.parametrize("method", ["basic", "post"])
def test_either_secret_authenticates_by_either_method(site, secret, method):
    """COG-TKE-004, -006."""
    client, user = site.new_client(secrets=[SECRET, OTHER_SECRET]), site.new_user()
    form = {
        "grant_type": "authorization_code",
        "code": site.code(client, user),
        "redirect_uri": CALLBACK,
    }
    if method == "post":
        form |= {"client_id": client.id, "client_secret": secret}
    headers = basic(client.id, secret) if method == "basic" else {}

    response = site.browser().post("/oauth2/token", data=form, headers=headers)

    assert response.status_code == 200


@pytest.mark.parametrize("sent", ["a+b/c d", "a%2Bb%2Fc%20d", "a%2Bb%2Fc+d"])
def test_basic_credentials_may_be_raw_or_form_encoded(site, sent):
    """COG-TKE-005, RFC 6749 §2.3.1, for a secret that an import brought along."""
    client, user = site.new_client(secrets=["a+b/c d"]), site.new_user()
    code = site.code(client, user)

    response = site.browser().post(
        "/oauth2/token",
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK},
        headers=basic(client.id, sent),
    )

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("form", "header"),
    [
        pytest.param({}, None, id="no-secret"),
        pytest.param({"client_secret": ""}, None, id="empty-secret"),
        pytest.param({"client_secret": SECRET[:-1]}, None, id="prefix"),
        pytest.param({"client_secret": SECRET + "x"}, None, id="longer"),
        pytest.param({"client_secret": SECRET.upper()}, None, id="other-case"),
        pytest.param({}, "wrong", id="basic"),
        pytest.param({}, "", id="basic-empty"),
    ],
)
def test_a_wrong_secret_is_an_invalid_client_and_does_not_use_the_code_up(site, form, header):
    """COG-TKE-031, -072: 400, no challenge."""
    client, user = site.new_client(secrets=[SECRET]), site.new_user()
    code = site.code(client, user)
    before = state(site)
    fields = {
        "grant_type": "authorization_code",
        "client_id": client.id,
        "code": code,
        "redirect_uri": CALLBACK,
    }

    refused = site.browser().post(
        "/oauth2/token",
        data={**fields, **form},
        headers={} if header is None else basic(client.id, header),
    )

    assert refused.status_code == 400
    assert refused.text == '{"error":"invalid_client","error_description":"invalid_client_secret"}'
    assert "www-authenticate" not in refused.headers
    assert state(site) == before
    good = site.browser().post("/oauth2/token", data={**fields, "client_secret": SECRET})
    assert good.status_code == 200


def test_a_secret_proves_nothing_for_a_public_client(site):
    """A client that has no secret cannot have sent the right one."""
    client, user = site.new_client(), site.new_user()

    response = site.redeem(client, site.code(client, user), client_secret="anything")

    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize("header", ["Basic !!!", "Basic bm9jb2xvbg==", "Basic /w==", "Basic"])
def test_a_garbled_basic_header_is_an_invalid_client(site, header):
    """No traceback, no guess."""
    client = site.new_client()

    response = site.browser().post(
        "/oauth2/token",
        data={"grant_type": "authorization_code", "client_id": client.id, "code": "x"},
        headers={"Authorization": header},
    )

    assert (response.status_code, response.text) == (400, '{"error":"invalid_client"}')


def test_two_different_clients_in_one_request_are_refused(site):
    """RFC 6749 §2.3: one authentication method per request."""
    first, second = site.new_client(secrets=[SECRET]), site.new_client()

    response = site.browser().post(
        "/oauth2/token",
        data={"grant_type": "refresh_token", "client_id": second.id, "refresh_token": "x"},
        headers=basic(first.id, SECRET),
    )

    assert response.text == '{"error":"invalid_request"}'


def test_a_client_of_another_pool_is_unknown_on_this_domain(site):
    """COG-TKE-073, with the right secret."""
    pool = site.new_pool()
    client = site.new_client(pool_id=pool.id, secrets=[SECRET])
    form = {
        "grant_type": "refresh_token",
        "client_id": client.id,
        "client_secret": SECRET,
        "refresh_token": "x",
    }

    on_domain = site.browser().post("/oauth2/token", data=form)
    on_address = site.browser("http://localhost:9229").post("/oauth2/token", data=form)

    assert on_domain.text == '{"error":"invalid_client"}'
    assert on_address.text == '{"error":"invalid_grant"}'


# --- refresh_token ---------------------------------------------------------------------------


def refresh(site, client, token):
    """Post a refresh token as a public client does."""
    form = {"grant_type": "refresh_token", "client_id": client.id, "refresh_token": token}
    return site.browser().post("/oauth2/token", data=form)


def test_a_refresh_gives_new_tokens_of_the_same_session(site):
    """COG-TKE-041, -043, -052, COG-TOK-094."""
    client, user = site.new_client(), site.new_user()
    first = site.tokens(client, user)

    response = refresh(site, client, first["refresh_token"])

    body = response.json()
    assert list(body) == ["id_token", "access_token", "expires_in", "token_type"]
    before = verified(site, first["access_token"])
    after = verified(site, body["access_token"])
    same = ("sub", "scope", "auth_time", "origin_jti", "client_id")
    assert [before[n] for n in same] == [after[n] for n in same]
    assert before["jti"] != after["jti"]
    assert verified(site, body["id_token"], audience=client.id)["email"] == "ada@example.com"


def test_an_expired_refresh_token_is_an_invalid_grant_without_words(site):
    """COG-TKE-049: at its end, not before."""
    client, user = site.new_client(RefreshTokenValidity=1), site.new_user()
    token = site.tokens(client, user)["refresh_token"]

    site.clock.advance(86400 - 1)
    before = refresh(site, client, token)
    site.clock.advance(2)
    after = refresh(site, client, token)

    assert before.status_code == 200
    assert (after.status_code, after.text) == (400, '{"error":"invalid_grant"}')


@pytest.mark.parametrize("token", ["garbage", "a.b.c.d.e", "é"])
def test_an_unknown_refresh_token_is_an_invalid_grant_without_words(site, token):
    """COG-TKE-049."""
    response = refresh(site, site.new_client(), token)

    assert (response.status_code, response.text) == (400, '{"error":"invalid_grant"}')


def test_a_refresh_needs_the_token_and_the_client_that_has_a_secret_proves_itself(site):
    """COG-TKE-040."""
    client, user = site.new_client(secrets=[SECRET]), site.new_user()
    code = site.code(client, user)
    token = site.redeem(client, code, client_secret=SECRET).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}

    def post(**fields):
        response = site.browser().post("/oauth2/token", data={**form, **fields})
        return response.json().get("error", response.status_code)

    assert post() == "invalid_request"
    assert post(client_id=client.id) == "invalid_client"
    assert post(client_id=client.id, client_secret=SECRET, refresh_token="") == "invalid_request"
    assert post(client_id=client.id, client_secret=SECRET) == 200


@pytest.mark.parametrize("remembering", [False, True])
def test_a_refresh_token_of_the_api_is_good_unless_devices_are_remembered(site, remembering):
    """COG-TKE-044."""
    devices = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True}
    pool = site.new_pool(**({"DeviceConfiguration": devices} if remembering else {}))
    client, user = site.new_client(pool_id=pool.id), site.new_user(pool=pool)
    api = issue_tokens(site.services, client=client, user=user)
    pages = issue_tokens(site.services, client=client, user=user, scopes=("openid",), hosted=True)
    form = {"grant_type": "refresh_token", "client_id": client.id}
    browser = site.browser("http://localhost:9229")

    answers = [
        browser.post("/oauth2/token", data={**form, "refresh_token": tokens.refresh_token})
        for tokens in (api, pages)
    ]

    assert [a.status_code for a in answers] == [400 if remembering else 200, 200]
    assert not remembering or answers[0].text == '{"error":"invalid_grant"}'


def test_a_refresh_token_belongs_to_its_client(site):
    """COG-TOK-093."""
    client, thief, user = site.new_client(), site.new_client(), site.new_user()
    token = site.tokens(client, user)["refresh_token"]

    assert refresh(site, thief, token).text == '{"error":"invalid_grant"}'
    assert refresh(site, client, token).status_code == 200


@pytest.mark.parametrize("what", ["disabled", "deleted", "signed-out"])
def test_a_user_who_is_gone_gets_no_new_tokens(site, what):
    """COG-TKE-051."""
    client, user = site.new_client(), site.new_user()
    token = site.tokens(client, user)["refresh_token"]
    whom = {"pool_id": site.pool.id, "username": "ada"}

    if what == "disabled":
        site.put(replace(user, enabled=False))
    elif what == "deleted":
        admin_delete_user(site.services, **whom)
    else:
        admin_user_global_sign_out(site.services, **whom)

    assert refresh(site, client, token).text == '{"error":"invalid_grant"}'


# --- implicit --------------------------------------------------------------------------------


def test_the_implicit_flow_puts_tokens_into_the_fragment(site):
    """COG-AUT-064 to 067, COG-TOK-094."""
    client = site.new_client(AllowedOAuthFlows=["implicit"])
    user = site.new_user()

    response = site.signed_in(user).get(
        site.authorize_url(client, response_type="token", state="s1", nonce="n1")
    )

    uri, _, fragment = response.headers["location"].partition("#")
    names = [part.partition("=")[0] for part in fragment.split("&")]
    values = dict(part.split("=") for part in fragment.split("&"))
    assert uri == CALLBACK
    assert names == ["id_token", "access_token", "expires_in", "token_type", "state"]
    assert values["state"] == "s1"
    assert (values["expires_in"], values["token_type"]) == ("3600", "Bearer")
    assert verified(site, values["id_token"], audience=client.id)["nonce"] == "n1"


# --- client_credentials ----------------------------------------------------------------------


@pytest.fixture
def machine(site):
    """A machine client with two of three scopes of a resource server."""
    site.put(
        ResourceServer(
            pool_id=site.pool.id,
            identifier="orders-api",
            name="orders",
            scopes=tuple(Scope(name=n, description=n) for n in ("read", "write", "admin")),
        )
    )
    return site.new_client(
        secrets=[SECRET],
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["orders-api/read", "orders-api/write"],
        CallbackURLs=[],
        LogoutURLs=[],
    )


def ask_for(site, machine, **form):
    """Post the grant with Basic authentication."""
    return site.browser().post(
        "/oauth2/token",
        data={"grant_type": "client_credentials", **form},
        headers=basic(machine.id, SECRET),
    )


def test_a_machine_gets_an_access_token_and_nothing_else(site, machine):
    """COG-TKE-061, -064, COG-TOK-080, -083 to 085, -094: nor an audience that it asks for."""
    response = ask_for(site, machine, resource="https://api.example/mcp")

    body = response.json()
    claims = verified(site, body["access_token"])
    assert list(body) == ["access_token", "expires_in", "token_type"]
    assert (claims["sub"], claims["client_id"]) == (machine.id, machine.id)
    assert claims["scope"] == "orders-api/read orders-api/write"
    assert claims["auth_time"] == claims["iat"]
    assert "aud" not in claims


def test_scopes_of_a_deleted_resource_server_are_passed_over(site, machine):
    """COG-SCO-011: the rest of the client's scopes still count."""
    site.put(
        ResourceServer(
            pool_id=site.pool.id,
            identifier="stock-api",
            name="stock",
            scopes=(Scope(name="read", description="x"),),
        )
    )
    settings = {**machine.settings, "AllowedOAuthScopes": ["orders-api/read", "stock-api/read"]}
    site.put(replace(machine, settings=settings))

    before = ask_for(site, machine).json()["access_token"]
    delete_resource_server(site.services, pool_id=site.pool.id, identifier="stock-api")
    after = ask_for(site, machine).json()["access_token"]

    assert verified(site, before)["scope"] == "orders-api/read stock-api/read"
    assert verified(site, after)["scope"] == "orders-api/read"


def test_a_machine_whose_oauth_flows_are_switched_off_gets_nothing(site, machine):
    """COG-TKE-066."""
    settings = {**machine.settings, "AllowedOAuthFlowsUserPoolClient": False}
    site.put(replace(machine, settings=settings))

    response = ask_for(site, machine)

    assert (response.status_code, response.text) == (400, '{"error":"invalid_grant"}')


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        ("orders-api/admin", "invalid_grant"),
        ("openid", "invalid_grant"),
        ("orders-api/none", "invalid_scope"),
        ("orders-api/read no-api/x", "invalid_scope"),
    ],
)
def test_scopes_of_a_machine_are_refused_as_a_whole(site, machine, scope, error):
    """COG-TKE-062, -063."""
    response = ask_for(site, machine, scope=scope)

    assert (response.status_code, json.loads(response.text)) == (400, {"error": error})

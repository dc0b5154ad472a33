"""Keys and discovery."""

import json

import jwt
import pytest

from cognito_mock.flows.issue import issue_tokens


def test_jwks_is_compact_with_members_in_the_observed_order(site):
    """COG-JWK-003, -004, -006: two keys, no white space, alphabetical members."""
    response = site.browser("http://localhost:9229").get(f"/{site.pool.id}/.well-known/jwks.json")

    document = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.text == json.dumps(document, separators=(",", ":"))
    assert [list(key) for key in document["keys"]] == [
        ["alg", "e", "kid", "kty", "n", "use"],
        ["alg", "e", "kid", "kty", "n", "use"],
    ]
    for key in document["keys"]:
        assert (key["alg"], key["e"], key["kty"], key["use"]) == ("RS256", "AQAB", "RSA", "sig")
        assert len(key["n"]) == 342
        assert len(key["kid"]) == 44


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration"])
def test_documents_of_an_unknown_pool_are_a_400_with_a_message(site, document):
    """COG-JWK-009, COG-DIS-014."""
    response = site.browser().get(f"/eu-west-1_NoSuchPool/.well-known/{document}")

    assert response.status_code == 400
    assert response.text == '{"message":"User pool eu-west-1_NoSuchPool does not exist."}'
    assert response.headers["access-control-allow-origin"] == "*"


def test_discovery_names_the_domain_and_a_reachable_issuer(site):
    """COG-DIS-002, -003, -005, -008, -009, -012 in local mode, byte for byte."""
    response = site.browser().get(f"/{site.pool.id}/.well-known/openid-configuration")

    base = "http://demo.auth.eu-west-1.localhost:9229"
    issuer = f"http://localhost:9229/{site.pool.id}"
    assert response.text == (
        f'{{"authorization_endpoint":"{base}/oauth2/authorize",'
        f'"end_session_endpoint":"{base}/logout",'
        '"id_token_signing_alg_values_supported":["RS256"],'
        f'"issuer":"{issuer}","jwks_uri":"{issuer}/.well-known/jwks.json",'
        '"response_types_supported":["code","token"],'
        f'"revocation_endpoint":"{base}/oauth2/revoke",'
        '"scopes_supported":["openid","email","phone","profile"],'
        '"subject_types_supported":["public"],'
        f'"token_endpoint":"{base}/oauth2/token",'
        '"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],'
        f'"userinfo_endpoint":"{base}/oauth2/userInfo"}}'
    )


def test_a_pool_publishes_from_its_first_moment(site):
    """COG-JWK-001, -002: no domain, no client, no sign-in."""
    pool = site.new_pool()

    document = site.browser("http://localhost:9229").get(f"/{pool.id}/.well-known/jwks.json")

    assert len({key["kid"] for key in document.json()["keys"]}) == 2


def test_the_domain_itself_has_no_discovery(site):
    """COG-DIS-001: the pool's id is in the path, and nothing is below the domain's root.

    With the id in the path every host answers here, since one port serves all.
    """
    response = site.browser().get("/.well-known/openid-configuration")
    with_pool = site.browser().get(f"/{site.pool.id}/.well-known/openid-configuration")

    assert (response.status_code, with_pool.status_code) == (404, 200)


def test_discovery_prefers_the_custom_domain(site):
    """COG-HOST-003, COG-DIS-010."""
    site.domain("login.example.com", custom=True)

    document = site.browser().get(f"/{site.pool.id}/.well-known/openid-configuration").json()

    assert document["token_endpoint"] == "http://login.example.com:9229/oauth2/token"


def test_discovery_without_a_domain_names_the_mock_itself(site):
    """The mock serves the OAuth paths on its own address too."""
    pool = site.new_pool()

    document = site.browser().get(f"/{pool.id}/.well-known/openid-configuration").json()

    assert document["authorization_endpoint"] == "http://localhost:9229/oauth2/authorize"
    assert document["end_session_endpoint"] == "http://localhost:9229/logout"


def test_discovery_in_aws_mode_has_the_names_of_the_service(make_site):
    """COG-DIS-010 with a domain, COG-DIS-011 without."""
    site = make_site(issuer_mode="aws")
    bare = site.new_pool()

    with_domain = site.browser().get(f"/{site.pool.id}/.well-known/openid-configuration").json()
    without = site.browser().get(f"/{bare.id}/.well-known/openid-configuration").json()

    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{bare.id}"
    assert with_domain["token_endpoint"] == (
        "https://demo.auth.eu-west-1.amazoncognito.com/oauth2/token"
    )
    assert without["issuer"] == issuer
    assert without["authorization_endpoint"] == f"{issuer}/authorize"
    assert without["userinfo_endpoint"] == f"{issuer}/userInfo"
    assert "end_session_endpoint" not in without


def test_discovery_under_a_fixed_issuer(make_site):
    """With --issuer URL the issuer is that, without a doubled slash."""
    site = make_site(issuer_mode="https://idp.test/base/")

    document = site.browser().get(f"/{site.pool.id}/.well-known/openid-configuration").json()

    assert document["issuer"] == f"https://idp.test/base/{site.pool.id}"
    assert document["jwks_uri"] == f"https://idp.test/base/{site.pool.id}/.well-known/jwks.json"


@pytest.mark.parametrize("mode", ["aws", "local"])
def test_a_pool_may_opt_into_the_updated_issuer(make_site, mode):
    """COG-TOK-009, COG-DIS-012, -020: both tokens, discovery and userInfo agree on it.

    It is another host name, so only where AWS's host names are used does it make a difference.
    """
    site = make_site(issuer_mode=mode)
    pool = site.new_pool(IssuerConfiguration={"Type": "UPDATED"})
    client, user = site.new_client(pool_id=pool.id), site.new_user(pool=pool)
    tokens = issue_tokens(site.services, client=client, user=user, scopes=("openid",), hosted=True)
    browser = site.browser("http://localhost:9229")
    document = browser.get(f"/{pool.id}/.well-known/openid-configuration").json()
    bearer = {"Authorization": f"Bearer {tokens.access_token}"}

    issuers = {
        jwt.decode(token, options={"verify_signature": False})["iss"]
        for token in (tokens.access_token, tokens.id_token)
    }

    expected = {
        "aws": f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{pool.id}",
        "local": f"http://localhost:9229/{pool.id}",
    }[mode]
    assert issuers == {document["issuer"]} == {expected}
    assert document["jwks_uri"] == f"{expected}/.well-known/jwks.json"
    assert browser.get("/oauth2/userInfo", headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("method", "member"), [("GET", "authorization"), ("POST", "token"), ("GET", "userinfo")]
)
def test_what_discovery_names_without_a_domain_does_not_work(make_site, method, member):
    """COG-DIS-011, through a TLS proxy that passes the name on; the real endpoints still do."""
    site = make_site(issuer_mode="aws")
    browser = site.browser("https://cognito-idp.eu-west-1.amazonaws.com")
    pool = site.new_pool()
    document = browser.get(f"/{pool.id}/.well-known/openid-configuration").json()

    response = browser.request(method, document[f"{member}_endpoint"])

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    assert response.text == (
        '{"code":"BadRequest","message":"The server did not understand the operation that was '
        'requested.","type":"client"}'
    )
    assert "code" not in site.browser().post("/oauth2/token").json()

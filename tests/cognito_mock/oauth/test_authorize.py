"""The authorize endpoint: which errors go where, and the answer of a signed-in browser."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_mock.core.grants import AuthorizationCode
from cognito_mock.core.resource_servers import ResourceServer, Scope

CALLBACK = "https://app.example/cb"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B


def test_a_new_browser_is_sent_to_the_sign_in_page_with_the_same_query(site):
    """COG-AUT-002, -032, with the XSRF cookie of COG-COO-006."""
    client = site.new_client()

    response = site.browser().get(site.authorize_url(client, nonce="n-1", unknown="x&y"))

    target = urlsplit(response.headers["location"])
    asked = urlsplit(site.authorize_url(client, nonce="n-1", unknown="x&y"))
    assert response.status_code == 302
    assert f"{target.scheme}://{target.netloc}{target.path}" == (
        "http://demo.auth.eu-west-1.localhost:9229/login"
    )
    assert parse_qs(target.query) == parse_qs(asked.query)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("XSRF-TOKEN=")
    assert "HttpOnly; Path=/; SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_a_signed_in_browser_gets_a_code_at_once(site):
    """COG-COO-002, COG-AUT-003, -011, -060, -061: code first, then the state as it came."""
    client, user = site.new_client(), site.new_user()

    response = site.signed_in(user).get(site.authorize_url(client))

    location = response.headers["location"]
    answer = site.answer_of(response)
    assert response.status_code == 302
    assert location == f"{CALLBACK}?code={answer['code']}&state=st%201%2B%2F%C3%A9"
    assert answer["state"] == "st 1+/é"
    assert len(answer["code"]) == 36


def test_no_state_is_made_up_and_a_query_in_the_redirect_uri_is_kept(site):
    """COG-AUT-060."""
    client, user = site.new_client(), site.new_user()
    uri = "http://localhost:3000/cb?from=idp"

    response = site.signed_in(user).get(site.authorize_url(client, redirect_uri=uri, state=None))

    assert response.headers["location"].startswith(f"{uri}&code=")
    assert "state" not in response.headers["location"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb/",
        "https://app.example/CB",
        "https://app.example/cb?x=1",
        "https://app.example.evil.test/cb",
        "https://evil.test/",
        "//evil.test/",
        "javascript:alert(1)",
        "https://app.example/cb#frag",
        "https://app.example/cb\r\nSet-Cookie: a=b",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_an_unregistered_redirect_uri_is_never_redirected_to(site, uri, signed_in):
    """COG-AUT-005, -009, -041: exact strings; the error stays on the pool's own page."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user) if signed_in else site.browser()

    response = browser.get(site.authorize_url(client, redirect_uri=uri, response_type=None))

    assert response.status_code == 302
    assert response.headers["location"] == (
        "http://demo.auth.eu-west-1.localhost:9229"
        f"/error?error=redirect_mismatch&client_id={client.id}"
    )
    assert site.all(AuthorizationCode) == []


def test_an_unknown_client_is_told_on_the_error_page(site):
    """COG-AUT-043, before anything else is looked at."""
    client = site.new_client()

    response = site.browser().get(
        site.authorize_url(client, client_id="nosuchclient", redirect_uri=None)
    )

    assert response.headers["location"].endswith("/error?error=Client+does+not+exist")


def test_a_client_of_another_pool_does_not_exist_on_this_domain(site):
    """COG-AUT-004: a domain speaks for one pool; the mock's own address for all."""
    other = site.new_pool()
    client = site.new_client(pool_id=other.id)

    on_domain = site.browser().get(site.authorize_url(client))
    on_address = site.browser("http://127.0.0.1:9229").get(site.authorize_url(client))

    assert on_domain.headers["location"].endswith("/error?error=Client+does+not+exist")
    assert on_address.headers["location"].startswith("http://127.0.0.1:9229/login?")


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_missing_parameter_is_named_on_the_error_page(site, name):
    """COG-AUT-004, -005, -044: HTTP 400 in place, in the servlet's words (two callbacks)."""
    client = site.new_client()

    response = site.browser().get(site.authorize_url(client, **{name: None}))

    assert response.status_code == 400
    assert f"Required String parameter &#39;{name}&#39; is not present" in response.text


def test_the_redirect_uri_may_be_left_out_when_there_is_one(site):
    """COG-AUT-006: the default, or the only callback."""
    user = site.new_user()
    only = site.new_client(CallbackURLs=[CALLBACK])
    default = site.new_client(DefaultRedirectURI=CALLBACK)

    answers = [
        site.signed_in(user).get(site.authorize_url(client, redirect_uri=None))
        for client in (only, default)
    ]

    assert all(a.headers["location"].startswith(f"{CALLBACK}?code=") for a in answers)


@pytest.mark.parametrize("providers", [[], ["COGNITO", "Google"]])
def test_with_no_or_several_providers_the_redirect_uri_is_required(site, providers):
    """COG-AUT-006: whatever the default is."""
    client = site.new_client(DefaultRedirectURI=CALLBACK)
    site.put(replace(client, settings={**client.settings, "SupportedIdentityProviders": providers}))

    response = site.browser().get(site.authorize_url(client, redirect_uri=None))

    assert response.status_code == 400
    assert "&#39;redirect_uri&#39; is not present" in response.text


def test_a_client_without_oauth_flows_is_told_on_the_error_page(site):
    """COG-SCO-018: its callback URLs have no effect, so nothing is sent there."""
    client = site.new_client(AllowedOAuthFlowsUserPoolClient=False)

    response = site.browser().get(site.authorize_url(client))

    assert (
        "/error?error=Client+is+not+enabled+for+OAuth2.0+flows." in (response.headers["location"])
    )


@pytest.mark.parametrize(
    ("parameters", "answer"),
    [
        pytest.param({"response_type": None}, "error=invalid_request", id="no-response-type"),
        pytest.param(
            {"response_type": "token id_token"}, "error=invalid_request", id="hybrid-response-type"
        ),
        pytest.param(
            {"code_challenge": CHALLENGE}, "error=invalid_request", id="challenge-without-method"
        ),
        pytest.param(
            {"code_challenge_method": "S256"},
            "error=invalid_request",
            id="method-without-challenge",
        ),
        pytest.param(
            {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
            "error=invalid_request",
            id="plain",
        ),
        pytest.param({"resource": "http://evil"}, "error=invalid_request", id="bad-resource"),
        pytest.param({"prompt": "none login"}, "error=invalid_request", id="prompt-none-and-more"),
        pytest.param({"prompt": "none"}, "error=login_required", id="nobody-signed-in"),
    ],
)
def test_later_errors_go_to_the_client_with_its_state(site, parameters, answer):
    """COG-AUT-003, -016, -017, -024, -028, -045, -052."""
    client = site.new_client()

    response = site.browser().get(site.authorize_url(client, state="s1", **parameters))

    assert response.status_code == 302
    assert response.headers["location"] == f"{CALLBACK}?{answer}&state=s1"


def test_a_flow_that_the_client_does_not_have_is_unauthorized(site):
    """COG-AUT-046, in the fragment because a token was asked for (COG-AUT-048)."""
    client = site.new_client()

    response = site.browser().get(site.authorize_url(client, response_type="token", state=None))

    assert response.headers["location"] == f"{CALLBACK}#error=unauthorized_client"


def test_a_bad_scope_of_the_implicit_flow_is_told_in_the_fragment(site):
    """COG-AUT-048."""
    client = site.new_client(AllowedOAuthFlows=["implicit"])

    response = site.browser().get(
        site.authorize_url(client, response_type="token", scope="nonsense", state=None)
    )

    assert response.headers["location"] == (
        f"{CALLBACK}#error_description=invalid_scope&error=invalid_request"
    )


@pytest.mark.parametrize("scope", ["openid offline_access", "email", "admin/all"])
def test_a_bad_scope_is_an_invalid_request_described_as_invalid_scope(site, scope):
    """COG-AUT-047, -049, COG-SCO-003, -010, COG-TKE-010: members in the observed order."""
    client = site.new_client()

    response = site.browser().get(site.authorize_url(client, scope=scope, state="s1"))
    without_state = site.browser().get(site.authorize_url(client, scope=scope, state=None))

    assert response.headers["location"] == (
        f"{CALLBACK}?error_description=invalid_scope&state=s1&error=invalid_request"
    )
    assert without_state.headers["location"] == (
        f"{CALLBACK}?error_description=invalid_scope&error=invalid_request"
    )


def test_the_scope_is_checked_before_the_provider(site):
    """COG-AUT-050: what is asked for is refused, wherever the user would have signed in."""
    client = site.new_client()

    response = site.browser().get(
        site.authorize_url(client, scope="nonsense", identity_provider="Google", state=None)
    )

    assert response.headers["location"] == (
        f"{CALLBACK}?error_description=invalid_scope&error=invalid_request"
    )


@pytest.mark.parametrize("separator", ["+", "%20"])
def test_scopes_are_separated_by_a_space_however_it_is_written(site, separator):
    """COG-AUT-013."""
    client, user = site.new_client(), site.new_user()
    url = site.authorize_url(client, scope=None) + f"&scope=openid{separator}email"

    code = site.answer_of(site.signed_in(user).get(url))["code"]

    assert site.redeem(client, code).status_code == 200
    (record,) = site.all(AuthorizationCode)
    assert record.scopes == ("openid", "email")


def test_the_pools_own_directory_is_the_provider_cognito(site):
    """COG-AUT-014: naming it changes nothing for the pool's own users."""
    client, user = site.new_client(), site.new_user()
    url = site.authorize_url(client, identity_provider="COGNITO")

    assert "code=" in site.signed_in(user).get(url).headers["location"]
    assert "/login?" in site.browser().get(url).headers["location"]


def test_custom_scopes_belong_to_the_resource_that_is_asked_for(site):
    """COG-AUT-031: those of another resource server are refused, those of OpenID Connect pass."""
    for identifier in ("https://api.example/mcp", "orders"):
        scopes = (Scope(name="read", description="x"),)
        site.put(
            ResourceServer(pool_id=site.pool.id, identifier=identifier, name="x", scopes=scopes)
        )
    own, foreign = "https://api.example/mcp/read", "orders/read"
    client = site.new_client(AllowedOAuthScopes=["openid", own, foreign])
    browser = site.signed_in(site.new_user())

    def ask(scope):
        resource = "https://api.example/mcp"
        return browser.get(site.authorize_url(client, scope=scope, resource=resource, state=None))

    for scope in (f"openid {own}", "openid"):
        assert "code" in site.answer_of(ask(scope))
    refused = site.answer_of(ask(f"openid {foreign}"))
    assert refused["error"] == "invalid_request"
    assert "must be assigned to the resource being requested" in refused["error_description"]


def test_checks_come_in_the_documented_order(site):
    """COG-AUT-040: each request has two faults, the earlier one is told."""
    client = site.new_client()
    faults = [
        ({"response_type": "token", "scope": "nonsense"}, "unauthorized_client"),
        ({"code_challenge": CHALLENGE, "scope": "nonsense"}, "?error=invalid_request"),
        ({"scope": "nonsense", "prompt": "none"}, "invalid_scope"),
    ]

    for parameters, told in faults:
        response = site.browser().get(site.authorize_url(client, **parameters))
        assert told in response.headers["location"]


def test_prompt_login_asks_again_and_keeps_the_old_session(site):
    """COG-AUT-025, COG-COO-005: and who answers gets a new one."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    old = browser.cookies["cognito"]

    asked = browser.get(site.authorize_url(client, prompt="login"))
    later = browser.get(site.authorize_url(client, prompt="none"))

    assert "/login?" in asked.headers["location"]
    assert "code" in site.answer_of(later)
    answered = site.sign_in(browser, client, prompt="login")
    fresh = [c for c in answered.headers.get_list("set-cookie") if c.startswith("cognito=")]
    assert "code" in site.answer_of(answered)
    assert len(fresh) == 1
    assert old not in fresh[0]


@pytest.mark.parametrize("prompt", ["select_account", "consent", "select_account consent"])
def test_other_prompts_change_nothing_for_the_pools_own_users(site, prompt):
    """COG-AUT-026."""
    client, user = site.new_client(), site.new_user()
    url = site.authorize_url(client, prompt=prompt)

    assert "code=" in site.signed_in(user).get(url).headers["location"]
    assert "/login?" in site.browser().get(url).headers["location"]


def test_step_up_is_not_known_to_the_classic_pages(site):
    """COG-AUT-033: silently ignored, also what would not be a number."""
    client, user = site.new_client(), site.new_user()

    for max_age in ("0", "-1", "soon"):
        url = site.authorize_url(client, acr_values="urn:cognito:loa:4", max_age=max_age)
        assert "code=" in site.signed_in(user).get(url).headers["location"]


def test_prompt_none_never_shows_a_page(site):
    """COG-AUT-024, not even to say that a provider is not there."""
    client, user = site.new_client(), site.new_user()

    response = site.signed_in(user).get(
        site.authorize_url(client, prompt="none", identity_provider="Google", state=None)
    )

    assert response.headers["location"] == f"{CALLBACK}?error=login_required"


def test_the_session_ends_after_an_hour_however_much_it_is_used(site):
    """COG-COO-002, -003, COG-TOK-103."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)

    site.clock.advance(3590)
    before = browser.get(site.authorize_url(client))
    site.clock.advance(20)
    after = browser.get(site.authorize_url(client))

    assert "code=" in before.headers["location"]
    assert "/login?" in after.headers["location"]


def test_the_session_is_the_pools_not_the_clients(site):
    """COG-COO-002: any client of the pool; a session of another pool is none."""
    first, second = site.new_client(), site.new_client()
    user = site.new_user()
    elsewhere = site.new_pool()
    foreign = site.new_client(pool_id=elsewhere.id)
    browser = site.signed_in(user, base_url="http://localhost:9229")

    answers = [browser.get(site.authorize_url(client)) for client in (first, second, foreign)]

    assert ["code=" in a.headers["location"] for a in answers] == [True, True, False]


@pytest.mark.parametrize("what", ["disabled", "replaced", "forged"])
def test_a_session_is_worthless_without_its_user(site, what):
    """A disabled user, another one of the same name, or a cookie of somebody's own making."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    if what == "disabled":
        site.put(replace(user, enabled=False))
    elif what == "replaced":
        site.new_user()
    else:
        browser.cookies.set("cognito", "x" * 43)

    response = browser.get(site.authorize_url(client))

    assert "/login?" in response.headers["location"]


def test_post_is_not_allowed(site):
    """COG-AUT-001."""
    assert site.browser().post(site.authorize_url(site.new_client())).status_code == 405


def test_a_query_that_is_no_text_is_refused_without_a_traceback(site):
    """Bytes that are not UTF-8 are nobody's parameter."""
    response = site.browser().get("/oauth2/authorize?client_id=%ff%fe")

    assert response.status_code == 400
    assert "text/html" in response.headers["content-type"]

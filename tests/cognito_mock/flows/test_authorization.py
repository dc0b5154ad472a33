"""Checking authorize requests, without HTTP."""

from dataclasses import replace

import pytest

from cognito_mock.flows.authorization import (
    Authorization,
    AuthorizationRequest,
    check_request,
)
from cognito_mock.flows.authorization_answers import authorize, grant
from cognito_mock.flows.domains import Site
from cognito_mock.flows.oauth_errors import PageError, RedirectError

CALLBACK = "https://app.example/cb"


def check(site, client, **parameters) -> Authorization:
    """Check a good request with some parameters changed."""
    given = {
        "client_id": client.id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        **parameters,
    }
    request = AuthorizationRequest.read({k: v for k, v in given.items() if v is not None})
    return check_request(site.services, site=Site(), request=request)


def test_no_scope_means_all_of_the_clients(site):
    """COG-SCO-005; an empty parameter counts as absent."""
    client = site.new_client()

    for scope in (None, "", "  "):
        assert check(site, client, scope=scope).scopes == client.oauth_scopes


def test_scopes_asked_for_twice_count_once(site):
    """In the order of the request."""
    authorization = check(site, site.new_client(), scope="email openid email  openid")

    assert authorization.scopes == ("email", "openid")


@pytest.mark.parametrize(
    "resource", ["https://api.example/mcp", "http://localhost:3000", "http://localhost", "app://x"]
)
def test_a_resource_is_an_address(site, resource):
    """COG-AUT-028."""
    assert check(site, site.new_client(), resource=resource).resource == resource


@pytest.mark.parametrize(
    "resource", ["api", "http://api.example", "http://localhost.evil.test", "://x", "https://"]
)
def test_other_resources_are_refused(site, resource):
    """COG-AUT-028."""
    with pytest.raises(RedirectError) as refused:
        check(site, site.new_client(), resource=resource)

    assert refused.value.parameters == (("error", "invalid_request"),)


@pytest.mark.parametrize("prompt", ["login", "consent select_account", "login consent"])
def test_prompts_may_be_combined(site, prompt):
    """COG-AUT-023."""
    assert check(site, site.new_client(), prompt=prompt).prompts == set(prompt.split())


@pytest.mark.parametrize("prompt", ["create", "none consent"])
def test_unknown_prompts_and_none_with_others_are_refused(site, prompt):
    """OpenID Connect Core §3.1.2.1."""
    with pytest.raises(RedirectError):
        check(site, site.new_client(), prompt=prompt)


def test_a_site_of_another_pool_does_not_know_the_client(site):
    """Whatever its host was."""
    client = site.new_client()
    request = AuthorizationRequest(client_id=client.id, redirect_uri=CALLBACK)

    for foreign in (Site(pool_id="eu-west-1_Other0000"), Site(vacant=True)):
        with pytest.raises(PageError) as refused:
            check_request(site.services, site=foreign, request=request)
        assert refused.value.text == "Client does not exist"


def test_without_a_session_there_is_nothing_to_answer(site):
    """The user must sign in."""
    authorization = check(site, site.new_client())

    assert authorize(site.services, authorization=authorization, session_secret=None) is None


def test_an_implicit_grant_to_a_user_who_has_just_been_disabled_is_a_server_error(site):
    """COG-AUT-051: told to the client, in the fragment."""
    client = site.new_client(AllowedOAuthFlows=["implicit"])
    user = site.new_user()
    authorization = check(site, client, response_type="token", state="s1")
    site.put(replace(user, enabled=False))

    with pytest.raises(RedirectError) as refused:
        grant(site.services, authorization=authorization, user=user, auth_time=0)

    assert refused.value.parameters == (("error", "server_error"), ("state", "s1"))
    assert refused.value.in_fragment

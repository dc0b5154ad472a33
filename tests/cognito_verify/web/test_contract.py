"""All integrations answer alike, over real HTTP."""

import pytest

from cognito_verify import CognitoVerifier

from ..conftest import CLIENT, NOW, POOL  # noqa: TID252  (not a package that is installed)
from .cases import BARE, CASES
from .live import amplify_cookies, send


@pytest.fixture(scope="module")
def port(service, jwks):
    """The API behind a verifier with static keys."""
    verifier = CognitoVerifier(
        user_pool_id=POOL, client_id=CLIENT, token_use="access", jwks=jwks, clock=lambda: NOW
    )
    with service.start(verifier, None) as port:
        yield port


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer_is_that_of_the_table(port, case, make_token):
    """Status and challenge are what RFC 6750 says; nothing that was sent comes back."""
    lines = case.lines(make_token)

    response = send(port, "GET", f"/api{case.path}", lines)

    assert response.status == case.status
    assert response.headers.get("www-authenticate") == case.challenge
    for _, value in lines:
        for word in value.split()[1:]:
            assert len(word) < 2 or word not in response.text


def test_a_good_token_brings_its_claims(port, make_token):
    """The application sees the claims."""
    response = send(port, "GET", "/api/me", [("Authorization", f"Bearer {make_token()}")])

    assert response.json == {
        "sub": "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11",
        "groups": ["editors", "admins"],
    }


def test_a_token_in_the_header_may_change_things(port, make_token):
    """No other site can add it to a request: there is nothing to forge."""
    response = send(port, "POST", "/api/me", [("Authorization", f"Bearer {make_token()}")])

    assert response.status == 200


def test_a_refusal_is_json_with_a_fixed_text(port):
    """A client reads why in the body, too; frameworks have their own words for the key."""
    response = send(port, "GET", "/api/me", [("Authorization", "Bearer not.a.token")])

    assert response.headers["content-type"].startswith("application/json")
    assert "The token is malformed" in response.json.values()


def test_a_new_key_is_picked_up(service, remote_verifier, key_server, make_token):
    """A key that the pool has begun to use is fetched when its first token comes."""
    key_server.keys = ["a"]
    with service.start(remote_verifier, None) as port:
        old = send(port, "GET", "/api/me", [("Authorization", f"Bearer {make_token(_key='a')}")])
        key_server.keys = ["a", "b"]
        new = send(port, "GET", "/api/me", [("Authorization", f"Bearer {make_token(_key='b')}")])

    assert (old.status, new.status) == (200, 200)


def test_without_any_keys_the_service_is_unavailable(
    service, remote_verifier, key_server, make_token
):
    """503 and not 401: the caller's token may be good. It works again with the keys."""
    key_server.dead = True
    line = ("Authorization", f"Bearer {make_token()}")
    with service.start(remote_verifier, None) as port:
        dead = send(port, "GET", "/api/me", [line])
        nobody = send(port, "GET", "/api/me")
        key_server.dead = False
        alive = send(port, "GET", "/api/me", [line])

    assert dead.status == 503
    assert dead.headers["retry-after"] == "10"
    assert "www-authenticate" not in dead.headers
    assert key_server.uri not in dead.text
    assert nobody.status == 401  # no key is needed for that
    assert alive.status == 200


def test_known_keys_outlive_an_outage(service, remote_verifier, key_server, clock, make_token):
    """Keys that are due for a refresh stay good while there is none."""
    line = ("Authorization", f"Bearer {make_token()}")
    with service.start(remote_verifier, None) as port:
        warm = send(port, "GET", "/api/me", [line])
        key_server.dead = True
        clock.now += 120
        later = send(port, "GET", "/api/me", [line])

    assert (warm.status, later.status) == (200, 200)


def test_a_cookie_will_not_do_by_itself(port, make_token):
    """Unless it is configured, no cookie is read."""
    cookie = ("Cookie", amplify_cookies(make_token()))

    response = send(port, "GET", "/api/me", [cookie])

    assert response.status == 401
    assert response.headers["www-authenticate"] == BARE

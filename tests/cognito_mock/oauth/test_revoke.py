"""The revocation endpoint."""

import pytest

from cognito_mock.core.grants import RefreshGrant

SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"


def revoke(site, **form):
    """Post the form."""
    return site.browser().post("/oauth2/revoke", data=form)


def test_a_revoked_token_cannot_be_used_and_others_can(site):
    """COG-REV-003, -007, -011, -012, -016: 200 with nothing in it, also the second time."""
    client, user = site.new_client(), site.new_user()
    token, other = (site.tokens(client, user)["refresh_token"] for _ in range(2))

    answers = [revoke(site, token=token, client_id=client.id) for _ in range(2)]

    assert [(a.status_code, a.content) for a in answers] == [(200, b"")] * 2
    assert answers[0].headers["access-control-allow-origin"] == "*"
    used = [
        site.browser().post(
            "/oauth2/token",
            data={"grant_type": "refresh_token", "client_id": client.id, "refresh_token": t},
        )
        for t in (token, other)
    ]
    assert [u.status_code for u in used] == [400, 200]


def test_an_unknown_token_is_as_good_as_revoked(site):
    """COG-REV-007."""
    assert revoke(site, token="what.is.this.even.x", client_id=site.new_client().id).is_success


@pytest.mark.parametrize("name", ["access_token", "id_token"])
def test_other_tokens_cannot_be_revoked(site, name):
    """COG-REV-005."""
    client, user = site.new_client(), site.new_user()

    response = revoke(site, token=site.tokens(client, user)[name], client_id=client.id)

    assert (response.status_code, response.text) == (400, '{"error":"unsupported_token_type"}')


def test_a_token_is_required_and_so_is_the_clients_setting(site):
    """COG-REV-004."""
    client = site.new_client()
    without = site.new_client(EnableTokenRevocation=False)

    missing = revoke(site, client_id=client.id)
    disabled = revoke(site, token="x", client_id=without.id)

    assert [a.text for a in (missing, disabled)] == ['{"error":"invalid_request"}'] * 2


@pytest.mark.parametrize("form", [{"client_id": "nosuchclient"}, {"client_secret": "wrong"}])
def test_bad_credentials_are_a_401_here(site, form):
    """COG-REV-006."""
    client = site.new_client(secrets=[SECRET])

    response = revoke(site, **{"token": "x", "client_id": client.id, **form})

    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"


def test_a_client_revokes_only_its_own_tokens(site):
    """COG-REV-010."""
    client, stranger, user = site.new_client(), site.new_client(), site.new_user()
    token = site.tokens(client, user)["refresh_token"]

    response = revoke(site, token=token, client_id=stranger.id)

    assert (response.status_code, response.json()) == (400, {"error": "unauthorized_client"})
    assert not any(grant.revoked for grant in site.all(RefreshGrant))

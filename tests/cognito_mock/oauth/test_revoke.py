"""The revocation endpoint."""

from base64 import b64encode
from dataclasses import replace

import pytest

from cognito_mock.core.grants import RefreshGrant

SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"


def revoke(site, **form):
    """Post the form."""
    return site.browser().post("/oauth2/revoke", data=form)


def test_a_revoked_token_cannot_be_used_and_others_can(site):
    """COG-REV-001, -003, -007, -011, -012, -016, COG-TKE-048: 200, also the second time."""
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
    assert used[0].text == '{"error":"invalid_grant"}'


@pytest.mark.parametrize("method", ["basic", "post"])
def test_a_client_with_a_secret_proves_itself(site, method):
    """COG-REV-001, -002: in the header, and then without an id in the form, or in the form."""
    client, user = site.new_client(secrets=[SECRET]), site.new_user()
    code = site.code(client, user)
    token = site.redeem(client, code, client_secret=SECRET).json()["refresh_token"]
    form, headers = {"token": token}, {}
    if method == "basic":
        encoded = b64encode(f"{client.id}:{SECRET}".encode()).decode()
        headers = {"Authorization": f"Basic {encoded}"}
    else:
        form |= {"client_id": client.id, "client_secret": SECRET}

    response = site.browser().post("/oauth2/revoke", data=form, headers=headers)

    assert (response.status_code, response.content) == (200, b"")
    assert [grant.revoked for grant in site.all(RefreshGrant)] == [True]


def test_a_revoked_token_stays_revoked(site):
    """COG-REV-014: whatever the client's settings become."""
    client, user = site.new_client(), site.new_user()
    tokens = site.tokens(client, user)
    revoke(site, token=tokens["refresh_token"], client_id=client.id)

    site.put(replace(client, settings={**client.settings, "EnableTokenRevocation": False}))

    form = {"grant_type": "refresh_token", "client_id": client.id}
    refreshed = site.browser().post(
        "/oauth2/token", data={**form, "refresh_token": tokens["refresh_token"]}
    )
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert refreshed.text == '{"error":"invalid_grant"}'
    assert site.browser().get("/oauth2/userInfo", headers=bearer).status_code == 401


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_only_a_post_revokes(site, method):
    """COG-REV-001."""
    assert site.browser().request(method, "/oauth2/revoke?token=x").status_code == 405


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

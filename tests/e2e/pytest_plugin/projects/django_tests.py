"""A Django site under pytest-django: its client, its database, its live server."""

import pytest
import requests


@pytest.fixture(autouse=True)
def site(settings, cognito_pool, cognito_client):
    settings.COGNITO_VERIFY = {
        "USER_POOL_ID": cognito_pool.id,
        "CLIENT_ID": cognito_client.id,
        "TOKEN_USE": "access",
    }


@pytest.mark.django_db
def test_a_visitor_is_remembered(client, cognito_auth_headers, cognito_user):
    first = client.get("/me", headers=cognito_auth_headers)
    second = client.get("/me", headers=cognito_auth_headers)

    assert first.json() == {"username": cognito_user.username, "created": True}
    assert second.json() == {"username": cognito_user.username, "created": False}


def test_bad_tokens_are_refused(client, cognito_bad_tokens):
    answer = client.get("/me", headers={"Authorization": f"Bearer {cognito_bad_tokens.token}"})

    assert answer.status_code == 401


def test_the_live_server(live_server, cognito_auth_headers, cognito_user):
    answer = requests.get(f"{live_server.url}/me", headers=cognito_auth_headers, timeout=10)

    assert answer.json() == {"username": cognito_user.username, "created": True}
    assert requests.get(f"{live_server.url}/me", timeout=10).status_code == 401

"""The sign-in form is answered in the event loop, but never what could hold up other requests."""

import threading
from dataclasses import replace

import pytest

from cognito_mock.core.users import UserStatus

SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}


@pytest.fixture
def threads(site, monkeypatch):
    """The names of the threads that sent a message or made a signature."""
    names = []

    def noting(done):
        def note(*arguments):
            names.append(threading.current_thread().name)
            return done(*arguments)

        return note

    monkeypatch.setattr(site.services.delivery, "deliver", noting(lambda _message: None))
    monkeypatch.setattr(site.services.signer, "sign", noting(site.services.signer.sign))
    return names


def all_in_workers(names):
    return names != [] and all(name.startswith("cognito-mock-worker") for name in names)


def test_a_code_by_sms_is_sent_by_a_worker(site, new_visitor, threads):
    """The second factor's message, whoever carries it."""
    site.put(replace(site.pool, settings={**site.pool.settings, **SMS, "MfaConfiguration": "ON"}))
    site.new_user(phone_number="+4915112345678", phone_number_verified="true")

    page = new_visitor(site.new_client()).sign_in()

    assert "+*********5678" in page.text
    assert all_in_workers(threads)


def test_a_code_for_a_reset_is_sent_by_a_worker(site, visitor, threads):
    """The password that an administrator has reset."""
    attributes = {"email": "ada@example.com", "email_verified": "true"}
    site.new_user(status=UserStatus.RESET_REQUIRED, **attributes)

    page = visitor.sign_in()

    assert page.headers["location"].partition("?")[0].endswith("/confirmforgotPassword")
    assert all_in_workers(threads)


def test_tokens_of_the_implicit_flow_are_signed_by_a_worker(site, new_visitor, threads):
    """Two signatures take as long as ten pages."""
    site.new_user()
    walker = new_visitor(site.new_client(AllowedOAuthFlows=["implicit"]))
    walker.open(response_type="token")

    page = walker.send(username="ada", password="Passw0rd!x")

    assert "#id_token=" in page.headers["location"]
    assert all_in_workers(threads)


def test_a_refusal_of_the_rest_is_the_clients_to_hear(site, new_visitor, monkeypatch):
    """COG-AUT-051: a user who was disabled between the check and the signatures gets nothing."""
    user = site.new_user()
    walker = new_visitor(site.new_client(AllowedOAuthFlows=["implicit"]))
    walker.open(response_type="token")
    real = site.services.entropy.token_bytes

    def disabling(count):
        # The refresh token's random bytes, drawn just before the user is read again.
        if count > 1000:
            site.put(replace(user, enabled=False))
        return real(count)

    monkeypatch.setattr(site.services.entropy, "token_bytes", disabling)
    page = walker.send(username="ada", password="Passw0rd!x")

    assert page.headers["location"].partition("#")[2].startswith("error=server_error&state=")

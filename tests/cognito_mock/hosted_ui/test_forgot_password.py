"""A forgotten password at the pages."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_mock.core.grants import BrowserSession
from cognito_mock.core.users import UserStatus
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.password_recovery import admin_reset_user_password

CALLBACK = "https://app.example/cb"
OLD = "Passw0rd!x"
NEW = "NewPassw0rd!"
MISMATCH = "Invalid verification code provided, please try again."
UNKNOWN = "Username/client id combination not found."
IMPOSSIBLE = "Could not reset password for the account, please contact support or try again"


@pytest.fixture
def ada(site):
    return site.new_user()


def ask(visitor, username="ada"):
    """Go from the sign-in page to the code page."""
    visitor.open("/forgotPassword")
    sent = visitor.send(username=username)
    if sent.status_code == 302:
        visitor.follow()
    return sent


def change(visitor, code, password=NEW, again=None):
    return visitor.send(
        code=code, new_password=password, confirm_password=password if again is None else again
    )


def test_the_sign_in_page_links_to_it_with_the_same_query(visitor):
    """COG-PAG-002."""
    page = visitor.open()

    assert f'href="/forgotPassword?response_type=code&amp;client_id={visitor.client.id}' in (
        page.text
    )


def test_a_code_leads_to_a_new_password_and_back_to_sign_in(visitor, ada, path_of):
    """COG-PAG-003: link, code, new password, sign-in; the old password is no good any more."""
    sent = ask(visitor)
    code_page = visitor.page
    done = change(visitor, visitor.message().code)
    sign_in_page = visitor.follow()
    old = visitor.send(username="ada", password=OLD)
    new = visitor.send(username="ada", password=NEW)

    assert path_of(sent) == "/confirmforgotPassword"
    assert "a password reset code by email to a***@e***" in code_page.text
    assert path_of(done) == "/login"
    assert "Your password was changed." in sign_in_page.text
    assert 'value="ada"' in sign_in_page.text
    assert "Incorrect username or password." in old.text
    assert new.headers["location"].startswith(f"{CALLBACK}?code=")


def test_the_new_password_alone_signs_nobody_in(visitor, ada):
    """Who holds the code has not signed in (COG-PAG-003)."""
    ask(visitor)

    change(visitor, visitor.message().code)

    assert visitor.site.all(BrowserSession) == []
    assert "cognito" not in visitor.browser.cookies


def test_the_code_page_is_reached_from_the_first_page_only(visitor, ada, new_visitor, path_of):
    """COG-PAG-003: neither without its cookie, nor with that of another client's page."""
    ask(visitor)
    other = new_visitor(visitor.site.new_client())
    other.browser.cookies = visitor.browser.cookies

    stranger = new_visitor(visitor.client).open("/confirmforgotPassword")
    elsewhere = other.open("/confirmforgotPassword")

    assert path_of(stranger) == path_of(elsewhere) == "/forgotPassword"


def test_whose_password_it_is_was_said_on_the_first_page(visitor, ada, new_visitor):
    """A name in the second form changes nothing: the code would be tried on somebody else."""
    visitor.site.new_user("bob")
    ask(visitor)

    visitor.send(
        username="bob", code=visitor.message().code, new_password=NEW, confirm_password=NEW
    )
    bob = new_visitor(visitor.client)

    assert bob.sign_in("bob", OLD).status_code == 302
    assert new_visitor(visitor.client).sign_in("ada", NEW).status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"code": "nope"}, MISMATCH, id="wrong-code"),
        pytest.param({"code": ""}, MISMATCH, id="no-code"),
        pytest.param({"password": "short"}, "Password not long enough", id="weak"),
        pytest.param({"again": "Other1!xx"}, "The two passwords do not match.", id="differing"),
    ],
)
def test_a_refused_change_is_the_form_again(visitor, ada, fields, message):
    """In the API's words; the passwords do not come back, and a good form then works."""
    ask(visitor)
    code = visitor.message().code

    refused = change(visitor, **{"code": code, **fields})

    assert refused.status_code == 200
    assert message in refused.text
    assert NEW not in refused.text
    assert "by email to a***@e***" in refused.text
    assert change(visitor, code).status_code == 302


def test_a_code_is_good_for_an_hour_and_once(visitor, ada, path_of):
    """COG-API-RESET-001, -003: a late one is told so; after a used one the way begins anew."""
    ask(visitor)
    code = visitor.message().code
    late = visitor.page
    change(visitor, code)
    visitor.page = late

    used = change(visitor, code)
    ask(visitor)
    code = visitor.message().code
    visitor.site.clock.advance(3600)
    expired = change(visitor, code)

    assert path_of(used) == "/forgotPassword"
    assert "Invalid code provided, please request a code again." in expired.text


def test_a_new_code_can_be_asked_for(visitor, ada, path_of):
    """The link on the code page sends another; only that counts."""
    ask(visitor)
    first = visitor.message().code
    again = visitor.send("/forgotPassword")
    visitor.follow()
    second = visitor.message().code

    assert path_of(again) == "/confirmforgotPassword"
    assert len(list_messages(visitor.site.services)) == 2
    if first != second:
        assert MISMATCH in change(visitor, first).text
    assert change(visitor, second).status_code == 302


def test_an_unknown_user_is_told(visitor):
    """COG-PAG-018, LEGACY."""
    assert UNKNOWN in ask(visitor, "nobody").text


def test_an_unknown_user_may_look_like_a_known_one(site, new_visitor):
    """COG-PAG-043: the same pages, the same words, and no message."""
    by_email = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
    pool = site.new_pool(AccountRecoverySetting=by_email)
    site.new_user("known", pool=pool)
    client = site.new_client(pool_id=pool.id, PreventUserExistenceErrors="ENABLED")
    known, unknown = new_visitor(client), new_visitor(client)

    answers = [ask(known, "known"), ask(unknown, "nobody")]
    wrong = [change(known, "123-456"), change(unknown, "123-456")]

    assert [a.status_code for a in answers] == [302, 302]
    assert all("We have sent a password reset code by email to" in w.text for w in wrong)
    assert all(MISMATCH in w.text for w in wrong)
    assert [m.username for m in list_messages(site.services)] == ["known"]


def test_without_a_verified_contact_it_is_impossible(visitor):
    """COG-PAG-019: the page's own words."""
    visitor.site.new_user(email="ada@example.com", email_verified="false")

    assert IMPOSSIBLE in ask(visitor).text


@pytest.mark.parametrize(
    ("change_of", "message"),
    [
        pytest.param({"enabled": False}, "User is disabled.", id="disabled"),
        pytest.param(
            {"status": UserStatus.FORCE_CHANGE_PASSWORD},
            "User password cannot be reset in the current state.",
            id="temporary-password",
        ),
    ],
)
def test_who_may_not_reset_is_told_why(visitor, ada, change_of, message):
    """COG-API-RESET-002."""
    visitor.site.put(replace(ada, **change_of))

    assert message in ask(visitor).text


def test_a_stale_form_sends_nothing(visitor, ada):
    """COG-PAG-014, on both pages."""
    visitor.open("/forgotPassword")
    first = visitor.send(username="ada", _csrf="stale")
    nothing = list_messages(visitor.site.services)
    ask(visitor)
    second = visitor.send(
        code=visitor.message().code, new_password=NEW, confirm_password=NEW, _csrf="stale"
    )

    assert (first.status_code, second.status_code) == (403, 403)
    assert nothing == []
    assert visitor.sign_in(password=OLD).status_code == 302


def test_the_client_with_a_secret_proves_itself(site, ada, new_visitor):
    """The page knows the client's secret (COG-API-SECRET-001)."""
    visitor = new_visitor(site.new_client(secrets=["s3cret" * 9]))
    ask(visitor)

    assert change(visitor, visitor.message().code).status_code == 302


def test_a_password_that_was_reset_leads_to_the_code_that_was_sent(visitor, ada, path_of):
    """COG-API-RESET-006: the administrator's code is the one to type; no second is sent."""
    site = visitor.site
    admin_reset_user_password(site.services, pool_id=site.pool.id, username="ada")

    refused = visitor.sign_in()
    code_page = visitor.follow()
    done = change(visitor, visitor.message().code)

    assert path_of(refused) == "/confirmforgotPassword"
    assert "by email to a***@e***" in code_page.text
    assert path_of(done) == "/login"
    assert len(list_messages(site.services)) == 1
    assert visitor.sign_in(password=NEW).status_code == 302


def test_an_imported_user_is_sent_a_code_at_the_first_sign_in(visitor, ada, path_of):
    """Nobody has sent one before."""
    visitor.site.put(replace(ada, status=UserStatus.RESET_REQUIRED))

    refused = visitor.sign_in()
    visitor.follow()

    assert path_of(refused) == "/confirmforgotPassword"
    assert change(visitor, visitor.message().code).status_code == 302


def test_a_reset_that_nobody_can_finish_is_told_on_the_sign_in_page(visitor, ada):
    """COG-PAG-019: no verified contact, no code."""
    visitor.site.put(replace(ada, status=UserStatus.RESET_REQUIRED, attributes={}))

    refused = visitor.sign_in()

    assert IMPOSSIBLE in refused.text
    assert "cognitoSignInForm" in refused.text


def test_the_name_that_was_typed_is_shown_as_text(visitor):
    """HTML in a name stays text on both pages, and in the address."""
    hostile = '"><script>alert(1)</script>'
    visitor.site.put(
        replace(
            visitor.client,
            settings={**visitor.client.settings, "PreventUserExistenceErrors": "ENABLED"},
        )
    )
    ask(visitor, hostile)
    again = change(visitor, "x")
    hint = visitor.open("/forgotPassword", login_hint=hostile)

    assert "<script" not in again.text + hint.text
    assert "&lt;script&gt;" in again.text
    assert "&lt;script&gt;" in hint.text
    assert parse_qs(urlsplit(str(hint.url)).query)["login_hint"] == [hostile]

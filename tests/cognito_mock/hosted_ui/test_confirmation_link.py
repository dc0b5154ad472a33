"""Signing up where the pool's e-mails hold links instead of codes."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.password_recovery import forgot_password

PASSWORD = "Passw0rd!x"
WORDS = "Hello {username}, {##prove it##} & sign in. Yours, {####}"


def new_pool(site, **members):
    return site.new_pool(
        **{
            "AutoVerifiedAttributes": ["email"],
            "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": True}],
            "VerificationMessageTemplate": {
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
                "EmailMessageByLink": WORDS,
                "EmailSubjectByLink": "Welcome",
            },
            **members,
        }
    )


@pytest.fixture
def eve(site, new_visitor):
    """Eve, who has just sent the sign-up form of a pool with a domain."""
    pool = new_pool(site)
    site.domain("links", pool.id)
    visitor = new_visitor(site.new_client(pool_id=pool.id))
    sign_up(visitor)
    return visitor


def sign_up(visitor, **attributes):
    visitor.open("/signup")
    fields = {f"requiredAttributes[{name}]": value for name, value in attributes.items()}
    visitor.send(
        username="eve",
        password=PASSWORD,
        **{"requiredAttributes[email]": "eve@example.com", **fields},
    )
    return visitor.follow()


def test_the_message_holds_the_link_in_the_pools_words(eve):
    """COG-PAG-050, COG-API-SIGNUP-011: client, user and code, at the pool's domain."""
    message = eve.message()

    link = urlsplit(message.link)
    assert link.netloc == "links.auth.eu-west-1.localhost:9229"
    assert link.path == "/confirmUser"
    assert parse_qs(link.query) == {
        "client_id": [eve.client.id],
        "user_name": ["eve"],
        "confirmation_code": [message.code],
    }
    assert message.subject == "Welcome"
    anchor = re.fullmatch(
        rf'Hello eve, <a href="([^"]+)">prove it</a> & sign in. Yours, {message.code}', message.body
    )
    assert unescape(anchor[1]) == message.link


def test_opening_the_link_confirms_and_the_user_goes_on(eve):
    """COG-PAG-051, -052: a GET, in any browser, once."""
    waiting = eve.page
    link = eve.message().link
    first, second = (eve.site.browser().get(link) for _ in range(2))
    eve.open()
    done = eve.send(username="eve", password=PASSWORD)

    assert "We have sent you a link by email." in waiting.text
    assert 'name="code"' not in waiting.text
    assert first.status_code == 200
    assert "Your registration has been confirmed" in first.text
    assert second.status_code == 400
    assert "An error was encountered with the requested page." in second.text
    (user,) = eve.site.all(User)
    assert (user.status, user.attributes["email_verified"]) == (UserStatus.CONFIRMED, "true")
    assert done.status_code == 302


def test_a_new_link_replaces_the_former(eve):
    """COG-API-SIGNUP-008."""
    old = eve.message()
    page = eve.send("/resendcode")
    new = eve.message()

    assert "A new link was sent to e***@e***." in page.text
    if old.code != new.code:
        assert eve.site.browser().get(old.link).status_code == 400
    assert eve.site.browser().get(new.link).status_code == 200


@pytest.mark.parametrize("name", ["client_id", "user_name", "confirmation_code"])
@pytest.mark.parametrize("change", ["missing", "empty", "foreign", "doubled"])
def test_a_changed_link_confirms_nobody(eve, name, change):
    """COG-PAG-052; of a doubled parameter the first counts."""
    link = eve.message().link
    written = re.search(rf"{name}=[^&]*", link)[0]
    other = {
        "missing": "",
        "empty": f"{name}=",
        "foreign": f"{name}=nobody",
        "doubled": f"{name}=nobody&{written}",
    }[change]

    response = eve.site.browser().get(link.replace(written, other))

    assert response.status_code in {302, 400}
    assert [user.status for user in eve.site.all(User)] == [UserStatus.UNCONFIRMED]


def test_the_link_is_good_at_its_own_pools_domain_only(eve):
    """Another pool's domain does not know the client (COG-AUT-043)."""
    link = eve.message().link.replace("//links.", "//demo.")

    response = eve.site.browser().get(link)

    assert "/error?error=Client+does+not+exist" in response.headers["location"]
    assert [user.status for user in eve.site.all(User)] == [UserStatus.UNCONFIRMED]


def test_without_a_domain_the_link_is_the_mocks_own(site, new_visitor):
    """A pool's pages are there, too; AWS needs a domain (COG-API-SIGNUP-011)."""
    visitor = new_visitor(site.new_client(pool_id=new_pool(site).id))
    sign_up(visitor)

    assert visitor.message().link.startswith("http://localhost:9229/confirmUser?")
    assert site.browser().get(visitor.message().link).status_code == 200


def test_a_phone_number_gets_a_code_all_the_same(site, new_visitor):
    """COG-API-SIGNUP-002: phone first, and no link fits into a text message's template."""
    schema = [
        {"Name": name, "AttributeDataType": "String", "Required": True}
        for name in ("email", "phone_number")
    ]
    pool = new_pool(
        site,
        AutoVerifiedAttributes=["email", "phone_number"],
        Schema=schema,
        SmsConfiguration={"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
    )
    visitor = new_visitor(site.new_client(pool_id=pool.id))

    page = sign_up(visitor, phone_number="+15550100")

    assert visitor.message().medium == "SMS"
    assert visitor.message().link is None
    assert visitor.send(code=visitor.message().code).status_code == 302
    assert 'name="code"' in page.text


def test_a_forgotten_password_is_reset_with_a_code(eve):
    """The option is for confirming only."""
    eve.site.browser().get(eve.message().link)

    forgot_password(eve.site.services, client_id=eve.client.id, username="eve")

    assert eve.message().link is None
    assert eve.message().code in eve.message().body
    assert len(list_messages(eve.site.services)) == 2

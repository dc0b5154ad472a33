"""Second factors at the pages: each question, right and wrong answers, and where they lead."""

import re
from base64 import b32decode
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from cognito_mock.core.grants import AuthorizationCode, BrowserSession
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.inbox import list_messages
from cognito_mock.hosted_ui.qr_code import otpauth_address

CALLBACK = "https://app.example/cb"
PASSWORD = "Passw0rd!x"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}.", "Subject": "Sign-in"}}
EXPIRED = "Invalid session for the user, session is expired."


def totp(secret, at):
    """A code, computed independently of the code under test."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    return TOTP(key, 6, sha1, 30, enforce_key_length=False).generate(int(at)).decode()


@pytest.fixture
def someone(site, new_visitor):
    """Make a pool that asks for second factors, Ada in it, and her browser."""

    def make(*factors, mode="ON", factors_on=(), **user):
        settings = {name: value for part in factors for name, value in part.items()}
        pool = site.new_pool()
        pool = replace(pool, settings={**pool.settings, **settings, "MfaConfiguration": mode})
        site.put(pool)
        attributes = user.pop("attributes", {"email": "ada@example.com", "email_verified": "true"})
        ada = site.new_user(pool=pool, status=user.pop("status", UserStatus.CONFIRMED))
        site.put(replace(ada, attributes=attributes, mfa_factors=factors_on, **user))
        return new_visitor(site.new_client(pool_id=pool.id))

    return make


@pytest.fixture
def with_token(someone):
    """Ada, who has registered a software token."""
    return someone(TOKENS, factors_on=("SOFTWARE_TOKEN_MFA",), totp_secret=SECRET)


def arrives(response):
    return response.headers.get("location", "").startswith(f"{CALLBACK}?code=")


def nobody_is_in(site):
    return site.all(BrowserSession) == [] and site.all(AuthorizationCode) == []


def test_the_password_alone_is_not_enough(with_token):
    """COG-API-MFA-002: no session, no code for the client, before the second factor."""
    page = with_token.sign_in()

    assert page.status_code == 200
    assert "Enter the code that your authenticator app shows." in page.text
    assert nobody_is_in(with_token.site)


def test_a_software_token_completes_the_sign_in(with_token):
    """A wrong code is the form again; the right one leads to the client."""
    with_token.sign_in()
    wrong = with_token.send(code="000000x")
    done = with_token.send(code=f" {totp(SECRET, with_token.site.clock.now())} ")

    assert "Invalid code received for user" in wrong.text
    assert arrives(done)
    assert len(with_token.site.all(BrowserSession)) == 1


def test_the_page_says_which_device(someone):
    """COG-API-MFA-005: the name that the user gave it, as text."""
    visitor = someone(
        TOKENS,
        factors_on=("SOFTWARE_TOKEN_MFA",),
        totp_secret=SECRET,
        totp_name="<b>phone</b>",
    )

    page = visitor.sign_in()
    again = visitor.send(code="000000x")

    for shown in (page, again):
        assert "authenticator app shows on &lt;b&gt;phone&lt;/b&gt;." in shown.text


@pytest.mark.parametrize(
    ("factor", "attributes", "where"),
    [
        pytest.param(
            SMS,
            {"phone_number": "+15555550123", "phone_number_verified": "true"},
            "by text message to +*******0123",
            id="sms",
        ),
        pytest.param(
            EMAIL,
            {"email": "ada@example.com", "email_verified": "true"},
            "by email to a***@e***",
            id="email",
        ),
    ],
)
def test_a_code_that_was_sent_completes_the_sign_in(someone, factor, attributes, where):
    """COG-API-MFA-005: the page says where the code went, also after a wrong one."""
    visitor = someone(factor, attributes=attributes)

    page = visitor.sign_in()
    wrong = visitor.send(code="000-000")
    done = visitor.send(code=visitor.message().code)

    assert where in page.text
    assert where in wrong.text
    assert "Invalid code or auth state for the user." in wrong.text
    assert arrives(done)


def test_several_factors_are_a_choice(someone):
    """COG-API-MFA-002, -006: one button each, then that factor's page."""
    visitor = someone(
        SMS,
        TOKENS,
        mode="OPTIONAL",
        factors_on=("SMS_MFA", "SOFTWARE_TOKEN_MFA"),
        totp_secret=SECRET,
        attributes={"phone_number": "+15555550123"},
    )

    choice = visitor.sign_in()
    chosen = visitor.send(factor="SMS_MFA")
    done = visitor.send(code=visitor.message().code)

    assert re.findall(r'name="factor" value="([^"]+)"[^>]*>([^<]+)', choice.text)[:2] == [
        ("SMS_MFA", "Text message"),
        ("SOFTWARE_TOKEN_MFA", "Authenticator app"),
    ]
    assert "by text message to +*******0123" in chosen.text
    assert arrives(done)


@pytest.mark.parametrize("factor", ["EMAIL_OTP", "nonsense", "", None])
def test_only_an_offered_factor_can_be_chosen(someone, factor):
    """Neither one that the user does not have, nor none."""
    visitor = someone(
        SMS,
        TOKENS,
        mode="OPTIONAL",
        factors_on=("SMS_MFA", "SOFTWARE_TOKEN_MFA"),
        totp_secret=SECRET,
        attributes={"phone_number": "+15555550123"},
    )
    visitor.sign_in()

    refused = visitor.send(factor=factor)

    assert "cognitoSignInForm" in refused.text
    assert nobody_is_in(visitor.site)


def test_a_token_is_set_up_with_a_qr_code_where_the_pool_demands_one(someone):
    """COG-API-MFA-007, -009, -010: the key as text and as an image, no script, no third party."""
    visitor = someone(TOKENS)

    page = visitor.sign_in()
    secret = re.search(r'name="secret" value="([^"]+)"', page.text)[1]
    wrong = visitor.send(code="000000x", device_name="phone")
    done = visitor.send(code=totp(secret, visitor.site.clock.now()), device_name="phone")

    image = unescape(
        re.search(r'<img class="qr-code" src="data:image/svg[^,]*,([^"]*)"', page.text)[1]
    )
    assert "<svg" in unquote(image)
    assert f'id="totp_secret">{" ".join(re.findall(".{1,4}", secret))}</code>' in page.text
    assert "img-src 'self' data:" in page.headers["content-security-policy"]
    assert "Code mismatch" in wrong.text
    assert f'name="secret" value="{secret}"' in wrong.text
    assert arrives(done)
    (ada,) = visitor.site.all(User)
    assert (ada.totp_secret, ada.totp_name, ada.mfa_preference) == (
        secret,
        "phone",
        "SOFTWARE_TOKEN_MFA",
    )


def test_the_next_sign_in_asks_for_the_token(someone):
    """A code of the set-up is used up; the next time step's is good."""
    visitor = someone(TOKENS)
    page = visitor.sign_in()
    secret = re.search(r'name="secret" value="([^"]+)"', page.text)[1]
    used = totp(secret, visitor.site.clock.now())
    visitor.send(code=used, device_name="")

    visitor.browser.cookies.clear()
    asked = visitor.sign_in()
    replayed = visitor.send(code=used)
    visitor.site.clock.advance(30)
    done = visitor.send(code=totp(secret, visitor.site.clock.now()))

    assert "authenticator app shows" in asked.text
    assert "Your software token has already been used once." in replayed.text
    assert arrives(done)


def test_another_key_in_the_form_is_not_the_one_that_counts(someone):
    """The session knows the secret; a planted one would be the attacker's."""
    visitor = someone(TOKENS)
    visitor.sign_in()

    refused = visitor.send(
        code=totp(SECRET, visitor.site.clock.now()), device_name="", secret=SECRET
    )

    assert "Code mismatch" in refused.text
    assert visitor.site.all(User)[0].totp_secret is None


def test_email_codes_are_set_up_with_an_address(someone):
    """COG-API-MFA-007: an address that a code then proves."""
    visitor = someone(EMAIL, attributes={"name": "Ada"})

    page = visitor.sign_in()
    wrong = visitor.send(email="nowhere")
    asked = visitor.send(email="ada@example.org")
    done = visitor.send(code=visitor.message().code)

    assert "Receive codes by email" in page.text
    assert "Invalid email address format." in wrong.text
    assert 'value="nowhere"' in wrong.text
    assert "by email to a***@e***" in asked.text
    assert arrives(done)
    (ada,) = visitor.site.all(User)
    assert (ada.attributes["email"], ada.attributes["email_verified"]) == (
        "ada@example.org",
        "true",
    )


@pytest.mark.parametrize("factor", ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])
def test_what_to_set_up_may_be_a_choice(someone, factor):
    """COG-API-MFA-006: MFAS_CAN_SETUP; the client's next page fits."""
    visitor = someone(TOKENS, EMAIL, attributes={"name": "Ada"})

    choice = visitor.sign_in()
    chosen = visitor.send(factor=factor)

    assert "Set up a second factor" in choice.text
    assert ("qr-code" in chosen.text) == (factor == "SOFTWARE_TOKEN_MFA")
    assert ('name="email"' in chosen.text) == (factor == "EMAIL_OTP")


@pytest.mark.parametrize("factor", ["SMS_MFA", "MFA_SETUP", "", None])
def test_nothing_else_can_be_set_up(someone, factor):
    """A changed form is no answer."""
    visitor = someone(TOKENS, EMAIL, attributes={"name": "Ada"})
    visitor.sign_in()

    assert visitor.send(factor=factor).status_code == 403


def test_where_nothing_can_be_set_up_the_user_is_told(someone):
    """SMS only, and no number: an administrator has to add one."""
    page = someone(SMS, attributes={"name": "Ada"}).sign_in()

    assert "Please contact your administrator." in page.text
    assert "cognitoSignInForm" in page.text


def test_a_temporary_password_comes_first_then_the_factor(someone):
    """COG-API-NEWPWD-004."""
    visitor = someone(
        TOKENS,
        factors_on=("SOFTWARE_TOKEN_MFA",),
        totp_secret=SECRET,
        status=UserStatus.FORCE_CHANGE_PASSWORD,
    )

    visitor.sign_in()
    asked = visitor.send(new_password="NewPassw0rd!", confirm_password="NewPassw0rd!")
    done = visitor.send(code=totp(SECRET, visitor.site.clock.now()))

    assert "authenticator app shows" in asked.text
    assert arrives(done)


def test_a_confirmed_sign_up_is_asked_too(site, new_visitor):
    """COG-API-MFA-004: the code of the sign-up is no second factor."""
    pool = site.new_pool(
        AutoVerifiedAttributes=["email"],
        Schema=[{"Name": "email", "AttributeDataType": "String", "Required": True}],
    )
    site.put(replace(pool, settings={**pool.settings, **TOKENS, "MfaConfiguration": "ON"}))
    visitor = new_visitor(site.new_client(pool_id=pool.id))
    visitor.open("/signup")
    visitor.send(
        username="eve", password=PASSWORD, **{"requiredAttributes[email]": "eve@example.com"}
    )
    visitor.follow()

    asked = visitor.send(code=visitor.message().code)

    assert "Set up an authenticator app" in asked.text
    assert nobody_is_in(site)


def test_a_session_that_ended_begins_the_sign_in_anew(with_token):
    """COG-API-AUTH-008, -009: the sign-in page, with the reason."""
    with_token.sign_in()
    with_token.site.clock.advance(181)

    late = with_token.send(code=totp(SECRET, with_token.site.clock.now()))

    assert EXPIRED in late.text
    assert "cognitoSignInForm" in late.text


def test_a_session_is_good_once(with_token):
    """COG-API-AUTH-009: sending the form again, with a new code, signs nobody in."""
    with_token.sign_in()
    form = with_token.page
    with_token.send(code=totp(SECRET, with_token.site.clock.now()))
    with_token.site.clock.advance(30)
    with_token.page = form

    again = with_token.send(
        code=totp(SECRET, with_token.site.clock.now()),
        _csrf=with_token.browser.cookies["XSRF-TOKEN"],
    )

    assert "session can only be used once" in again.text
    assert len(with_token.site.all(BrowserSession)) == 1


def test_a_session_belongs_to_its_client_and_user(someone, new_visitor):
    """Neither another client's page nor another user's name takes it."""
    visitor = someone(TOKENS, factors_on=("SOFTWARE_TOKEN_MFA",), totp_secret=SECRET)
    visitor.sign_in()
    code = totp(SECRET, visitor.site.clock.now())
    pool_id = visitor.client.pool_id
    other = new_visitor(visitor.site.new_client(pool_id=pool_id))
    other.open()
    other.page = visitor.page
    address = urlsplit(visitor.site.authorize_url(other.client)).query

    named = visitor.send(code=code, username="bob")
    elsewhere = other.browser.post(
        f"/mfa?{address}",
        data={
            **dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', other.page.text)),
            "_csrf": other.browser.cookies["XSRF-TOKEN"],
            "code": code,
        },
    )

    assert "Invalid session for the user." in named.text
    assert "Invalid session for the user." in elsewhere.text
    assert nobody_is_in(visitor.site)


def test_five_wrong_codes_lock_for_a_while(with_token):
    """COG-API-LOCK-001: then not even the right one is taken."""
    with_token.sign_in()
    for _ in range(5):
        with_token.send(code="000000x")

    locked = with_token.send(code=totp(SECRET, with_token.site.clock.now()))

    assert "attempts exceeded" in locked.text.lower()
    assert nobody_is_in(with_token.site)


@pytest.mark.parametrize("path", ["/mfa", "/mfa/select", "/mfa/setup", "/changePassword"])
def test_the_address_of_a_step_leads_to_the_sign_in_page(visitor, path, path_of):
    """The pages are answers; who types or reloads their address begins anew."""
    assert path_of(visitor.open(path)) == "/login"


@pytest.mark.parametrize(
    "path", ["/mfa", "/mfa/select", "/mfa/setup", "/mfa/setup/token", "/mfa/setup/email"]
)
def test_a_form_from_elsewhere_is_not_taken_and_not_repeated(with_token, path):
    """COG-PAG-014: what a stranger's form says is not shown in the pool's name."""
    with_token.sign_in()
    fields = {"session": "x", "factor": "EMAIL_OTP", "sent_to": "0900 123", "email": "0900 123"}

    query = urlsplit(with_token.site.authorize_url(with_token.client)).query
    response = with_token.browser.post(f"{path}?{query}", data={**fields, "_csrf": "stale"})

    assert response.status_code == 403
    assert "0900" not in response.text
    assert nobody_is_in(with_token.site)


def test_wrong_codes_send_no_more_messages(someone):
    """One message per sign-in."""
    visitor = someone(EMAIL)
    visitor.sign_in()

    visitor.send(code="000-000")

    assert len(list_messages(visitor.site.services)) == 1


def test_the_state_comes_back_after_all_steps(with_token):
    """COG-AUT-010: every page carries the query along."""
    with_token.sign_in()

    done = with_token.send(code=totp(SECRET, with_token.site.clock.now()))

    assert parse_qs(urlsplit(done.headers["location"]).query)["state"] == ["st 1+/é"]


def test_the_qr_code_is_of_the_address_that_apps_read():
    """COG-API-MFA-010: names with signs of their own stay in their places."""
    address = otpauth_address(issuer="My pool & co", username="ada@example.com", secret=SECRET)

    assert address == (
        "otpauth://totp/My%20pool%20%26%20co:ada%40example.com"
        f"?secret={SECRET}&issuer=My%20pool%20%26%20co"
    )

"""aws-amplify 6 in a page of another origin: SRP over CORS, and the pool's pages."""

import re

import boto3
import pytest

from cognito_mock import MockCognito

from .apps import signs_in
from .authenticator import code_of, wrong_code
from .tls_front import TlsFront
from .visitor import a_minute_ago
from .web_page import WebPage

pytestmark = pytest.mark.e2e

SIGNED_IN = {"isSignedIn": True, "nextStep": {"signInStep": "DONE"}}
WRONG = {"error": "NotAuthorizedException", "message": "Incorrect username or password."}
CUSTOM_STATE = "from=a+b/ü&x"


class Application:
    """A page with Amplify, the pool that it is configured for, and the TLS front before it."""

    def __init__(self, mock, front, web):
        self.mock = mock
        self.front = front
        self.web = web
        self.home, self.goodbye = f"{web.url}/", f"{web.url}/bye"
        self.pool = mock.create_pool("app")
        self.client = self.create_client(self.pool)

    def create_client(self, pool, **settings):
        return pool.create_client(
            "web",
            callback_urls=[self.home],
            settings={
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "LogoutURLs": [self.goodbye],
                **settings,
            },
        )

    def configuration(self, pool, client, redirect):
        """Amplify's; it puts ``https://`` before the OAuth domain, always."""
        oauth = {
            "domain": f"localhost:{self.front.port}",
            "scopes": ["openid", "email", "aws.cognito.signin.user.admin"],
            "redirectSignIn": [redirect],
            "redirectSignOut": [self.goodbye],
            "responseType": "code",
        }
        cognito = {
            "userPoolId": pool.id,
            "userPoolClientId": client.id,
            "userPoolEndpoint": self.mock.url,
            "loginWith": {"oauth": oauth},
        }
        return {"Auth": {"Cognito": cognito}}


class Tab:
    """A page of the browser with the application in it."""

    def __init__(self, page, app, pool=None, client=None, redirect=None):
        self.page = page
        self.client = client or app.client
        self.calls = []
        page.on("request", self._notice)
        app.web.settings = app.configuration(pool or app.pool, self.client, redirect or app.home)
        page.goto(app.home)

    def _notice(self, request):
        target = request.headers.get("x-amz-target")
        if target:
            self.calls.append(target.partition(".")[2])

    def amplify(self, name, **argument):
        """What one of Amplify's functions answers, or the error that it throws."""
        return self.page.evaluate("amplify", [name, argument])

    def session(self, **options):
        """The tokens that ``fetchAuthSession`` gives."""
        return self.page.evaluate("session", options)

    def sign_in(self, user, password=None):
        return self.amplify("signIn", username=user.username, password=password or user.password)

    def stored(self):
        """What Amplify keeps, by name without its prefix."""
        items = self.page.evaluate("({...localStorage})")
        prefix = f"CognitoIdentityServiceProvider.{self.client.id}."
        return {
            name.removeprefix(prefix): value
            for name, value in items.items()
            if name.startswith(prefix)
        }

    def go_to_the_pools_page(self, **options):
        """``signInWithRedirect`` never answers: the page is left."""
        wish = ["signInWithRedirect", {"customState": CUSTOM_STATE, **options}]
        self.page.evaluate("wish => void amplify(wish)", wish)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("amplify")
    with (
        MockCognito() as mock,
        TlsFront(mock.url, ["localhost"], folder) as front,
        WebPage("amplify", folder) as web,
    ):
        yield Application(mock, front, web)


@pytest.fixture
def new_tab(app, browser):
    """Open the application in a profile that nobody used before."""
    contexts = []

    def open_tab(**options):
        contexts.append(browser.new_context(ignore_https_errors=True))
        return Tab(contexts[-1].new_page(), app, **options)

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture
def tab(new_tab):
    return new_tab()


@pytest.fixture
def idp(app):
    """boto3's client, for what administrators do."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("cognito-idp", "us-east-1", endpoint_url=app.mock.url, **keys)
    yield client
    client.close()


@pytest.fixture
def user(app):
    """Another one for each test."""
    return app.pool.create_user()


def test_srp_sign_in(tab, user):
    """Across origins; tokens are kept under Amplify's names (COG-AMP-001, -003)."""
    assert tab.sign_in(user) == SIGNED_IN

    assert tab.calls[:2] == ["InitiateAuth", "RespondToAuthChallenge"]
    session = tab.session()
    assert session["idToken"]["claims"]["sub"] == user.sub
    assert session["accessToken"]["claims"]["username"] == user.username
    stored = tab.stored()
    assert stored["LastAuthUser"] == user.username
    assert stored[f"{user.username}.accessToken"] == session["accessToken"]["text"]
    assert tab.amplify("getCurrentUser")["userId"] == user.sub
    assert tab.amplify("fetchUserAttributes")["email"] == user.email


def test_a_wrong_password(tab, user):
    """The service's error reaches the application in the service's words."""
    assert tab.sign_in(user, "Wrong-password-1") == WRONG
    assert tab.session() == {}

    assert tab.sign_in(user) == SIGNED_IN


def test_a_refresh_on_demand(app, tab, user):
    """GetTokensFromRefreshToken: the same sign-in goes on, with new tokens (COG-TKE-052)."""
    with a_minute_ago(app.mock):
        tab.sign_in(user)
        before = tab.session()

    after = tab.session(forceRefresh=True)

    assert "GetTokensFromRefreshToken" in tab.calls
    assert after["accessToken"]["text"] != before["accessToken"]["text"]
    for name in ("sub", "origin_jti", "auth_time"):
        assert after["idToken"]["claims"][name] == before["idToken"]["claims"][name]


def test_each_rotated_refresh_token_is_used_once(app, new_tab, user):
    """With RefreshTokenRotation and no grace, Amplify has to keep what it is given."""
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    client = app.create_client(
        app.pool, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"], RefreshTokenRotation=rotation
    )
    tab = new_tab(client=client)
    tab.sign_in(user)
    seen = [tab.stored()[f"{user.username}.refreshToken"]]

    for _ in range(2):
        assert tab.session(forceRefresh=True).keys() == {"accessToken", "idToken"}
        seen.append(tab.stored()[f"{user.username}.refreshToken"])

    assert len(set(seen)) == 3


def test_local_sign_out_revokes_the_refresh_token(new_tab, user):
    """Of this sign-in; another device's goes on (COG-API-REV-003)."""
    tab, other = new_tab(), new_tab()
    tab.sign_in(user)
    other.sign_in(user)
    kept = tab.stored()

    assert tab.amplify("signOut") == {}

    assert "RevokeToken" in tab.calls
    assert not tab.stored()
    assert tab.session() == {}
    prefix = f"CognitoIdentityServiceProvider.{tab.client.id}."
    tab.page.evaluate(
        "items => Object.assign(localStorage, items)",
        {prefix + name: value for name, value in kept.items()},
    )
    assert tab.session(forceRefresh=True) == {}  # whoever had copied them
    assert other.session(forceRefresh=True).keys() == {"accessToken", "idToken"}


def test_global_sign_out_ends_all_sessions(new_tab, user):
    """GlobalSignOut: the other device's refresh token is worth nothing, and it is signed out."""
    tab, other = new_tab(), new_tab()
    tab.sign_in(user)
    other.sign_in(user)

    assert tab.amplify("signOut", **{"global": True}) == {}

    assert "GlobalSignOut" in tab.calls
    assert tab.session() == {}
    assert other.session(forceRefresh=True) == {}
    assert not other.stored().keys() & {f"{user.username}.accessToken"}


def test_an_account_from_sign_up_to_a_new_password(app, tab):
    """SignUp, ConfirmSignUp with the code of the mail, ForgotPassword and its confirmation."""
    name, email = "edith", "edith@example.com"
    options = {"userAttributes": {"email": email}}
    step = tab.amplify("signUp", username=name, password="Clarke-1883-x", options=options)
    assert step["nextStep"]["signUpStep"] == "CONFIRM_SIGN_UP"
    assert step["nextStep"]["codeDeliveryDetails"]["destination"] == "e***@e***"
    early = tab.amplify("signIn", username=name, password="Clarke-1883-x")
    assert early["nextStep"]["signInStep"] == "CONFIRM_SIGN_UP"
    wrong = tab.amplify("confirmSignUp", username=name, confirmationCode="000000")
    assert wrong["error"] == "CodeMismatchException"
    code = app.pool.inbox.code(email)
    done = tab.amplify("confirmSignUp", username=name, confirmationCode=code)
    assert done["isSignUpComplete"]

    step = tab.amplify("resetPassword", username=name)
    assert step["nextStep"]["resetPasswordStep"] == "CONFIRM_RESET_PASSWORD_WITH_CODE"
    reset = {"username": name, "confirmationCode": app.pool.inbox.code(email)}
    assert tab.amplify("confirmResetPassword", **reset, newPassword="Clarke-1959-y") == {}

    assert tab.amplify("signIn", username=name, password="Clarke-1883-x") == WRONG
    assert tab.amplify("signIn", username=name, password="Clarke-1959-y") == SIGNED_IN


def test_a_temporary_password_has_to_be_replaced(app, idp, tab):
    """NEW_PASSWORD_REQUIRED after SRP with the password of the invitation."""
    who = {"UserPoolId": app.pool.id, "Username": "invited"}
    idp.admin_create_user(**who, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS")

    step = tab.amplify("signIn", username="invited", password="Temporary-1")

    assert step["nextStep"]["signInStep"] == "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED"
    weak = tab.amplify("confirmSignIn", challengeResponse="short")
    assert weak["error"] == "InvalidPasswordException"
    assert tab.amplify("confirmSignIn", challengeResponse="Permanent-1") == SIGNED_IN


def test_an_authenticator_app_and_a_remembered_device(app, idp, new_tab):
    """Amplify confirms the device itself; it is tracked, and asked for codes (COG-API-DEV-006)."""
    devices = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
    pool = app.mock.create_pool("devices", settings={"DeviceConfiguration": devices})
    idp.set_user_pool_mfa_config(
        UserPoolId=pool.id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    user = pool.create_user()
    tab = new_tab(pool=pool, client=app.create_client(pool))
    assert tab.sign_in(user) == SIGNED_IN
    assert "ConfirmDevice" in tab.calls
    secret = tab.amplify("setUpTOTP")["sharedSecret"]
    assert tab.amplify("verifyTOTPSetup", code=code_of(secret)) == {}
    assert tab.amplify("updateMFAPreference", totp="PREFERRED") == {}
    assert tab.amplify("fetchMFAPreference") == {"enabled": ["TOTP"], "preferred": "TOTP"}
    assert tab.session(forceRefresh=True).keys() == {"accessToken", "idToken"}
    assert tab.amplify("signOut") == {}

    step = tab.sign_in(user)

    assert step["nextStep"]["signInStep"] == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
    wrong = tab.amplify("confirmSignIn", challengeResponse=wrong_code(secret))
    assert wrong["error"] == "CodeMismatchException"
    code = code_of(secret, steps=1)
    assert tab.amplify("confirmSignIn", challengeResponse=code) == SIGNED_IN
    (device,) = tab.amplify("fetchDevices")
    assert device["id"] == tab.stored()[f"{user.username}.deviceKey"]


def test_hosted_sign_in_and_out(app, tab, user, expect):
    """By the pool's page behind TLS; what Amplify got there it refreshes over the API."""
    page = tab.page
    tab.go_to_the_pools_page()
    page.wait_for_url("**/login?*")
    assert "identity_provider=COGNITO" in page.url
    signs_in(page, user)

    expect(page.locator("#events")).to_contain_text("signInWithRedirect")
    expect(page.locator("#events")).to_contain_text(f"customOAuthState {CUSTOM_STATE}")
    expect(page).to_have_url(app.home)
    before = tab.session()
    assert before["idToken"]["claims"]["sub"] == user.sub
    assert before["accessToken"]["claims"]["scope"] == "aws.cognito.signin.user.admin openid email"
    after = tab.session(forceRefresh=True)
    assert after["accessToken"]["claims"]["jti"] != before["accessToken"]["claims"]["jti"]
    assert after["idToken"]["claims"]["origin_jti"] == before["idToken"]["claims"]["origin_jti"]
    assert tab.amplify("fetchUserAttributes")["email"] == user.email

    page.evaluate("void amplify(['signOut'])")
    expect(page).to_have_url(app.goodbye)
    assert tab.session() == {}
    tab.go_to_the_pools_page()
    page.wait_for_url("**/login?*")  # with its style sheet, which hides one of the two forms
    expect(page.locator("input[name=password]:visible")).to_be_visible()


def test_who_is_signed_in_at_the_pool_is_not_asked_again(tab, user, expect):
    """The session of the pages gives the second application its code at once, state and all."""
    tab.go_to_the_pools_page()
    signs_in(tab.page, user)
    expect(tab.page.locator("#events")).to_contain_text("signInWithRedirect")
    tab.page.evaluate("localStorage.clear()")
    tab.page.reload()

    tab.go_to_the_pools_page()

    expect(tab.page.locator("#events")).to_contain_text(f"customOAuthState {CUSTOM_STATE}")
    assert tab.session()["idToken"]["claims"]["sub"] == user.sub


def test_a_code_that_this_page_did_not_ask_for(app, tab):
    """Amplify refuses another's answer; nobody is signed in (RFC 6749 §10.12)."""
    tab.page.goto(f"{app.home}?code=stolen&state=other")

    assert tab.session() == {}


def test_an_address_that_is_not_registered(app, new_tab):
    """The browser stays on the pool's error page (COG-AUT-041)."""
    tab = new_tab(redirect=f"{app.web.url}/elsewhere")

    tab.go_to_the_pools_page()

    tab.page.wait_for_url(re.compile(r"/error\?error=redirect_mismatch"))

"""A user pool behind HTTP, in process: every part real, RSA keys made once, a clock that moves."""

import re
from base64 import b64encode
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from cognito_mock import hosted_ui, oauth
from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clients import ClientSecret
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.ids import SystemEntropy, new_sub
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.passwords import store_password
from cognito_mock.core.pools import PoolDomain
from cognito_mock.core.signing import RsaSigner
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.browser_sessions import start_session
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.stores.memory import MemoryStore

REGION = "eu-west-1"
CALLBACK = "https://app.example/cb"
PASSWORD = "Passw0rd!x"
OPENID_CLIENT = {
    "ClientName": "web",
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": [CALLBACK, "http://localhost:3000/cb?from=idp"],
    "LogoutURLs": ["https://app.example/bye"],
}


class RenamedKeys:
    """Two RSA keys, given out in turn under ever new kids."""

    def __init__(self, keys):
        self._keys = list(keys)

    def new_key(self):
        self._keys.append(self._keys.pop(0))
        return replace(self._keys[0], kid=b64encode(SystemEntropy().token_bytes(32)).decode())


class NoDelivery:
    """Carries nothing outside; the inbox has everything."""

    def deliver(self, message):
        pass


class Browser:
    """A user agent with its own cookies; it follows no redirect by itself."""

    def __init__(self, app, base_url, *, peer="127.0.0.1"):
        self.transport = httpx.ASGITransport(app=app, client=(peer, 50000))
        self.base_url = base_url
        self.cookies = httpx.Cookies()

    def request(self, method, url, **options):
        (response,) = self.requests([(method, url, options)])
        return response

    def requests(self, wanted):
        """Send (method, url, options) one after the other; a loop of its own for each is slow."""

        async def send():
            async with httpx.AsyncClient(
                transport=self.transport, base_url=self.base_url, cookies=self.cookies
            ) as client:
                responses = [
                    await client.request(method, url, **options) for method, url, options in wanted
                ]
                self.cookies = client.cookies
                return responses

        return anyio.run(send)

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)


class Site:
    """One pool with a domain, and browsers and programs that talk to it."""

    def __init__(self, keys, **addresses):
        self.clock = AdjustableClock()
        self.services = Services(
            store=MemoryStore(),
            clock=self.clock,
            entropy=SystemEntropy(),
            keys=RenamedKeys(keys),
            signer=RsaSigner(),
            delivery=NoDelivery(),
            addresses=Addresses(base_url="http://localhost:9229", **addresses),
        )
        self.app = Starlette(
            routes=[*hosted_ui.create_routes(self.services), *oauth.create_routes(self.services)]
        )
        self.pool = self.new_pool()
        self.domain("demo")

    def new_pool(self, **members):
        return create_user_pool(
            self.services, region=REGION, request={"PoolName": "demo", **members}
        )

    def domain(self, name, pool_id=None, *, custom=False):
        record = PoolDomain(
            domain=name, pool_id=pool_id or self.pool.id, custom=custom, settings={}
        )
        self.put(record)

    def new_client(self, *, pool_id=None, secrets=(), **members):
        client = create_user_pool_client(
            self.services, pool_id=pool_id or self.pool.id, request={**OPENID_CLIENT, **members}
        )
        if secrets:
            made = [ClientSecret(id=str(n), value=v, created_at=0) for n, v in enumerate(secrets)]
            client = replace(client, secrets=tuple(made))
            self.put(client)
        return client

    def new_user(self, username="ada", *, pool=None, status=UserStatus.CONFIRMED, **attributes):
        pool = pool or self.pool
        now = self.clock.now()
        user = User(
            pool_id=pool.id,
            username=username,
            sub=new_sub(self.services.entropy),
            status=status,
            attributes=attributes or {"email": f"{username}@example.com", "email_verified": "true"},
            password=store_password(
                PASSWORD,
                pool_name=pool.short_name,
                user_id=username,
                entropy=self.services.entropy,
                temporary_until=(
                    now + 86400 if status is UserStatus.FORCE_CHANGE_PASSWORD else None
                ),
            ),
            created_at=now,
            modified_at=now,
        )
        self.put(user)
        return user

    def put(self, *records):
        with self.services.store.transaction() as tx:
            for record in records:
                tx.put(record)

    def all(self, kind):
        """Every stored record of one kind."""
        with self.services.store.read() as tx:
            return list(tx.scan(kind))

    def browser(self, base_url=f"http://demo.auth.{REGION}.localhost:9229", **options):
        """A user agent of its own."""
        return Browser(self.app, base_url, **options)

    def signed_in(self, user, **options):
        """A browser that holds the cookie of a sign-in that happened just now."""
        browser = self.browser(**options)
        browser.cookies.set("cognito", start_session(self.services, user=user))
        return browser

    def code(self, client, user, **parameters):
        """An authorization code for a user who is signed in."""
        answer = self.signed_in(user).get(self.authorize_url(client, **parameters))
        return self.answer_of(answer)["code"]

    def redeem(self, client, code, **form):
        """Post a code to the token endpoint as a public client does; None leaves a field out."""
        fields = {
            "grant_type": "authorization_code",
            "client_id": client.id,
            "code": code,
            "redirect_uri": CALLBACK,
            **form,
        }
        sent = {name: value for name, value in fields.items() if value is not None}
        return self.browser().post("/oauth2/token", data=sent)

    def tokens(self, client, user, **parameters):
        """The token response of a whole code flow."""
        response = self.redeem(client, self.code(client, user, **parameters))
        assert response.status_code == 200, response.text
        return response.json()

    def sign_in(self, browser, client, username="ada", password=PASSWORD, **parameters):
        """Walk from authorize over the page to the answer; return that answer."""
        at_page = browser.get(self.authorize_url(client, **parameters))
        page = browser.get(at_page.headers["location"])
        form = {"username": username, "password": password, "_csrf": self.csrf_of(page.text)}
        return browser.post(str(page.url), data={**form, "cognitoAsfData": ""})

    @staticmethod
    def authorize_url(client, **parameters):
        """The authorize request of a code flow; a parameter that is None is left out."""
        query = {
            "response_type": "code",
            "client_id": client.id,
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "state": "st 1+/é",
            **parameters,
        }
        return "/oauth2/authorize?" + urlencode({k: v for k, v in query.items() if v is not None})

    @staticmethod
    def csrf_of(html):
        """The hidden field of the (first) form."""
        return re.search(r'name="_csrf" value="([^"]+)"', html)[1]

    @staticmethod
    def answer_of(response):
        """The parameters in a redirect's query, once each."""
        query = parse_qs(urlsplit(response.headers["location"]).query, strict_parsing=True)
        return {name: value for name, (value,) in query.items()}


@pytest.fixture(scope="session")
def rsa_keys():
    return new_signing_key(SystemEntropy()), new_signing_key(SystemEntropy())


@pytest.fixture
def make_site(rsa_keys):
    return lambda **addresses: Site(rsa_keys, **addresses)


@pytest.fixture
def site(make_site):
    return make_site()

"""What is learned of an issuer during a run: each thing is asked for once, when first needed."""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.pages import Browser, leads_to
from cognito_conformance.issuers.provision import Workshop
from cognito_conformance.issuers.srp import (
    Challenge,
    SrpClient,
    UnusableChallenge,
    timestamp_of,
)
from cognito_conformance.issuers.target import Client, Target, User
from cognito_conformance.issuers.tokens import Token, parse
from cognito_conformance.issuers.wire import Reply, Wire, Wrong

T = TypeVar("T")
OK: Final = 200
STATE: Final = "conformance state/1"
NONCE: Final = "conformance-nonce-1"
VERIFIER: Final = "conformance-verifier-that-is-long-enough-0123456789"
Result = Mapping[str, Any]


class Session:
    """One run's conversation with one issuer."""

    def __init__(
        self,
        target: Target,
        wire: Wire,
        *,
        workshop: Workshop | None = None,
        without: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.target = target
        self.wire = wire
        self.without = without
        self.clock = clock
        self._pause = pause
        self._workshop = workshop
        self._known: dict[str, Any] = {}

    @property
    def workshop(self) -> Workshop:
        """What makes pools and users."""
        if self._workshop is None:
            raise Wrong("needs --provision")
        return self._workshop

    @property
    def confidential(self) -> Client:
        """The client with a secret."""
        if self.target.confidential is None:
            raise Wrong("no client with a secret could be made")
        return self.target.confidential

    def next_second(self) -> None:
        """Return when another whole second has begun."""
        self._pause(1.0 - self.clock() % 1.0)

    # Keys and discovery.

    @property
    def jwks_reply(self) -> Reply:
        """The answer to a request for the pool's keys."""
        return self._once("jwks", lambda: self.well_known("jwks.json"))

    @property
    def keys(self) -> Sequence[Mapping[str, Any]]:
        """The published keys."""
        return keys_in(self.jwks_reply)

    def key(self, kid: object) -> Mapping[str, Any]:
        """Return the published key called ``kid``."""
        for each in self.keys:
            if each.get("kid") == kid:
                return each
        raise Wrong("the kid of the token is not among the published keys")

    @property
    def discovery_reply(self) -> Reply:
        """The answer to a request for the discovery document."""
        return self._once("discovery", lambda: self.well_known("openid-configuration"))

    @property
    def discovery(self) -> Mapping[str, Any]:
        """The discovery document."""
        reply = self.discovery_reply
        if reply.status != OK or not isinstance(reply.body, dict):
            raise Wrong(f"no discovery document: {reply}")
        return reply.body

    def well_known(self, name: str, *, pool: str | None = None) -> Reply:
        """GET a document of the pool, or of another one."""
        pool = pool or self.target.user_pool_id
        return self.wire.get(f"{self.target.endpoint}/{pool}/.well-known/{name}")

    # Sign-in over the API.

    @property
    def result(self) -> Result:
        """What a sign-in gave: with the password, or by SRP where that is all there is."""
        return self._once("result", self.fresh_sign_in)

    @property
    def id_token(self) -> Token:
        """The id token of the sign-in."""
        return parse(self.result.get("IdToken"))

    @property
    def access_token(self) -> Token:
        """The access token of the sign-in."""
        return parse(self.result.get("AccessToken"))

    @property
    def both(self) -> tuple[tuple[str, Token], tuple[str, Token]]:
        """Both tokens of the sign-in, by what they are called."""
        return ("id token", self.id_token), ("access token", self.access_token)

    @property
    def refresh_token(self) -> str:
        """The refresh token of the sign-in."""
        return refresh_token_in(self.result)

    @property
    def refreshed(self) -> Result:
        """What the refresh token gave."""
        return self._once("refreshed", lambda: result_of(self.refresh(self.refresh_token)))

    def fresh_sign_in(self) -> Result:
        """Return tokens that nothing else uses."""
        by_password = "signin.password" not in self.without
        return result_of(self.password() if by_password else self.srp())

    def password(
        self, user: User | None = None, *, client: Client | None = None, **changed: str
    ) -> Reply:
        """Sign in with a password; ``changed`` replaces or, when empty, drops a parameter."""
        user = user or self.target.user
        own = {"USERNAME": user.username, "PASSWORD": user.password}
        return self._initiate("USER_PASSWORD_AUTH", own, user.username, client, changed)

    def refresh(
        self, token: str, *, client: Client | None = None, user: User | None = None
    ) -> Reply:
        """Ask for new tokens."""
        # COG-API-SECRET-002: the hash is of the canonical name, which signed tokens hold.
        name = (user or self.target.user).username
        return self._initiate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": token}, name, client, {})

    def srp_challenge(self, public: str, user: User | None = None) -> Reply:
        """Begin a sign-in by SRP; ``public`` is A in hex."""
        user = user or self.target.user
        own = {"USERNAME": user.username, "SRP_A": public}
        return self._initiate("USER_SRP_AUTH", own, user.username, None, {})

    def srp(self, password: str | None = None) -> Reply:
        """Sign in by SRP."""
        attempt = SrpClient.create()
        reply = self.srp_challenge(f"{attempt.public:x}")
        challenge = challenge_of(reply)
        timestamp = timestamp_of(self.clock())
        proof = attempt.proof(
            challenge,
            pool=self.target.user_pool_id.partition("_")[2],
            password=self.target.user.password if password is None else password,
            timestamp=timestamp,
        )
        return self.answer_srp(reply, challenge, proof, timestamp)

    def answer_srp(self, reply: Reply, challenge: Challenge, proof: str, timestamp: str) -> Reply:
        """Answer PASSWORD_VERIFIER."""
        return self.respond(
            "PASSWORD_VERIFIER",
            challenge.user_id,
            session=reply.body.get("Session"),
            PASSWORD_CLAIM_SECRET_BLOCK=str(reply.body["ChallengeParameters"]["SECRET_BLOCK"]),
            PASSWORD_CLAIM_SIGNATURE=proof,
            TIMESTAMP=timestamp,
        )

    def respond(
        self, challenge: str, username: str, *, session: str | None, **responses: str
    ) -> Reply:
        """Answer a challenge."""
        client = self.target.client
        secret_hash = client.secret_hash(username)
        answers = {"USERNAME": username, **responses}
        answers |= {"SECRET_HASH": secret_hash} if secret_hash else {}
        members = {
            "ClientId": client.id,
            "ChallengeName": challenge,
            "ChallengeResponses": answers,
            **({"Session": session} if session else {}),
        }
        return self.wire.api("RespondToAuthChallenge", members)

    def get_user(self, access_token: str) -> Reply:
        """Ask who an access token belongs to."""
        return self.wire.api("GetUser", {"AccessToken": access_token})

    def _initiate(
        self,
        flow: str,
        own: Mapping[str, str],
        username: str,
        client: Client | None,
        changed: Mapping[str, str],
    ) -> Reply:
        client = client or self.target.client
        secret_hash = client.secret_hash(username)
        parameters = {**own, **({"SECRET_HASH": secret_hash} if secret_hash else {}), **changed}
        members = {
            "ClientId": client.id,
            "AuthFlow": flow,
            "AuthParameters": {name: value for name, value in parameters.items() if value},
        }
        return self.wire.api("InitiateAuth", members)

    # Sign-in with a browser.

    @contextmanager
    def browser(self) -> Iterator[Browser]:
        """Give a browser without cookies."""
        browser = Browser(self.wire.new_client(), self.target.domain)
        try:
            yield browser
        finally:
            browser.close()

    def authorization(self, **changed: str) -> dict[str, str]:
        """Return the parameters of an authorization request; an empty value drops one."""
        challenge = b64url(hashlib.sha256(VERIFIER.encode()).digest())
        parameters = {
            "client_id": self.target.client.id,
            "response_type": "code",
            "redirect_uri": self.target.redirect_uri,
            "scope": self.target.scope,
            "state": STATE,
            "nonce": NONCE,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | changed
        return {name: value for name, value in parameters.items() if value}

    def returned(self) -> Mapping[str, str]:
        """Sign in with a fresh browser; return the parameters of the redirect back."""
        with self.browser() as browser:
            return self.returned_to(browser)

    def returned_to(self, browser: Browser) -> Mapping[str, str]:
        """Sign in with this browser; return the parameters of the redirect back."""
        reply = browser.sign_in(self.authorization(), self.target.user)
        if not leads_to(reply, self.target.redirect_uri):
            raise Wrong(f"no redirect to redirect_uri: {reply}")
        return parameters_of(reply)

    def code(self) -> str:
        """Return a fresh authorization code."""
        found = self.returned()
        if "code" not in found:
            raise Wrong(f"no code but {sorted(found)}")
        return found["code"]

    def redeem(self, code: str, *, client: Client | None = None, **changed: str) -> Reply:
        """Exchange a code for tokens; an empty value drops a parameter."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.target.redirect_uri,
            "code_verifier": VERIFIER,
        } | changed
        return self.token_endpoint(form, client=client)

    def token_endpoint(self, form: Mapping[str, str], *, client: Client | None = None) -> Reply:
        """POST to the token endpoint as a client; the secret goes into the header."""
        return self.authenticated("/oauth2/token", form, client=client)

    def authenticated(
        self, path: str, form: Mapping[str, str], *, client: Client | None = None
    ) -> Reply:
        """POST a form as a client."""
        client = client or self.target.client
        kept = {"client_id": client.id} | {name: value for name, value in form.items() if value}
        basic = (client.id, client.secret) if client.secret else None
        return self.wire.post(path, kept, basic=basic)

    def user_info(self, token: str | None) -> Reply:
        """Ask userInfo."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return self.wire.get(f"{self.target.domain}/oauth2/userInfo", **headers)

    @property
    def grant_reply(self) -> Reply:
        """The token endpoint's answer to a good code."""
        return self._once("grant", lambda: self.redeem(self.code()))

    @property
    def grant(self) -> Result:
        """The tokens of an authorization code."""
        return grant_of(self.grant_reply)

    def fresh_grant(self) -> Result:
        """Return tokens that nothing else uses: for what ends them."""
        return grant_of(self.redeem(self.code()))

    def _once(self, name: str, ask: Callable[[], T]) -> T:
        if name not in self._known:
            try:
                self._known[name] = ask()
            except Wrong as wrong:
                # A second attempt would say the same, and count as a second wrong password.
                self._known[name] = wrong
        found = self._known[name]
        if isinstance(found, Wrong):
            raise Wrong(str(found))
        return found  # type: ignore[no-any-return]  # what `ask` returned under this name


def keys_in(reply: Reply) -> Sequence[Mapping[str, Any]]:
    """Return the keys in a JWKS answer. Raises `Wrong`."""
    found = reply.body.get("keys") if isinstance(reply.body, dict) else None
    if reply.status != OK or not isinstance(found, list) or not found:
        raise Wrong(f"no key set: {reply}")
    if not all(isinstance(each, dict) for each in found):
        raise Wrong("a published key is not an object")
    return found


def challenge_of(reply: Reply) -> Challenge:
    """Return a PASSWORD_VERIFIER challenge. Raises `Wrong`."""
    body = reply.body if isinstance(reply.body, dict) else {}
    if reply.status != OK or body.get("ChallengeName") != "PASSWORD_VERIFIER":
        raise Wrong(f"no PASSWORD_VERIFIER: {reply}")
    try:
        return Challenge.read(body.get("ChallengeParameters", {}))
    except UnusableChallenge as error:
        raise Wrong(str(error)) from error


def result_of(reply: Reply) -> Result:
    """Return AuthenticationResult. Raises `Wrong`."""
    body = reply.body if isinstance(reply.body, dict) else {}
    found = body.get("AuthenticationResult")
    if reply.status != OK or not isinstance(found, dict):
        challenge = body.get("ChallengeName")
        raise Wrong(f"no tokens but {challenge}" if challenge else f"no tokens: {reply}")
    return found


def grant_of(reply: Reply) -> Result:
    """Return the token endpoint's tokens. Raises `Wrong`."""
    if reply.status != OK or not isinstance(reply.body, dict) or "access_token" not in reply.body:
        raise Wrong(f"no tokens: {reply}")
    return reply.body


def refresh_token_in(result: Result, name: str = "RefreshToken") -> str:
    """Return the refresh token. Raises `Wrong`."""
    found = result.get(name)
    if not isinstance(found, str) or not found:
        raise Wrong("no refresh token")
    return found


def parameters_of(reply: Reply) -> Mapping[str, str]:
    """Return the parameters of a redirect, from its query and its fragment."""
    parts = urlsplit(reply.location)
    pairs = parse_qs(parts.query) | parse_qs(parts.fragment)
    return {name: values[0] for name, values in pairs.items()}


def guess() -> str:
    """Return text that nobody has issued."""
    return secrets.token_urlsafe(24)

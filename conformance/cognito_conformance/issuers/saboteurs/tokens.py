# ruff: noqa: D102  (a flawed method is described by its class, and looks at too little)
"""Flaws in the tokens of a sign-in."""

import base64
import json
import secrets

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.reference import ReferenceIssuer, keys
from cognito_conformance.issuers.reference.state import Login, Members, Pool

_API = ("event_id",)


class SaysTyp(ReferenceIssuer):
    """Has typ in its headers."""

    def header(self, kid: str) -> Members:
        return {**super().header(kid), "typ": "JWT"}


class BeginsWithAlg(ReferenceIssuer):
    """Has its header the other way round."""

    def header(self, kid: str) -> Members:
        return {"alg": "RS256", "kid": kid}


class SaysRs512(ReferenceIssuer):
    """Names another algorithm than it uses."""

    def header(self, kid: str) -> Members:
        return {"kid": kid, "alg": "RS512"}


class NamesUnpublishedKeys(ReferenceIssuer):
    """Signs under a kid that is not published."""

    def header(self, kid: str) -> Members:
        return {"kid": keys.kid(99), "alg": "RS256"} if kid else {}


class SignsWithUnpublishedKeys(ReferenceIssuer):
    """Signs with a key that is not published."""

    def sign(self, number: int, signing_input: str) -> bytes:
        return keys.sign(number + 20, signing_input)


class SignsAllWithOneOfTwo(ReferenceIssuer):
    """Publishes two keys and uses one."""

    def jwks(self, pool: Pool) -> Members:
        return {"keys": [self.jwk(2 * pool.number), self.jwk(2 * pool.number + 1)]}

    def key_numbers(self, pool: Pool) -> tuple[int, int]:
        return (2 * pool.number,) * 2


class PadsTokens(ReferenceIssuer):
    """Writes the parts of tokens padded."""

    def segment(self, members: Members) -> str:
        # A blank more or two, until there is something to pad.
        text = json.dumps(members).encode()
        while len(text) % 3 == 0:
            text += b" "
        return base64.urlsafe_b64encode(text).decode()


class EndsIssWithASlash(ReferenceIssuer):
    """Has an iss with a slash after it, in the document as well."""

    def iss(self, pool: Pool) -> str:
        return f"{super().iss(pool)}/"


class HasTwoIssuers(ReferenceIssuer):
    """Has another iss in the id token."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        found = super().id_claims(login, access_token)
        return {**found, "iss": f"http://127.0.0.1/{login.pool.id}"}


class ConfusesTokenUse(ReferenceIssuer):
    """Says access in both tokens."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        return {**super().id_claims(login, access_token), "token_use": "access"}


class HasAudInBoth(ReferenceIssuer):
    """Puts the client into the access token's aud, too."""

    def access_claims(self, login: Login) -> Members:
        return {**super().access_claims(login), "aud": login.client.id}


class HasAudAsList(ReferenceIssuer):
    """Has a list where the service has text."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        return {**super().id_claims(login, access_token), "aud": [login.client.id]}


class HasClientIdInBoth(ReferenceIssuer):
    """Puts client_id into the id token, too."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        return {**super().id_claims(login, access_token), "client_id": login.client.id}


class HasSubsByToken(ReferenceIssuer):
    """Has another sub in the id token."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        found = super().id_claims(login, access_token)
        return {**found, "sub": "00000000-0000-4000-8000-000000000000"}


class HasSubsOfItsOwnForm(ReferenceIssuer):
    """Calls users by a number."""

    def shared_claims(self, login: Login, use: str) -> Members:
        login.account.sub = f"user-{login.account.salt}"
        return super().shared_claims(login, use)


class HasTimesAsText(ReferenceIssuer):
    """Writes auth_time as text."""

    def shared_claims(self, login: Login, use: str) -> Members:
        found = super().shared_claims(login, use)
        return {**found, "auth_time": f"{found['auth_time']}.0"}


class HasTimesWithFractions(ReferenceIssuer):
    """Writes auth_time as a number with a fraction."""

    def shared_claims(self, login: Login, use: str) -> Members:
        found = super().shared_claims(login, use)
        return {**found, "auth_time": found["auth_time"] + 0.5}


class LivesInThePast(ReferenceIssuer):
    """Has a clock that is an hour slow."""

    def now(self) -> int:
        return super().now() - 3600


class LiesAboutExpiry(ReferenceIssuer):
    """Has access tokens that live longer than it says."""

    def access_claims(self, login: Login) -> Members:
        found = super().access_claims(login)
        return {**found, "exp": found["exp"] + 3600}


class LivesForYears(ReferenceIssuer):
    """Has id tokens that live for ten years."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        found = super().id_claims(login, access_token)
        return {**found, "exp": found["exp"] + 315_360_000}


class ForgetsWhenItWas(ReferenceIssuer):
    """Has an auth_time of its own in the id token."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        found = super().id_claims(login, access_token)
        return {**found, "auth_time": found["auth_time"] - 60}


class CallsTokensAlike(ReferenceIssuer):
    """Has the session's id as every access token's jti."""

    def access_claims(self, login: Login) -> Members:
        return {**super().access_claims(login), "jti": login.account.sub}


class HasNoOriginJti(ReferenceIssuer):
    """Leaves origin_jti out."""

    def shared_claims(self, login: Login, use: str) -> Members:
        found = super().shared_claims(login, use)
        return {name: value for name, value in found.items() if name != "origin_jti"}


class HasNoEventId(ReferenceIssuer):
    """Leaves event_id out."""

    def shared_claims(self, login: Login, use: str) -> Members:
        found = super().shared_claims(login, use)
        return {name: value for name, value in found.items() if name not in _API}


class CallsUsersAlikeInBoth(ReferenceIssuer):
    """Has cognito:username in the access token."""

    def access_claims(self, login: Login) -> Members:
        found = super().access_claims(login)
        found["cognito:username"] = found.pop("username")
        return found


class GrantsOpenidOverTheApi(ReferenceIssuer):
    """Gives more scopes than an API sign-in has, and means only some."""

    def access_claims(self, login: Login) -> Members:
        found = super().access_claims(login)
        return found if login.hosted else {**found, "scope": f"{login.scope} profile"}


class TellsAccessTokensTheAddress(ReferenceIssuer):
    """Has the e-mail address in the access token."""

    def access_claims(self, login: Login) -> Members:
        return {**super().access_claims(login), "email": login.account.email}


class HasVerifiedAsText(ReferenceIssuer):
    """Writes email_verified as text in the id token."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        return {**super().id_claims(login, access_token), "email_verified": "true"}


class SaysVersionAlways(ReferenceIssuer):
    """Has version in every access token."""

    def access_claims(self, login: Login) -> Members:
        return {**super().access_claims(login), "version": 2}


class HasAtHashAlways(ReferenceIssuer):
    """Has at_hash in every id token."""

    def id_claims(self, login: Login, access_token: str) -> Members:
        found = super().id_claims(login, access_token)
        return {**self.hosted_claims(login, access_token), **found}


class HasSignedRefreshTokens(ReferenceIssuer):
    """Makes refresh tokens that verify."""

    def refresh_text(self, login: Login) -> str:
        return self.token(0, {"sub": login.account.sub, "jti": secrets.token_hex(8)})


class HasOpaqueRefreshTokens(ReferenceIssuer):
    """Makes refresh tokens with a header of its own."""

    def refresh_text(self, login: Login) -> str:
        return b64url(b'{"alg":"dir"}') + "." + super().refresh_text(login).partition(".")[2]

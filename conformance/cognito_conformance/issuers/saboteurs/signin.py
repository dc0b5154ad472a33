# ruff: noqa: ARG002, D102  (a flawed method is described by its class, and looks at too little)
"""Flaws in sign-in, refresh and what the API does with a token."""

import base64
import json

import httpx

from cognito_conformance.forge.encoding import b64url_decode
from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.reference.state import (
    Account,
    AppClient,
    Login,
    Members,
    Pending,
    Pool,
    Refusal,
)


class GivesNoTokenType(ReferenceIssuer):
    """Leaves TokenType out."""

    def result(self, login: Login, *, renewed: bool) -> Members:
        found = super().result(login, renewed=renewed)
        del found["AuthenticationResult"]["TokenType"]
        return found


class GivesNoChallengeParameters(ReferenceIssuer):
    """Leaves ChallengeParameters out."""

    def result(self, login: Login, *, renewed: bool) -> Members:
        found = super().result(login, renewed=renewed)
        del found["ChallengeParameters"]
        return found


class TakesAnyPassword(ReferenceIssuer):
    """Does not look at the password."""

    def check_password(self, account: Account, password: str) -> None:
        del account, password


class ExplainsWrongPasswords(ReferenceIssuer):
    """Has a text of its own for a wrong password."""

    def check_password(self, account: Account, password: str) -> None:
        if password != account.password:
            raise Refusal("NotAuthorizedException", "Invalid password")


class HasItsOwnErrorForPasswords(ReferenceIssuer):
    """Has a type of its own for a wrong password."""

    def check_password(self, account: Account, password: str) -> None:
        if password != account.password:
            raise Refusal("InvalidPasswordException", "Incorrect username or password.")


class TakesNoPassword(ReferenceIssuer):
    """Signs in whoever sends no password."""

    def check_password_given(self, parameters: Members) -> None:
        del parameters

    def check_password(self, account: Account, password: str) -> None:
        if password:
            super().check_password(account, password)


class _AnyText(str):
    """Equal to every text."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


class MakesUsersUp(ReferenceIssuer):
    """Signs unknown users in as somebody."""

    def unknown_account(self, pool: Pool) -> Account:
        found = next(iter(pool.accounts.values()))
        return Account(
            username=found.username, password=_AnyText(), email=found.email, sub=found.sub
        )


class TellsWhoExists(ReferenceIssuer):
    """Says that a user does not exist."""

    def unknown_account(self, pool: Pool) -> Account:
        raise Refusal("UserNotFoundException", "User does not exist.")


class TakesAnyClient(ReferenceIssuer):
    """Takes an unknown client of the API for the first it has."""

    def client(self, client_id: object) -> tuple[Pool, AppClient]:
        try:
            return super().client(client_id)
        except Refusal:
            if client_id is None or not self.within_api:
                raise
            pool = next(iter(self.pools.values()))
            return pool, next(iter(pool.clients.values()))

    within_api = False

    def api(self, request: httpx.Request) -> httpx.Response:
        self.within_api = True
        try:
            return super().api(request)
        finally:
            self.within_api = False


class HasEveryFlow(ReferenceIssuer):
    """Does not look at the client's flows."""

    def check_flow(self, client: AppClient, flow: str) -> None:
        del client, flow


class LetsTheDisabledIn(ReferenceIssuer):
    """Does not look whether a user is enabled."""

    def check_enabled(self, account: Account) -> None:
        del account


class LetsTheUnconfirmedIn(ReferenceIssuer):
    """Does not look whether a user has confirmed."""

    def check_confirmed(self, account: Account) -> None:
        del account


class TakesTemporaryPasswordsForGood(ReferenceIssuer):
    """Gives tokens for a temporary password."""

    def temporary_password(self, pool: Pool, client: AppClient, account: Account) -> Members:
        return self.signed_in(pool, client, account)


class NeedsNoSession(ReferenceIssuer):
    """Takes the answer to a challenge from anybody."""

    def without_session(self, pool: Pool, client: AppClient, members: Members) -> Pending:
        account = pool.accounts.get(members["ChallengeResponses"]["USERNAME"])
        return Pending(name=members["ChallengeName"], client=client, account=account)


class HasNoSrp(ReferenceIssuer):
    """Does not know SRP."""

    def srp_challenge(self, client: AppClient, account: Account, parameters: Members) -> Members:
        raise Refusal("InvalidParameterException", "not supported")


class ComputesSrpWithTheWholePoolId(ReferenceIssuer):
    """Takes the pool's id for the pool's name."""

    def pool_name(self, client: AppClient) -> str:
        pool, _ = self.client(client.id)
        return pool.id


class NamesNobodyInTheChallenge(ReferenceIssuer):
    """Leaves USERNAME out of the challenge."""

    def srp_parameters(self, waiting: Pending, account: Account) -> Members:
        found = super().srp_parameters(waiting, account)
        del found["USERNAME"]
        return found


class TakesAnyProof(ReferenceIssuer):
    """Does not look at the proof of SRP."""

    def check_proof(self, waiting: Pending, account: Account, responses: Members) -> None:
        del waiting, account, responses


class RepeatsTheChallenge(ReferenceIssuer):
    """Always draws the same numbers."""

    def srp_private(self) -> int:
        return 4_711

    def secret_block(self) -> bytes:
        return bytes(64)


class ChangesTheSalt(ReferenceIssuer):
    """Has another salt every time."""

    def srp_challenge(self, client: AppClient, account: Account, parameters: Members) -> Members:
        account.salt += 1
        return super().srp_challenge(client, account, parameters)


class TakesZero(ReferenceIssuer):
    """Takes a multiple of N for A."""

    def check_client_public(self, client_public: int) -> None:
        del client_public


class RefusesSecrets(ReferenceIssuer):
    """Computes SECRET_HASH over something else."""

    def check_secret_hash(self, client: AppClient, name: object, parameters: Members) -> None:
        super().check_secret_hash(client, f"{name}:", parameters)


class NeedsNoSecretHash(ReferenceIssuer):
    """Lets a client with a secret in without its hash."""

    def missing_secret_hash(self, client: AppClient) -> None:
        del client


class TakesAnySecretHash(ReferenceIssuer):
    """Does not compare the hash."""

    def wrong_secret_hash(self, client: AppClient) -> None:
        del client


class RefreshesNothing(ReferenceIssuer):
    """Refuses every refresh over the API."""

    def login_to_refresh(self, text: str) -> Login:
        raise Refusal("NotAuthorizedException", "Invalid Refresh Token.")


class RotatesUnasked(ReferenceIssuer):
    """Gives another refresh token with every refresh."""

    def result(self, login: Login, *, renewed: bool) -> Members:
        found = super().result(login, renewed=renewed)
        found["AuthenticationResult"].setdefault("RefreshToken", login.refresh_token)
        return found


class SignsInAnewOnRefresh(ReferenceIssuer):
    """Takes a refresh for a sign-in a minute later."""

    def renewed(self, login: Login) -> Login:
        return Login(
            pool=login.pool,
            client=login.client,
            account=login.account,
            auth_time=login.auth_time + 60,
            scope=login.scope,
        )


class KeepsTheJti(ReferenceIssuer):
    """Has one jti for all access tokens of a session."""

    def access_claims(self, login: Login) -> Members:
        return {**super().access_claims(login), "jti": login.origin_jti}


class TakesAnyRefreshToken(ReferenceIssuer):
    """Takes text that nobody issued for the last refresh token."""

    def unknown_refresh_token(self, text: str) -> Login:
        if text in self.issued:
            return super().unknown_refresh_token(text)
        return next(iter(self.refresh_tokens.values()))


class ExplainsUnknownRefreshTokens(ReferenceIssuer):
    """Has a text of its own for an unknown refresh token."""

    def unknown_refresh_token(self, text: str) -> Login:
        raise Refusal("NotAuthorizedException", "User not authorized")


class RefreshesWithAccessTokens(ReferenceIssuer):
    """Takes an access token for a refresh token."""

    def unknown_refresh_token(self, text: str) -> Login:
        return self.issued[text] if text in self.issued else super().unknown_refresh_token(text)


class RefreshesForEveryClient(ReferenceIssuer):
    """Does not look whose refresh token it is."""

    def check_refresh_client(self, login: Login, client: AppClient) -> None:
        del login, client


class HidesSubs(ReferenceIssuer):
    """Leaves sub out of GetUser."""

    def get_user(self, members: Members) -> Members:
        found = super().get_user(members)
        return {**found, "UserAttributes": found["UserAttributes"][1:]}


class _Reads(ReferenceIssuer):
    """Believes what a token says of itself, once `believes` has looked at it."""

    def unknown_access_token(self, text: str) -> Login:
        header, claims = (json.loads(b64url_decode(part)) for part in text.split(".")[:2])
        if not self.believes(header, claims):
            return super().unknown_access_token(text)
        logins = self.refresh_tokens.values()
        return next(each for each in logins if each.account.sub == claims["sub"])

    def believes(self, header: Members, claims: Members) -> bool:
        raise NotImplementedError


def _is_token(text: str) -> bool:
    return text.count(".") == 2 and text.startswith("ey")  # noqa: PLR2004


class TakesIdTokens(_Reads):
    """Takes an id token for an access token."""

    def unknown_access_token(self, text: str) -> Login:
        if not _is_token(text):
            return ReferenceIssuer.unknown_access_token(self, text)
        return super().unknown_access_token(text)

    def believes(self, header: Members, claims: Members) -> bool:
        return bool("cognito:username" in claims)


class VerifiesNothing(TakesIdTokens):
    """Does not look at the signature of an access token."""

    def believes(self, header: Members, claims: Members) -> bool:
        return bool(header["alg"] == "RS256" and "client_id" in claims)


class TakesUnsignedTokens(TakesIdTokens):
    """Takes an access token whose alg is none."""

    def believes(self, header: Members, claims: Members) -> bool:
        return bool(header["alg"] == "none")


class NamesTheNamespace(ReferenceIssuer):
    """Writes the namespace into __type."""

    def error(self, refusal: Refusal) -> httpx.Response:
        found = super().error(refusal)
        body = {"__type": f"com.amazon.cognito#{refusal.type}", "message": refusal.message}
        return httpx.Response(found.status_code, headers=_plain(found), content=json.dumps(body))


def _plain(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "content-length"}


class HasNoErrorHeaders(ReferenceIssuer):
    """Has the error's type in the body alone."""

    def error_headers(self, refusal: Refusal) -> dict[str, str]:
        return {}


class SpeaksPlainJson(ReferenceIssuer):
    """Sends application/json."""

    def api_content_type(self) -> str:
        return "application/json"


class FailsOnUnknownOperations(ReferenceIssuer):
    """Answers 500 to an operation that it does not know."""

    def unknown_operation(self) -> httpx.Response:
        return httpx.Response(500, text="not implemented")


class FailsOnMalformedJson(ReferenceIssuer):
    """Answers 500 to what is not JSON."""

    def malformed(self) -> httpx.Response:
        return httpx.Response(500, text="cannot parse")


class ChecksNoMembers(ReferenceIssuer):
    """Takes an absent client for an unknown one."""

    def check_members(self, members: Members) -> None:
        members.setdefault("ClientId", None)
        members.setdefault("AuthFlow", None)


class AnswersNoPreflight(ReferenceIssuer):
    """Does not know OPTIONS."""

    def preflight(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(405)


class KeepsBrowsersFromTheApi(ReferenceIssuer):
    """Lets no page of another origin read the API's answers."""

    def cors_headers(self) -> dict[str, str]:
        return {}


class RevokesNothingAtTheApi(ReferenceIssuer):
    """Says that it has revoked."""

    def end(self, login: Login) -> None:
        del login


class SignsNobodyOut(ReferenceIssuer):
    """Does not know GlobalSignOut."""

    def global_sign_out(self, members: Members) -> Members:
        raise Refusal("InvalidParameterException", "not supported")


class KeepsRefreshTokensAfterSignOut(ReferenceIssuer):
    """Lets refresh tokens live on after GlobalSignOut."""

    def check_alive(self, login: Login, message: str) -> None:
        if not message.startswith("Refresh"):
            super().check_alive(login, message)


class KeepsAccessTokensAfterSignOut(ReferenceIssuer):
    """Lets access tokens live on after GlobalSignOut."""

    def check_alive(self, login: Login, message: str) -> None:
        if not message.startswith("Access"):
            super().check_alive(login, message)


class HasSrpParametersOfItsOwn(ReferenceIssuer):
    """Sends challenges that nobody can decode, and takes any answer, as some mocks do."""

    def srp_parameters(self, waiting: Pending, account: Account) -> Members:
        own = {"SALT": "salt", "SECRET_BLOCK": base64.b64encode(b"block").decode()}
        return super().srp_parameters(waiting, account) | own

    def check_proof(self, waiting: Pending, account: Account, responses: Members) -> None:
        del waiting, account, responses

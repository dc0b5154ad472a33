# ruff: noqa: ARG002, D102  (a flawed method is described by its class, and looks at too little)
"""Flaws in the OAuth endpoints and the pages."""

import httpx

from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.reference.oauth import NO_STORE, Form, challenge, redirect
from cognito_conformance.issuers.reference.state import (
    Account,
    AppClient,
    Code,
    Denial,
    Login,
    Members,
    Pool,
)


class ShowsThePageAtOnce(ReferenceIssuer):
    """Shows the form at the authorization endpoint."""

    def to_login(self, query: Form) -> httpx.Response:
        return self.form(query)


class FollowsAnyRedirect(ReferenceIssuer):
    """Does not compare redirect_uri."""

    def is_registered(self, client: AppClient, address: str) -> bool:
        del client
        return bool(address)


class FollowsPrefixes(ReferenceIssuer):
    """Compares the beginning of redirect_uri."""

    def is_registered(self, client: AppClient, address: str) -> bool:
        return address.startswith(client.callback_urls)


class ShowsItsOwnErrorPage(ReferenceIssuer):
    """Answers 400 to an unregistered redirect_uri."""

    def redirect_mismatch(self, query: Form) -> None:
        raise Denial("invalid_request")


class SendsUnknownClientsBack(ReferenceIssuer):
    """Redirects to the redirect_uri of a client that it does not know."""

    def unknown_client(self, query: Form) -> tuple[Pool, AppClient]:
        pool = next(iter(self.pools.values()))
        return pool, next(iter(pool.clients.values()))


class NeedsNoResponseType(ReferenceIssuer):
    """Takes a missing response_type for code."""

    def check_response_type(self, query: Form) -> None:
        query.setdefault("response_type", "code")


class GrantsAnyScope(ReferenceIssuer):
    """Does not look at the client's scopes."""

    def check_scope(self, client: AppClient, query: Form) -> None:
        del client, query


class HasNoPages(ReferenceIssuer):
    """Has endpoints and no page."""

    def form(self, query: Form) -> httpx.Response:
        return httpx.Response(404)


class LosesState(ReferenceIssuer):
    """Does not return state."""

    def state(self, query: Form) -> Form:
        return {}


class TakesAnyPasswordAtThePage(ReferenceIssuer):
    """Does not look at the password at the page."""

    def check_password_at_page(self, account: Account, password: str) -> None:
        del account, password


class MakesUsersUpAtThePage(ReferenceIssuer):
    """Makes an account for whoever comes."""

    def account_at_page(self, pool: Pool, name: str) -> Account:
        known = pool.accounts.get(name)
        return known or Account(username=name, password="", email=name, status="MADE UP")

    def check_password_at_page(self, account: Account, password: str) -> None:
        if account.status != "MADE UP":
            super().check_password_at_page(account, password)


class ForgetsBrowsers(ReferenceIssuer):
    """Asks for the password every time."""

    def authorize(self, query: Form, cookie: str) -> httpx.Response:
        return super().authorize(query, "")


class RedeemsNothing(ReferenceIssuer):
    """Has no token endpoint to speak of."""

    def token_endpoint(self, form: Form, basic: str) -> httpx.Response:
        return httpx.Response(404)


class HasASmallTokenType(ReferenceIssuer):
    """Writes bearer."""

    def granted(self, login: Login, *, renewed: bool) -> Members:
        return super().granted(login, renewed=renewed) | {"token_type": "bearer"}


class HasAnotherIssuerAtTheEndpoint(ReferenceIssuer):
    """Names itself by its domain in the tokens of the token endpoint."""

    def iss_of(self, login: Login) -> str:
        return f"{self.base}/domain" if login.hosted else self.iss(login.pool)

    def shared_claims(self, login: Login, use: str) -> Members:
        return {**super().shared_claims(login, use), "iss": self.iss_of(login)}


class GrantsEverything(ReferenceIssuer):
    """Grants all scopes of the client, whatever was asked for, and one more."""

    def granted_scope(self, client: AppClient, query: Form) -> str:
        return " ".join((*client.scopes, "aws.cognito.signin.user.admin"))


class LosesTheNonce(ReferenceIssuer):
    """Does not repeat the nonce."""

    def hosted_claims(self, login: Login, access_token: str) -> Members:
        found = super().hosted_claims(login, access_token)
        found.pop("nonce", None)
        return found


class HasNoAtHash(ReferenceIssuer):
    """Leaves at_hash out."""

    def hosted_claims(self, login: Login, access_token: str) -> Members:
        found = super().hosted_claims(login, access_token)
        del found["at_hash"]
        return found


class LetsTokensBeStored(ReferenceIssuer):
    """Says nothing about caches."""

    def token_response(self, members: Members) -> httpx.Response:
        headers = {name: value for name, value in NO_STORE.items() if name != "cache-control"}
        return httpx.Response(200, json=members, headers=headers)


class KeepsBrowsersFromTokens(ReferenceIssuer):
    """Lets no page of another origin read the token endpoint's answer."""

    def token_response(self, members: Members) -> httpx.Response:
        return httpx.Response(200, json=members, headers={"cache-control": "no-store"})


class RedeemsCodesTwice(ReferenceIssuer):
    """Keeps codes."""

    def take_code(self, text: str) -> Code:
        return self.codes[text] if text in self.codes else self.unknown_code()


class RedeemsAnyCode(ReferenceIssuer):
    """Takes a code that nobody issued for one that is still there."""

    def __init__(self) -> None:
        super().__init__()
        self.spent: set[str] = set()
        self.last: Code | None = None

    def take_code(self, text: str) -> Code:
        if text not in self.codes and text not in self.spent and self.last is not None:
            self.last.challenge = ""
            return self.last
        self.spent.add(text)
        self.last = super().take_code(text)
        return self.last


class RedeemsForAnyAddress(ReferenceIssuer):
    """Does not compare redirect_uri when a code is redeemed."""

    def other_redirect_uri(self) -> None:
        """Do nothing."""


class RedeemsForAnyClient(ReferenceIssuer):
    """Does not look whose code it is."""

    def check_code_client(self, code: Code, client: AppClient) -> None:
        del code, client


class TakesPasswordsAtTheEndpoint(ReferenceIssuer):
    """Has the grant type password."""

    def other_grant(self, form: Form) -> httpx.Response:
        return httpx.Response(200, json={"access_token": "opaque"})


class HasAnotherErrorForUnknownClients(ReferenceIssuer):
    """Says invalid_grant of a client that it does not know."""

    def unknown_token_client(self, form: Form) -> AppClient:
        raise Denial("invalid_grant")


class RefreshesNothingAtTheEndpoint(ReferenceIssuer):
    """Refuses every refresh at the token endpoint."""

    def login_of_refresh_token(self, client: AppClient, form: Form) -> Login:
        raise Denial("invalid_grant")


class TakesAnyRefreshTokenAtTheEndpoint(ReferenceIssuer):
    """Takes text that nobody issued for a refresh token."""

    def unknown_refresh_token_at_endpoint(self) -> Login:
        return next(iter(self.refresh_tokens.values()))


class TakesAnySecretAtTheEndpoint(ReferenceIssuer):
    """Does not compare the secret."""

    def wrong_secret(self) -> None:
        """Do nothing."""


class NeedsNoSecretAtTheEndpoint(ReferenceIssuer):
    """Lets a client with a secret in without it."""

    def missing_secret(self) -> None:
        """Do nothing."""


class RefusesVerifiers(ReferenceIssuer):
    """Compares the verifier itself with the challenge."""

    def check_verifier(self, code: Code, verifier: str | None) -> None:
        if verifier != code.challenge:
            raise Denial("invalid_grant")


class TakesAnyVerifier(ReferenceIssuer):
    """Does not compare the verifier."""

    def wrong_verifier(self) -> None:
        """Do nothing."""


class NeedsNoVerifier(ReferenceIssuer):
    """Redeems a code without the verifier."""

    def missing_verifier(self) -> None:
        """Do nothing."""


class TakesPlainChallenges(ReferenceIssuer):
    """Knows the method plain."""

    def other_pkce_method(self, query: Form) -> None:
        if query.get("code_challenge_method") != "plain":
            super().other_pkce_method(query)


class TakesChallengesWithoutMethod(ReferenceIssuer):
    """Takes a challenge without a method for plain."""

    def other_pkce_method(self, query: Form) -> None:
        if "code_challenge_method" in query:
            super().other_pkce_method(query)


class HidesTheUsername(ReferenceIssuer):
    """Leaves username out of userInfo."""

    def user_claims(self, login: Login) -> Members:
        found = super().user_claims(login)
        del found["username"]
        return found


class HasAnotherSubAtUserInfo(ReferenceIssuer):
    """Calls users by their name at userInfo."""

    def user_claims(self, login: Login) -> Members:
        return {**super().user_claims(login), "sub": login.account.username}


class HasVerifiedAsBoolean(ReferenceIssuer):
    """Writes email_verified as a boolean at userInfo."""

    def user_claims(self, login: Login) -> Members:
        return {**super().user_claims(login), "email_verified": True}


class KeepsBrowsersFromUserInfo(ReferenceIssuer):
    """Lets no page of another origin read userInfo."""

    def user_info_headers(self) -> dict[str, str]:
        return {}


class AsksForTokens(ReferenceIssuer):
    """Answers 401 where there is no token."""

    def no_token(self) -> httpx.Response:
        return challenge(401, "invalid_request")


class _Guesses(ReferenceIssuer):
    """Takes some of what it does not know for the last login it had."""

    def unknown_token_at_user_info(self, token: str) -> Login | httpx.Response:
        if self.takes(token):
            return next(reversed(self.refresh_tokens.values()))
        return super().unknown_token_at_user_info(token)

    def takes(self, token: str) -> bool:
        raise NotImplementedError


class TakesAnythingAtUserInfo(_Guesses):
    """Takes text that is no token."""

    def takes(self, token: str) -> bool:
        return not token.startswith("ey")


class TakesIdTokensAtUserInfo(_Guesses):
    """Takes an id token."""

    def takes(self, token: str) -> bool:
        return token.startswith("ey")

    def has_openid(self, login: Login) -> bool:
        return bool(login.hosted)


class NeedsNoOpenid(ReferenceIssuer):
    """Does not look at the scope."""

    def has_openid(self, login: Login) -> bool:
        del login
        return True


class ForgetsRevocationAtUserInfo(ReferenceIssuer):
    """Does not look whether the session was revoked."""

    def is_alive_at_user_info(self, login: Login) -> bool:
        del login
        return True


class TalksAfterRevoking(ReferenceIssuer):
    """Answers a revocation with a body."""

    def revoked(self) -> httpx.Response:
        return httpx.Response(200, json={"revoked": True})


class KeepsRevokedRefreshTokens(ReferenceIssuer):
    """Refreshes at the token endpoint what was revoked."""

    def is_alive_at_endpoint(self, login: Login) -> bool:
        del login
        return True


class RevokesAccessTokens(ReferenceIssuer):
    """Says that it has revoked an access token."""

    def not_revocable(self) -> httpx.Response:
        return self.revoked()


class RevokesNothing(ReferenceIssuer):
    """Says that it has revoked what nobody named."""

    def nothing_to_revoke(self) -> httpx.Response:
        return self.revoked()


class ComplainsOfUnknownTokens(ReferenceIssuer):
    """Refuses to revoke what it does not know."""

    def unknown_token_to_revoke(self) -> httpx.Response:
        raise Denial("invalid_grant")


class StaysAfterLogout(ReferenceIssuer):
    """Shows a page of its own after signing out."""

    def is_registered_for_logout(self, client: AppClient, address: str) -> bool:
        del client, address
        return False


class FollowsAnyLogoutUri(ReferenceIssuer):
    """Does not compare logout_uri."""

    def nowhere_to_go(self, address: str) -> httpx.Response:
        return redirect(address)


class KeepsBrowsersSignedIn(ReferenceIssuer):
    """Redirects and keeps the session."""

    def forget(self, cookie: str) -> None:
        del cookie

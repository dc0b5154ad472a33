"""The reference's OAuth endpoints and its one page: COG-AUT-*, COG-TKE-*, COG-UI-*, COG-LOG-*."""

import base64
import binascii
import hashlib
import uuid
from html import escape
from urllib.parse import urlencode

import httpx

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.reference.api import Api
from cognito_conformance.issuers.reference.state import (
    Account,
    AppClient,
    Code,
    Denial,
    Instead,
    Login,
    Members,
    Pool,
    Refusal,
)

Form = dict[str, str]
NO_STORE = {
    "content-type": "application/json;charset=UTF-8",
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "access-control-allow-origin": "*",
}


class OAuth(Api):
    """Authorize, sign in, token, userInfo, revoke, logout."""

    def __init__(self) -> None:
        super().__init__()
        self.browsers: dict[str, tuple[Account, int]] = {}
        self.codes: dict[str, Code] = {}

    def authorize(self, query: Form, cookie: str) -> httpx.Response:
        """GET /oauth2/authorize."""
        _, client = self.checked_request(query)
        if cookie in self.browsers:
            account, auth_time = self.browsers[cookie]
            return self.send_code(query, client, account, auth_time)
        return self.to_login(query)

    def to_login(self, query: Form) -> httpx.Response:
        """Lead to the sign-in page."""
        return redirect(f"/login?{urlencode(query)}")

    def checked_request(self, query: Form) -> tuple[Pool, AppClient]:
        """Check an authorization request in the order of COG-AUT-040."""
        pool, client = self.known_client(query)
        self.check_redirect_uri(client, query)
        self.check_response_type(query)
        self.check_pkce_method(query)
        self.check_scope(client, query)
        return pool, client

    def known_client(self, query: Form) -> tuple[Pool, AppClient]:
        """Return the client; without one nobody knows where to go (COG-AUT-043)."""
        try:
            return self.client(query.get("client_id"))
        except Refusal:
            return self.unknown_client(query)

    def unknown_client(self, query: Form) -> tuple[Pool, AppClient]:
        """Show the error page."""
        del query
        raise Instead(redirect("/error?error=Client+does+not+exist"))

    def check_redirect_uri(self, client: AppClient, query: Form) -> None:
        """Compare the whole address (COG-AUT-009)."""
        if not self.is_registered(client, query.get("redirect_uri", "")):
            self.redirect_mismatch(query)

    def is_registered(self, client: AppClient, address: str) -> bool:
        """Tell whether the address is one of the client's."""
        return address in client.callback_urls

    def redirect_mismatch(self, query: Form) -> None:
        """Show the error page (COG-AUT-041)."""
        client_id = query["client_id"]
        raise Instead(redirect(f"/error?error=redirect_mismatch&client_id={client_id}"))

    def check_response_type(self, query: Form) -> None:
        """Require one (COG-AUT-045)."""
        if query.get("response_type") != "code":
            raise Instead(self.send_back(query, {"error": "invalid_request"}))

    def check_pkce_method(self, query: Form) -> None:
        """Require S256 with a challenge (COG-AUT-016, 017)."""
        if "code_challenge" in query and query.get("code_challenge_method") != "S256":
            self.other_pkce_method(query)

    def other_pkce_method(self, query: Form) -> None:
        """Refuse at redirect_uri."""
        raise Instead(self.send_back(query, {"error": "invalid_request"}))

    def check_scope(self, client: AppClient, query: Form) -> None:
        """Require scopes that the client has (COG-AUT-047)."""
        if not set(query.get("scope", "").split()) <= set(client.scopes):
            raise Instead(
                self.send_back(
                    query, {"error_description": "invalid_scope", "error": "invalid_request"}
                )
            )

    def send_back(self, query: Form, answer: Form) -> httpx.Response:
        """Redirect to redirect_uri."""
        return redirect(f"{query['redirect_uri']}?{urlencode(answer | self.state(query))}")

    def state(self, query: Form) -> Form:
        """Return state as it came (COG-AUT-010)."""
        return {"state": query["state"]} if "state" in query else {}

    def page(self, query: Form) -> httpx.Response:
        """GET /login."""
        self.checked_request(query)
        return self.form(query)

    def form(self, query: Form) -> httpx.Response:
        """Return the page with the form."""
        action = escape(f"/login?{urlencode(query)}")
        return httpx.Response(
            200,
            html=f'<form method="post" action="{action}"><input name="username">'
            '<input type="password" name="password"><input type="submit" name="go"></form>',
        )

    def sign_in(self, query: Form, form: Form) -> httpx.Response:
        """POST /login."""
        pool, client = self.checked_request(query)
        try:
            account = self.account_at_page(pool, form.get("username", ""))
            self.check_password_at_page(account, form.get("password", ""))
        except Refusal:
            return self.form(query)
        cookie = str(uuid.uuid4())
        self.browsers[cookie] = (account, self.now())
        response = self.send_code(query, client, account, self.now())
        response.headers["set-cookie"] = f"cognito={cookie}; Path=/; HttpOnly"
        return response

    def account_at_page(self, pool: Pool, name: str) -> Account:
        """Return the account."""
        found = pool.accounts.get(name)
        if found is None:
            raise Refusal("NotAuthorizedException")
        return found

    def check_password_at_page(self, account: Account, password: str) -> None:
        """Compare."""
        if account.password != password:
            raise Refusal("NotAuthorizedException")

    def send_code(
        self, query: Form, client: AppClient, account: Account, auth_time: int
    ) -> httpx.Response:
        """Redirect with a new code (COG-AUT-060)."""
        pool, _ = self.client(client.id)
        login = Login(
            pool=pool,
            client=client,
            account=account,
            auth_time=auth_time,
            scope=self.granted_scope(client, query),
            nonce=query.get("nonce"),
            hosted=True,
        )
        code = str(uuid.uuid4())
        self.codes[code] = Code(
            login=login,
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
        )
        return self.send_back(query, {"code": code})

    def granted_scope(self, client: AppClient, query: Form) -> str:
        """Return the scope of the tokens."""
        del client
        return query["scope"]

    # The token endpoint.

    def token_endpoint(self, form: Form, basic: str) -> httpx.Response:
        """POST /oauth2/token."""
        grant = form.get("grant_type")
        if grant not in {"authorization_code", "refresh_token"}:
            return self.other_grant(form)
        client = self.authenticated(form, basic)
        login = (
            self.login_of_code(client, form)
            if grant == "authorization_code"
            else self.login_of_refresh_token(client, form)
        )
        return self.token_response(self.granted(login, renewed=grant == "refresh_token"))

    def token_response(self, members: Members) -> httpx.Response:
        """Return tokens."""
        return httpx.Response(200, json=members, headers=NO_STORE)

    def other_grant(self, form: Form) -> httpx.Response:
        """Refuse (COG-TKE-075)."""
        del form
        raise Denial("unsupported_grant_type")

    def authenticated(self, form: Form, basic: str) -> AppClient:
        """Return the client that the request comes from (COG-TKE-072, 073)."""
        name, secret = credentials(basic)
        try:
            _, client = self.client(name or form.get("client_id"))
        except Refusal:
            return self.unknown_token_client(form)
        if client.secret is not None:
            given = secret or form.get("client_secret")
            if given is None:
                self.missing_secret()
            elif given != client.secret:
                self.wrong_secret()
        return client

    def unknown_token_client(self, form: Form) -> AppClient:
        """Refuse."""
        del form
        raise Denial("invalid_client")

    def missing_secret(self) -> None:
        """Refuse."""
        raise Denial("invalid_client")

    def wrong_secret(self) -> None:
        """Refuse."""
        raise Denial("invalid_client")

    def login_of_code(self, client: AppClient, form: Form) -> Login:
        """Redeem a code."""
        code = self.take_code(form.get("code", ""))
        self.check_code_client(code, client)
        if form.get("redirect_uri") != code.redirect_uri:
            self.other_redirect_uri()
        if code.challenge:
            self.check_verifier(code, form.get("code_verifier"))
        return code.login

    def take_code(self, text: str) -> Code:
        """Return a code once (COG-TKE-024)."""
        code = self.codes.pop(text, None)
        return self.unknown_code() if code is None else code

    def unknown_code(self) -> Code:
        """Refuse."""
        raise Denial("invalid_grant")

    def check_code_client(self, code: Code, client: AppClient) -> None:
        """Refuse another client's code (COG-TKE-025)."""
        if code.login.client is not client:
            raise Denial("invalid_grant")

    def other_redirect_uri(self) -> None:
        """Refuse (COG-TKE-026)."""
        raise Denial("unauthorized_client")

    def check_verifier(self, code: Code, verifier: str | None) -> None:
        """Compare the verifier with the challenge (RFC 7636 §4.6)."""
        if verifier is None:
            self.missing_verifier()
        elif b64url(hashlib.sha256(verifier.encode()).digest()) != code.challenge:
            self.wrong_verifier()

    def missing_verifier(self) -> None:
        """Refuse (COG-TKE-028)."""
        raise Denial("invalid_grant")

    def wrong_verifier(self) -> None:
        """Refuse (COG-TKE-027)."""
        raise Denial("invalid_grant")

    def login_of_refresh_token(self, client: AppClient, form: Form) -> Login:
        """Return the login that goes on (COG-TKE-049)."""
        login = self.refresh_tokens.get(form.get("refresh_token", ""))
        if login is None:
            return self.unknown_refresh_token_at_endpoint()
        if login.client is not client or not self.is_alive_at_endpoint(login):
            raise Denial("invalid_grant")
        return login

    def unknown_refresh_token_at_endpoint(self) -> Login:
        """Refuse."""
        raise Denial("invalid_grant")

    def is_alive_at_endpoint(self, login: Login) -> bool:
        """Tell whether the login was not revoked."""
        return login.alive

    def granted(self, login: Login, *, renewed: bool) -> Members:
        """Return the token endpoint's members (COG-TKE-021, 041)."""
        access, identity, refresh = self.tokens(login, renewed=renewed)
        found = {"id_token": identity, "access_token": access}
        if not renewed:
            found["refresh_token"] = refresh
        return {**found, "expires_in": 3600, "token_type": "Bearer"}

    # userInfo, revoke, logout.

    def user_info(self, authorization: str) -> httpx.Response:
        """GET /oauth2/userInfo."""
        token = authorization.removeprefix("Bearer ")
        if not token:
            return self.no_token()
        login = self.login_at_user_info(token)
        if isinstance(login, httpx.Response):
            return login
        return httpx.Response(200, json=self.user_claims(login), headers=self.user_info_headers())

    def user_info_headers(self) -> dict[str, str]:
        """Return the headers of a good answer."""
        return {"access-control-allow-origin": "*"}

    def user_claims(self, login: Login) -> Members:
        """Return what is told of the user (COG-UI-006, 010)."""
        return {
            "sub": login.account.sub,
            "email_verified": "true",
            "email": login.account.email,
            "username": login.account.username,
        }

    def no_token(self) -> httpx.Response:
        """Refuse (COG-UI-013)."""
        return challenge(400, "invalid_request")

    def login_at_user_info(self, token: str) -> Login | httpx.Response:
        """Return the login, or a refusal (COG-UI-014, 015)."""
        login = self.issued.get(token)
        if login is None:
            return self.unknown_token_at_user_info(token)
        if not self.is_alive_at_user_info(login) or not self.has_openid(login):
            return challenge(401, "invalid_token")
        return login

    def unknown_token_at_user_info(self, token: str) -> Login | httpx.Response:
        """Refuse."""
        del token
        return challenge(401, "invalid_token")

    def has_openid(self, login: Login) -> bool:
        """Tell whether the token has the scope."""
        return "openid" in login.scope.split()

    def is_alive_at_user_info(self, login: Login) -> bool:
        """Tell whether the login was not revoked."""
        return login.alive

    def revoke(self, form: Form, basic: str) -> httpx.Response:
        """POST /oauth2/revoke."""
        self.authenticated(form, basic)
        token = form.get("token", "")
        if not token:
            return self.nothing_to_revoke()
        if token in self.issued:
            return self.not_revocable()
        login = self.refresh_tokens.get(token)
        if login is None:
            return self.unknown_token_to_revoke()
        self.end_at_endpoint(login)
        return self.revoked()

    def revoked(self) -> httpx.Response:
        """Return what a success is: nothing."""
        return httpx.Response(200)

    def nothing_to_revoke(self) -> httpx.Response:
        """Refuse (COG-REV-004)."""
        raise Denial("invalid_request")

    def not_revocable(self) -> httpx.Response:
        """Refuse (COG-REV-005)."""
        raise Denial("unsupported_token_type")

    def unknown_token_to_revoke(self) -> httpx.Response:
        """Do nothing (COG-REV-007)."""
        return self.revoked()

    def end_at_endpoint(self, login: Login) -> None:
        """End one login."""
        login.alive = False

    def logout(self, query: Form, cookie: str) -> httpx.Response:
        """GET /logout."""
        self.forget(cookie)
        _, client = self.known_client(query)
        address = query.get("logout_uri", "")
        if self.is_registered_for_logout(client, address):
            return redirect(address)
        return self.nowhere_to_go(address)

    def forget(self, cookie: str) -> None:
        """End the browser's session (COG-COO-005)."""
        self.browsers.pop(cookie, None)

    def is_registered_for_logout(self, client: AppClient, address: str) -> bool:
        """Compare the whole address (COG-LOG-002)."""
        return address in client.logout_urls

    def nowhere_to_go(self, address: str) -> httpx.Response:
        """Show the error page (COG-LOG-006)."""
        del address
        return httpx.Response(400, html="Required String parameter 'redirect_uri' is not present")


def redirect(address: str) -> httpx.Response:
    """Return a redirect."""
    return httpx.Response(302, headers={"location": address})


def challenge(status: int, error: str) -> httpx.Response:
    """Return userInfo's refusal."""
    return httpx.Response(
        status, json={"error": error}, headers={"www-authenticate": f'error="{error}"'}
    )


def credentials(basic: str) -> tuple[str | None, str | None]:
    """Return client id and secret of an Authorization header."""
    try:
        text = base64.b64decode(basic.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    name, _, secret = text.partition(":")
    return name or None, secret or None

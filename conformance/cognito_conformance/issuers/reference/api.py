"""The reference's sign-in over the API: COG-API-*."""

import base64
import hashlib
import hmac
import secrets

from cognito_conformance.issuers.reference.admin import Admin
from cognito_conformance.issuers.reference.state import (
    Account,
    AppClient,
    Login,
    Members,
    Pending,
    Pool,
    Refusal,
)
from cognito_conformance.issuers.srp import Challenge, G, K, N, digest, padded, signature

WRONG = Refusal("NotAuthorizedException", "Incorrect username or password.")
NO_SESSION = Refusal("NotAuthorizedException", "Invalid session for the user.")
API_SCOPE = "aws.cognito.signin.user.admin"


class Api(Admin):
    """InitiateAuth and what follows from it."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: dict[str, Pending] = {}

    def initiate_auth(self, members: Members) -> Members:
        """InitiateAuth."""
        self.check_members(members)
        pool, client = self.client(members["ClientId"])
        parameters, flow = members.get("AuthParameters", {}), members["AuthFlow"]
        self.check_flow(client, flow)
        if flow == "REFRESH_TOKEN_AUTH":
            return self.refresh(client, parameters)
        self.check_secret_hash(client, parameters.get("USERNAME"), parameters)
        account = self.account(pool, parameters.get("USERNAME"))
        if flow == "USER_SRP_AUTH":
            return self.srp_challenge(client, account, parameters)
        self.check_password_given(parameters)
        self.check_password(account, parameters.get("PASSWORD", ""))
        return self.after_password(pool, client, account)

    def check_members(self, members: Members) -> None:
        """Require what the model requires (COG-API-WIRE-017)."""
        if not members.get("ClientId") or not members.get("AuthFlow"):
            raise Refusal("InvalidParameterException", "1 validation error detected")

    def check_flow(self, client: AppClient, flow: str) -> None:
        """Require the flow to be enabled (COG-API-AUTH-013)."""
        if f"ALLOW_{flow}" not in client.flows:
            raise Refusal("InvalidParameterException", f"{flow} flow not enabled for this client")

    def check_secret_hash(self, client: AppClient, name: object, parameters: Members) -> None:
        """Require SECRET_HASH of clients with a secret (COG-API-SECRET-003)."""
        if client.secret is None:
            return
        if "SECRET_HASH" not in parameters:
            self.missing_secret_hash(client)
            return
        message = f"{name}{client.id}".encode()
        wanted = hmac.digest(client.secret.encode(), message, hashlib.sha256)
        if parameters["SECRET_HASH"] != base64.b64encode(wanted).decode():
            self.wrong_secret_hash(client)

    def missing_secret_hash(self, client: AppClient) -> None:
        """Refuse."""
        raise Refusal(
            "NotAuthorizedException",
            f"Client {client.id} is configured with secret but SECRET_HASH was not received",
        )

    def wrong_secret_hash(self, client: AppClient) -> None:
        """Refuse."""
        raise Refusal(
            "NotAuthorizedException", f"Unable to verify secret hash for client {client.id}"
        )

    def account(self, pool: Pool, name: object) -> Account:
        """Return the account, or say no more than for a wrong password."""
        found = pool.accounts.get(str(name))
        return self.unknown_account(pool) if found is None else found

    def unknown_account(self, pool: Pool) -> Account:
        """Refuse (COG-API-EXIST-001)."""
        del pool
        raise WRONG

    def check_password_given(self, parameters: Members) -> None:
        """Require PASSWORD (COG-API-AUTH-011)."""
        if "PASSWORD" not in parameters:
            raise Refusal("InvalidParameterException", "Missing required parameter PASSWORD")

    def check_password(self, account: Account, password: str) -> None:
        """Compare."""
        if password != account.password:
            raise WRONG

    def after_password(self, pool: Pool, client: AppClient, account: Account) -> Members:
        """Look at the account's state (COG-API-PWD-002)."""
        self.check_enabled(account)
        self.check_confirmed(account)
        if account.status == "FORCE_CHANGE_PASSWORD":
            return self.temporary_password(pool, client, account)
        return self.signed_in(pool, client, account)

    def check_enabled(self, account: Account) -> None:
        """Refuse the disabled."""
        if not account.enabled:
            raise Refusal("NotAuthorizedException", "User is disabled.")

    def check_confirmed(self, account: Account) -> None:
        """Refuse the unconfirmed."""
        if account.status == "UNCONFIRMED":
            raise Refusal("UserNotConfirmedException", "User is not confirmed.")

    def temporary_password(self, pool: Pool, client: AppClient, account: Account) -> Members:
        """Ask for a new password (COG-API-NEWPWD-001)."""
        del pool
        waiting = Pending(name="NEW_PASSWORD_REQUIRED", client=client, account=account)
        return self.challenge(waiting, {"USER_ID_FOR_SRP": account.username})

    def challenge(self, waiting: Pending, parameters: Members) -> Members:
        """Return a challenge and remember it."""
        session = secrets.token_urlsafe(40)
        self.pending[session] = waiting
        return {
            "ChallengeName": waiting.name,
            "Session": session,
            "ChallengeParameters": parameters,
        }

    def signed_in(self, pool: Pool, client: AppClient, account: Account) -> Members:
        """Return the tokens of a new sign-in."""
        login = Login(
            pool=pool, client=client, account=account, auth_time=self.now(), scope=API_SCOPE
        )
        return self.result(login, renewed=False)

    def result(self, login: Login, *, renewed: bool) -> Members:
        """Return AuthenticationResult (COG-API-AUTH-005)."""
        access, identity, refresh = self.tokens(login, renewed=renewed)
        found = {"AccessToken": access, "ExpiresIn": 3600, "IdToken": identity}
        if not renewed:
            found["RefreshToken"] = refresh
        return {
            "AuthenticationResult": {**found, "TokenType": "Bearer"},
            "ChallengeParameters": {},
        }

    # SRP, the server's side: COG-API-SRP-006.

    def srp_challenge(self, client: AppClient, account: Account, parameters: Members) -> Members:
        """Answer A with B."""
        client_public = int(parameters["SRP_A"], 16)
        self.check_client_public(client_public)
        private = self.srp_private()
        public = (K * self.srp_verifier(client, account) + pow(G, private, N)) % N
        waiting = Pending(
            name="PASSWORD_VERIFIER",
            client=client,
            account=account,
            secret_block=self.secret_block(),
            private=private,
            public=public,
            client_public=client_public,
            user_id=account.username,
        )
        return self.challenge(waiting, self.srp_parameters(waiting, account))

    def srp_parameters(self, waiting: Pending, account: Account) -> Members:
        """Return what the client computes with."""
        return {
            "SALT": f"{self.salt(account):x}",
            "SECRET_BLOCK": base64.b64encode(waiting.secret_block).decode(),
            "SRP_B": f"{waiting.public:x}",
            "USERNAME": account.username,
            "USER_ID_FOR_SRP": account.username,
        }

    def check_client_public(self, client_public: int) -> None:
        """Refuse a multiple of N (RFC 5054 §2.5.4)."""
        if client_public % N == 0:
            raise Refusal("InvalidParameterException", "SRP_A")

    def srp_private(self) -> int:
        """Draw the server's secret number."""
        return secrets.randbits(256)

    def secret_block(self) -> bytes:
        """Draw a secret block."""
        return secrets.token_bytes(64)

    def salt(self, account: Account) -> int:
        """Return the account's salt."""
        return account.salt

    def srp_verifier(self, client: AppClient, account: Account) -> int:
        """Return the verifier of the account's password."""
        identity = f"{self.pool_name(client)}{account.username}:{account.password}".encode()
        salt = padded(self.salt(account))
        return pow(G, digest(salt, hashlib.sha256(identity).digest()), N)

    def pool_name(self, client: AppClient) -> str:
        """Return the part of the pool's id after the underscore."""
        pool, _ = self.client(client.id)
        return pool.id.partition("_")[2]

    def check_proof(self, waiting: Pending, account: Account, responses: Members) -> None:
        """Compare PASSWORD_CLAIM_SIGNATURE."""
        u = digest(padded(waiting.client_public), padded(waiting.public))
        verifier = self.srp_verifier(waiting.client, account)
        shared = pow(waiting.client_public * pow(verifier, u, N), waiting.private, N)
        challenge = Challenge(
            salt=account.salt,
            public=waiting.public,
            secret_block=waiting.secret_block,
            user_id=account.username,
        )
        wanted = signature(
            challenge,
            shared,
            u,
            pool=self.pool_name(waiting.client),
            timestamp=responses["TIMESTAMP"],
        )
        if responses["PASSWORD_CLAIM_SIGNATURE"] != wanted:
            raise WRONG

    def respond_to_auth_challenge(self, members: Members) -> Members:
        """RespondToAuthChallenge."""
        pool, client = self.client(members["ClientId"])
        responses = members["ChallengeResponses"]
        self.check_secret_hash(client, responses.get("USERNAME"), responses)
        waiting = self.pending.pop(members.get("Session", ""), None)
        if waiting is None:
            waiting = self.without_session(pool, client, members)
        account = waiting.account
        if account is None or waiting.name != members["ChallengeName"]:
            raise NO_SESSION
        if waiting.name == "PASSWORD_VERIFIER":
            self.check_proof(waiting, account, responses)
            return self.after_password(pool, client, account)
        account.password, account.status = responses["NEW_PASSWORD"], "CONFIRMED"
        return self.signed_in(pool, client, account)

    def without_session(self, pool: Pool, client: AppClient, members: Members) -> Pending:
        """Refuse an answer to nothing (COG-API-AUTH-009)."""
        del pool, client, members
        raise NO_SESSION

    # With a token.

    def refresh(self, client: AppClient, parameters: Members) -> Members:
        """REFRESH_TOKEN_AUTH."""
        login = self.login_to_refresh(parameters["REFRESH_TOKEN"])
        self.check_secret_hash(client, login.account.username, parameters)
        self.check_refresh_client(login, client)
        return self.result(self.renewed(login), renewed=True)

    def renewed(self, login: Login) -> Login:
        """Return the login as it goes on."""
        return login

    def login_to_refresh(self, text: str) -> Login:
        """Return the login that a refresh token stands for (COG-API-REFRESH-004)."""
        login = self.refresh_tokens.get(text)
        if login is None:
            return self.unknown_refresh_token(text)
        self.check_alive(login, "Refresh Token has been revoked")
        return login

    def unknown_refresh_token(self, text: str) -> Login:
        """Refuse."""
        del text
        raise Refusal("NotAuthorizedException", "Invalid Refresh Token.")

    def check_refresh_client(self, login: Login, client: AppClient) -> None:
        """Refuse another client's token."""
        if login.client is not client:
            raise Refusal("NotAuthorizedException", "Invalid Refresh Token.")

    def check_alive(self, login: Login, message: str) -> None:
        """Refuse what was revoked."""
        if not login.alive:
            raise Refusal("NotAuthorizedException", message)

    def login_of(self, text: str) -> Login:
        """Return the login of an access token (COG-API-REV-004)."""
        login = self.issued.get(text)
        if login is None:
            return self.unknown_access_token(text)
        self.check_alive(login, "Access Token has been revoked")
        return login

    def unknown_access_token(self, text: str) -> Login:
        """Refuse."""
        del text
        raise Refusal("NotAuthorizedException", "Invalid Access Token")

    def get_user(self, members: Members) -> Members:
        """GetUser."""
        account = self.login_of(members["AccessToken"]).account
        pairs = {"sub": account.sub, "email": account.email}
        return {
            "Username": account.username,
            "UserAttributes": [{"Name": name, "Value": value} for name, value in pairs.items()],
        }

    def revoke_token(self, members: Members) -> Members:
        """RevokeToken."""
        if login := self.refresh_tokens.get(members["Token"]):
            self.end(login)
        return {}

    def global_sign_out(self, members: Members) -> Members:
        """GlobalSignOut."""
        account = self.login_of(members["AccessToken"]).account
        for login in self.refresh_tokens.values():
            if login.account is account:
                self.end_everywhere(login)
        return {}

    def end(self, login: Login) -> None:
        """End one login."""
        login.alive = False

    def end_everywhere(self, login: Login) -> None:
        """End one of a user's logins, because all end."""
        login.alive = False

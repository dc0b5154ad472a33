"""A test's handle on a user pool. It keeps no state: all is in the mock, where boto3 sees it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.secret_hash import secret_hash
from cognito_mock.core.users import Group, UserStatus
from cognito_mock.core.users import User as UserRecord
from cognito_mock.flows.browser_sessions import start_session
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.domains import domain_of_pool
from cognito_mock.flows.groups import add_user_to_group, create_group
from cognito_mock.flows.issue import AuthenticationResult, issue_tokens
from cognito_mock.flows.lookups import get_client, get_pool, get_user
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in import initiate_auth
from cognito_mock.flows.users import admin_create_user
from cognito_mock.testing.browser import BrowserContext, session_cookie
from cognito_mock.testing.values import Client, Inbox, Tokens, User

_AUTH_FLOWS = (
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
)
_OAUTH_SCOPES = ("openid", "email", "profile", "aws.cognito.signin.user.admin")

Control = Callable[[str, str, JsonObject | None], JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A user pool."""

    services: Services = field(repr=False)
    control: Control = field(repr=False)
    id: str

    @property
    def issuer(self) -> str:
        """The ``iss`` of its tokens."""
        return self.services.addresses.issuer(self.id, updated=self._updated_issuer)

    @property
    def jwks_uri(self) -> str:
        """Where its keys are."""
        return self.services.addresses.jwks_uri(self.id, updated=self._updated_issuer)

    @property
    def domain_url(self) -> str:
        """Where its OAuth endpoints and pages are: its domain, or the mock's own address."""
        with self.services.store.read() as tx:
            pool = get_pool(tx, self.id)
            domain = domain_of_pool(tx, self.id)
        if domain is None:
            return self.services.addresses.base_url
        return self.services.addresses.domain_url(domain.domain, pool.region, custom=domain.custom)

    @property
    def inbox(self) -> Inbox:
        """The messages of this pool."""
        return Inbox(services=self.services, pool_id=self.id)

    def create_client(
        self,
        name: str = "client",
        *,
        secret: bool = False,
        client_id: str | None = None,
        callback_urls: Sequence[str] = ("http://localhost:3000/callback",),
        settings: JsonObject | None = None,
    ) -> Client:
        """Create a client for all password flows and the code flow.

        ``settings`` are members of a CreateUserPoolClient request that replace those chosen here.
        """
        request: JsonObject = {
            "ExplicitAuthFlows": list(_AUTH_FLOWS),
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": list(_OAUTH_SCOPES),
            "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": list(callback_urls),
            "GenerateSecret": secret,
            **(settings or {}),
            "ClientName": name,
        }
        client = create_user_pool_client(
            self.services, pool_id=self.id, request=request, client_id=client_id
        )
        return Client(id=client.id, secret=client.secrets[0].value if client.secrets else None)

    def create_user(
        self,
        username: str | None = None,
        *,
        password: str | None = None,
        email: str | None = None,
        groups: Sequence[str] = (),
        attributes: Mapping[str, str] | None = None,
        sub: str | None = None,
    ) -> User:
        """Create a confirmed user with a permanent password; missing ``groups`` are made.

        Without arguments: a new name, its own address at example.com (verified), its own password.
        """
        unique = self.services.entropy.token_bytes(6).hex()
        username = username or f"user-{unique}"
        email = email or f"{username.partition('@')[0]}@example.com"
        password = password or f"Password-{unique}"
        user = admin_create_user(
            self.services,
            pool_id=self.id,
            username=username,
            attributes={"email": email, "email_verified": "true", **(attributes or {})},
            temporary_password=password,
            sub=sub,
            message_action="SUPPRESS",
        )
        self._confirm(user)
        for group in groups:
            self.add_to_group(user.username, group)
        return User(username=user.username, sub=user.sub, email=user.email, password=password)

    def _confirm(self, user: UserRecord) -> None:
        # AdminSetUserPassword would come to the same, and work out another SRP verifier.
        if user.password is not None:
            permanent = replace(user.password, temporary_until=None)
            with self.services.store.transaction() as tx:
                tx.put(replace(user, password=permanent, status=UserStatus.CONFIRMED))

    def add_to_group(self, username: str, group: str) -> None:
        """Put the user into the group, which is made if need be."""
        with self.services.store.read() as tx:
            exists = tx.get(Group, self.id, group) is not None
        if not exists:
            create_group(self.services, pool_id=self.id, name=group)
        add_user_to_group(self.services, pool_id=self.id, username=username, group=group)

    def sign_in(
        self, user: User, *, client: Client | None = None, scopes: Sequence[str] | None = None
    ) -> Tokens:
        """Sign in with the password; with ``scopes``, as the pages would with these scopes.

        Without ``client`` the pool's first is used, or made.
        """
        client = client or self._any_client()
        parameters = {"USERNAME": user.username, "PASSWORD": user.password}
        if client.secret is not None:
            parameters["SECRET_HASH"] = secret_hash(client.secret, user.username, client.id)
        result = initiate_auth(
            self.services,
            client_id=client.id,
            auth_flow="USER_PASSWORD_AUTH",
            parameters=parameters,
        )
        if not isinstance(result, AuthenticationResult):
            raise RuntimeError(f"the sign-in is not complete: {result.name}")  # noqa: TRY004
        if scopes is not None:
            with self.services.store.read() as tx:
                found = get_client(tx, client.id, self.id)
                record = get_user(tx, get_pool(tx, self.id), user.username)
            result = issue_tokens(
                self.services, client=found, user=record, scopes=scopes, hosted=True
            )
        return Tokens(
            id_token=result.id_token,
            access_token=result.access_token,
            refresh_token=result.refresh_token,
            expires_in=result.expires_in,
        )

    def sign_in_browser(self, context: BrowserContext, user: User) -> None:
        """Sign a Playwright browser in: the pool's pages know ``user`` and ask for no password.

        An application that sends the browser to authorize gets its code at once. The session ends
        as any other does, after an hour or at the logout endpoint.
        """
        with self.services.store.read() as tx:
            record = get_user(tx, get_pool(tx, self.id), user.username)
        base_url = self.services.addresses.base_url
        here = {self.domain_url, base_url, base_url.replace("//127.0.0.1", "//localhost")}
        secret = start_session(self.services, user=record)
        context.add_cookies([session_cookie(secret, url=url) for url in sorted(here)])

    def mint(
        self,
        user: User | None = None,
        *,
        client: Client | None = None,
        use: str = "access",
        claims: Mapping[str, JsonValue] | None = None,
        scopes: Sequence[str] | None = None,
        tamper: str | None = None,
    ) -> str:
        """Return a token without a sign-in, good or bad in one way (the control API's tokens)."""
        wish: dict[str, JsonValue] = {
            "pool": self.id,
            "client": (client or self._any_client()).id,
            "user": user.username if user is not None else None,
            "claims": dict(claims) if claims is not None else None if user is not None else {},
            "scopes": list(scopes) if scopes is not None else None,
            "use": use,
            "tamper": tamper,
        }
        return str(self.control("POST", "/_mock/api/tokens", wish)["token"])

    def rotate_keys(self, *, retire: str = "keep", use: str = "both") -> PoolKeys:
        """Sign with new keys; ``retire="now"`` withdraws the old ones from the JWKS."""
        self.control(
            "POST", f"/_mock/api/pools/{self.id}/keys/rotate", {"retire": retire, "use": use}
        )
        with self.services.store.read() as tx:
            keys = tx.get(PoolKeys, self.id)
        if keys is None:
            raise LookupError(f"{self.id} has gone")
        return keys

    @property
    def _updated_issuer(self) -> bool:
        with self.services.store.read() as tx:
            pool = tx.get(UserPool, self.id)  # None after the mock has stopped
        return pool is not None and pool.updated_issuer

    def _any_client(self) -> Client:
        with self.services.store.read() as tx:
            clients = tx.find(AppClient, "pool", self.id)
        if not clients:
            return self.create_client()
        first = min(clients, key=lambda client: (client.created_at, client.id))
        return Client(id=first.id, secret=first.secrets[0].value if first.secrets else None)

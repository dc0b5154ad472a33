"""Make pools, clients and users through administrative calls: for mocks, never for the service."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cognito_conformance.issuers.target import Client, Target, User
from cognito_conformance.issuers.wire import Reply, Wire, Wrong

OIDC_SCOPES: Final = ("openid", "email")
FLOWS: Final = (
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
)


class Workshop:
    """One pool of the suite's own, and what its cases need in it."""

    def __init__(self, wire: Wire, *, redirect_uri: str, logout_uri: str) -> None:
        self._wire = wire
        self._redirect_uri, self._logout_uri = redirect_uri, logout_uri
        self._addresses = {"CallbackURLs": [redirect_uri], "LogoutURLs": [logout_uri]}
        self._pools: list[str] = []
        self.pool_id = self.new_pool()
        self.client = self.new_client()
        self.confidential = self._if_possible(lambda: self.new_client(secret=True))
        self.user = self.new_user()

    def target(self, domain: str) -> Target:
        """Return what was made as an issuer to be judged."""
        return Target(
            endpoint=self._wire.endpoint,
            domain=domain,
            user_pool_id=self.pool_id,
            client=self.client,
            user=self.user,
            redirect_uri=self._redirect_uri,
            logout_uri=self._logout_uri,
            scope=" ".join(OIDC_SCOPES),
            confidential=self.confidential,
        )

    def new_pool(self) -> str:
        """Return the id of a pool made for this run."""
        pool = self.call("CreateUserPool", PoolName=f"conformance-{secrets.token_hex(4)}")
        identifier = str(pool["UserPool"]["Id"])
        self._pools.append(identifier)
        return identifier

    def new_client(self, *, secret: bool = False, flows: Sequence[str] = FLOWS) -> Client:
        """Return a new client of the pool."""
        made = self.call(
            "CreateUserPoolClient",
            UserPoolId=self.pool_id,
            ClientName=f"conformance-{secrets.token_hex(4)}",
            GenerateSecret=secret,
            ExplicitAuthFlows=list(flows),
            PreventUserExistenceErrors="ENABLED",
            SupportedIdentityProviders=["COGNITO"],
            AllowedOAuthFlows=["code"],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthScopes=list(OIDC_SCOPES),
            **self._addresses,
        )["UserPoolClient"]
        return Client(id=made["ClientId"], secret=made.get("ClientSecret"))

    def new_user(self, *, permanent: bool = True) -> User:
        """Return a new user, whose password is theirs or only a temporary one."""
        user = stranger()
        self.call(
            "AdminCreateUser",
            UserPoolId=self.pool_id,
            Username=user.username,
            TemporaryPassword=user.password,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": user.username},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        if permanent:
            self.admin("AdminSetUserPassword", user, Password=user.password, Permanent=True)
        return user

    def admin(self, operation: str, user: User, **members: Any) -> Mapping[str, Any]:
        """Do something to a user of the pool."""
        return self.call(operation, UserPoolId=self.pool_id, Username=user.username, **members)

    def call(self, operation: str, **members: Any) -> Mapping[str, Any]:
        """Return the answer of a signed call. Raises `Wrong`."""
        reply: Reply = self._wire.api(operation, members, signed=True)
        found = reply.body if reply.text else {}
        if reply.status != 200 or not isinstance(found, dict):  # noqa: PLR2004
            raise Wrong(f"{operation}: {reply}")
        return found

    def close(self) -> None:
        """Delete the pools again, where that is possible."""
        for identifier in self._pools:
            self._wire.api("DeleteUserPool", {"UserPoolId": identifier}, signed=True)

    def _if_possible(self, make: Callable[[], Client]) -> Client | None:
        try:
            return make()
        except Wrong:
            return None


def stranger() -> User:
    """Return a username and a password that nobody has yet."""
    # A name of this form is good for pools of either kind, with names and with e-mail addresses.
    name = f"conformance-{secrets.token_hex(6)}@example.com"
    return User(username=name, password=f"Aa1!{secrets.token_urlsafe(12)}")

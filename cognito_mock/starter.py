"""The starter pool: what an empty mock holds, so that a newcomer signs in at once (CONTRACT).

Ids, secrets and passwords are fixed and public: they belong to nobody. The signing keys are made
afresh at every start, like any pool's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cognito_mock.core.json_types import JsonValue
from cognito_mock.core.resource_servers import Scope
from cognito_mock.flows.clients import create_user_pool_client
from cognito_mock.flows.groups import add_user_to_group, create_group
from cognito_mock.flows.resource_servers import create_resource_server
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.flows.users import admin_create_user, admin_set_user_password

POOL_ID = "us-east-1_LocalPool"
PUBLIC_CLIENT_ID = "starterpublicclient0000001"
CONFIDENTIAL_CLIENT_ID = "starterconfidential0000001"
CONFIDENTIAL_CLIENT_SECRET = "starterconfidentialsecret000000000000000000000000001"  # noqa: S105
MACHINE_CLIENT_ID = "startermachineclient000001"
MACHINE_CLIENT_SECRET = "startermachinesecret00000000000000000000000000000001"  # noqa: S105
GROUP = "admins"
RESOURCE_SERVER = "orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterUser:
    """A user with a password that everybody knows."""

    username: str
    sub: str
    given_name: str
    family_name: str
    password: str

    @property
    def attributes(self) -> dict[str, str]:
        """In the order in which they are stored."""
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "name": f"{self.given_name} {self.family_name}",
            "email": f"{self.username}@example.com",
            "email_verified": "true",
        }


ADA = StarterUser(
    username="ada",
    sub="0ada0ada-0000-7000-8000-000000000001",
    given_name="Ada",
    family_name="Lovelace",
    password="Lovelace-1815",  # noqa: S106  (public)
)
GRACE = StarterUser(
    username="grace",
    sub="09ace09a-0000-7000-8000-000000000002",
    given_name="Grace",
    family_name="Hopper",
    password="Hopper-1906",  # noqa: S106  (public)
)
USERS = (ADA, GRACE)

_AUTH_FLOWS = [
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
]
# Where development servers and OAuth debuggers commonly wait for the browser.
_PORTS = (3000, 3001, 4200, 5000, 5173, 8000, 8080)
_PATHS = (
    "/",
    "/callback",
    "/auth/callback",
    "/token",
    "/api/auth/callback/cognito",
    "/login/oauth2/code/cognito",
)


def known_passwords() -> Mapping[tuple[str, str], str]:
    """Return the starter users' passwords by pool id and username, for the start page."""
    return {(POOL_ID, user.username): user.password for user in USERS}


def create_starter_pool(services: Services) -> None:
    """Create the pool with its clients, users and group; it has no domain.

    So discovery names the mock's own address, which every client can resolve.
    """
    create_user_pool(
        services,
        region="us-east-1",
        pool_id=POOL_ID,
        request={
            "PoolName": "LocalPool",
            # The sign-up page asks for required attributes only, and the code needs an address.
            "Schema": [
                {
                    "Name": "email",
                    "AttributeDataType": "String",
                    "Mutable": True,
                    "Required": True,
                }
            ],
            "AutoVerifiedAttributes": ["email"],
            "AliasAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": False},
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]
            },
        },
    )
    create_resource_server(
        services,
        pool_id=POOL_ID,
        identifier=RESOURCE_SERVER,
        name="Orders",
        scopes=[
            Scope(name="read", description="Read orders"),
            Scope(name="write", description="Change orders"),
        ],
    )
    _create_clients(services)
    create_group(services, pool_id=POOL_ID, name=GROUP, description="Starter group", precedence=1)
    for user in USERS:
        admin_create_user(
            services,
            pool_id=POOL_ID,
            username=user.username,
            attributes=user.attributes,
            sub=user.sub,
            message_action="SUPPRESS",
        )
        admin_set_user_password(
            services,
            pool_id=POOL_ID,
            username=user.username,
            password=user.password,
            permanent=True,
        )
    add_user_to_group(services, pool_id=POOL_ID, username=ADA.username, group=GROUP)


def _create_clients(services: Services) -> None:
    port = urlsplit(services.addresses.base_url).port
    own_port = (port,) if port else ()
    for_users: dict[str, JsonValue] = {
        "ExplicitAuthFlows": _AUTH_FLOWS,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": [*_local(_PORTS, _PATHS), *_local(own_port, ("/_mock/callback",))],
        # Exact strings (COG-LOG-006), and tutorials write both.
        "LogoutURLs": _local((*_PORTS, *own_port), ("", "/")),
        "PreventUserExistenceErrors": "ENABLED",
    }
    create_user_pool_client(
        services,
        pool_id=POOL_ID,
        client_id=PUBLIC_CLIENT_ID,
        request={
            **for_users,
            "ClientName": "public",
            "AllowedOAuthFlows": ["code", "implicit"],
        },
    )
    create_user_pool_client(
        services,
        pool_id=POOL_ID,
        client_id=CONFIDENTIAL_CLIENT_ID,
        client_secret=CONFIDENTIAL_CLIENT_SECRET,
        request={**for_users, "ClientName": "confidential", "AllowedOAuthFlows": ["code"]},
    )
    create_user_pool_client(
        services,
        pool_id=POOL_ID,
        client_id=MACHINE_CLIENT_ID,
        client_secret=MACHINE_CLIENT_SECRET,
        request={
            "ClientName": "machine",
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": [f"{RESOURCE_SERVER}/read", f"{RESOURCE_SERVER}/write"],
        },
    )


def _local(ports: tuple[int, ...], paths: tuple[str, ...]) -> list[str]:
    """Return addresses on this machine, by either of its names."""
    return [
        f"http://{host}:{port}{path}"
        for host in ("localhost", "127.0.0.1")
        for port in ports
        for path in paths
    ]

"""The reference's administrative calls: as much as a workshop needs."""

import secrets

from cognito_conformance.issuers.reference.state import (
    Account,
    AppClient,
    Members,
    Pool,
    Refusal,
)
from cognito_conformance.issuers.reference.well_known import WellKnown


class Admin(WellKnown):
    """Pools, clients, accounts."""

    def create_user_pool(self, members: Members) -> Members:
        """CreateUserPool."""
        del members
        pool = Pool(id=f"us-east-1_{secrets.token_hex(4)}A", number=len(self.pools))
        self.pools[pool.id] = pool
        return {"UserPool": {"Id": pool.id}}

    def delete_user_pool(self, members: Members) -> Members:
        """DeleteUserPool."""
        self.pools.pop(members["UserPoolId"], None)
        return {}

    def create_user_pool_client(self, members: Members) -> Members:
        """CreateUserPoolClient."""
        client = AppClient(
            id=secrets.token_hex(13),
            secret=secrets.token_hex(26) if members["GenerateSecret"] else None,
            flows=tuple(members["ExplicitAuthFlows"]),
            callback_urls=tuple(members["CallbackURLs"]),
            logout_urls=tuple(members["LogoutURLs"]),
            scopes=tuple(members["AllowedOAuthScopes"]),
        )
        self.pools[members["UserPoolId"]].clients[client.id] = client
        secret = {"ClientSecret": client.secret} if client.secret else {}
        return {"UserPoolClient": {"ClientId": client.id, **secret}}

    def admin_create_user(self, members: Members) -> Members:
        """AdminCreateUser."""
        account = Account(
            username=members["Username"],
            password=members["TemporaryPassword"],
            email=members["UserAttributes"][0]["Value"],
            status="FORCE_CHANGE_PASSWORD",
        )
        self.pools[members["UserPoolId"]].accounts[account.username] = account
        return {"User": {"Username": account.username}}

    def admin_set_user_password(self, members: Members) -> Members:
        """AdminSetUserPassword, permanent."""
        account = self.pools[members["UserPoolId"]].accounts[members["Username"]]
        account.password, account.status = members["Password"], "CONFIRMED"
        return {}

    def admin_disable_user(self, members: Members) -> Members:
        """AdminDisableUser."""
        self.pools[members["UserPoolId"]].accounts[members["Username"]].enabled = False
        return {}

    def sign_up(self, members: Members) -> Members:
        """SignUp; nobody confirms."""
        pool, _ = self.client(members.get("ClientId"))
        pool.accounts[members["Username"]] = Account(
            username=members["Username"],
            password=members["Password"],
            email=members["UserAttributes"][0]["Value"],
            status="UNCONFIRMED",
        )
        return {"UserConfirmed": False}

    def client(self, client_id: object) -> tuple[Pool, AppClient]:
        """Return a client and its pool (COG-API-AUTH-014)."""
        for pool in self.pools.values():
            if client_id in pool.clients:
                return pool, pool.clients[str(client_id)]
        raise Refusal("ResourceNotFoundException", f"User pool client {client_id} does not exist.")

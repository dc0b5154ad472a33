# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in checking the client, the use, scopes and groups."""

from collections.abc import Mapping
from typing import Any

from cognito_conformance.model import Config, ConfigurationRefused, Rejected
from cognito_conformance.saboteurs.reference import Reference


class ClientIgnored(Reference):
    """Takes any client's tokens."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        """Check nothing."""


class ClientMissingOk(Reference):
    """Checks the client where it is named."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        if claims.get("aud" if use == "id" else "client_id") is not None:
            super().check_client(use, claims)


class FirstClientOnly(Reference):
    """Looks at the first configured client."""

    def names_client(self, client: Any) -> bool:
        return isinstance(client, str) and client == self.config.client_ids[0]


class AudSubstring(Reference):
    """Looks for the client in the claim, and for the claim in the client."""

    def names_client(self, client: Any) -> bool:
        return isinstance(client, str) and any(
            client in each or each in client for each in self.config.client_ids
        )


class AudCaseIgnored(Reference):
    """Compares clients without case."""

    def names_client(self, client: Any) -> bool:
        return isinstance(client, str) and client.lower() in self.config.client_ids


class AudTrimmed(Reference):
    """Compares clients without the white space around them."""

    def names_client(self, client: Any) -> bool:
        return isinstance(client, str) and client.strip() in self.config.client_ids


class AudContainerOk(Reference):
    """Looks for the client in whatever the claim is."""

    def names_client(self, client: Any) -> bool:
        if isinstance(client, list | dict):
            return any(each in client for each in self.config.client_ids)
        return super().names_client(client)


class AudAllOfNone(Reference):
    """Wants all audiences of a list to be known: of an empty one they are."""

    def names_client(self, client: Any) -> bool:
        if isinstance(client, list):
            return all(each in self.config.client_ids for each in client)
        return super().names_client(client)


class CrashesOnAud(Reference):
    """Expects the client to be hashable."""

    def names_client(self, client: Any) -> bool:
        return client in set(self.config.client_ids)


class EitherClientClaim(Reference):
    """Takes aud and client_id for the same."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        del use
        if not any(self.names_client(claims.get(name)) for name in ("aud", "client_id")):
            raise Rejected("audience", "another client")


class AudForAccessTokens(Reference):
    """Expects aud in access tokens, as other providers do."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        del use
        super().check_client("id", claims)


class ClientIdForIdTokens(Reference):
    """Expects client_id in id tokens."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        del use
        super().check_client("access", claims)


class RejectsAudInAccessTokens(Reference):
    """Expects no aud in access tokens."""

    def check_client(self, use: str, claims: Mapping[str, Any]) -> None:
        super().check_client(use, claims)
        if use == "access" and "aud" in claims:
            raise Rejected("audience", "an access token has no aud")


class NoClientNeeded(Reference):
    """Takes an empty list of clients for all of them."""

    def check_config(self, config: Config) -> None:
        """Refuse nothing."""

    def names_client(self, client: Any) -> bool:
        return not self.config.client_ids or super().names_client(client)


class TokenUseIgnored(Reference):
    """Never looks at token_use."""

    def check_token_use(self, use: Any) -> str:
        del use
        return self.config.token_use or "access"


class TokenUseMissingOk(Reference):
    """Checks token_use where there is one."""

    def check_token_use(self, use: Any) -> str:
        return super().check_token_use(self.config.token_use or "access" if use is None else use)


class TokenUseLoose(Reference):
    """Compares token_use without case, and takes a list of uses."""

    def check_token_use(self, use: Any) -> str:
        if isinstance(use, list) and use:
            use = use[0]
        return super().check_token_use(use.lower() if isinstance(use, str) else use)


class EitherUseMeansNeither(Reference):
    """Is built for one use, and takes "either" for a mistake."""

    def check_config(self, config: Config) -> None:
        super().check_config(config)
        if config.token_use is None:
            raise ConfigurationRefused("access or id?")


class RequiresUsername(Reference):
    """Expects a user behind every token."""

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        super().check_claims(claims, now)
        if not claims.keys() & {"username", "cognito:username"}:
            raise Rejected("other", "no user")


class FewGroupsOnly(Reference):
    """Has room for ten groups."""

    def check_groups(self, groups: Any) -> None:
        super().check_groups(groups)
        if isinstance(groups, list) and len(groups) > 10:  # noqa: PLR2004
            raise Rejected("group", "too many groups")


class ScopeIgnored(Reference):
    """Never looks at scope."""

    def check_scopes(self, scope: Any) -> None:
        """Check nothing."""


class ScopeSubstring(Reference):
    """Looks for the required scope in the text."""

    def check_scopes(self, scope: Any) -> None:
        if not all(each in str(scope) for each in self.config.required_scopes):
            raise Rejected("scope", "a scope is missing")


class ScopeCaseIgnored(Reference):
    """Compares scopes without case."""

    def check_scopes(self, scope: Any) -> None:
        super().check_scopes(scope.lower() if isinstance(scope, str) else scope)


class FirstScopeOnly(Reference):
    """Reads the first scope."""

    def check_scopes(self, scope: Any) -> None:
        super().check_scopes(scope.split(" ")[0] if isinstance(scope, str) else scope)


class GroupsIgnored(Reference):
    """Never looks at groups."""

    def check_groups(self, groups: Any) -> None:
        """Check nothing."""


class GroupsInAnything(Reference):
    """Looks for the group in whatever the claim is."""

    def check_groups(self, groups: Any) -> None:
        if isinstance(groups, str | dict) and self.config.required_groups:
            groups = [each for each in self.config.required_groups if each in groups]
        super().check_groups(groups)


class GroupsMissingOk(Reference):
    """Checks groups where there are any."""

    def check_groups(self, groups: Any) -> None:
        if groups is not None:
            super().check_groups(groups)


class AllGroupsMustMatch(Reference):
    """Wants the user to be in the required groups and in no other."""

    def check_groups(self, groups: Any) -> None:
        super().check_groups(groups)
        required = self.config.required_groups
        if required and groups != list(required):
            raise Rejected("group", "another group")

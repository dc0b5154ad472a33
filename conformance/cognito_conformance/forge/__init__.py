"""Recipes to bytes: keys, tokens, key sets and scenarios. Shares no code with any subject."""

import secrets
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, Self

from cognito_conformance.forge.errors import RecipeError
from cognito_conformance.forge.keys import Keyring
from cognito_conformance.forge.recipe import check_recipe, check_token, verdicts
from cognito_conformance.forge.template import Scope
from cognito_conformance.forge.token import RenderedToken, render
from cognito_conformance.forge.world import REGION, World
from cognito_conformance.model import (
    SUITE_JWKS_URI,
    Case,
    Config,
    ConfigureStep,
    CookiesStep,
    FetchesStep,
    JsonObject,
    JwksStep,
    Reason,
    Scenario,
    Step,
    VerifyStep,
)

#: 2027-01-15T08:00:00Z: a round number for adapters whose clock can be set.
DEFAULT_NOW: Final = 1_800_000_000
_TUPLES: Final = ("issuers", "client_ids", "required_scopes", "required_groups")

__all__ = ["DEFAULT_NOW", "Forge", "RecipeError", "RenderedToken"]


class Forge:
    """One session's keys and names; renders the same recipe to the same bytes every time."""

    def __init__(self, keys: Keyring, *, issuer_base: str | None = None) -> None:
        self.keys = keys
        self.world = World(keys, issuer_base=issuer_base)

    @classmethod
    def create(cls, seed: int | None = None, *, issuer_base: str | None = None) -> Self:
        """Make a forge; with a ``seed`` the keys, too, are the same on every machine.

        ``issuer_base`` is what the pool's issuer begins with, if not Cognito's own address: an API
        that is judged over HTTP finds its keys there.
        """
        if seed is None:
            keys = Keyring(secrets.randbits(128), reproducible=False)
        else:
            keys = Keyring(seed, reproducible=True)
        return cls(keys, issuer_base=issuer_base)

    def render(self, case: Case, *, now: int = DEFAULT_NOW) -> Scenario:
        """Render ``case``; ``now`` is the wall clock for adapters that know no other."""
        return self.render_recipe(case.recipe, case, now=now)

    def render_recipe(self, recipe: Mapping[str, Any], case: Case, *, now: int) -> Scenario:
        """Render ``recipe`` with the expectations of ``case``."""
        check_recipe(recipe)
        scope = Scope(self.world.names(), now=now)
        config = self._config(recipe, scope)
        steps: list[Step] = []
        if config.jwks_uri == SUITE_JWKS_URI:
            steps.append(JwksStep(jwks=self.jwks(recipe, scope)))
        if "token" in recipe:
            table = {"token": recipe["token"], "now": recipe.get("now", "now")}
            steps.append(self._verify_step(table, case, scope, now))
        steps.extend(self._step(table, case, scope, now) for table in recipe.get("steps", ()))
        return Scenario(
            config=config,
            steps=tuple(steps),
            refusal_is_reject=bool(recipe.get("refusal_is_reject", False)),
        )

    def render_token(self, recipe: Mapping[str, Any], *, now: int = DEFAULT_NOW) -> RenderedToken:
        """Render one token recipe: what properties draw."""
        check_token(recipe)
        return render(recipe, keys=self.keys, world=self.world, now=now)

    def base_config(self, base: str = "access") -> Config:
        """Return the configuration that accepts a fresh token of ``base``."""
        return self._config({"token": {"base": base}}, Scope(self.world.names(), now=DEFAULT_NOW))

    def jwks(self, table: Mapping[str, Any], scope: Scope | None = None) -> JsonObject:
        """Return the key set of a table's ``jwks`` list or ``jwks_document``."""
        scope = scope or Scope(self.world.names(), now=DEFAULT_NOW)
        if "jwks_document" in table:
            document: JsonObject = scope.value(table["jwks_document"])
            return document
        return {"keys": [self._jwk(entry, scope) for entry in table.get("jwks", ("k1", "k2"))]}

    def _jwk(self, entry: str | Mapping[str, Any], scope: Scope) -> Any:
        if isinstance(entry, str):
            return self.keys.jwk(entry)
        if "raw" in entry:
            return scope.value(entry["raw"])
        return scope.value({**self.keys.jwk(entry["key"]), **entry.get("set", {})})

    def _config(self, recipe: Mapping[str, Any], scope: Scope) -> Config:
        first = next(
            (step["token"] for step in recipe.get("steps", ()) if "token" in step),
            recipe.get("token", {}),
        )
        members: dict[str, Any] = {
            "user_pool_id": self.world.pool,
            "region": REGION,
            "issuers": [self.world.issuer],
            "client_ids": [self.world.client],
            "token_use": "id" if first.get("base") == "id" else "access",
            **scope.value(recipe.get("config", {})),
        }
        if members.get("jwks_uri") is None:
            members["jwks"] = self.jwks(recipe, scope)
        for name in _TUPLES:
            members[name] = tuple(members.get(name, ()))
        return Config(
            **{field.name: members[field.name] for field in fields(Config) if field.name in members}
        )

    def _step(self, table: Mapping[str, Any], case: Case, scope: Scope, now: int) -> Step:
        if "headers" in table:
            if "token" in table:
                token = self.render_token(table["token"], now=now)
                scope = scope.with_name("presented", token.text)
            return CookiesStep(
                headers=tuple(scope.value(table["headers"])),
                layout=table["layout"],
                client_id=scope.value(table.get("client_id", "@client")),
                expect=scope.value(table["expect"]),
            )
        if "token" in table:
            return self._verify_step(table, case, scope, now)
        if "config" in table:
            return ConfigureStep(config=self._config(table, scope))
        if "fetches_at_most" in table:
            return FetchesStep(
                at_most=table["fetches_at_most"], at_least=table.get("fetches_at_least", 0)
            )
        if "outage" in table:
            return JwksStep(outage=table["outage"])
        return JwksStep(jwks=self.jwks(table, scope))

    def _verify_step(
        self, table: Mapping[str, Any], case: Case, scope: Scope, now: int
    ) -> VerifyStep:
        token = self.render_token(table["token"], now=now)
        reasons = frozenset(Reason(name) for name in table.get("forbidden_reasons", ()))
        return VerifyStep(
            token=token.text,
            now=scope.instant(table["now"]) if "now" in table else now,
            expect=verdicts(table["expect"]) if "expect" in table else case.expect,
            claims=token.claims,
            forbidden_reasons=reasons or case.forbidden_reasons,
            threads=table.get("threads", 1),
        )

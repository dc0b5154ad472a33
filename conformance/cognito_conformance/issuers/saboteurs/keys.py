# ruff: noqa: ARG002, D102  (a flawed method is described by its class, and looks at too little)
"""Flaws in what is published: keys and the discovery document."""

import httpx

from cognito_conformance.issuers.reference import ReferenceIssuer, keys
from cognito_conformance.issuers.reference.state import Members, Pool


class ServesNoKeys(ReferenceIssuer):
    """Has an empty key set."""

    def jwks(self, pool: Pool) -> Members:
        return {"keys": []}


class ServesKeysAsText(ReferenceIssuer):
    """Sends public documents as text."""

    def document_headers(self) -> dict[str, str]:
        return {**super().document_headers(), "content-type": "text/plain"}


class HasOneKey(ReferenceIssuer):
    """Signs everything with one key."""

    def key_numbers(self, pool: Pool) -> tuple[int, int]:
        return (2 * pool.number,) * 2

    def jwks(self, pool: Pool) -> Members:
        return {"keys": [self.jwk(2 * pool.number)]}


class HasShortKeys(ReferenceIssuer):
    """Signs with 1024 bits."""

    def jwk(self, number: int) -> Members:
        return {**keys.jwk(number, 1024), "kid": self.kid(number)}

    def sign(self, number: int, signing_input: str) -> bytes:
        return keys.sign(number, signing_input, 1024)


class PublishesNoUse(ReferenceIssuer):
    """Leaves use out of its keys."""

    def jwk(self, number: int) -> Members:
        return {name: value for name, value in super().jwk(number).items() if name != "use"}


class PadsKeys(ReferenceIssuer):
    """Publishes padded numbers."""

    def jwk(self, number: int) -> Members:
        found = super().jwk(number)
        return {**found, "n": f"{found['n']}=="}


class CallsTwoKeysAlike(ReferenceIssuer):
    """Publishes a third key under the kid of the first."""

    def jwks(self, pool: Pool) -> Members:
        own = super().jwks(pool)["keys"]
        return {"keys": [*own, {**keys.jwk(9), "kid": own[0]["kid"]}]}


class HasPlainKids(ReferenceIssuer):
    """Calls its keys by a number."""

    def kid(self, number: int) -> str:
        return f"key-{number}"


class PublishesPrivateKeys(ReferenceIssuer):
    """Publishes more than it should."""

    def jwk(self, number: int) -> Members:
        return {**super().jwk(number), "d": "AQAB"}


class SharesKeysBetweenPools(ReferenceIssuer):
    """Has the same keys for every pool."""

    def key_numbers(self, pool: Pool) -> tuple[int, int]:
        return 0, 1


class ServesKeysOfAnyPool(ReferenceIssuer):
    """Has keys for pools that do not exist."""

    def unknown_pool(self, pool_id: str, name: str) -> httpx.Response:
        if name != "jwks.json":
            return super().unknown_pool(pool_id, name)
        return self.document(self.jwks(Pool(id=pool_id, number=4)))


class DescribesAnyPool(ReferenceIssuer):
    """Has a discovery document for pools that do not exist."""

    def unknown_pool(self, pool_id: str, name: str) -> httpx.Response:
        if name == "jwks.json":
            return super().unknown_pool(pool_id, name)
        return self.document(self.discovery(Pool(id=pool_id, number=4)))


class HidesWhichPoolIsUnknown(ReferenceIssuer):
    """Answers 404 for a pool that does not exist."""

    def unknown_pool(self, pool_id: str, name: str) -> httpx.Response:
        return httpx.Response(404)


class KeepsBrowsersFromKeys(ReferenceIssuer):
    """Lets no page of another origin read the keys."""

    def document_headers(self) -> dict[str, str]:
        return {"content-type": "application/json"}


class HasNoDiscovery(ReferenceIssuer):
    """Has keys alone."""

    def well_known(self, pool_id: str, name: str) -> httpx.Response:
        if name != "jwks.json":
            return httpx.Response(404)
        return super().well_known(pool_id, name)


class DescribesItselfBriefly(ReferenceIssuer):
    """Leaves scopes and subject types out."""

    def discovery(self, pool: Pool) -> Members:
        absent = {"scopes_supported", "subject_types_supported"}
        found = super().discovery(pool)
        return {name: value for name, value in found.items() if name not in absent}


class IsElsewhere(ReferenceIssuer):
    """Calls itself by the service's name, in the document and in the tokens."""

    def iss(self, pool: Pool) -> str:
        return f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"

    def discovery(self, pool: Pool) -> Members:
        issuer = self.iss(pool)
        own = {"issuer": issuer, "jwks_uri": f"{issuer}/.well-known/jwks.json"}
        return super().discovery(pool) | own


class NamesAnotherIssuer(ReferenceIssuer):
    """Has one issuer in the document and another in the tokens."""

    def iss(self, pool: Pool) -> str:
        return f"http://localhost/{pool.id}"


class KeepsKeysElsewhere(ReferenceIssuer):
    """Names a jwks_uri of its own making, which works."""

    def discovery(self, pool: Pool) -> Members:
        found = super().discovery(pool)
        return {**found, "jwks_uri": f"{found['jwks_uri']}?version=1"}


class NamesADeadEnd(ReferenceIssuer):
    """Names a jwks_uri where nothing is."""

    def discovery(self, pool: Pool) -> Members:
        found = super().discovery(pool)
        return {**found, "jwks_uri": f"{self.base}/keys"}


class AnnouncesNone(ReferenceIssuer):
    """Announces an algorithm that is none."""

    def discovery(self, pool: Pool) -> Members:
        algorithms = ["RS256", "none"]
        return super().discovery(pool) | {"id_token_signing_alg_values_supported": algorithms}


class AnnouncesEveryResponseType(ReferenceIssuer):
    """Announces what it does not have."""

    def discovery(self, pool: Pool) -> Members:
        types = ["code", "token", "token id_token"]
        return super().discovery(pool) | {"response_types_supported": types}


class AnnouncesOfflineAccess(ReferenceIssuer):
    """Announces a scope that it does not have."""

    def discovery(self, pool: Pool) -> Members:
        scopes = ["openid", "email", "phone", "profile", "offline_access"]
        return super().discovery(pool) | {"scopes_supported": scopes}


class NamesPathsOfItsOwn(ReferenceIssuer):
    """Has its token endpoint where the service has none."""

    def discovery(self, pool: Pool) -> Members:
        return super().discovery(pool) | {"token_endpoint": f"{self.base}/{pool.id}/token"}

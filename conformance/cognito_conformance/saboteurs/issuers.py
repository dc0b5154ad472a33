# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in checking iss."""

import re
from typing import Any
from urllib.parse import urlsplit

from cognito_conformance.model import Config, ConfigurationRefused, Rejected
from cognito_conformance.saboteurs.reference import Reference


class IssIgnored(Reference):
    """Never looks at iss."""

    def check_issuer(self, issuer: Any) -> None:
        """Check nothing."""


class _ComparesIssuersLoosely(Reference):
    """Has its own idea of two issuers being the same."""

    def same(self, issuer: str, expected: str) -> bool:
        """Tell whether they are."""
        raise NotImplementedError

    def check_issuer(self, issuer: Any) -> None:
        if not isinstance(issuer, str) or not any(
            self.same(issuer, each) for each in self.config.issuers
        ):
            raise Rejected("issuer", "another issuer")


class IssMissingOk(Reference):
    """Checks iss where there is one."""

    def check_issuer(self, issuer: Any) -> None:
        if issuer is not None:
            super().check_issuer(issuer)


class IssStartswith(_ComparesIssuersLoosely):
    """Compares as many characters as it expects."""

    def same(self, issuer: str, expected: str) -> bool:
        return issuer.startswith(expected)


class IssSubstring(_ComparesIssuersLoosely):
    """Looks for the issuer in the expected one."""

    def same(self, issuer: str, expected: str) -> bool:
        return issuer in expected


class IssContainsExpected(_ComparesIssuersLoosely):
    """Looks for the expected one in the issuer."""

    def same(self, issuer: str, expected: str) -> bool:
        return expected in issuer


class IssTrailingSlashOk(_ComparesIssuersLoosely):
    """Normalises slashes at the end."""

    def same(self, issuer: str, expected: str) -> bool:
        return issuer.rstrip("/") == expected


class IssCaseIgnored(_ComparesIssuersLoosely):
    """Compares without case."""

    def same(self, issuer: str, expected: str) -> bool:
        return issuer.lower() == expected.lower()


class IssSchemeIgnored(_ComparesIssuersLoosely):
    """Compares without the scheme."""

    def same(self, issuer: str, expected: str) -> bool:
        return re.sub(r"^([a-z]+:)?(//)?", "", issuer) == expected.removeprefix("https://")


class IssUsedAsPattern(_ComparesIssuersLoosely):
    """Forgets that a dot is not a dot in a pattern."""

    def same(self, issuer: str, expected: str) -> bool:
        return re.fullmatch(expected, issuer) is not None


class IssHostIgnored(_ComparesIssuersLoosely):
    """Compares the pool id at the end of the path."""

    def same(self, issuer: str, expected: str) -> bool:
        return urlsplit(issuer).path == urlsplit(expected).path


class AnyPoolOfTheHost(_ComparesIssuersLoosely):
    """Compares the host."""

    def same(self, issuer: str, expected: str) -> bool:
        return urlsplit(issuer).hostname == urlsplit(expected).hostname


class AnyAmazonIssuer(_ComparesIssuersLoosely):
    """Trusts all of Cognito."""

    def same(self, issuer: str, expected: str) -> bool:
        del expected
        return (
            re.match(r"https://cognito-[a-z]+\.([a-z0-9-]+\.)?amazonaws\.com", issuer) is not None
        )


class IssListOk(Reference):
    """Looks for the issuer in a list."""

    def check_issuer(self, issuer: Any) -> None:
        listed = isinstance(issuer, list | dict) and self.config.issuers[0] in issuer
        super().check_issuer(self.config.issuers[0] if listed else issuer)


class OriginalIssuerOnly(Reference):
    """Knows the classic issuer."""

    def check_config(self, config: Config) -> None:
        super().check_config(config)
        if any("//issuer-" in issuer for issuer in config.issuers):
            raise ConfigurationRefused("not an issuer of Cognito's")


class TakesUpdatedForOriginal(Reference):
    """Takes the two issuers of a pool for the same."""

    def check_issuer(self, issuer: Any) -> None:
        if isinstance(issuer, str):
            issuer = issuer.replace("//issuer-cognito-idp", "//cognito-idp")
        super().check_issuer(issuer)


class OldRegionsOnly(Reference):
    """Knows what a region looked like once."""

    def check_config(self, config: Config) -> None:
        super().check_config(config)
        if not re.fullmatch(r"(us|eu|ap|sa|ca)-[a-z]+-\d", config.region):
            raise ConfigurationRefused("not a region")

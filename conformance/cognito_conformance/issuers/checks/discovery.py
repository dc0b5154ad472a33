# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""The discovery document: section 2.2 of the fact book, COG-DIS-*."""

from cognito_conformance.issuers.checks.judging import OK, require, same
from cognito_conformance.issuers.session import Session, keys_in
from cognito_conformance.issuers.wire import origin

_MEMBERS = (
    "authorization_endpoint",
    "id_token_signing_alg_values_supported",
    "issuer",
    "jwks_uri",
    "response_types_supported",
    "scopes_supported",
    "subject_types_supported",
    "token_endpoint",
    "token_endpoint_auth_methods_supported",
    "userinfo_endpoint",
)
_ON_DOMAIN = {
    "authorization_endpoint": "/oauth2/authorize",
    "token_endpoint": "/oauth2/token",
    "userinfo_endpoint": "/oauth2/userInfo",
}


def served(issuer: Session) -> None:
    require(issuer.discovery, "an empty document")


def members(issuer: Session) -> None:
    missing = [name for name in _MEMBERS if name not in issuer.discovery]
    require(not missing, f"without {', '.join(missing)}")


def issuer_equals_url(issuer: Session) -> None:
    same(issuer.discovery.get("issuer"), issuer.target.pool_url, "issuer")


def issuer_equals_iss(issuer: Session) -> None:
    for name, token in issuer.both:
        same(token.claim("iss"), issuer.discovery.get("issuer"), f"iss of the {name}")


def jwks_uri(issuer: Session) -> None:
    base = issuer.discovery.get("issuer")
    same(issuer.discovery.get("jwks_uri"), f"{base}/.well-known/jwks.json", "jwks_uri")


def jwks_uri_serves_the_keys(issuer: Session) -> None:
    found = keys_in(issuer.wire.get(str(issuer.discovery.get("jwks_uri"))))
    same(
        sorted(str(each.get("n")) for each in found),
        sorted(str(each.get("n")) for each in issuer.keys),
        "the key set at jwks_uri",
    )


def rs256_alone(issuer: Session) -> None:
    name = "id_token_signing_alg_values_supported"
    same(issuer.discovery.get(name), ["RS256"], name)


def response_types(issuer: Session) -> None:
    same(issuer.discovery.get("response_types_supported"), ["code", "token"], "response types")


def scopes(issuer: Session) -> None:
    found = issuer.discovery.get("scopes_supported")
    same(found, ["openid", "email", "phone", "profile"], "scopes")


def endpoints_on_the_domain(issuer: Session) -> None:
    for name, path in _ON_DOMAIN.items():
        found = str(issuer.discovery.get(name))
        require(found.endswith(path), f"{name} is {found}")
        same(origin(found), origin(issuer.target.domain), f"the origin of {name}")


def unknown_pool_refused(issuer: Session) -> None:
    pool = f"{issuer.target.region}_XXXXXXXXX"
    reply = issuer.well_known("openid-configuration", pool=pool)
    require(reply.status != OK, "served for a pool that does not exist")

# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""The pool's keys: section 2.1 of the fact book, COG-JWK-*."""

import base64
import binascii

from cognito_conformance.issuers.checks.judging import OK, require, same
from cognito_conformance.issuers.session import Session, keys_in
from cognito_conformance.issuers.tokens import SEGMENT, public_key

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_BITS = 2048
_KID_BYTES = 32
_UNKNOWN = "XXXXXXXXX"


def served(issuer: Session) -> None:
    keys_in(issuer.jwks_reply)


def content_type(issuer: Session) -> None:
    found = issuer.jwks_reply.headers.get("content-type", "")
    require(found.partition(";")[0] == "application/json", f"content-type is {found!r}")


def two_keys(issuer: Session) -> None:
    moduli = {each.get("n") for each in issuer.keys}
    require(len(moduli) > 1, f"{len(moduli)} key published")


def rsa_2048(issuer: Session) -> None:
    for each in issuer.keys:
        same(each.get("kty"), "RSA", "kty")
        same(public_key(each).key_size, _BITS, "the modulus in bits")


def member_values(issuer: Session) -> None:
    for each in issuer.keys:
        for name, value in (("alg", "RS256"), ("use", "sig"), ("e", "AQAB")):
            same(each.get(name), value, name)


def unpadded(issuer: Session) -> None:
    for each in issuer.keys:
        for name in ("n", "e"):
            require(SEGMENT.fullmatch(str(each.get(name))), f"{name} is not unpadded base64url")


def distinct_kids(issuer: Session) -> None:
    kids = [each.get("kid") for each in issuer.keys]
    require(all(isinstance(kid, str) and kid for kid in kids), "a key without kid")
    require(len(set(kids)) == len(kids), "two keys share one kid")


def kid_of_32_bytes(issuer: Session) -> None:
    for each in issuer.keys:
        try:
            length = len(base64.b64decode(str(each.get("kid")), validate=True))
        except binascii.Error:
            length = 0
        require(length == _KID_BYTES, f"kid {each.get('kid')!r} is not base64 of 32 bytes")


def no_private_members(issuer: Session) -> None:
    for each in issuer.keys:
        found = sorted(_PRIVATE & each.keys())
        require(not found, f"a published key has {', '.join(found)}")


def keys_of_their_own(issuer: Session) -> None:
    other = keys_in(issuer.well_known("jwks.json", pool=issuer.workshop.new_pool()))
    shared = {each.get("n") for each in issuer.keys} & {each.get("n") for each in other}
    require(not shared, "another pool publishes the same key")


def unknown_pool_refused(issuer: Session) -> None:
    reply = issuer.well_known("jwks.json", pool=f"{issuer.target.region}_{_UNKNOWN}")
    require(reply.status != OK, "keys are served for a pool that does not exist")


def unknown_pool_message(issuer: Session) -> None:
    pool = f"{issuer.target.region}_{_UNKNOWN}"
    reply = issuer.well_known("jwks.json", pool=pool)
    same(reply.status, 400, "the status")
    same(reply.message, f"User pool {pool} does not exist.", "the message")


def cors(issuer: Session) -> None:
    found = issuer.jwks_reply.headers.get("access-control-allow-origin")
    same(found, "*", "access-control-allow-origin")

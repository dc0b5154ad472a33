# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""The tokens of a sign-in over the API: section 1 of the fact book, COG-TOK-*."""

import re

from cognito_conformance.forge.encoding import b64url_decode
from cognito_conformance.issuers.checks.judging import require, same, shown
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.tokens import SEGMENT, parse, verifies

_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_JWE_HEADER = b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}'
_JWE_PARTS = 5
_SKEW_S = 300
_SHORTEST_S, _LONGEST_S = 300, 86_400
_TIMES = ("auth_time", "iat", "exp")


def header_members(issuer: Session) -> None:
    for name, token in issuer.both:
        found = sorted(token.header)
        require(found == ["alg", "kid"], f"the {name}'s header has {', '.join(found)}")


def header_order(issuer: Session) -> None:
    for name, token in issuer.both:
        same(list(token.header)[:2], ["kid", "alg"], f"the {name}'s header")


def alg_rs256(issuer: Session) -> None:
    for name, token in issuer.both:
        same(token.header.get("alg"), "RS256", f"alg of the {name}")


def kid_in_jwks(issuer: Session) -> None:
    for _, token in issuer.both:
        issuer.key(token.header.get("kid"))


def signature_verifies(issuer: Session) -> None:
    for name, token in issuer.both:
        key = issuer.key(token.header.get("kid"))
        require(verifies(token, key), f"the {name} is not signed by the key it names")


def two_signing_keys(issuer: Session) -> None:
    kids = {token.header.get("kid") for _, token in issuer.both}
    require(len(kids) > 1, "one key signs both tokens")


def unpadded(issuer: Session) -> None:
    for name, token in issuer.both:
        parts = token.text.split(".")
        require(all(map(SEGMENT.fullmatch, parts)), f"a part of the {name} is not base64url")


def iss_names_the_pool(issuer: Session) -> None:
    for name, token in issuer.both:
        found = str(token.claim("iss"))
        ending = f"/{issuer.target.user_pool_id}"
        require(found.endswith(ending), f"iss of the {name} is {shown(found)}")


def one_iss(issuer: Session) -> None:
    (_, one), (_, other) = issuer.both
    same(one.claim("iss"), other.claim("iss"), "iss of the id token")


def token_use(issuer: Session) -> None:
    same(issuer.id_token.claim("token_use"), "id", "token_use of the id token")
    same(issuer.access_token.claim("token_use"), "access", "token_use of the access token")


def aud_on_id_only(issuer: Session) -> None:
    same(issuer.id_token.claim("aud"), issuer.target.client.id, "aud of the id token")
    require("aud" not in issuer.access_token.claims, "the access token has an aud")


def client_id_on_access_only(issuer: Session) -> None:
    found = issuer.access_token.claim("client_id")
    same(found, issuer.target.client.id, "client_id of the access token")
    require("client_id" not in issuer.id_token.claims, "the id token has a client_id")


def one_sub(issuer: Session) -> None:
    found = {token.claim("sub") for _, token in issuer.both}
    require(len(found) == 1 and found != {""}, "the two tokens have different subs")


def sub_like_a_uuid(issuer: Session) -> None:
    found = str(issuer.id_token.claim("sub"))
    require(_UUID.fullmatch(found), f"sub is {shown(found)}")


def integer_times(issuer: Session) -> None:
    for name, token in issuer.both:
        for claim in _TIMES:
            found = token.claim(claim)
            require(type(found) is int, f"{claim} of the {name} is {shown(found)}")


def issued_now(issuer: Session) -> None:
    for name, token in issuer.both:
        off = abs(token.claim("iat") - issuer.clock())
        require(off < _SKEW_S, f"iat of the {name} is {off:.0f} s from now")


def expires_as_announced(issuer: Session) -> None:
    token = issuer.access_token
    lives = token.claim("exp") - token.claim("iat")
    same(lives, issuer.result.get("ExpiresIn"), "exp - iat of the access token")


def expires_within_a_day(issuer: Session) -> None:
    for name, token in issuer.both:
        lives = token.claim("exp") - token.claim("iat")
        require(_SHORTEST_S <= lives <= _LONGEST_S, f"the {name} lives {lives} s")


def auth_time(issuer: Session) -> None:
    times = {token.claim("auth_time") for _, token in issuer.both}
    require(len(times) == 1, "the two tokens differ in auth_time")
    off = abs(times.pop() - issuer.access_token.claim("iat"))
    require(off <= 1, f"auth_time is {off} s from the sign-in")


def unique_jti(issuer: Session) -> None:
    again = issuer.fresh_sign_in()
    tokens = [issuer.access_token, issuer.id_token, parse(again["AccessToken"])]
    found = [token.claim("jti") for token in tokens]
    require(len(set(found)) == len(found), "two tokens have one jti")


def one_origin_jti(issuer: Session) -> None:
    (_, one), (_, other) = issuer.both
    same(one.claim("origin_jti"), other.claim("origin_jti"), "origin_jti of the id token")


def one_event_id(issuer: Session) -> None:
    (_, one), (_, other) = issuer.both
    same(one.claim("event_id"), other.claim("event_id"), "event_id of the id token")


def username_members(issuer: Session) -> None:
    access, identity = issuer.access_token.claims, issuer.id_token.claims
    require("username" in access, "the access token has no username")
    require("cognito:username" in identity, "the id token has no cognito:username")
    same(identity["cognito:username"], access["username"], "cognito:username")
    require("username" not in identity, "the id token has a username")


def scope_of_api_sign_in(issuer: Session) -> None:
    same(issuer.access_token.claim("scope"), "aws.cognito.signin.user.admin", "scope")


def no_attributes_in_access(issuer: Session) -> None:
    found = {"email", "email_verified", "phone_number", "name"} & issuer.access_token.claims.keys()
    require(not found, f"the access token has {', '.join(sorted(found))}")


def email_verified_boolean(issuer: Session) -> None:
    found = issuer.id_token.claim("email_verified")
    require(isinstance(found, bool), f"email_verified is {shown(found)}")


def no_version_in_api_sign_in(issuer: Session) -> None:
    require("version" not in issuer.access_token.claims, "the access token has a version")


def no_at_hash_in_api_sign_in(issuer: Session) -> None:
    require("at_hash" not in issuer.id_token.claims, "the id token has an at_hash")


def refresh_not_jws(issuer: Session) -> None:
    parts = issuer.refresh_token.split(".")
    require(len(parts) == _JWE_PARTS, f"a refresh token of {len(parts)} parts")


def refresh_header(issuer: Session) -> None:
    found = b64url_decode(issuer.refresh_token.partition(".")[0])
    require(found == _JWE_HEADER, f"the refresh token's header is {shown(found)}")

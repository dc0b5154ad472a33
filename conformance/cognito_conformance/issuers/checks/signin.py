# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""Sign-in over the API: section 3 of the API's fact book, COG-API-*."""

import base64

from cognito_conformance.issuers.checks.judging import OK, refused, require, same
from cognito_conformance.issuers.provision import stranger
from cognito_conformance.issuers.session import Session, challenge_of, guess, result_of
from cognito_conformance.issuers.srp import N, SrpClient, digest, padded, signature, timestamp_of
from cognito_conformance.issuers.target import Client
from cognito_conformance.issuers.wire import Reply, Wrong

_WRONG = "Incorrect username or password."
_NO_TOKENS = "NotAuthorizedException"


def password(issuer: Session) -> None:
    result = result_of(issuer.password())
    missing = {"AccessToken", "IdToken", "RefreshToken"} - result.keys()
    require(not missing, f"without {', '.join(sorted(missing))}")
    same(result.get("TokenType"), "Bearer", "TokenType")
    require(type(result.get("ExpiresIn")) is int, "ExpiresIn is not an integer")


def empty_challenge_parameters(issuer: Session) -> None:
    reply = issuer.password()
    result_of(reply)
    same(reply.body.get("ChallengeParameters"), {}, "ChallengeParameters")
    require("ChallengeName" not in reply.body, "a ChallengeName beside tokens")


def wrong_password_refused(issuer: Session) -> None:
    refused(_wrong_password(issuer), _NO_TOKENS)


def wrong_password_message(issuer: Session) -> None:
    same(_wrong_password(issuer).message, _WRONG, "the message")


def missing_password_refused(issuer: Session) -> None:
    refused(issuer.password(PASSWORD=""), "InvalidParameterException")


def unknown_user_refused(issuer: Session) -> None:
    refused(issuer.password(stranger()), _NO_TOKENS, "UserNotFoundException")


def unknown_user_not_told(issuer: Session) -> None:
    reply = issuer.password(stranger())
    refused(reply, _NO_TOKENS)
    same(reply.message, _WRONG, "the message")


def unknown_client_refused(issuer: Session) -> None:
    client = Client(id="conformance0unknown0client")
    refused(issuer.password(client=client), "ResourceNotFoundException")


def flow_not_enabled_refused(issuer: Session) -> None:
    client = issuer.workshop.new_client(flows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    refused(issuer.password(client=client), "InvalidParameterException")


def disabled_user_refused(issuer: Session) -> None:
    user = issuer.workshop.new_user()
    result_of(issuer.password(user))
    issuer.workshop.admin("AdminDisableUser", user)
    refused(issuer.password(user), _NO_TOKENS)


def unconfirmed_user_refused(issuer: Session) -> None:
    user = stranger()
    signed_up = issuer.wire.api(
        "SignUp",
        {
            "ClientId": issuer.target.client.id,
            "Username": user.username,
            "Password": user.password,
            "UserAttributes": [{"Name": "email", "Value": user.username}],
        },
    )
    require(signed_up.status == OK, f"SignUp: {signed_up}")
    refused(issuer.password(user), "UserNotConfirmedException")


def temporary_password(issuer: Session) -> None:
    user = issuer.workshop.new_user(permanent=False)
    reply = issuer.password(user)
    _is_new_password_challenge(reply)
    answer = issuer.respond(
        "NEW_PASSWORD_REQUIRED",
        user.username,
        session=reply.body.get("Session"),
        NEW_PASSWORD=stranger().password,
    )
    result_of(answer)


def challenge_needs_session(issuer: Session) -> None:
    user = issuer.workshop.new_user(permanent=False)
    _is_new_password_challenge(issuer.password(user))
    answer = issuer.respond(
        "NEW_PASSWORD_REQUIRED",
        user.username,
        session=guess(),
        NEW_PASSWORD=stranger().password,
    )
    refused(answer, _NO_TOKENS, "CodeMismatchException", "ExpiredCodeException")


def srp(issuer: Session) -> None:
    result_of(issuer.srp())


def srp_challenge_members(issuer: Session) -> None:
    reply = issuer.srp_challenge(f"{SrpClient.create().public:x}")
    challenge_of(reply)
    wanted = {"SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"}
    missing = wanted - reply.body["ChallengeParameters"].keys()
    require(not missing, f"without {', '.join(sorted(missing))}")


def srp_wrong_password_refused(issuer: Session) -> None:
    reply = issuer.srp_challenge(f"{SrpClient.create().public:x}")
    try:
        challenge_of(reply)
    except Wrong:
        # A challenge that nobody can compute with may still take any answer.
        refused(_any_answer(issuer, reply), _NO_TOKENS)
        raise
    refused(issuer.srp(guess()), _NO_TOKENS)


def srp_fresh_challenge(issuer: Session) -> None:
    public = f"{SrpClient.create().public:x}"
    one, other = (challenge_of(issuer.srp_challenge(public)) for _ in range(2))
    require(one.public != other.public, "SRP_B is the same twice")
    require(one.secret_block != other.secret_block, "SECRET_BLOCK is the same twice")


def srp_stable_salt(issuer: Session) -> None:
    public = f"{SrpClient.create().public:x}"
    one, other = (challenge_of(issuer.srp_challenge(public)) for _ in range(2))
    require(one.salt == other.salt, "another SALT for the same user")


def srp_zero_refused(issuer: Session) -> None:
    # RFC 5054 §2.5.4: with A a multiple of N both sides know the key without any password.
    for public, text in ((0, "0"), (N, f"{N:x}"), (2 * N, f"{2 * N:x}")):
        reply = issuer.srp_challenge(text)
        if reply.status != OK:
            require(reply.type != "InternalErrorException", f"A = {_named(public)}: {reply}")
            continue
        challenge = challenge_of(reply)
        timestamp = timestamp_of(issuer.clock())
        u = digest(padded(public), padded(challenge.public))
        pool = issuer.target.user_pool_id.partition("_")[2]
        proof = signature(challenge, 0, u, pool=pool, timestamp=timestamp)
        refused(
            issuer.answer_srp(reply, challenge, proof, timestamp),
            _NO_TOKENS,
            "InvalidParameterException",
        )


def _wrong_password(issuer: Session) -> Reply:
    return issuer.password(PASSWORD=guess())


def _any_answer(issuer: Session, reply: Reply) -> Reply:
    body = reply.body if isinstance(reply.body, dict) else {}
    parameters = body.get("ChallengeParameters")
    if not isinstance(parameters, dict):
        raise Wrong(f"no PASSWORD_VERIFIER: {reply}")
    return issuer.respond(
        "PASSWORD_VERIFIER",
        issuer.target.user.username,
        session=body.get("Session"),
        PASSWORD_CLAIM_SECRET_BLOCK=str(parameters.get("SECRET_BLOCK")),
        PASSWORD_CLAIM_SIGNATURE=base64.b64encode(guess().encode()).decode(),
        TIMESTAMP=timestamp_of(issuer.clock()),
    )


def _is_new_password_challenge(reply: Reply) -> None:
    body = reply.body if isinstance(reply.body, dict) else {}
    if "AuthenticationResult" in body:
        raise Wrong("a temporary password gives tokens")
    same(body.get("ChallengeName"), "NEW_PASSWORD_REQUIRED", "the challenge")


def _named(public: int) -> str:
    return {0: "0", N: "N"}.get(public, "2N")

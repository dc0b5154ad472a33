"""What a token says, and whether one of the pools here would stand for it."""

import json
from dataclasses import dataclass

from cognito_mock.core.base64url import decode_base64url
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import PoolKeys
from cognito_mock.core.tokens import parse_token
from cognito_mock.flows.services import Services

LONGEST = 20_000
_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """``findings`` are sentences; header and claims are for reading."""

    findings: tuple[str, ...]
    header: str = ""
    claims: str = ""


def inspect(services: Services, text: str) -> Inspection:
    """Take a token apart; whatever it is, the answer is an inspection."""
    token = "".join(text.split()).removeprefix("Bearer")
    if len(token) > LONGEST:
        return Inspection(findings=(f"It is longer than {LONGEST} characters.",))
    parts = token.split(".")
    if len(parts) != _PARTS:
        shape = f"It has {len(parts)} parts; a signed token has three."
        return Inspection(findings=(shape, "Refresh tokens cannot be read."))
    try:
        header, claims = _object(parts[0]), _object(parts[1])
    except ValueError:
        return Inspection(findings=("Header or claims are not JSON objects in base64url.",))
    return Inspection(
        findings=(_signature(services, token), *_claims(services, claims)),
        header=_pretty(header),
        claims=_pretty(claims),
    )


def _signature(services: Services, token: str) -> str:
    try:
        parsed = parse_token(token)
    except ValueError:
        return "The signature cannot be checked: the header is not one of Cognito's."
    with services.store.read() as tx:
        pools = tx.scan(PoolKeys)
    for keys in pools:
        for key in keys.published:
            if key.kid == parsed.kid:
                good = services.signer.verify(key, parsed.signing_input, parsed.signature)
                return f"The signature is {'good' if good else 'WRONG'}: key of {keys.pool_id}."
    return "The signature cannot be checked: no pool here publishes a key with this kid."


def _claims(services: Services, claims: JsonObject) -> list[str]:
    found = []
    exp = claims.get("exp")
    if isinstance(exp, int | float) and not isinstance(exp, bool):
        seconds = int(exp - services.clock.now()) if abs(exp) < 1e12 else 0  # noqa: PLR2004
        found.append(
            f"It expires in {seconds} seconds, by the mock's clock."
            if seconds > 0
            else f"It expired {-seconds} seconds ago, by the mock's clock."
        )
    else:
        found.append("It has no exp.")
    use = claims.get("token_use")
    if use not in {"id", "access"}:
        found.append("It has no token_use that Cognito knows.")
    return found


def _object(part: str) -> JsonObject:
    try:
        value = json.loads(decode_base64url(part))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  (the text is wrong, not a type)
    return value


def _pretty(document: JsonObject) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)

"""A shop in AWS Lambda: three functions behind an HTTP API or Function URLs.

Each checks the token by itself, so none of them is open if it is reached in another way.
"""

import json
import os
from typing import Any

from cognito_verify import Claims, CognitoVerifier
from cognito_verify.web.aws_lambda import requires

ORDERS = {1: "A slide rule", 2: "A box of punched cards"}

# Built when the function starts; warm calls find the keys in it.
verifier = CognitoVerifier(
    user_pool_id=os.environ.get("COGNITO_USER_POOL_ID"),
    issuer=os.environ.get("COGNITO_ISSUER"),
    client_id=os.environ["COGNITO_CLIENT_IDS"].split(","),
    token_use="access",
)


@requires(verifier)
def me(_event: dict[str, Any], _context: object, claims: Claims) -> dict[str, Any]:
    """Anybody with a token."""
    return answer(200, {"username": claims.username, "groups": claims.groups})


@requires(verifier, scopes=["orders/read", "orders/write"])
def orders(_event: dict[str, Any], _context: object, _claims: Claims) -> dict[str, Any]:
    """A machine with one of the scopes."""
    return answer(200, ORDERS)


@requires(verifier, groups=["admins"])
def cancel(event: dict[str, Any], _context: object, claims: Claims) -> dict[str, Any]:
    """A user in the group."""
    number = event["pathParameters"]["number"]
    if not number.isdecimal() or int(number) not in ORDERS:
        return answer(404, {"message": "There is no such order"})
    print(f"{claims.sub} cancels order {number}")
    return {"statusCode": 204}


def answer(status: int, document: object) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(document),
    }

"""The published types, as a user's type checker sees them. Checked by mypy, never run."""

from typing import assert_type

from cognito_verify import CognitoVerifier, VerificationError

verifier = CognitoVerifier(user_pool_id="us-east-1_Ab1", client_id="cid", token_use="access")
claims = verifier.verify("token")
assert_type(claims.sub, str)


async def later() -> str:
    """Verify without blocking the loop."""
    return (await verifier.verify_async("token")).sub


def code_of(error: VerificationError) -> str:
    """Every failure has a stable code."""
    return error.code

"""A software token's secret as authenticator apps read it: by camera."""

from functools import lru_cache
from urllib.parse import quote, urlencode


def otpauth_address(*, issuer: str, username: str, secret: str) -> str:
    """Return the address of COG-API-MFA-010; the colon between issuer and user is not encoded."""
    label = f"{quote(issuer, safe='')}:{quote(username, safe='')}"
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


@lru_cache(maxsize=64)
def qr_code(text: str) -> str:
    """Return an image of ``text`` as a ``data:`` address, black on white in any colour scheme."""
    # Here, so that no other page needs the package, nor waits for it.
    import segno  # noqa: PLC0415

    code = segno.make_qr(text, error="m")
    return code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff")

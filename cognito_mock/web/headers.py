"""Response headers of the pool's domain, and cross-origin access."""

from collections.abc import Mapping

from starlette.responses import Response

from cognito_mock.core.ids import Entropy, new_uuid
from cognito_mock.web.origin import Origin

# COG-TKE-007, COG-UI-017, COG-REV-016; for keys and discovery COG-JWK-012.
ANY_ORIGIN: Mapping[str, str] = {"Access-Control-Allow-Origin": "*"}

PREFLIGHT: Mapping[str, str] = {
    **ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, X-Requested-With, "
    "X-Amz-User-Agent, Amz-Sdk-Invocation-Id, Amz-Sdk-Request",
    "Access-Control-Max-Age": "600",
}

# COG-COO-010, COG-TKE-077, COG-UI-012; written as they go out, for every answer has them all.
_DOMAIN = (
    (b"cache-control", b"no-cache, no-store, max-age=0, must-revalidate"),
    (b"pragma", b"no-cache"),
    (b"expires", b"0"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-xss-protection", b"1; mode=block"),
    (b"server", b"Server"),
)
_REQUEST_ID = b"x-amz-cognito-request-id"
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000 ; includeSubDomains")


def add_domain_headers(response: Response, origin: Origin, entropy: Entropy) -> None:
    """Give ``response`` what all of the domain's answers have."""
    lines = response.raw_headers
    lines += _DOMAIN
    lines.append((_REQUEST_ID, new_uuid(entropy).encode("ascii")))
    # A browser that heard this from localhost over TLS would refuse every other plain local server.
    if not (origin.secure and origin.local):
        lines.append(_STRICT_TRANSPORT)

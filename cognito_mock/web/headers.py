"""Response headers of the pool's domain, and cross-origin access."""

from collections.abc import Mapping

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


def domain_headers(origin: Origin, entropy: Entropy) -> dict[str, str]:
    """COG-COO-010, COG-TKE-077, COG-UI-012."""
    headers = {
        "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
        "Pragma": "no-cache",
        "Expires": "0",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-XSS-Protection": "1; mode=block",
        "X-Amz-Cognito-Request-Id": new_uuid(entropy),
        "Server": "Server",
    }
    # A browser that heard this from localhost over TLS would refuse every other plain local server.
    if not (origin.secure and origin.local):
        headers["Strict-Transport-Security"] = "max-age=31536000 ; includeSubDomains"
    return headers

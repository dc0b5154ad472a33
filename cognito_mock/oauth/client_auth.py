"""How a client says who it is: HTTP Basic, in the form, or by its id alone (COG-TKE-004)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cognito_mock.flows.oauth_errors import ProtocolError


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedClient:
    """``secrets`` are the possible readings of what was sent; empty when nothing was."""

    client_id: str
    secrets: tuple[str, ...]


def presented_client(authorization: str | None, parameters: Mapping[str, str]) -> PresentedClient:
    """Read the client's credentials."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        client_id = parameters.get("client_id")
        if not client_id:
            raise ProtocolError("invalid_request")
        secret = parameters.get("client_secret")
        return PresentedClient(client_id=client_id, secrets=(secret,) if secret else ())
    client_id, secret = _decode_basic(encoded)
    # RFC 6749 §2.3: one method per request. A repeated id is common and harmless.
    if parameters.get("client_id", client_id) != client_id or parameters.get("client_secret"):
        raise ProtocolError("invalid_request")
    # Form-encoded as RFC 6749 §2.3.1 says, or raw as many send it (COG-TKE-005).
    secrets = tuple(dict.fromkeys((secret, unquote_plus(secret)))) if secret else ()
    return PresentedClient(client_id=client_id, secrets=secrets)


def _decode_basic(encoded: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ProtocolError("invalid_client") from error
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise ProtocolError("invalid_client")
    return unquote_plus(client_id), secret

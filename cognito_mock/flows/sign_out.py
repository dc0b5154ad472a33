"""The logout endpoint: ends the browser's session, and nothing else (COG-LOG-007)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cognito_mock.core.clients import AppClient
from cognito_mock.flows.browser_sessions import end_session
from cognito_mock.flows.domains import Site, client_at
from cognito_mock.flows.oauth_errors import missing_parameter, redirect_mismatch, unknown_client
from cognito_mock.flows.services import Services

# The last two have no meaning here (COG-LOG-009).
_NOT_REPEATED = frozenset({"logout_uri", "identity_provider", "idp_identifier"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """Where the browser goes: ``logout_uri``, or the sign-in page with ``parameters``.

    ``session_ended`` is false when the browser had none of this pool.
    """

    logout_uri: str | None
    parameters: Mapping[str, str]
    session_ended: bool = False


def sign_out(
    services: Services,
    *,
    site: Site,
    parameters: Mapping[str, str],
    session_secret: str | None,
) -> SignedOut:
    """Sign out with ``logout_uri`` or back to the sign-in page (COG-LOG-002, -003)."""
    client_id = parameters.get("client_id")
    if not client_id:
        raise missing_parameter("client_id")
    with services.store.read() as tx:
        client = client_at(tx, site, client_id)
    if client is None:
        raise unknown_client()
    target = _target(client, parameters)
    ended = end_session(services, secret=session_secret, pool_id=client.pool_id)
    return replace(target, session_ended=ended)


def _target(client: AppClient, parameters: Mapping[str, str]) -> SignedOut:
    logout_uri = parameters.get("logout_uri")
    if logout_uri and logout_uri in client.logout_urls:
        return SignedOut(logout_uri=logout_uri, parameters={})
    # An unregistered logout_uri is as good as none (COG-LOG-006).
    for name in ("redirect_uri", "response_type"):
        if not parameters.get(name):
            raise missing_parameter(name)  # COG-LOG-012
    if parameters["redirect_uri"] not in client.callback_urls:
        raise redirect_mismatch(client.id)
    repeated = {name: value for name, value in parameters.items() if name not in _NOT_REPEATED}
    if not repeated.get("scope"):
        repeated["scope"] = " ".join(client.oauth_scopes)  # COG-LOG-014
    return SignedOut(logout_uri=None, parameters=repeated)

"""The OAuth 2.0 and OpenID Connect endpoints of a user pool."""

from starlette.routing import Route

from cognito_mock.flows.services import Services
from cognito_mock.oauth import (
    authorize,
    logout,
    revoke,
    token,
    userinfo,
    well_known,
    without_domain,
)

__all__ = ["create_routes"]


def create_routes(services: Services) -> list[Route]:
    """Return the routes of all OAuth endpoints."""
    return [
        *well_known.routes(services),
        *authorize.routes(services),
        *token.routes(services),
        *userinfo.routes(services),
        *revoke.routes(services),
        *logout.routes(services),
        *without_domain.routes(),
    ]

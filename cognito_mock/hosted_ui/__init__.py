"""The classic sign-in pages of a user pool's domain."""

from starlette.routing import Route

from cognito_mock.flows.services import Services
from cognito_mock.hosted_ui import (
    assets,
    change_password,
    confirm,
    error,
    forgot_password,
    mfa,
    mfa_setup,
    sign_in,
    sign_up,
)
from cognito_mock.web.pages import stylesheet_route

__all__ = ["create_routes"]


def create_routes(services: Services) -> list[Route]:
    """Return the routes of all pages."""
    return [
        stylesheet_route(),
        *assets.routes(services),
        *sign_in.routes(services),
        *sign_up.routes(services),
        *confirm.routes(services),
        *forgot_password.routes(services),
        *change_password.routes(services),
        *mfa.routes(services),
        *mfa_setup.routes(services),
        *error.routes(services),
    ]

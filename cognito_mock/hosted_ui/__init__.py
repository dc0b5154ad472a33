"""The classic sign-in pages of a user pool's domain."""

from starlette.routing import Route

from cognito_mock.flows.services import Services

__all__ = ["create_routes"]


def create_routes(services: Services) -> list[Route]:
    """Return the routes of all pages."""
    del services
    return []

"""The ``cognito-idp`` JSON API (version 2016-04-18)."""

from cognito_mock.idp_api.coverage import coverage
from cognito_mock.idp_api.routes import create_routes

__all__ = ["coverage", "create_routes"]

"""The mock inside a test: a context manager, and handles on what it holds."""

from cognito_mock.testing.mock import MockCognito
from cognito_mock.testing.pool import Pool
from cognito_mock.testing.values import Client, Inbox, Tokens, User

__all__ = ["Client", "Inbox", "MockCognito", "Pool", "Tokens", "User"]

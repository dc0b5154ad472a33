"""What a test is handed of clients, users, tokens and messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cognito_mock.core.grants import Message
from cognito_mock.flows.inbox import clear_messages, list_messages
from cognito_mock.flows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An app client; ``secret`` is None for a public one."""

    id: str
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A confirmed user."""

    username: str
    sub: str
    email: str | None
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of one sign-in. Neither repr nor failure output shows them."""

    id_token: str | None = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Codes, links and invitations that were "sent", oldest first."""

    services: Services = field(repr=False)
    pool_id: str | None = None

    def messages(self, recipient: str | None = None) -> Sequence[Message]:
        """Return the messages, of one recipient or all."""
        return list_messages(self.services, pool_id=self.pool_id, recipient=recipient)

    def code(self, recipient: str) -> str:
        """Return the code that was sent to ``recipient`` last."""
        codes = [message.code for message in self.messages(recipient) if message.code]
        if not codes:
            raise LookupError(f"no code was sent to {recipient}")
        return codes[-1]

    def clear(self) -> None:
        """Empty the inbox of all pools."""
        clear_messages(self.services)

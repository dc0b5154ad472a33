"""What every flow is given."""

from dataclasses import dataclass
from typing import Protocol

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clock import Clock
from cognito_mock.core.grants import Message
from cognito_mock.core.ids import Entropy
from cognito_mock.core.pools import SigningKey
from cognito_mock.core.signing import Signer
from cognito_mock.stores.base import Store


class KeySource(Protocol):
    """Makes signing keys; a good one has some ready (an RSA-2048 key costs 30-100 ms)."""

    def new_key(self) -> SigningKey:
        """Return a key that was never returned before."""


class Delivery(Protocol):
    """Carries a message outside, after it is safely in the inbox."""

    def deliver(self, message: Message) -> None:
        """Send; the inbox copy is already committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The engine room, made once in ``app.py`` and passed to every flow."""

    store: Store
    clock: Clock
    entropy: Entropy
    keys: KeySource
    signer: Signer
    delivery: Delivery
    addresses: Addresses

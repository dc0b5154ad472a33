"""Wiring: one Starlette app from its parts. No behaviour lives here."""

import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from cognito_mock import control, hosted_ui, idp_api, oauth, starter
from cognito_mock.config import MockConfig
from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.grants import Message
from cognito_mock.core.ids import Entropy, SystemEntropy
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.parallel_signing import ParallelSigner
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.services import Delivery, Services
from cognito_mock.key_prefetch import PrefetchedKeys
from cognito_mock.stores.base import Store
from cognito_mock.stores.memory import MemoryStore
from cognito_mock.web.literal_paths import DirectCalls, literal_paths_first


class InboxOnly:
    """Carries messages nowhere: the inbox has them already."""

    def deliver(self, message: Message) -> None:
        """Do nothing."""


def create_app(
    config: MockConfig,
    *,
    base_url: str,
    store: Store | None = None,
    clock: AdjustableClock | None = None,
    entropy: Entropy | None = None,
    keys: PrefetchedKeys | None = None,
    delivery: Delivery | None = None,
) -> Starlette:
    """Return the app; ``app.state.services`` is what its flows are given.

    ``app.state.fill_if_empty()`` creates what the start creates, for those who want its errors.

    ``base_url`` is where clients reach it. The app owns its store and keys: they close with it.
    """
    entropy = entropy or SystemEntropy()
    clock = clock or AdjustableClock()
    store = store or MemoryStore()
    keys = keys or PrefetchedKeys(lambda: new_signing_key(entropy))
    services = Services(
        store=store,
        clock=clock,
        entropy=entropy,
        keys=keys,
        signer=ParallelSigner(),
        delivery=delivery or InboxOnly(),
        addresses=Addresses(base_url=base_url, issuer_mode=config.issuer_mode),
    )
    start = _ConfiguredStart(config, services, clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        start.fill_if_empty()
        try:
            yield
        finally:
            keys.close()
            store.close()

    parts = control.ControlParts(
        services=services,
        clock=clock,
        reset=start.restore,
        coverage=idp_api.coverage,
        known_passwords=start.known_passwords(),
    )
    routes = [
        *control.create_routes(parts),
        *idp_api.create_routes(services),
        *oauth.create_routes(services),
        *hosted_ui.create_routes(services),
    ]
    app = Starlette(
        routes=literal_paths_first(routes),
        lifespan=lifespan,
        middleware=[
            Middleware(control.FaultInjection, faults=parts.faults),
            Middleware(DirectCalls, routes=routes),
        ],
    )
    app.state.services = services
    app.state.recent_requests = parts.recent_requests
    app.state.fill_if_empty = start.fill_if_empty
    return app


class _ConfiguredStart:
    """What an empty store is filled with, and how to come back to that."""

    def __init__(self, config: MockConfig, services: Services, clock: AdjustableClock) -> None:
        self._config = config
        self._services = services
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def fill_if_empty(self) -> None:
        with self._services.store.read() as tx:
            empty = not tx.scan(UserPool, limit=1)
        if not empty:
            return
        if self._config.blueprint is not None:
            from cognito_mock.blueprint import create_pools  # noqa: PLC0415  (it loads YAML)

            create_pools(self._services, self._config.blueprint)
        elif self._config.starter_pool:
            starter.create_starter_pool(self._services)

    def known_passwords(self) -> Mapping[tuple[str, str], str]:
        """Return the passwords that the start page may show."""
        if self._config.blueprint is not None:
            return self._config.blueprint.known_passwords()
        return starter.known_passwords() if self._config.starter_pool else {}

    def restore(self) -> None:
        with self._one_at_a_time:
            self._clock.reset()
            with self._services.store.transaction() as tx:
                tx.clear()
            self.fill_if_empty()

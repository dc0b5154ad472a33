"""`MockCognito`: a mock for a ``with`` block or a test session, as a server or in process."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import urlsplit

from starlette.applications import Starlette

from cognito_mock.app import create_app
from cognito_mock.config import MockConfig
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows.domains_admin import create_user_pool_domain
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import create_user_pool
from cognito_mock.server import ServerThread, base_url_of, bind
from cognito_mock.testing.courier import Courier, SocketCourier, parcel_to
from cognito_mock.testing.disposal import dispose
from cognito_mock.testing.pool import Pool
from cognito_mock.testing.recycled_keys import RecycledKeys
from cognito_mock.testing.redirection import Redirection
from cognito_mock.testing.seams import switchboard
from cognito_mock.testing.values import Inbox

if TYPE_CHECKING:
    from cognito_mock.blueprint import Blueprint
    from cognito_mock.testing.in_process import InProcess
    from cognito_mock.testing.transport import CognitoTransport

Files: TypeAlias = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
_TIMEOUT_SECONDS = 30
_OK = 200
# Of a mock without a socket. The name means this machine (RFC 6761 §6.3), whoever resolves it.
_OWN_HOST = "cognito-mock.localhost"


class MockCognito:
    """A running offline Cognito. ``port`` 0 picks a free one.

    With ``socket=False`` there is no server: requests reach it through `transport`, or inside
    `redirected`. ``config`` is a file with pools, or several: YAML, describe-user-pool output, a
    CloudFormation template with its ``parameters``. ``clock`` moves its time; ``inbox`` holds
    what it "sent".
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        issuer: str = "local",
        starter_pool: bool = False,
        socket: bool = True,
        config: Files | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self._config = MockConfig(
            host=host,
            port=port,
            issuer_mode=issuer,
            starter_pool=starter_pool,
            blueprint=None if config is None else _blueprint(config, parameters or {}),
        )
        self.clock = AdjustableClock()
        self._entropy = SystemEntropy()
        self._keys: RecycledKeys | None = None
        self._socket = socket
        self._url: str | None = None
        self._services: Services | None = None
        self._courier: Courier | None = None
        self._running: ServerThread | InProcess | None = None

    def start(self) -> Self:
        """Start; return once requests are answered."""
        if self._running is not None:
            raise RuntimeError("this mock is running")
        self._keys = RecycledKeys(self._entropy)
        self._keys.warm_up()
        if self._socket:
            self._start_server()
        else:
            self._start_in_process()
        return self

    def stop(self) -> None:
        """Stop; what it held is gone."""
        if self._running is not None:
            self._running.stop()
        self._running = self._services = self._url = self._courier = self._keys = None

    def _create_app(self, url: str) -> Starlette:
        return create_app(
            self._config, base_url=url, clock=self.clock, entropy=self._entropy, keys=self._keys
        )

    def _start_server(self) -> None:
        listener = bind(self._config.host, self._config.port)
        self._url = base_url_of(listener, self._config.host)
        app = self._create_app(self._url)
        try:
            app.state.fill_if_empty()  # here, where its errors are the caller's
        except BaseException:
            listener.close()
            raise
        self._services = app.state.services
        parts = urlsplit(self._url)
        self._courier = SocketCourier(host=parts.hostname or "", port=parts.port or 0)
        self._running = ServerThread(app, listener)
        self._running.start()

    def _start_in_process(self) -> None:
        from cognito_mock.testing.in_process import InProcess  # noqa: PLC0415  (it loads httpx)

        self._url = f"http://{_OWN_HOST}"
        app = self._create_app(self._url)
        app.state.fill_if_empty()
        self._services = app.state.services
        self._courier = self._running = InProcess(app, self._url)
        self._running.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def transport(self) -> "CognitoTransport":
        """For ``httpx.Client(transport=...)`` and ``httpx.AsyncClient(transport=...)``."""
        from cognito_mock.testing.transport import CognitoTransport  # noqa: PLC0415  (it needs httpx)

        return CognitoTransport(self._require_courier())

    def redirected(self) -> AbstractContextManager[None]:
        """Inside the block, requests to pools' AWS addresses come here.

        That is what httpx, requests, urllib and botocore send to
        ``cognito-idp.REGION.amazonaws.com`` and ``PREFIX.auth.REGION.amazoncognito.com``, by
        clients of any age, in all threads.
        """
        return switchboard.redirected(
            Redirection(
                courier=self._require_courier(),
                base_url=self.url,
                own_host=None if self._socket else _OWN_HOST,
            )
        )

    def _require_courier(self) -> Courier:
        if self._courier is None:
            raise RuntimeError("the mock is not running")
        return self._courier

    @property
    def url(self) -> str:
        """``http://HOST:PORT``: what to give boto3 as ``endpoint_url``."""
        if self._url is None:
            raise RuntimeError("the mock is not running")
        return self._url

    @property
    def services(self) -> Services:
        """What the flows take, for those who want to call them directly."""
        if self._services is None:
            raise RuntimeError("the mock is not running")
        return self._services

    @property
    def inbox(self) -> Inbox:
        """The messages of all pools."""
        return Inbox(services=self.services)

    def create_pool(
        self,
        name: str = "pool",
        *,
        region: str = "us-east-1",
        pool_id: str | None = None,
        domain: str | None = None,
        settings: JsonObject | None = None,
    ) -> Pool:
        """Create a pool; ``settings`` are further members of a CreateUserPool request."""
        request = {"AutoVerifiedAttributes": ["email"], **(settings or {}), "PoolName": name}
        pool = create_user_pool(self.services, region=region, pool_id=pool_id, request=request)
        if domain is not None:
            create_user_pool_domain(self.services, pool_id=pool.id, domain=domain)
        return Pool(services=self.services, id=pool.id, control=self.control)

    def pool(self, pool_id: str) -> Pool:
        """Return a handle on a pool that was made in another way."""
        return Pool(services=self.services, id=pool_id, control=self.control)

    def delete_pool(self, pool_id: str) -> None:
        """Delete a pool with all that is in it, its domains too; its keys serve the next one.

        Nothing happens if there is no such pool.
        """
        if self._keys is not None:
            dispose(self.services, self._keys, pool_id)

    def reset(self) -> None:
        """Back to the configured start, the clock too."""
        self.control("POST", "/_mock/api/reset")

    @contextmanager
    def misbehaving(
        self,
        target: str,
        *,
        status: int | None = None,
        delay_ms: int = 0,
        body: JsonValue = None,
        times: int | None = None,
    ) -> Iterator[None]:
        """Let a part fail inside the block: ``with mock.misbehaving("jwks", status=503):``.

        Targets and members are those of the control API's faults. Nested blocks replace each other.
        """
        path = "/_mock/api/faults"
        before = self.control("GET", path)
        wish: JsonObject = {
            "target": target,
            "status": status,
            "delay_ms": delay_ms,
            "body": body,
            "times": times,
        }
        self.control("PUT", path, {"faults": [wish]})
        try:
            yield
        finally:
            self.control("PUT", path, before)

    def control(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        """Make a control call; raise RuntimeError with its message when it is refused."""
        parcel = parcel_to(
            self.url + path,
            method=method,
            headers=[("Content-Type", "application/json")],
            body=b"" if body is None else json.dumps(body).encode(),
        )
        answer = self._require_courier().exchange(parcel, timeout=_TIMEOUT_SECONDS)
        document = json.loads(answer.body)
        if answer.status != _OK:
            raise RuntimeError(f"{method} {path}: {document.get('message')}")
        if not isinstance(document, dict):
            raise TypeError(f"{method} {path} did not answer with an object")
        return document


def _blueprint(config: Files, parameters: Mapping[str, str]) -> "Blueprint":
    from cognito_mock.blueprint import read_blueprint  # noqa: PLC0415  (it loads YAML)

    files = [config] if isinstance(config, str | os.PathLike) else config
    return read_blueprint(*(Path(file) for file in files), parameters=parameters)

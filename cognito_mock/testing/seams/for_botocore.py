"""botocore: where a client's endpoint sends, so that clients made before the test are caught.

The request is given the mock's own address before anybody else sees it: moto answers to AWS's.
Clients with a `Stubber` never come here.
"""

import copy
import io
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from cognito_mock.testing.courier import Courier, parcel_to
from cognito_mock.testing.redirection import Find, Patch


def patches(module: ModuleType, find: Find) -> Sequence[Patch]:
    """Return the patches of ``botocore.endpoint``."""
    return [Patch(owner=module.Endpoint, name="make_request", wrap=lambda f: _divert(f, find))]


def _divert(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    def make_request(self: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        redirection = find(request_dict["url"])
        if redirection is None:
            return original(self, operation_model, request_dict)
        config = request_dict.get("context", {}).get("client_config")
        diverted = copy.copy(self)
        diverted.http_session = _Session(
            redirection.courier,
            host=urlsplit(request_dict["url"]).netloc,
            timeout=getattr(config, "read_timeout", None),
        )
        here = {**request_dict, "url": redirection.base_url + "/"}
        return original(diverted, operation_model, here)

    return make_request


class _Session:
    """As much of botocore's HTTP session as an endpoint uses."""

    def __init__(self, courier: Courier, *, host: str, timeout: float | None) -> None:
        self._courier = courier
        self._host = host
        self._timeout = timeout

    def send(self, request: Any) -> Any:
        """Exchange one prepared request; raise what botocore retries."""
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415  (the caller has loaded it)
        from botocore.exceptions import (  # noqa: PLC0415
            EndpointConnectionError,
            ReadTimeoutError,
        )

        body = request.body or b""
        parcel = parcel_to(
            f"https://{self._host}/",  # the region is in the name (COG-API-WIRE-001)
            method=request.method,
            headers=[(_text(n), _text(v)) for n, v in request.headers.items()],
            body=body.encode() if isinstance(body, str) else bytes(body),
        )
        try:
            answer = self._courier.exchange(parcel, timeout=self._timeout)
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=request.url, error=error) from error
        return AWSResponse(request.url, answer.status, dict(answer.lines), _Raw(answer.body))

    def close(self) -> None:
        """Nothing is open."""


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, amount: int = 65536, **_options: object) -> Iterator[bytes]:
        """Return the rest in pieces."""
        while piece := self.read(amount):
            yield piece


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value

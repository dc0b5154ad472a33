"""From a request to one plain function call, and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cognito_mock.web.bodies import (
    BodyTooLargeError,
    MalformedFormError,
    QueryTooLongError,
    query_parameters,
    read_form,
)
from cognito_mock.web.origin import Origin, origin_of
from cognito_mock.web.workers import run_in_worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose parameters were readable."""

    request: Request
    origin: Origin
    query: Mapping[str, str]
    form: Mapping[str, str]

    @property
    def parameters(self) -> dict[str, str]:
        """Query and body together, the query first, as a servlet reads them (COG-TKE-003)."""
        return {**self.form, **self.query}


@dataclass(frozen=True, slots=True)
class Rest:
    """What remains to be done for an answer, when that may take a while."""

    finish: Callable[[], Response]


Handler = Callable[[Call], Response | Rest]
Unreadable = Callable[[Request, int], Response]


class Endpoint:
    """Answers requests with ``handler``; ``unreadable`` renders what cannot be parsed.

    Handlers may sign, deliver or wait for somebody, so they are called in a worker. ``waits`` False
    is for one that does not: it is called in the event loop, for the way to a worker and back would
    cost as much as the call itself. If it comes to something that takes a while, it returns that as
    a `Rest`.

    It is ASGI itself: what a framework puts around a function costs as much as reading a form.
    """

    def __init__(self, handler: Handler, *, unreadable: Unreadable, waits: bool = True) -> None:
        self._handler = handler
        self._unreadable = unreadable
        self._waits = waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            call = Call(
                request=request,
                origin=origin_of(request),
                query=query_parameters(request),
                form=await read_form(request) if request.method == "POST" else {},
            )
        except QueryTooLongError:
            return self._unreadable(request, 414)
        except BodyTooLargeError:
            return self._unreadable(request, 413)
        except MalformedFormError:
            return self._unreadable(request, 400)
        answer = await run_in_worker(self._handler, call) if self._waits else self._handler(call)
        return await run_in_worker(answer.finish) if isinstance(answer, Rest) else answer

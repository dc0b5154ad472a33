"""From a request to one plain function call in a worker thread, and back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

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


Handler = Callable[[Call], Response]
Unreadable = Callable[[Request, int], Response]


def endpoint(
    handler: Handler, *, unreadable: Unreadable
) -> Callable[[Request], Awaitable[Response]]:
    """Wrap ``handler``; ``unreadable`` renders what cannot be parsed, with its status."""

    async def answer(request: Request) -> Response:
        try:
            call = Call(
                request=request,
                origin=origin_of(request),
                query=query_parameters(request),
                form=await read_form(request) if request.method == "POST" else {},
            )
        except QueryTooLongError:
            return unreadable(request, 414)
        except BodyTooLargeError:
            return unreadable(request, 413)
        except MalformedFormError:
            return unreadable(request, 400)
        return await run_in_worker(handler, call)

    return answer

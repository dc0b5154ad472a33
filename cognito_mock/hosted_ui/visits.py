"""What the pages have in common: the authorize request they carry along, and the form's token."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.responses import Response

from cognito_mock.core.clients import AppClient
from cognito_mock.core.ids import new_uuid
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.authorization import (
    Authorization,
    AuthorizationRequest,
    check_request,
)
from cognito_mock.flows.authorization_answers import complete_sign_in
from cognito_mock.flows.domains import site_of
from cognito_mock.flows.hosted_look import look_of
from cognito_mock.flows.oauth_errors import PageError, RedirectError, unknown_client
from cognito_mock.flows.services import Services
from cognito_mock.web.browser import (
    browser_redirect,
    client_answer,
    page_refusal,
    unreadable_page,
)
from cognito_mock.web.cookies import set_session, set_xsrf, xsrf_matches
from cognito_mock.web.endpoints import Call, Endpoint, Rest
from cognito_mock.web.pages import page, page_of_many_visits
from cognito_mock.web.redirects import page_location

T = TypeVar("T")
TEMPLATES = (Path(__file__).parent / "templates",)
STALE_FORM = "This form is no longer valid. Please try again."
_LONGEST_FIELD = 2048  # an attribute's value, COG-API-WIRE-040; no other field is longer
PASSWORDS_DIFFER = "The two passwords do not match."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page request whose authorize parameters were checked (COG-PAG-002)."""

    services: Services
    call: Call
    authorization: Authorization

    @property
    def pool(self) -> UserPool:
        """The pool whose page this is."""
        return self.authorization.pool

    @property
    def client(self) -> AppClient:
        """The client that the user wants to go to."""
        return self.authorization.client

    @property
    def answers_with_code(self) -> bool:
        """Whether the client gets a code, which is made in no time, and no signed tokens yet."""
        return not self.authorization.in_fragment

    @property
    def query(self) -> str:
        """What every form and link repeats: the query as it came, and was read (COG-PAG-010)."""
        query: bytes = self.call.request.scope["query_string"]
        return query.decode("ascii")

    @property
    def form_is_ours(self) -> bool:
        """Whether the form was rendered by us for this browser (COG-PAG-014)."""
        return xsrf_matches(self.call.request, self.call.form.get("_csrf", ""))

    def field(self, name: str) -> str:
        """Return a form field, empty when it was not sent."""
        return self.call.form.get(name, "")

    def render(self, template: str, *, status: int = 200, **context: object) -> Response:
        """Render a page of this pool."""
        return self._render(page, template, status, context)

    def render_for_many(self, template: str, *, status: int = 200, **context: Hashable) -> Response:
        """Render a page that most visitors see alike (nothing of this one's in ``context``)."""
        return self._render(page_of_many_visits, template, status, context)

    def _render(
        self,
        rendered: Callable[..., Response],
        template: str,
        status: int,
        context: Mapping[str, object],
    ) -> Response:
        return rendered(
            self.call.request,
            self.services.entropy,
            template,
            status=status,
            directories=TEMPLATES,
            pool_name=self.pool.name,
            look=look_of(self.services, self.client),
            query=self.query,
            **context,
        )

    def go_to(self, path: str, **parameters: str) -> Response:
        """Redirect to another page with the same query and a little more."""
        location = page_location(path, {**self.call.query, **parameters})
        return browser_redirect(self.call.request, self.services.entropy, location)

    def signed_in(self, user: User) -> Response:
        """Send the user to the client, signed in (COG-PAG-015, COG-COO-009)."""
        services, origin = self.services, self.call.origin
        granted, secret = complete_sign_in(services, authorization=self.authorization, user=user)
        response = client_answer(self.call.request, services.entropy, granted)
        set_xsrf(response, new_uuid(services.entropy), origin)
        set_session(response, secret, origin)
        return response


def visiting(
    services: Services, show: Callable[[Visit], Response | Rest], *, waits: bool = True
) -> Endpoint:
    """Wrap a page: what is wrong with the authorize request is said in its own way.

    ``waits`` is as in `Endpoint`.
    """

    def visit(call: Call) -> Response | Rest:
        _check_lengths(call.form)
        asked = AuthorizationRequest.read(call.query)
        if asked.client_id is None:
            raise unknown_client()  # COG-PAG-005
        authorization = check_request(
            services, site=site_of(services, call.origin.hostname), request=asked
        )
        return show(Visit(services=services, call=call, authorization=authorization))

    def answer(call: Call) -> Response | Rest:
        found = _or_refusal(services, call, partial(visit, call))
        if isinstance(found, Rest):
            return Rest(partial(_or_refusal, services, call, found.finish))
        return found

    return Endpoint(answer, unreadable=unreadable_page(services.entropy), waits=waits)


def _or_refusal(services: Services, call: Call, step: Callable[[], T]) -> T | Response:
    request, entropy = call.request, services.entropy
    try:
        return step()
    except PageError as refusal:
        return page_refusal(request, entropy, refusal)
    except RedirectError as refusal:
        return client_answer(request, entropy, refusal)


def back_to_sign_in(visit: Visit) -> Response:
    """Answer who asks for the address of a page that is a step of a sign-in: it begins anew."""
    return visit.go_to("/login")


def _check_lengths(form: Mapping[str, str]) -> None:
    if any(len(text) > _LONGEST_FIELD for pair in form.items() for text in pair):
        raise PageError("invalid_request", in_place=True)

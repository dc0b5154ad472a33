"""An API under judgement, together with the issuer that it trusts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from cognito_conformance.adapters.channel import LocalChannel
from cognito_conformance.adapters.http import (
    DEFAULT_HEADER,
    HttpAdapter,
    Presentation,
    Send,
    send_to,
)
from cognito_conformance.adapters.responder import Responder
from cognito_conformance.adapters.subject import Subject, Trace
from cognito_conformance.issuer_server import DEFAULT_BASE, SuiteIssuer, UnusableIssuer
from cognito_conformance.model import Case, Scenario
from cognito_conformance.runner.runner import Premises


def is_address(spec: str) -> bool:
    """Tell whether an adapter's specification is the address of an API."""
    return spec.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Everything that is known about it before the first request."""

    name: str
    issuer: SuiteIssuer
    presentation: Presentation
    connect: Callable[[], Send]

    @classmethod
    def at(
        cls,
        url: str,
        *,
        seed: int | None,
        issuer: str | None = None,
        header: str | None = None,
        token_use: str = "access",  # noqa: S107  (a claim's value)
    ) -> Self:
        """Return the API at ``url``. Raises `ValueError` with a text for the command's user."""
        if seed is None:
            raise UnusableIssuer(
                "an API is configured before it is judged: start `cognito-conformance "
                "serve-issuer`, configure the API with what it prints, and give its --seed"
            )
        return cls(
            name=url,
            issuer=SuiteIssuer.create(issuer or DEFAULT_BASE, seed, token_use=token_use),
            presentation=Presentation(header or DEFAULT_HEADER),
            connect=lambda: send_to(url),
        )

    def render(self, case: Case) -> Scenario:
        """Render ``case`` for now: an API's clock is the wall's."""
        return self.issuer.forge.render(case, now=int(time.time()))

    @property
    def premises(self) -> Premises:
        """Return what it can be asked."""
        return Premises(config=self.issuer.config, can_carry=self.presentation.can_carry)

    def subject(self, *, trace: Trace | None = None) -> Subject:
        """Return it as a subject, not started yet."""

        def open_channel() -> LocalChannel:
            adapter = HttpAdapter(self.connect(), self.presentation, name=self.name)
            return LocalChannel(Responder(adapter))

        return Subject(open_channel, trace=trace)

"""Judge a web application from its own tests, without a server.

```python
from cognito_conformance.testing import judge_asgi, suite_issuer


def test_the_api_refuses_what_it_must() -> None:
    with suite_issuer() as issuer:
        app = create_app(issuer=issuer.url, client_id=issuer.client_id)

        judgement = judge_asgi(app, issuer, path="/me")

    assert judgement.failures == ()
```
"""

import asyncio
import contextlib
import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cognito_conformance.adapters.http import (
    DEFAULT_HEADER,
    Presentation,
    Reply,
    Send,
    client_for_requests,
    reply_of,
    send_to,
)
from cognito_conformance.baseline import Baseline
from cognito_conformance.issuer_server import SuiteIssuer
from cognito_conformance.model import Level
from cognito_conformance.properties import PROPERTIES
from cognito_conformance.properties.search import search
from cognito_conformance.relying_party import RelyingParty
from cognito_conformance.report.summary import Conclusion, conclude
from cognito_conformance.runner import CaseOutcome, Runner
from cognito_conformance.selection import Catalogue, Selection

__all__ = ["Judgement", "SuiteIssuer", "judge_asgi", "judge_url", "judge_wsgi", "suite_issuer"]

_ORIGIN: Final = "http://testserver"
_SEEDS: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What became of every case."""

    conclusion: Conclusion

    @property
    def failures(self) -> tuple[str, ...]:
        """Return a sentence for each case in which a MUST was not met, and for mishaps."""
        return self._failures(Level.MUST) + self.conclusion.errors

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each case in which a SHOULD was not met."""
        return self._failures(Level.SHOULD)

    @property
    def executed(self) -> int:
        """Return how many cases were presented; assert that it is not zero."""
        return self.conclusion.executed

    def _failures(self, level: Level) -> tuple[str, ...]:
        return tuple(
            f"{result.requirement.id}: {case.outcome.id}: {case.detail}"
            for result in self.conclusion.results
            if result.requirement.level is level
            for case in result.cases
            if case.status.failed
        )


@contextlib.contextmanager
def suite_issuer(
    *,
    seed: int | None = None,
    token_use: str = "access",  # noqa: S107  (a claim's value)
) -> Iterator[SuiteIssuer]:
    """Serve an issuer on a free loopback port: configure the application with its members."""
    with SuiteIssuer.on_free_port(
        secrets.randbelow(_SEEDS) if seed is None else seed, token_use=token_use
    ) as issuer:
        yield issuer


def judge_asgi(
    app: Any,
    issuer: SuiteIssuer,
    *,
    path: str,
    header: str = DEFAULT_HEADER,
    select: str | None = None,
    examples: int = 20,
) -> Judgement:
    """Judge an ASGI application by GET requests to ``path``. Its lifespan is not started."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url=_ORIGIN)
    with asyncio.Runner() as loop:

        def send(fields: Mapping[str, str]) -> Reply:
            return reply_of(loop.run(client.get(path, headers=fields)))

        return _judge(_party(issuer, header, lambda: send), select=select, examples=examples)


def judge_wsgi(
    app: Callable[..., Any],
    issuer: SuiteIssuer,
    *,
    path: str,
    header: str = DEFAULT_HEADER,
    select: str | None = None,
    examples: int = 20,
) -> Judgement:
    """Judge a WSGI application by GET requests to ``path``."""
    transport = httpx.WSGITransport(app=app, raise_app_exceptions=False)
    with httpx.Client(transport=transport, base_url=_ORIGIN) as client:

        def send(fields: Mapping[str, str]) -> Reply:
            return reply_of(client.get(path, headers=fields))

        return _judge(_party(issuer, header, lambda: send), select=select, examples=examples)


def judge_url(
    url: str,
    issuer: SuiteIssuer,
    *,
    header: str = DEFAULT_HEADER,
    select: str | None = None,
    examples: int = 20,
) -> Judgement:
    """Judge a server that is running already, by GET requests to ``url``."""
    with client_for_requests() as client:
        party = _party(issuer, header, lambda: send_to(url, client))
        return _judge(party, select=select, examples=examples)


def _party(issuer: SuiteIssuer, header: str, connect: Callable[[], Send]) -> RelyingParty:
    presentation = Presentation(header)
    return RelyingParty(name="app", issuer=issuer, presentation=presentation, connect=connect)


def _judge(party: RelyingParty, *, select: str | None, examples: int) -> Judgement:
    catalogue = Catalogue.load()
    selection = Selection(pattern=select)
    subject = party.subject()
    runner = Runner(
        subject,
        party.render,
        requirements=catalogue.requirements,
        cases=catalogue.cases,
        premises=party.premises,
    )
    try:
        info = subject.start()
        outcomes = [runner.run(case) for case in selection.cases(catalogue)]
        outcomes += _searched(runner, selection, examples=examples, seed=party.issuer.seed)
    finally:
        runner.close()
    conclusion = conclude(
        outcomes,
        implementation=info,
        requirements=catalogue.requirements,
        cases=catalogue.cases,
        baseline=Baseline(),
        today=dt.datetime.now(dt.UTC).date(),
        complete=select is None,
    )
    return Judgement(conclusion=conclusion)


def _searched(
    runner: Runner, selection: Selection, *, examples: int, seed: int
) -> Iterator[CaseOutcome]:
    for law in PROPERTIES:
        if any(selection.matches(law.outcome_id(name), name) for name in law.requirements):
            yield from search(law, runner, examples=examples, seed=seed)

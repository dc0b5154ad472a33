"""Search for examples that break a property, and report the smallest one per requirement."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Flaky

from cognito_conformance.properties.model import Example, Property
from cognito_conformance.properties.provider import register
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status
from cognito_conformance.runner.runner import Runner

_SHRINKING_CALLS: Final = 400
"""How many more examples are tried for each broken requirement, to find a smaller one."""


class _Broken(Exception):  # noqa: N818  (the property is)
    """Tells Hypothesis that an example failed; one subclass a requirement, so that each shrinks."""


class Enough(BaseException):
    """Ends a search at once; Hypothesis lets it through because it is no `Exception`."""


def search(
    law: Property, runner: Runner, *, examples: int, seed: int | None
) -> tuple[CaseOutcome, ...]:
    """Return one outcome for each requirement that ``law`` is about."""
    broken: dict[str, CaseOutcome] = {}
    passed: dict[str, CaseOutcome] = {}
    calls = 0
    kinds: Mapping[str, type[_Broken]] = {
        name: type(f"Broken_{name}", (_Broken,), {}) for name in law.requirements
    }

    def check(example: Example) -> None:
        nonlocal calls
        outcome = runner.run(law.case(example))
        calls += bool(broken)
        if not outcome.failed:
            # Some examples cannot be asked; one that was says more.
            if outcome.status.executed or example.requirement not in passed:
                passed[example.requirement] = outcome
        else:
            keep_smaller(broken, example.requirement, outcome)
        # An adapter that broke once would only be broken again by shrinking.
        if outcome.fault is not None or calls > _SHRINKING_CALLS * len(broken) > 0:
            raise Enough
        if outcome.failed:
            raise kinds[example.requirement](outcome.detail)

    searching = settings(
        max_examples=examples,
        backend=register(),
        deadline=None,
        database=None,
        # The same examples on Tuesday, unless somebody asks for others by their seed.
        derandomize=seed is None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    test = searching(given(law.examples)(check))
    if seed is not None:
        test = hypothesis.seed(seed)(test)
    try:
        test()
    except (_Broken, Enough):
        pass
    except ExceptionGroup as group:
        _, other = group.split(_Broken)
        if other is not None:
            raise other from None
    except Flaky as flaky:
        return _flaky(law, broken, passed, flaky)
    return _outcomes(law, broken, passed)


def keep_smaller(broken: dict[str, CaseOutcome], requirement: str, outcome: CaseOutcome) -> bool:
    """Keep the failure whose recipe is the shortest to read; tell whether this one is."""
    known = broken.get(requirement)
    smaller = known is None or len(outcome.recipe) < len(known.recipe)
    if smaller:
        broken[requirement] = outcome
    return smaller


def _outcomes(
    law: Property, broken: Mapping[str, CaseOutcome], passed: Mapping[str, CaseOutcome]
) -> tuple[CaseOutcome, ...]:
    return tuple(
        broken.get(name) or _passed(passed[name])
        for name in law.requirements
        if name in broken or name in passed
    )


def _passed(outcome: CaseOutcome) -> CaseOutcome:
    """Return an outcome that stands for all examples: the last one's particulars mean nothing."""
    # Where only the absence of a crash was asked for, it was recorded, and seen.
    status = Status.PASS if outcome.status is Status.RECORDED else outcome.status
    return replace(outcome, status=status, verdict=None, reason=None, ms=0.0)


def _flaky(
    law: Property,
    broken: Mapping[str, CaseOutcome],
    passed: Mapping[str, CaseOutcome],
    flaky: Exception,
) -> tuple[CaseOutcome, ...]:
    """The same token got two verdicts: that is a finding of its own."""
    name = "state/repeatable"
    outcome = CaseOutcome(
        id=law.outcome_id(name),
        requirement=name,
        status=Status.FAIL,
        detail=f"the same token got different verdicts: {str(flaky)[:300]}",
        breaches=(Breach.UNSTEADY,),
    )
    return (outcome, *_outcomes(law, broken, passed))

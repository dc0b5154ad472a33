"""Search for examples that break a property, and report the smallest one per requirement."""

from collections.abc import Mapping
from dataclasses import replace

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from cognito_conformance.properties.model import Example, Property
from cognito_conformance.runner.outcome import CaseOutcome, Status
from cognito_conformance.runner.runner import Runner


class _Broken(Exception):  # noqa: N818  (the property is)
    """Tells Hypothesis that an example failed; one subclass a requirement, so that each shrinks."""


class _Aborted(Exception):  # noqa: N818  (the search is)
    """The adapter broke: shrinking would only break it again."""


def search(
    law: Property, runner: Runner, *, examples: int, seed: int | None
) -> tuple[CaseOutcome, ...]:
    """Return one outcome for each requirement that ``law`` is about."""
    broken: dict[str, CaseOutcome] = {}
    kinds: Mapping[str, type[_Broken]] = {
        name: type(f"Broken_{name}", (_Broken,), {}) for name in law.requirements
    }
    passed: dict[str, CaseOutcome] = {}

    def check(example: Example) -> None:
        outcome = runner.run(law.case(example))
        if not outcome.failed:
            passed[example.requirement] = outcome
            return
        broken[example.requirement] = outcome
        if outcome.fault is not None:
            raise _Aborted(outcome.detail)
        raise kinds[example.requirement](outcome.detail)

    searching = settings(
        max_examples=examples,
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
    except (_Broken, _Aborted):
        pass
    except BaseExceptionGroup as group:
        _, other = group.split((_Broken, _Aborted))
        if other is not None:
            raise other from None
    except hypothesis.errors.Flaky as flaky:
        return _flaky(law, broken, passed, flaky)
    return _outcomes(law, broken, passed)


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
    status = outcome.status
    if status is Status.RECORDED:
        # Only the absence of a crash was asked for, and seen.
        return replace(outcome, status=Status.PASS, verdict=None, reason=None, ms=0.0)
    return replace(outcome, reason=None, ms=0.0)


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
    )
    return (outcome, *_outcomes(law, broken, passed))

"""Run cases against a subject and judge the answers."""

from cognito_conformance.runner.execute import Executor, Observation
from cognito_conformance.runner.judge import judge
from cognito_conformance.runner.outcome import CaseOutcome, Finding, Status
from cognito_conformance.runner.runner import Premises, Runner

__all__ = [
    "CaseOutcome",
    "Executor",
    "Finding",
    "Observation",
    "Premises",
    "Runner",
    "Status",
    "judge",
]

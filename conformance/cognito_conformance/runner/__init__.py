"""Run cases against a subject and judge the answers."""

from cognito_conformance.runner.execute import Executor, Observation
from cognito_conformance.runner.judge import judge
from cognito_conformance.runner.outcome import CaseOutcome, Finding, Status
from cognito_conformance.runner.runner import Runner

__all__ = ["CaseOutcome", "Executor", "Finding", "Observation", "Runner", "Status", "judge"]

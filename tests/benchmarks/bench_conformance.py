"""How many verifications a second go through the pipe, both schemas checked. Prints, never judges.

``python tests/benchmarks/bench_conformance.py [SPEC]``
"""

import sys
import time

from cognito_conformance.adapters.opening import open_subject
from cognito_conformance.forge import Forge
from cognito_conformance.model import Case, Verdict, VerifyStep

CALLS = 6000
DEFAULT = (
    f"exec:{sys.executable} -m cognito_conformance.serve "
    "cognito_conformance.adapters.builtin.cognito_verify:adapter"
)


def main() -> None:
    """Verify one good RS256 token many times."""
    subject = open_subject(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)
    case = Case(
        id="bench",
        requirement="base/access",
        expect=frozenset({Verdict.ACCEPT}),
        recipe={"token": {}},
    )
    scenario = Forge.create().render(case)
    step = scenario.steps[0]
    assert isinstance(step, VerifyStep)
    info = subject.start()
    subject.configure(scenario.config)
    subject.verify(step.token, step.now)
    wall, own = time.perf_counter(), time.process_time()
    for _ in range(CALLS):
        assert subject.verify(step.token, step.now).verdict is Verdict.ACCEPT
    wall, own = time.perf_counter() - wall, time.process_time() - own
    subject.close()
    print(f"{info.name} {info.version}: {CALLS / wall:,.0f} verifications/s across the pipe")
    print(f"the suite's own share: {own / CALLS * 1e6:.0f} microseconds a call")


if __name__ == "__main__":
    main()

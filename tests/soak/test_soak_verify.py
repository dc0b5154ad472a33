"""A few seconds of the soak; hours of it are run by hand."""

from .soak_verify import soak


def test_no_verdict_is_wrong_while_keys_rotate_and_fail() -> None:
    """Threads and tasks share one verifier; the server's log says what is right."""
    result = soak(6.0, rate=120.0, seed=7)

    assert result["failures"] == []
    assert result["requests"]
    assert len(result["verdicts"]) > 10

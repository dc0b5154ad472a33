"""What a right or wrong password leads to: lock-out, statuses, expiry."""

from dataclasses import replace

from cognito_mock.core.errors import (
    CognitoError,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from cognito_mock.core.users import User, UserStatus
from cognito_mock.stores.base import Transaction

_FREE_FAILURES = 5
_LONGEST_LOCK_SECONDS = 900


def incorrect() -> NotAuthorizedException:
    """COG-API-PWD-003: also for unknown users when their existence is to be kept back."""
    return NotAuthorizedException("Incorrect username or password.")


def unknown_user(*, keep_back: bool) -> CognitoError:
    """COG-API-EXIST-001, -003."""
    return incorrect() if keep_back else UserNotFoundException("User does not exist.")


def disabled() -> NotAuthorizedException:
    """COG-API-PWD-003: told whatever the client's PreventUserExistenceErrors."""
    return NotAuthorizedException("User is disabled.")


def judge(
    tx: Transaction, user: User, *, right: bool, now: float, keep_back: bool = False
) -> CognitoError | None:
    """Count the attempt and return why it fails, in the order of COG-API-PWD-002.

    The reason is returned, not raised, because the count must be committed. Status and password
    expiry that only the owner may learn come after the comparison (COG-API-PWD-003); with
    ``keep_back`` so does RESET_REQUIRED, or it would tell who exists (COG-API-EXIST-001).
    """
    reset_required = user.status is UserStatus.RESET_REQUIRED
    if not user.enabled:
        return disabled()
    if reset_required and not keep_back:
        return _reset_required()
    if now < lock_ends(user.failed_sign_ins, user.last_failure_at):
        return attempts_exceeded()
    if not right:
        failures = failures_with(user.failed_sign_ins, user.last_failure_at, now)
        tx.put(replace(user, failed_sign_ins=failures, last_failure_at=now))
        return incorrect()
    if user.failed_sign_ins:
        tx.put(replace(user, failed_sign_ins=0, last_failure_at=0.0))
    if reset_required:
        return _reset_required()
    if user.status is UserStatus.UNCONFIRMED:
        return UserNotConfirmedException("User is not confirmed.")
    ends = user.password.temporary_until if user.password is not None else None
    if ends is not None and now >= ends:
        return NotAuthorizedException(
            "Temporary password has expired and must be reset by an administrator."
        )
    return None


def _reset_required() -> PasswordResetRequiredException:
    return PasswordResetRequiredException("Password reset required for the user")


def attempts_exceeded() -> NotAuthorizedException:
    """COG-API-LOCK-001: while the lock lasts, right or wrong."""
    return NotAuthorizedException("Password attempts exceeded")


def lock_ends(failures: int, last_failure_at: float) -> float:
    """COG-API-LOCK-001: 1 s after the fifth failure, then twice as long each time."""
    beyond = failures - _FREE_FAILURES
    if beyond < 0:
        return 0.0
    # The shift is bounded first: the number of failures is not.
    return last_failure_at + min(1 << min(beyond, 10), _LONGEST_LOCK_SECONDS)


def failures_with(failures: int, last_failure_at: float, now: float) -> int:
    """Return the count after one more failure; a quarter of an hour forgets (COG-API-LOCK-001)."""
    return 1 if now - last_failure_at >= _LONGEST_LOCK_SECONDS else failures + 1

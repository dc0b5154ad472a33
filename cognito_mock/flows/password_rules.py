"""Which new passwords a pool takes: its policy and its users' histories (spec section 4.5)."""

from cognito_mock.core.errors import (
    InvalidPasswordException,
    PasswordHistoryPolicyViolationException,
)
from cognito_mock.core.passwords import FormerPassword, StoredPassword
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User

NOT_CONFORMING = "Password did not conform with policy"


def check_policy(pool: UserPool, password: str, prefix: str = NOT_CONFORMING) -> None:
    """Refuse a password that falls short (COG-API-POLICY-003); the prefix differs by operation."""
    shortcoming = pool.password_policy.shortcoming(password)
    if shortcoming is not None:
        raise InvalidPasswordException(f"{prefix}: {shortcoming}")


def check_history(pool: UserPool, user: User, password: str) -> None:
    """Refuse one of the last passwords, the present one included (COG-API-POLICY-005).

    Only who may set the user's password may learn this, so ask after their proof was checked.
    """
    size = pool.password_policy.history_size
    history: list[StoredPassword | FormerPassword] = [*user.former_passwords]
    if user.password is not None:
        history.insert(0, user.password)
    if any(past.matches(password) for past in history[:size]):
        raise PasswordHistoryPolicyViolationException("Password has previously been used")


def next_history(pool: UserPool, user: User) -> tuple[FormerPassword, ...]:
    """Return what is kept of former passwords when the user gets a new one."""
    if user.password is None:
        return user.former_passwords
    present = FormerPassword(salt=user.password.salt, digest=user.password.digest)
    # The new password is one of those that cannot be had again.
    kept = max(pool.password_policy.history_size - 1, 0)
    return (present, *user.former_passwords)[:kept]

"""The second factors that a user has switched on, and the preferred one (COG-API-MFA-012...015)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cognito_mock.core.attributes import ADMIN_SCOPE
from cognito_mock.core.errors import (
    InvalidParameterException,
    PasswordResetRequiredException,
    UserNotConfirmedException,
)
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.access_tokens import open_access_token
from cognito_mock.flows.lookups import get_pool, get_user
from cognito_mock.flows.members import section, strings
from cognito_mock.flows.mfa_factors import (
    CONTACTS,
    EMAIL_OTP,
    SMS_MFA,
    SOFTWARE_TOKEN_MFA,
    can_use,
    pool_factors,
    switched_off,
    switched_on,
)
from cognito_mock.flows.services import Services

# COG-API-MFA-013; the texts are uncertain.
_POOL_HAS_NONE = {
    SMS_MFA: "User pool does not have SMS configuration to turn on SMS MFA",
    SOFTWARE_TOKEN_MFA: (
        "User pool does not have software token configuration to turn on software token MFA"
    ),
    EMAIL_OTP: "User pool does not have email configuration to turn on email MFA",
}
_LEGACY_OPTION = {"DeliveryMedium": "SMS", "AttributeName": "phone_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaSetting:
    """What is asked for one factor."""

    enabled: bool
    preferred: bool


def set_user_mfa_preference(
    services: Services, *, access_token: str, settings: Mapping[str, MfaSetting]
) -> None:
    """SetUserMFAPreference; factors that are not named stay as they are."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    admin_set_user_mfa_preference(
        services, pool_id=grant.pool.id, username=grant.user.username, settings=settings
    )


def admin_set_user_mfa_preference(
    services: Services, *, pool_id: str, username: str, settings: Mapping[str, MfaSetting]
) -> None:
    """AdminSetUserMFAPreference; ``settings`` are by challenge name."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
        _check_state(user)
        changed = _with_settings(pool, user, settings)
        if changed != user:
            tx.put(replace(changed, modified_at=services.clock.now()))


def set_user_settings(
    services: Services, *, access_token: str, options: Sequence[JsonObject]
) -> None:
    """SetUserSettings, which only knows SMS (COG-API-MFA-014)."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    admin_set_user_settings(
        services, pool_id=grant.pool.id, username=grant.user.username, options=options
    )


def admin_set_user_settings(
    services: Services, *, pool_id: str, username: str, options: Sequence[JsonObject]
) -> None:
    """AdminSetUserSettings: SMS on, or off with an empty list."""
    if any(dict(option) != _LEGACY_OPTION for option in options):
        raise InvalidParameterException("Only SMS to phone_number can be set as an MFA option.")
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
        setting = MfaSetting(enabled=bool(options), preferred=user.mfa_preference == SMS_MFA)
        changed = _with_setting(pool, user, SMS_MFA, setting)
        tx.put(replace(changed, legacy_sms=bool(options), modified_at=services.clock.now()))


def admin_delete_software_token(services: Services, *, pool_id: str, username: str) -> None:
    """AdminDeleteSoftwareToken: the registration, the pending one too (COG-API-MFA-015)."""
    with services.store.transaction() as tx:
        user = get_user(tx, get_pool(tx, pool_id), username)
        if user.status is UserStatus.UNCONFIRMED:
            raise UserNotConfirmedException("User is not confirmed.")
        tx.put(
            replace(
                switched_off(user, SOFTWARE_TOKEN_MFA),
                totp_secret=None,
                totp_pending=None,
                totp_name="",
                totp_last_step=-1,
                modified_at=services.clock.now(),
            )
        )


def user_auth_factors(services: Services, *, access_token: str) -> tuple[User, list[str]]:
    """GetUserAuthFactors: the user, and what they can sign in with."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    _check_state(grant.user)
    return grant.user, _configured_factors(grant.pool, grant.user)


def admin_user_auth_factors(
    services: Services, *, pool_id: str, username: str
) -> tuple[User, list[str]]:
    """AdminGetUserAuthFactors."""
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
        user = get_user(tx, pool, username)
    return user, _configured_factors(pool, user)


def _with_settings(pool: UserPool, user: User, settings: Mapping[str, MfaSetting]) -> User:
    if sum(setting.preferred for setting in settings.values()) > 1:
        # COG-API-GAP-003: the service's text is not known.
        raise InvalidParameterException("Only one MFA method can be preferred.")
    if any(setting.preferred and not setting.enabled for setting in settings.values()):
        raise InvalidParameterException("An MFA method must be enabled to be preferred.")
    for factor, setting in settings.items():
        user = _with_setting(pool, user, factor, setting)
    return user


def _with_setting(pool: UserPool, user: User, factor: str, setting: MfaSetting) -> User:
    if not setting.enabled:
        changed = switched_off(user, factor)
        return replace(changed, legacy_sms=user.legacy_sms and factor != SMS_MFA)
    _check_available(pool, user, factor)
    changed = switched_on(user, factor)
    if setting.preferred:
        return replace(changed, mfa_preference=factor)
    preference = None if user.mfa_preference == factor else user.mfa_preference
    return replace(changed, mfa_preference=preference)


def _check_available(pool: UserPool, user: User, factor: str) -> None:
    """COG-API-MFA-013. Passkeys are never available: nobody has one."""
    if factor in _POOL_HAS_NONE and factor not in pool_factors(pool):
        raise InvalidParameterException(_POOL_HAS_NONE[factor])
    if factor not in _POOL_HAS_NONE or not can_use(user, factor):
        raise InvalidParameterException(
            f"User does not have delivery config set to turn on {factor}"
        )


def _check_state(user: User) -> None:
    if user.status is UserStatus.UNCONFIRMED:
        raise UserNotConfirmedException("User is not confirmed.")
    if user.status is UserStatus.RESET_REQUIRED:
        raise PasswordResetRequiredException("Password reset required for the user")


def _configured_factors(pool: UserPool, user: User) -> list[str]:
    """Return what the user could begin a sign-in with, and a registered software token."""
    allowed = strings(
        section(section(pool.settings, "Policies"), "SignInPolicy"), "AllowedFirstAuthFactors"
    )
    reachable = {"EMAIL_OTP": CONTACTS[EMAIL_OTP], "SMS_OTP": CONTACTS[SMS_MFA]}
    by_code = [
        factor
        for factor, attribute in reachable.items()
        if factor in allowed and user.attributes.get(attribute)
    ]
    return [
        *(["PASSWORD"] if user.password is not None else []),
        *by_code,
        *(["SOFTWARE_TOKEN"] if user.totp_secret is not None else []),
    ]

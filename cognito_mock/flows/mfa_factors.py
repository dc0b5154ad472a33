"""Which second factors a pool has, and which of them a sign-in is asked for.

COG-API-MFA-001 ... -003. Pure: nothing is read or written here.
"""

from dataclasses import replace

from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.members import flag, optional_text, section, sections

SMS_MFA = "SMS_MFA"
SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"  # noqa: S105  (a factor)
EMAIL_OTP = "EMAIL_OTP"

# The attribute that a factor's codes are sent to.
CONTACTS = {SMS_MFA: "phone_number", EMAIL_OTP: "email"}
_RECOVERY = {"verified_phone_number": "phone_number", "verified_email": "email"}


def mfa_mode(pool: UserPool) -> str:
    """Return ``OFF``, ``OPTIONAL`` or ``ON``."""
    return optional_text(pool.settings, "MfaConfiguration") or "OFF"


def sms_is_on(pool: UserPool) -> bool:
    """Tell whether the pool sends codes by SMS: it can, and nobody has switched it off."""
    return bool(section(pool.settings, "SmsConfiguration")) and not flag(
        pool.settings, "SmsMfaSwitchedOff"
    )


def pool_factors(pool: UserPool) -> tuple[str, ...]:
    """Return the factors that the pool has, in the order of its lists; none with MFA OFF."""
    if mfa_mode(pool) == "OFF":
        return ()
    on = {
        SMS_MFA: sms_is_on(pool),
        SOFTWARE_TOKEN_MFA: _tokens_are_on(pool),
        EMAIL_OTP: _email_is_on(pool),
    }
    return tuple(factor for factor, is_on in on.items() if is_on)


def has_factor_without_sms(pool: UserPool) -> bool:
    """Tell whether the pool was given software tokens or e-mail, whatever its mode."""
    return _tokens_are_on(pool) or _email_is_on(pool)


def can_use(user: User, factor: str) -> bool:
    """Tell whether the user has what the factor needs: a contact, or a verified token."""
    if factor == SOFTWARE_TOKEN_MFA:
        return user.totp_secret is not None
    return bool(user.attributes.get(CONTACTS[factor]))


def asked_factors(pool: UserPool, user: User) -> tuple[str, ...]:
    """Return the factors that the user is asked for: the preferred one, or all usable ones.

    (COG-API-MFA-002.)
    """
    possible = [factor for factor in pool_factors(pool) if can_use(user, factor)]
    usable = [factor for factor in possible if factor in user.mfa_factors]
    if mfa_mode(pool) == "ON":
        # COG-API-MFA-003: a contact will do, but not the one that recovers the password.
        recovery = _first_recovery_contact(pool)
        usable = [
            factor
            for factor in possible
            if factor in usable or CONTACTS.get(factor, recovery) != recovery
        ]
        # A token that was registered and never switched on is better than setting up another,
        # which the password alone would be enough for.
        usable = usable or [factor for factor in possible if factor == SOFTWARE_TOKEN_MFA]
    preferred = [factor for factor in usable if factor == user.mfa_preference]
    return tuple(preferred or usable)


def active_contacts(pool: UserPool, user: User) -> set[str]:
    """Return the attributes to which codes of an active factor are sent."""
    active = [factor for factor in pool_factors(pool) if factor in user.mfa_factors]
    return {CONTACTS[factor] for factor in active if factor in CONTACTS}


def factors_to_set_up(pool: UserPool, user: User) -> tuple[str, ...]:
    """Return what MFA_SETUP offers (COG-API-MFA-006): contacts only where there is none yet."""
    return tuple(
        factor
        for factor in pool_factors(pool)
        if factor == SOFTWARE_TOKEN_MFA or not can_use(user, factor)
    )


def must_set_up(pool: UserPool, user: User) -> bool:
    """Tell whether the pool demands a factor and the user has none."""
    return mfa_mode(pool) == "ON" and not asked_factors(pool, user)


def switched_on(user: User, factor: str) -> User:
    """Return the user with the factor active."""
    return _with_factors(user, {*user.mfa_factors, factor})


def switched_off(user: User, factor: str) -> User:
    """Return the user with the factor inactive, and not preferred."""
    changed = _with_factors(user, {*user.mfa_factors} - {factor})
    return replace(changed, mfa_preference=None) if user.mfa_preference == factor else changed


def _tokens_are_on(pool: UserPool) -> bool:
    return flag(section(pool.settings, "SoftwareTokenMfaConfiguration"), "Enabled")


def _email_is_on(pool: UserPool) -> bool:
    return "EmailMfaConfiguration" in pool.settings


def _with_factors(user: User, factors: set[str]) -> User:
    listed = (SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP)
    return replace(user, mfa_factors=tuple(factor for factor in listed if factor in factors))


def _first_recovery_contact(pool: UserPool) -> str | None:
    setting = section(pool.settings, "AccountRecoverySetting")
    mechanisms = sorted(
        sections(setting, "RecoveryMechanisms"), key=lambda entry: str(entry.get("Priority"))
    )
    return _RECOVERY.get(str(mechanisms[0].get("Name"))) if mechanisms else None

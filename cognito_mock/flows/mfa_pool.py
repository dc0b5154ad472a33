"""A pool's configuration of second factors (COG-API-POOL-005).

It lives in the pool's settings beside what DescribeUserPool shows. ``SmsMfaSwitchedOff`` tells of a
pool that can send SMS, for verification, but is not to send codes of the second factor.
"""

from collections.abc import Iterator
from dataclasses import replace

from cognito_mock.core.errors import (
    CognitoError,
    FeatureUnavailableInTierException,
    InvalidParameterException,
)
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import flag, optional_text, section
from cognito_mock.flows.mfa_factors import mfa_mode, sms_is_on
from cognito_mock.flows.services import Services

# What UpdateUserPool has no member for, and so leaves alone.
KEPT_SETTINGS = (
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    "WebAuthnConfiguration",
    "SmsMfaSwitchedOff",
)
GIVEN_SETTINGS = KEPT_SETTINGS[:3]


def set_user_pool_mfa_config(
    services: Services, *, pool_id: str, request: JsonObject
) -> JsonObject:
    """SetUserPoolMfaConfig: replace the configuration and return it.

    ``MfaConfiguration`` stays when it is not sent: nobody means to switch the second factor off by
    configuring passkeys.
    """
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        mode = optional_text(request, "MfaConfiguration") or mfa_mode(pool)
        for error in _broken_rules(pool, request, mode):
            raise error
        settings: dict[str, JsonValue] = {
            name: value for name, value in pool.settings.items() if name not in KEPT_SETTINGS
        }
        settings["MfaConfiguration"] = mode
        settings.update({n: request[n] for n in GIVEN_SETTINGS if request.get(n) is not None})
        if "SmsMfaConfiguration" in request:
            settings.update(section(request, "SmsMfaConfiguration"))
        elif mode != "OFF":
            settings["SmsMfaSwitchedOff"] = True
        changed = replace(pool, settings=settings, modified_at=services.clock.now())
        tx.put(changed)
    return _configuration(changed)


def get_user_pool_mfa_config(services: Services, *, pool_id: str) -> JsonObject:
    """GetUserPoolMfaConfig."""
    with services.store.read() as tx:
        return _configuration(get_pool(tx, pool_id))


def _configuration(pool: UserPool) -> JsonObject:
    mode = mfa_mode(pool)
    sms: dict[str, JsonValue] = {
        name: pool.settings[name]
        for name in ("SmsAuthenticationMessage", "SmsConfiguration")
        if name in pool.settings
    }
    return {
        "SmsMfaConfiguration": sms if mode != "OFF" and sms_is_on(pool) else None,
        **{name: pool.settings.get(name) for name in GIVEN_SETTINGS},
        "MfaConfiguration": mode,
    }


def _broken_rules(pool: UserPool, request: JsonObject, mode: str) -> Iterator[CognitoError]:
    sms, email = "SmsMfaConfiguration" in request, "EmailMfaConfiguration" in request
    token = flag(section(request, "SoftwareTokenMfaConfiguration"), "Enabled")
    if mode == "OFF" and (sms or email or token):
        yield InvalidParameterException(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        )
    if mode != "OFF" and not (sms or email or token):
        yield InvalidParameterException(
            "Invalid MFA Configuration given."
            " SMS MFA, Email MFA, or Software Token MFA must be enabled."
        )
    given = section(section(request, "SmsMfaConfiguration"), "SmsConfiguration")
    if sms and not (given or section(pool.settings, "SmsConfiguration")):
        # COG-API-MSG-005
        yield InvalidParameterException(
            "SMS configuration and Auto verification for phone_number are required"
            " when MFA is required/optional"
        )
    if email and optional_text(pool.settings, "UserPoolTier") == "LITE":
        # COG-API-MFA-001; worded as in COG-API-MSG-003.
        yield FeatureUnavailableInTierException(
            "The following feature is not available for the LITE pricing tier configured: Email MFA"
        )
    sender = section(pool.settings, "EmailConfiguration").get("EmailSendingAccount")
    if email and sender != "DEVELOPER":
        # COG-API-MSG-006
        yield InvalidParameterException(
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an"
            " EmailSendingAccount of COGNITO_DEFAULT."
        )

"""Second factors: software tokens, preferences, a pool's configuration (spec section 3.9)."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.users import User
from cognito_mock.flows import mfa_pool, mfa_preferences, mfa_setup
from cognito_mock.flows.members import flag, optional_text, section, sections, text
from cognito_mock.flows.mfa_factors import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA
from cognito_mock.flows.mfa_preferences import MfaSetting
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.user_documents import mfa_members

_SETTINGS = {
    "SMSMfaSettings": SMS_MFA,
    "SoftwareTokenMfaSettings": SOFTWARE_TOKEN_MFA,
    "EmailMfaSettings": EMAIL_OTP,
    "WebAuthnMfaSettings": "WEB_AUTHN",
}


def associate_software_token(call: Call) -> JsonObject:
    """COG-API-OP-AssociateSoftwareToken."""
    token = mfa_setup.associate_software_token(
        call.services,
        access_token=optional_text(call.input, "AccessToken"),
        session=optional_text(call.input, "Session"),
    )
    return {"SecretCode": token.secret, "Session": token.session}


def verify_software_token(call: Call) -> JsonObject:
    """COG-API-OP-VerifySoftwareToken; a wrong code is an error, never ``Status`` ERROR."""
    session = mfa_setup.verify_software_token(
        call.services,
        code=text(call.input, "UserCode"),
        access_token=optional_text(call.input, "AccessToken"),
        session=optional_text(call.input, "Session"),
        name=optional_text(call.input, "FriendlyDeviceName"),
    )
    return {"Status": "SUCCESS", "Session": session}


def set_user_mfa_preference(call: Call) -> JsonObject:
    """COG-API-OP-SetUserMFAPreference."""
    mfa_preferences.set_user_mfa_preference(
        call.services,
        access_token=text(call.input, "AccessToken"),
        settings=_settings(call.input),
    )
    return {}


def admin_set_user_mfa_preference(call: Call) -> JsonObject:
    """COG-API-OP-AdminSetUserMFAPreference."""
    mfa_preferences.admin_set_user_mfa_preference(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        settings=_settings(call.input),
    )
    return {}


def set_user_settings(call: Call) -> JsonObject:
    """COG-API-OP-SetUserSettings."""
    mfa_preferences.set_user_settings(
        call.services,
        access_token=text(call.input, "AccessToken"),
        options=sections(call.input, "MFAOptions"),
    )
    return {}


def admin_set_user_settings(call: Call) -> JsonObject:
    """COG-API-OP-AdminSetUserSettings."""
    mfa_preferences.admin_set_user_settings(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        options=sections(call.input, "MFAOptions"),
    )
    return {}


def admin_delete_software_token(call: Call) -> JsonObject:
    """COG-API-OP-AdminDeleteSoftwareToken."""
    mfa_preferences.admin_delete_software_token(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


def get_user_auth_factors(call: Call) -> JsonObject:
    """COG-API-OP-GetUserAuthFactors."""
    user, factors = mfa_preferences.user_auth_factors(
        call.services, access_token=text(call.input, "AccessToken")
    )
    return _auth_factors(user, factors)


def admin_get_user_auth_factors(call: Call) -> JsonObject:
    """COG-API-OP-AdminGetUserAuthFactors."""
    user, factors = mfa_preferences.admin_user_auth_factors(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return _auth_factors(user, factors)


def set_user_pool_mfa_config(call: Call) -> JsonObject:
    """COG-API-OP-SetUserPoolMfaConfig."""
    return mfa_pool.set_user_pool_mfa_config(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )


def get_user_pool_mfa_config(call: Call) -> JsonObject:
    """COG-API-OP-GetUserPoolMfaConfig."""
    return mfa_pool.get_user_pool_mfa_config(call.services, pool_id=text(call.input, "UserPoolId"))


def _settings(document: JsonObject) -> dict[str, MfaSetting]:
    return {
        factor: MfaSetting(
            enabled=flag(section(document, member), "Enabled"),
            preferred=flag(section(document, member), "PreferredMfa"),
        )
        for member, factor in _SETTINGS.items()
        if member in document
    }


def _auth_factors(user: User, factors: list[str]) -> JsonObject:
    return {
        "Username": user.username,
        "ConfiguredUserAuthFactors": [*factors],
        **mfa_members(user),
    }


OPERATIONS = {
    "AssociateSoftwareToken": associate_software_token,
    "VerifySoftwareToken": verify_software_token,
    "SetUserMFAPreference": set_user_mfa_preference,
    "AdminSetUserMFAPreference": admin_set_user_mfa_preference,
    "SetUserSettings": set_user_settings,
    "AdminSetUserSettings": admin_set_user_settings,
    "AdminDeleteSoftwareToken": admin_delete_software_token,
    "GetUserAuthFactors": get_user_auth_factors,
    "AdminGetUserAuthFactors": admin_get_user_auth_factors,
    "SetUserPoolMfaConfig": set_user_pool_mfa_config,
    "GetUserPoolMfaConfig": get_user_pool_mfa_config,
}

"""From a CreateUserPool or UpdateUserPool request to the settings that DescribeUserPool echoes.

Pure: defaults of COG-API-JSON-001, rules of spec sections 7.3 and 7.8. The schema is apart.
"""

from collections.abc import Iterator

from cognito_mock.core.errors import (
    CognitoError,
    FeatureUnavailableInTierException,
    InvalidParameterException,
    TierChangeNotAllowedException,
)
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows.members import optional_integer, optional_text, section, sections, strings

# Members that are echoed as given and absent until then.
_ECHOED = (
    "AutoVerifiedAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "SmsAuthenticationMessage",
    "DeviceConfiguration",
    "SmsConfiguration",
    "UserPoolAddOns",
    "DcrConfiguration",
    "UsernameConfiguration",
    "AccountRecoverySetting",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
)
# The legacy member and its place in VerificationMessageTemplate (COG-API-POOL-008).
_MESSAGES = {
    "SmsVerificationMessage": "SmsMessage",
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
}
_REQUIREMENTS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
_PASSWORDLESS = {"EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"}
_DAYS = 7
_TIERS = {"LITE": 0, "ESSENTIALS": 1, "PLUS": 2}


def pool_settings(
    request: JsonObject, *, factor_without_sms: bool = False, former_tier: str = "LITE"
) -> dict[str, JsonValue]:
    """Return the settings without ``SchemaAttributes``; raise the first rule that is broken.

    ``factor_without_sms`` tells of a pool that got another second factor by SetUserPoolMfaConfig,
    ``former_tier`` of the tier that an existing pool has.
    """
    for error in _broken_rules(request, factor_without_sms=factor_without_sms):
        raise error
    for text in _features_beyond_tier(request):
        # COG-API-POOL-010
        lowered = _TIERS.get(_tier(request), 0) < _TIERS.get(former_tier, 0)
        raise (TierChangeNotAllowedException if lowered else FeatureUnavailableInTierException)(
            text
        )
    days = _temporary_password_days(request)
    settings: dict[str, JsonValue] = {
        "Policies": {
            "PasswordPolicy": _password_policy(request, days),
            "SignInPolicy": {"AllowedFirstAuthFactors": _first_factors(request)},
        },
        "DeletionProtection": optional_text(request, "DeletionProtection") or "INACTIVE",
        "LambdaConfig": section(request, "LambdaConfig"),
        **_messages(request),
        "UserAttributeUpdateSettings": section(request, "UserAttributeUpdateSettings")
        or {"AttributesRequireVerificationBeforeUpdate": []},
        "MfaConfiguration": optional_text(request, "MfaConfiguration") or "OFF",
        "EmailConfiguration": {
            "EmailSendingAccount": "COGNITO_DEFAULT",
            **section(request, "EmailConfiguration"),
        },
        "UserPoolTags": section(request, "UserPoolTags"),
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": False,
            **section(request, "AdminCreateUserConfig"),
            "UnusedAccountValidityDays": days,
        },
        "UserPoolTier": _tier(request),
    }
    # An empty list means the same as none and is not echoed.
    settings.update(
        {name: request[name] for name in _ECHOED if request.get(name) not in (None, [])}
    )
    return settings


def _password_policy(request: JsonObject, days: int) -> JsonObject:
    """COG-API-POLICY-001: an incomplete policy has its unnamed requirements switched off."""
    given = section(section(request, "Policies"), "PasswordPolicy")
    requirements = {name: bool(given.get(name, not given)) for name in _REQUIREMENTS}
    policy: dict[str, JsonValue] = {
        "MinimumLength": optional_integer(given, "MinimumLength") or 8,
        **requirements,
    }
    if "PasswordHistorySize" in given:
        policy["PasswordHistorySize"] = given["PasswordHistorySize"]
    return {**policy, "TemporaryPasswordValidityDays": days}


def _temporary_password_days(request: JsonObject) -> int:
    """Both members name the same thing; 0 means the default (COG-API-STATUS-009, -POOL-007)."""
    policy = section(section(request, "Policies"), "PasswordPolicy")
    unused = optional_integer(
        section(request, "AdminCreateUserConfig"), "UnusedAccountValidityDays"
    )
    return optional_integer(policy, "TemporaryPasswordValidityDays") or unused or _DAYS


def _first_factors(request: JsonObject) -> list[str]:
    sign_in = section(section(request, "Policies"), "SignInPolicy")
    return strings(sign_in, "AllowedFirstAuthFactors") or ["PASSWORD"]


def _tier(request: JsonObject) -> str:
    return optional_text(request, "UserPoolTier") or "ESSENTIALS"


def _messages(request: JsonObject) -> dict[str, JsonValue]:
    """COG-API-POOL-008: a message given in one place shows in both."""
    template = dict(section(request, "VerificationMessageTemplate"))
    legacy: dict[str, JsonValue] = {}
    for name, member in _MESSAGES.items():
        message = request.get(name, template.get(member))
        if message is not None:
            legacy[name] = template[member] = message
    return {
        **legacy,
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE", **template},
    }


def _broken_rules(request: JsonObject, *, factor_without_sms: bool) -> Iterator[CognitoError]:
    verified = strings(request, "AutoVerifiedAttributes")
    has_sms = bool(section(request, "SmsConfiguration"))
    if strings(request, "AliasAttributes") and strings(request, "UsernameAttributes"):
        # COG-API-NAME-001, COG-API-MSG-001
        yield InvalidParameterException(
            "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
        )
    required = {a.get("Name") for a in sections(request, "Schema") if a.get("Required") is True}
    if "preferred_username" in required & {*strings(request, "AliasAttributes")}:
        # COG-API-NAME-007; the service's wording is not known.
        yield InvalidParameterException(
            "preferred_username cannot be both required and an alias attribute."
        )
    if "PASSWORD" not in _first_factors(request):
        # COG-API-MSG-002
        yield InvalidParameterException(
            "Password should be configured as one of the allowed first auth factors."
        )
    if "phone_number" in verified and not has_sms:
        # COG-API-MSG-004
        yield InvalidParameterException(
            "SMS configuration is required when phone_number is selected for auto verification"
        )
    has_factor = has_sms or factor_without_sms
    if request.get("MfaConfiguration") in ("ON", "OPTIONAL") and not has_factor:
        # COG-API-POOL-004, COG-API-MSG-005
        yield InvalidParameterException(
            "SMS configuration and Auto verification for phone_number are required"
            " when MFA is required/optional"
        )
    email = section(request, "EmailConfiguration")
    if email.get("EmailSendingAccount") == "DEVELOPER" and "SourceArn" not in email:
        # COG-API-MSG-007
        yield InvalidParameterException(
            "Source ARN is required to use DEVELOPER email sending owner"
        )
    before_update = strings(
        section(request, "UserAttributeUpdateSettings"),
        "AttributesRequireVerificationBeforeUpdate",
    )
    if not set(before_update) <= set(verified):
        # COG-API-ATTRV-002
        yield InvalidParameterException("Invalid AttributesRequireVerificationBeforeUpdate.")
    yield from _broken_message_rules(request)
    yield from _broken_trigger_rules(section(request, "LambdaConfig"))
    yield from _broken_recovery_rules(request)


def _broken_message_rules(request: JsonObject) -> Iterator[CognitoError]:
    template = section(request, "VerificationMessageTemplate")
    for name, member in _MESSAGES.items():
        if name in request and member in template and request[name] != template[member]:
            # COG-API-POOL-008; the service's wording is not known.
            yield InvalidParameterException(
                f"{name} and VerificationMessageTemplate.{member} must be the same."
            )
    policy = section(section(request, "Policies"), "PasswordPolicy")
    temporary = optional_integer(policy, "TemporaryPasswordValidityDays")
    unused = optional_integer(
        section(request, "AdminCreateUserConfig"), "UnusedAccountValidityDays"
    )
    if temporary is not None and unused is not None and temporary != unused:
        # COG-API-POOL-007, COG-API-MSG-011
        yield InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of"
            " UnusedAccountValidityDays"
        )


def _broken_trigger_rules(triggers: JsonObject) -> Iterator[CognitoError]:
    """COG-API-MSG-008."""
    senders = {"CustomEmailSender", "CustomSMSSender"} & triggers.keys()
    if senders and "KMSKeyID" not in triggers:
        yield InvalidParameterException(
            "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."
        )
    first = triggers.get("PreTokenGeneration")
    second = section(triggers, "PreTokenGenerationConfig").get("LambdaArn")
    if first is not None and second is not None and first != second:
        yield InvalidParameterException(
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration"
            " with different Lambda function ARN's"
        )


def _broken_recovery_rules(request: JsonObject) -> Iterator[CognitoError]:
    """COG-API-MSG-009."""
    mechanisms = sections(section(request, "AccountRecoverySetting"), "RecoveryMechanisms")
    names = [m.get("Name") for m in mechanisms]
    priorities = [m.get("Priority") for m in mechanisms]
    if "admin_only" in names and len(names) > 1:
        yield InvalidParameterException(
            "Account Recovery Setting cannot use admin_only setting"
            " with any other recovery mechanisms."
        )
    if len(set(names)) < len(names) or len(set(priorities)) < len(priorities):
        yield InvalidParameterException(
            "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."
        )


def _features_beyond_tier(request: JsonObject) -> Iterator[str]:
    """COG-API-MSG-003; the names of the features that it does not have are guessed."""
    tier = _tier(request)
    prefix = f"The following features need to be disabled for the {tier} pricing tier configured"
    mode = section(request, "UserPoolAddOns").get("AdvancedSecurityMode")
    if tier != "PLUS" and mode in ("AUDIT", "ENFORCED"):
        yield f"{prefix}: Threat Protection"
    if tier != "LITE":
        return
    if _PASSWORDLESS & set(_first_factors(request)):
        yield f"{prefix}: Passwordless Sign-In"
    policy = section(section(request, "Policies"), "PasswordPolicy")
    if optional_integer(policy, "PasswordHistorySize"):
        yield f"{prefix}: Password History"
    version = section(section(request, "LambdaConfig"), "PreTokenGenerationConfig").get(
        "LambdaVersion"
    )
    if version in ("V2_0", "V3_0"):
        yield f"{prefix}: Token Customization with Pre-Token Generation Lambda {version}"

"""Second factors through boto3: software tokens, preferences, a pool's configuration, sign-in."""

import time
from base64 import b32decode

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from .live import PASSWORD, Live

SMS_ROLE = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
DEVELOPER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/a@example.org",
}
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
SMS = {"SmsMfaConfiguration": {"SmsConfiguration": SMS_ROLE}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}", "Subject": "Sign-in"}}
TOKEN = {"SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True}}
PHONE = {"phone_number": "+15555550123"}
INVALID_CODE = "Invalid code or auth state for the user."
NO_FACTOR = (
    "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
)
NO_SMS = (
    "SMS configuration and Auto verification for phone_number are required"
    " when MFA is required/optional"
)
NO_SENDER = (
    "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an"
    " EmailSendingAccount of COGNITO_DEFAULT."
)
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]


def totp(secret: str, *, steps: int = 0) -> str:
    """Compute a code independently of the code under test; the server's clock is the real one."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    generator = TOTP(key, 6, sha1, 30, enforce_key_length=False)
    return generator.generate(int(time.time()) + 30 * steps).decode()


def configure(live: Live, mode: str, *parts, **members):
    merged = {name: value for part in parts for name, value in part.items()}
    return live.idp.set_user_pool_mfa_config(
        UserPoolId=live.pool_id, MfaConfiguration=mode, **merged, **members
    )


def begin(live: Live, username="rosa", password=PASSWORD):
    return live.idp.initiate_auth(
        ClientId=live.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


def reply(live: Live, challenge, session=None, **responses):
    """The members of an answer."""
    return {
        "ClientId": live.client_id,
        "ChallengeName": challenge["ChallengeName"],
        "Session": session or challenge["Session"],
        "ChallengeResponses": {"USERNAME": "rosa", **responses},
    }


def user(live: Live):
    found = live.idp.admin_get_user(UserPoolId=live.pool_id, Username="rosa")
    return {name: found.get(name) for name in ("PreferredMfaSetting", "UserMFASettingList")}


@pytest.fixture
def pool(new_live) -> Live:
    """A pool with everything off, and Rosa with an e-mail address and a phone."""
    live = new_live({"ExplicitAuthFlows": FLOWS}, EmailConfiguration=DEVELOPER)
    live.user(**PHONE)
    return live


@pytest.fixture
def whose(pool):
    return {"UserPoolId": pool.pool_id, "Username": "rosa"}


def test_registering_a_token_and_signing_in_with_it(pool):
    """COG-API-MFA-005, -009, -011, COG-API-JSON-008, -010: AssociateSoftwareToken and all after."""
    configure(pool, "OPTIONAL", TOKENS)
    access = {"AccessToken": pool.sign_in()["AccessToken"]}
    associated = pool.idp.associate_software_token(**access)
    secret = associated["SecretCode"]
    assert "Session" not in associated
    verified = pool.idp.verify_software_token(
        **access, UserCode=totp(secret), FriendlyDeviceName="phone"
    )
    assert (verified["Status"], "Session" in verified) == ("SUCCESS", False)
    assert user(pool) == {"PreferredMfaSetting": None, "UserMFASettingList": None}
    pool.idp.set_user_mfa_preference(**access, **TOKEN)

    seen = pool.idp.get_user(**access)
    assert seen["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    assert seen["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    challenge = begin(pool)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"] == {
        "FRIENDLY_DEVICE_NAME": "phone",
        "USER_ID_FOR_SRP": "rosa",
    }
    answer = reply(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=totp(secret, steps=1))
    result = pool.idp.respond_to_auth_challenge(**answer)
    assert result["AuthenticationResult"]["IdToken"]
    assert result["ChallengeParameters"] == {}


def test_pycognito_signs_in_with_srp_and_a_token(pool, recwarn):
    """An independent client: SRP first, then its own answer to SOFTWARE_TOKEN_MFA."""
    idp, client_id = pool.idp, pool.client_id
    configure(pool, "ON", TOKENS)
    challenge = begin(pool)
    new = idp.associate_software_token(Session=challenge["Session"])
    code = totp(new["SecretCode"])
    idp.verify_software_token(Session=new["Session"], UserCode=code)

    side = AWSSRP("rosa", PASSWORD, pool.pool_id, client_id, client=idp)
    with pytest.raises(SoftwareTokenMFAChallengeException) as caught:
        side.authenticate_user()
    result = idp.respond_to_auth_challenge(
        **reply(
            pool,
            caught.value.get_tokens(),
            SOFTWARE_TOKEN_MFA_CODE=totp(new["SecretCode"], steps=1),
        )
    )
    assert result["AuthenticationResult"]["RefreshToken"]


def test_wrong_codes(pool):
    """COG-API-MFA-008: error classes and texts."""
    configure(pool, "OPTIONAL", TOKENS, SMS)
    access = {"AccessToken": pool.sign_in()["AccessToken"]}
    secret = pool.idp.associate_software_token(**access)["SecretCode"]
    far = totp(secret, steps=9)
    assert pool.refusal("verify_software_token", **access, UserCode=far) == (
        "EnableSoftwareTokenMFAException",
        "Code mismatch",
    )
    used = totp(secret)
    pool.idp.verify_software_token(**access, UserCode=used)
    pool.idp.set_user_mfa_preference(**access, **TOKEN)
    challenge = begin(pool)
    wrong = reply(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=far)
    again = reply(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=used)
    assert pool.refusal("respond_to_auth_challenge", **wrong) == (
        "CodeMismatchException",
        "Invalid code received for user",
    )
    assert pool.refusal("respond_to_auth_challenge", **again) == (
        "ExpiredCodeException",
        "Your software token has already been used once.",
    )


def test_setting_up_while_signing_in(pool):
    """COG-API-MFA-006, -007."""
    configure(pool, "ON", TOKENS)
    challenge = begin(pool)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert challenge["ChallengeParameters"] == {
        "MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]',
        "USER_ID_FOR_SRP": "rosa",
    }
    new = pool.idp.associate_software_token(Session=challenge["Session"])
    verified = pool.idp.verify_software_token(
        Session=new["Session"], UserCode=totp(new["SecretCode"])
    )
    result = pool.idp.respond_to_auth_challenge(**reply(pool, challenge, verified["Session"]))

    assert result["AuthenticationResult"]["AccessToken"]
    assert user(pool)["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    assert pool.refusal("associate_software_token", Session=new["Session"]) == (
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.",
    )


def test_choice_and_code_by_sms(pool):
    """COG-API-MFA-005, -006, -008, over the admin operations too."""
    configure(pool, "ON", SMS, EMAIL)
    choice = pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD},
    )
    assert choice["ChallengeName"] == "SELECT_MFA_TYPE"
    assert choice["ChallengeParameters"]["MFAS_CAN_CHOOSE"] == '["SMS_MFA","EMAIL_OTP"]'
    none = reply(pool, choice, ANSWER="SOFTWARE_TOKEN_MFA")
    assert pool.refusal("respond_to_auth_challenge", **none)[0] == "MFAMethodNotFoundException"
    challenge = pool.idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id, **reply(pool, choice, ANSWER="SMS_MFA")
    )
    assert challenge["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
        "CODE_DELIVERY_DESTINATION": "+*******0123",
        "USER_ID_FOR_SRP": "rosa",
    }
    wrong = reply(pool, challenge, SMS_MFA_CODE="none")
    assert pool.refusal("respond_to_auth_challenge", **wrong) == (
        "CodeMismatchException",
        INVALID_CODE,
    )
    right = reply(pool, challenge, SMS_MFA_CODE=pool.messages()[-1].code)
    result = pool.idp.admin_respond_to_auth_challenge(UserPoolId=pool.pool_id, **right)
    assert result["AuthenticationResult"]["AccessToken"]


def test_code_by_email_in_the_pools_words(pool, whose):
    """EmailMfaConfiguration; AdminSetUserMFAPreference."""
    configure(pool, "OPTIONAL", EMAIL)
    pool.idp.admin_set_user_mfa_preference(**whose, EmailMfaSettings={"Enabled": True})
    challenge = begin(pool)
    message = pool.messages()[-1]
    assert (message.subject, message.body) == ("Sign-in", f"Use {message.code}")
    result = pool.idp.respond_to_auth_challenge(
        **reply(pool, challenge, EMAIL_OTP_CODE=message.code)
    )
    assert result["AuthenticationResult"]["AccessToken"]


def test_preferences(pool, whose):
    """COG-API-MFA-012: what is not named stays; what is switched off is not preferred."""
    configure(pool, "OPTIONAL", SMS, EMAIL)

    def prefer(**settings):
        pool.idp.admin_set_user_mfa_preference(**whose, **settings)
        return tuple(user(pool).values())

    on, best = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}
    off = {"Enabled": False}
    both = ["SMS_MFA", "EMAIL_OTP"]
    assert prefer(EmailMfaSettings=on) == (None, ["EMAIL_OTP"])
    assert prefer(SMSMfaSettings=best) == ("SMS_MFA", both)
    assert prefer(EmailMfaSettings=best) == ("EMAIL_OTP", both)
    assert prefer(SMSMfaSettings=on) == ("EMAIL_OTP", both)
    assert prefer(EmailMfaSettings=on) == (None, both)
    assert prefer(SMSMfaSettings=best) == ("SMS_MFA", both)
    assert prefer(SMSMfaSettings=off) == (None, ["EMAIL_OTP"])
    assert prefer(EmailMfaSettings=off, WebAuthnMfaSettings=off) == (None, None)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            TOKEN,
            "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
        ),
        (
            {"EmailMfaSettings": {"Enabled": True}},
            "User pool does not have email configuration to turn on email MFA",
        ),
        (
            {"WebAuthnMfaSettings": {"Enabled": True}},
            "User does not have delivery config set to turn on WEB_AUTHN",
        ),
        (
            {
                "SMSMfaSettings": {"Enabled": True, "PreferredMfa": True},
                "SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True},
            },
            "Only one MFA method can be preferred.",
        ),
        (
            {"SMSMfaSettings": {"PreferredMfa": True}},
            "An MFA method must be enabled to be preferred.",
        ),
    ],
)
def test_preferences_that_cannot_be(pool, whose, settings, message):
    """COG-API-MFA-013, COG-API-GAP-003: refused, and nothing changes."""
    configure(pool, "OPTIONAL", TOKENS, SMS)
    pool.idp.admin_set_user_mfa_preference(**whose, SMSMfaSettings={"Enabled": True})
    before = user(pool)
    refused = pool.refusal("admin_set_user_mfa_preference", **whose, **settings)
    assert refused == ("InvalidParameterException", message)
    assert user(pool) == before


def test_preferences_of_users_who_cannot_sign_in(pool):
    """The errors that the model names."""
    configure(pool, "OPTIONAL", SMS)
    idp, settings = pool.idp, {"SMSMfaSettings": {"Enabled": True}}
    idp.sign_up(
        ClientId=pool.client_id,
        Username="late",
        Password=PASSWORD,
        UserAttributes=[{"Name": "phone_number", "Value": "+15555550124"}],
    )
    idp.admin_reset_user_password(UserPoolId=pool.pool_id, Username="rosa")
    for name, error in (
        ("late", "UserNotConfirmedException"),
        ("rosa", "PasswordResetRequiredException"),
        ("nobody", "UserNotFoundException"),
    ):
        who = {"UserPoolId": pool.pool_id, "Username": name}
        assert pool.refusal("admin_set_user_mfa_preference", **who, **settings)[0] == error


def test_deleting_a_software_token(pool, whose):
    """COG-API-MFA-015: factor and preference go with it."""
    configure(pool, "OPTIONAL", TOKENS)
    access = {"AccessToken": pool.sign_in()["AccessToken"]}
    secret = pool.idp.associate_software_token(**access)["SecretCode"]
    pool.idp.verify_software_token(**access, UserCode=totp(secret))
    pool.idp.set_user_mfa_preference(**access, **TOKEN)
    factors = pool.idp.get_user_auth_factors(**access)
    assert factors["Username"] == "rosa"
    assert factors["ConfiguredUserAuthFactors"] == ["PASSWORD", "SOFTWARE_TOKEN"]
    assert factors["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    pool.idp.admin_delete_software_token(**whose)

    assert user(pool) == {"PreferredMfaSetting": None, "UserMFASettingList": None}
    assert pool.sign_in()["AccessToken"]
    left = pool.idp.admin_get_user_auth_factors(**whose)
    assert left["ConfiguredUserAuthFactors"] == ["PASSWORD"]
    assert "PreferredMfaSetting" not in left


def test_auth_factors_of_a_passwordless_pool(new_live):
    """ConfiguredUserAuthFactors: what the pool allows and the user can be reached by."""
    factors = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}
    live = new_live(Policies={"SignInPolicy": factors})
    live.user()
    found = live.idp.admin_get_user_auth_factors(UserPoolId=live.pool_id, Username="rosa")
    assert found["ConfiguredUserAuthFactors"] == ["PASSWORD", "EMAIL_OTP"]


@pytest.mark.parametrize("admin", [True, False])
def test_the_old_settings(pool, whose, admin):
    """COG-API-MFA-014: SMS only; MFAOptions show for those who were set so."""
    configure(pool, "OPTIONAL", SMS)
    option = {"DeliveryMedium": "SMS", "AttributeName": "phone_number"}
    who = whose if admin else {"AccessToken": pool.sign_in()["AccessToken"]}
    operation = "admin_set_user_settings" if admin else "set_user_settings"
    getattr(pool.idp, operation)(**who, MFAOptions=[option])

    assert begin(pool)["ChallengeName"] == "SMS_MFA"
    assert pool.idp.admin_get_user(**whose)["MFAOptions"] == [option]
    refused = pool.refusal(operation, **who, MFAOptions=[{**option, "DeliveryMedium": "EMAIL"}])
    assert refused[0] == "InvalidParameterException"
    getattr(pool.idp, operation)(**who, MFAOptions=[])
    assert "MFAOptions" not in pool.idp.admin_get_user(**whose)
    assert pool.sign_in()["AccessToken"]


def test_configuration_of_a_pool(pool):
    """COG-API-POOL-005, COG-API-JSON-011: replaced as a whole, and shown."""
    fresh = pool.idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    assert shown(fresh) == {"MfaConfiguration": "OFF"}
    sms = {"SmsAuthenticationMessage": "{####} it is", "SmsConfiguration": SMS_ROLE}
    everything = {**TOKENS, **EMAIL, "SmsMfaConfiguration": sms}
    assert shown(configure(pool, "ON", everything)) == {**everything, "MfaConfiguration": "ON"}
    assert shown(configure(pool, "OPTIONAL", TOKENS)) == {
        **TOKENS,
        "MfaConfiguration": "OPTIONAL",
    }
    read = pool.idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    assert shown(read) == {**TOKENS, "MfaConfiguration": "OPTIONAL"}
    described = pool.idp.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    assert described["MfaConfiguration"] == "OPTIONAL"
    assert described["SmsConfiguration"] == SMS_ROLE
    assert shown(configure(pool, "OFF")) == {"MfaConfiguration": "OFF"}


def test_configuring_passkeys_leaves_the_mode(pool):
    """A call without MfaConfiguration does not switch the second factor off."""
    configure(pool, "ON", TOKENS)
    passkeys = {"RelyingPartyId": "example.org", "UserVerification": "preferred"}
    alone = {"UserPoolId": pool.pool_id, "WebAuthnConfiguration": passkeys}
    assert pool.refusal("set_user_pool_mfa_config", **alone)[0] == "InvalidParameterException"
    result = pool.idp.set_user_pool_mfa_config(**alone, **TOKENS)
    assert shown(result) == {
        **TOKENS,
        "WebAuthnConfiguration": passkeys,
        "MfaConfiguration": "ON",
    }


def test_sms_of_the_pool_itself(new_live):
    """COG-API-MFA-001: a pool made with SmsConfiguration has the factor."""
    live = new_live(MfaConfiguration="ON", SmsConfiguration=SMS_ROLE)
    live.user(**PHONE)
    read = live.idp.get_user_pool_mfa_config(UserPoolId=live.pool_id)
    assert read["SmsMfaConfiguration"] == {"SmsConfiguration": SMS_ROLE}
    assert begin(live)["ChallengeName"] == "SMS_MFA"


@pytest.mark.parametrize(
    ("mode", "parts", "message"),
    [
        (
            "ON",
            [],
            NO_FACTOR,
        ),
        (
            "OPTIONAL",
            [{"SoftwareTokenMfaConfiguration": {"Enabled": False}}],
            NO_FACTOR,
        ),
        (
            "OFF",
            [TOKENS],
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        ),
        (
            "ON",
            [{"SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####} it is"}}],
            NO_SMS,
        ),
    ],
)
def test_configurations_that_cannot_be(pool, mode, parts, message):
    """COG-API-POOL-005."""
    merged = {name: value for part in parts for name, value in part.items()}
    refused = pool.refusal(
        "set_user_pool_mfa_config", UserPoolId=pool.pool_id, MfaConfiguration=mode, **merged
    )
    assert refused == ("InvalidParameterException", message)


def test_email_needs_a_sender_and_a_tier(new_live):
    """COG-API-MSG-006, COG-API-MFA-001."""
    plain = new_live()
    lite = new_live(EmailConfiguration=DEVELOPER, UserPoolTier="LITE")
    how = {"MfaConfiguration": "ON", **EMAIL}
    assert plain.refusal("set_user_pool_mfa_config", UserPoolId=plain.pool_id, **how) == (
        "InvalidParameterException",
        NO_SENDER,
    )
    refused = lite.refusal("set_user_pool_mfa_config", UserPoolId=lite.pool_id, **how)
    assert refused[0] == "FeatureUnavailableInTierException"


def test_updating_a_pool_keeps_its_factors(pool):
    """COG-API-POOL-002, -004: UpdateUserPool has no member for tokens, which need no SMS."""
    configure(pool, "ON", TOKENS)
    pool.idp.update_user_pool(UserPoolId=pool.pool_id, MfaConfiguration="OPTIONAL")
    read = pool.idp.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    assert shown(read) == {**TOKENS, "MfaConfiguration": "OPTIONAL"}


def test_updating_a_pool_without_a_word_of_factors(pool):
    """COG-API-POOL-002: MfaConfiguration is a member that goes back to its default, OFF."""
    configure(pool, "ON", TOKENS)

    pool.idp.update_user_pool(UserPoolId=pool.pool_id, AutoVerifiedAttributes=["email"])

    described = pool.idp.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    assert described["MfaConfiguration"] == "OFF"
    assert begin(pool)["AuthenticationResult"]


def shown(response):
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}

"""What CreateUserPool refuses, and what it makes of what it accepts (spec sections 7.3 and 7.8)."""

import pytest

SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:one"
OTHER_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:two"


def recovery(*mechanisms):
    return {
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [{"Name": n, "Priority": p} for n, p in mechanisms]
        }
    }


def factors(*names):
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(names)}}}


COUNT = "EstimatedNumberOfUsers"
REFUSED = {
    "COG-API-MSG-001-and-COG-API-NAME-001": (
        {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
        "Only one of the aliasAttributes or usernameAttributes can be set in a User pool.",
    ),
    "COG-API-MSG-002": (
        factors("EMAIL_OTP", "SMS_OTP"),
        "Password should be configured as one of the allowed first auth factors.",
    ),
    "COG-API-MSG-004": (
        {"AutoVerifiedAttributes": ["phone_number"]},
        "SMS configuration is required when phone_number is selected for auto verification",
    ),
    "COG-API-MSG-005": (
        {"MfaConfiguration": "OPTIONAL"},
        (
            "SMS configuration and Auto verification for phone_number are required"
            " when MFA is required/optional"
        ),
    ),
    "COG-API-MSG-007": (
        {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}},
        "Source ARN is required to use DEVELOPER email sending owner",
    ),
    "COG-API-MSG-008-key": (
        {"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": ARN}}},
        "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.",
    ),
    "COG-API-MSG-008-arn": (
        {
            "LambdaConfig": {
                "PreTokenGeneration": ARN,
                "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": OTHER_ARN},
            }
        },
        (
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration"
            " with different Lambda function ARN's"
        ),
    ),
    "COG-API-MSG-009-and-COG-API-POOL-011": (
        recovery(("admin_only", 1), ("verified_email", 2)),
        (
            "Account Recovery Setting cannot use admin_only setting"
            " with any other recovery mechanisms."
        ),
    ),
    "COG-API-MSG-009-twice": (
        recovery(("verified_phone_number", 1), ("verified_email", 1)),
        "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
    ),
    "COG-API-MSG-010-required": (
        {"Schema": [{"Name": "tenant", "AttributeDataType": "String", "Required": True}]},
        "Required custom attributes are not supported currently.",
    ),
    "COG-API-MSG-010-type": (
        {"Schema": [{"Name": "email", "AttributeDataType": "Number"}]},
        (
            "You can not change AttributeDataType or set developerOnlyAttribute"
            " for standard schema attribute email"
        ),
    ),
    "COG-API-MSG-010-twice": (
        {"Schema": [{"Name": "tenant"}, {"Name": "tenant"}]},
        "Duplicate custom attribute names custom:tenant are not allowed in a user pool schema.",
    ),
    "COG-API-MSG-010-length": (
        {
            "Schema": [
                {
                    "Name": "tenant",
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MinLength": "9", "MaxLength": "8"},
                }
            ]
        },
        "Attribute custom:tenant cannot have a max length shorter than it's min length",
    ),
    "COG-API-MSG-010-value": (
        {
            "Schema": [
                {
                    "Name": "age",
                    "AttributeDataType": "Number",
                    "NumberAttributeConstraints": {"MinValue": "9", "MaxValue": "-8"},
                }
            ]
        },
        "Attribute custom:age cannot have a max value smaller than it's min value",
    ),
    "COG-API-ATTR-004-long": (
        {
            "Schema": [
                {
                    "Name": "tenant",
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MaxLength": "2049"},
                }
            ]
        },
        "user.custom:tenant: String attributes cannot have a length of more than 2048",
    ),
    "COG-API-ATTR-004-number": (
        {
            "Schema": [
                {
                    "Name": "tenant",
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MinLength": "two"},
                }
            ]
        },
        "Invalid minLength for schema attribute custom:tenant",
    ),
    "COG-API-MSG-011-and-COG-API-POOL-007": (
        {
            "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
            "AdminCreateUserConfig": {"UnusedAccountValidityDays": 4},
        },
        (
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of"
            " UnusedAccountValidityDays"
        ),
    ),
    "COG-API-ATTRV-002": (
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
        "Invalid AttributesRequireVerificationBeforeUpdate.",
    ),
}


@pytest.mark.parametrize(("members", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(api, members, message):
    """The service's own words, and no pool."""
    assert api.fail("CreateUserPool", PoolName="x", **members) == (
        "InvalidParameterException",
        message,
    )
    assert api.call("ListUserPools", MaxResults=60) == {"UserPools": []}


@pytest.mark.parametrize(
    ("members", "feature"),
    [
        (factors("PASSWORD", "EMAIL_OTP"), "Passwordless Sign-In"),
        (
            {
                "LambdaConfig": {
                    "PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": ARN}
                }
            },
            "Token Customization with Pre-Token Generation Lambda V3_0",
        ),
        (
            {"Policies": {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 1}}},
            "Password History",
        ),
    ],
)
def test_lite_tier_lacks_features(api, members, feature):
    """COG-API-MSG-003, COG-API-POOL-010; the default tier has them."""
    assert api.fail("CreateUserPool", PoolName="x", UserPoolTier="LITE", **members) == (
        "FeatureUnavailableInTierException",
        "The following features need to be disabled for the LITE pricing tier configured: "
        + feature,
    )
    assert api.call("CreateUserPool", PoolName="x", **members)


def test_threat_protection_is_for_the_highest_tier(api):
    """COG-API-POOL-010: PLUS has it, ESSENTIALS, which is the default, does not."""
    members = {"PoolName": "x", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}

    refused = api.fail("CreateUserPool", **members)

    assert refused[0] == "FeatureUnavailableInTierException"
    assert api.call("CreateUserPool", **members, UserPoolTier="PLUS")
    off = {"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}}
    assert api.call("CreateUserPool", PoolName="x", **off)["UserPool"]["UserPoolTier"] == (
        "ESSENTIALS"
    )


def test_tier_cannot_be_lowered_below_what_is_used(api):
    """COG-API-POOL-010: with the features switched off it can; and nothing changes before."""
    policy = {"Policies": {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 1}}}
    pool_id = api.call("CreateUserPool", PoolName="x", **policy)["UserPool"]["Id"]
    before = api.records()

    refused = api.fail("UpdateUserPool", UserPoolId=pool_id, UserPoolTier="LITE", **policy)

    assert refused[0] == "TierChangeNotAllowedException"
    assert api.records() == before
    api.call("UpdateUserPool", UserPoolId=pool_id, UserPoolTier="LITE")
    described = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert described["UserPoolTier"] == "LITE"


def test_incomplete_password_policy_switches_the_rest_off(api):
    """COG-API-POLICY-001."""
    pool = api.call(
        "CreateUserPool",
        PoolName="x",
        Policies={"PasswordPolicy": {"MinimumLength": 10, "RequireNumbers": True}},
    )

    assert pool["UserPool"]["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 10,
        "RequireUppercase": False,
        "RequireLowercase": False,
        "RequireNumbers": True,
        "RequireSymbols": False,
        "TemporaryPasswordValidityDays": 7,
    }


def test_days_of_a_temporary_password_show_in_both_places(api):
    """Two members for one thing stay equal, so that Describe's echo can be sent back."""
    pool = api.call(
        "CreateUserPool",
        PoolName="x",
        Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
    )["UserPool"]

    assert pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 3
    assert pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"] == 3


def test_message_shows_in_the_template_and_in_the_legacy_member(api):
    """COG-API-POOL-008."""
    pool = api.call(
        "CreateUserPool",
        PoolName="x",
        EmailVerificationMessage="Code {####}",
        VerificationMessageTemplate={"EmailSubject": "Hello"},
    )["UserPool"]

    assert pool["EmailVerificationMessage"] == "Code {####}"
    assert pool["EmailVerificationSubject"] == "Hello"
    assert pool["VerificationMessageTemplate"] == {
        "EmailMessage": "Code {####}",
        "EmailSubject": "Hello",
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
    }


def test_schema(api):
    """COG-API-ATTR-003, -005: standard attributes change in place, others are added."""
    schema = api.call(
        "CreateUserPool",
        PoolName="x",
        Schema=[
            {"Name": "email", "Required": True, "Mutable": False},
            {
                "Name": "nickname",
                "AttributeDataType": "String",
                "StringAttributeConstraints": {"MaxLength": "20"},
            },
            {"Name": "tenant"},
            {"Name": "secret", "DeveloperOnlyAttribute": True, "Mutable": False},
            {"Name": "age", "AttributeDataType": "Number"},
            {"Name": "since", "AttributeDataType": "DateTime"},
        ],
    )["UserPool"]["SchemaAttributes"]

    by_name = {attribute["Name"]: attribute for attribute in schema}
    assert len(schema) == 24
    assert (by_name["email"]["Required"], by_name["email"]["Mutable"]) == (True, False)
    assert by_name["nickname"]["StringAttributeConstraints"] == {
        "MinLength": "0",
        "MaxLength": "20",
    }
    assert schema[20:] == [
        {
            "Name": "custom:tenant",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
            "StringAttributeConstraints": {},
        },
        {
            "Name": "dev:custom:secret",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": True,
            "Mutable": False,
            "Required": False,
            "StringAttributeConstraints": {},
        },
        {
            "Name": "custom:age",
            "AttributeDataType": "Number",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
            "NumberAttributeConstraints": {},
        },
        {
            "Name": "custom:since",
            "AttributeDataType": "DateTime",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
        },
    ]


def test_settings_are_echoed(api):
    """COG-API-POOL-006, -013: what was set is described as it was set; no role is looked at."""
    given = {
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "MfaConfiguration": "ON",
        "SmsConfiguration": SMS,
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/a@example.org",
            "From": "Shop <a@example.org>",
            "ReplyToEmailAddress": "b@example.org",
            "ConfigurationSet": "set",
        },
        "IssuerConfiguration": {"Type": "UPDATED"},
        "UserPoolTags": {"team": "blue"},
        "DeletionProtection": "ACTIVE",
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
        **recovery(("verified_email", 1)),
    }

    pool_id = api.call("CreateUserPool", PoolName="x", **given)["UserPool"]["Id"]

    described = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert {name: described[name] for name in given} == given


def test_update_replaces_all_but_what_is_fixed(api):
    """COG-API-POOL-002, COG-API-NAME-001: members that are not sent go back to their defaults."""
    pool_id = api.call(
        "CreateUserPool",
        PoolName="x",
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        UserPoolTags={"team": "blue"},
        Schema=[{"Name": "tenant"}],
    )["UserPool"]["Id"]

    api.call("UpdateUserPool", UserPoolId=pool_id, PoolName="y", DeletionProtection="ACTIVE")

    pool = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert (pool["Name"], pool["DeletionProtection"]) == ("y", "ACTIVE")
    assert pool["UserPoolTags"] == {}
    assert "AutoVerifiedAttributes" not in pool
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["SchemaAttributes"][-1]["Name"] == "custom:tenant"
    assert pool["LastModifiedDate"] > pool["CreationDate"]


def test_number_of_users(api, pool_id):
    """COG-API-POOL-012: exact, at once."""
    for name in ("ada", "bob"):
        api.call("AdminCreateUser", UserPoolId=pool_id, Username=name, MessageAction="SUPPRESS")
    assert api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"][COUNT] == 2

    api.call("AdminDeleteUser", UserPoolId=pool_id, Username="bob")

    assert api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"][COUNT] == 1


def test_preferred_username_is_required_or_an_alias(api):
    """COG-API-NAME-007: each alone will do."""
    required = {"Schema": [{"Name": "preferred_username", "Required": True}]}
    alias = {"AliasAttributes": ["preferred_username"]}

    assert api.fail("CreateUserPool", PoolName="x", **required, **alias)[0] == (
        "InvalidParameterException"
    )

    assert api.call("ListUserPools", MaxResults=60) == {"UserPools": []}
    for members in (required, alias):
        assert api.call("CreateUserPool", PoolName="x", **members)


def test_deletion_protection(api):
    """COG-API-POOL-003."""
    pool = api.call("CreateUserPool", PoolName="x", DeletionProtection="ACTIVE")["UserPool"]

    assert api.fail("DeleteUserPool", UserPoolId=pool["Id"]) == (
        "InvalidParameterException",
        (
            "The user pool cannot be deleted because deletion protection is activated."
            " Deletion protection must be inactivated first."
        ),
    )
    assert api.call("DescribeUserPool", UserPoolId=pool["Id"])


def test_pool_with_domain_is_not_deleted(api, pool_id):
    """COG-API-POOL-003."""
    api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo")

    assert api.fail("DeleteUserPool", UserPoolId=pool_id) == (
        "InvalidParameterException",
        "User pool cannot be deleted. It has a domain configured that should be deleted first.",
    )


def test_deleted_pool_leaves_nothing_behind(api, pool_id):
    """Everything in the pool goes with it."""
    client = api.call(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]
    api.call("CreateGroup", UserPoolId=pool_id, GroupName="admins")
    api.call("CreateResourceServer", UserPoolId=pool_id, Identifier="orders", Name="Orders")
    api.call("AdminCreateUser", UserPoolId=pool_id, Username="rosa", MessageAction="SUPPRESS")
    api.call("AdminAddUserToGroup", UserPoolId=pool_id, Username="rosa", GroupName="admins")
    api.call(
        "AdminSetUserPassword",
        UserPoolId=pool_id,
        Username="rosa",
        Password="Passw0rd!x",
        Permanent=True,
    )
    api.call(
        "InitiateAuth",
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": "Passw0rd!x"},
    )
    place = {"UserPoolId": pool_id, "ClientId": client["ClientId"]}
    api.call("CreateManagedLoginBranding", **place, UseCognitoProvidedValues=True)
    api.call(
        "CreateTerms",
        **place,
        TermsName="terms-of-use",
        TermsSource="LINK",
        Enforcement="NONE",
        Links={"cognito:default": "https://example.org"},
    )
    api.call("SetLogDeliveryConfiguration", UserPoolId=pool_id, LogConfigurations=[])
    api.call(
        "CreateIdentityProvider",
        UserPoolId=pool_id,
        ProviderName="Corporate",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": "<x/>"},
    )
    api.call(
        "AdminLinkProviderForUser",
        UserPoolId=pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "rosa"},
        SourceUser={"ProviderName": "Corporate", "ProviderAttributeValue": "r"},
    )
    stored = {type(record).__name__ for record in api.records()}

    api.call("DeleteUserPool", UserPoolId=pool_id)

    assert stored >= {"UserPool", "PoolKeys", "AppClient", "User", "Membership", "RefreshGrant"}
    assert stored >= {"ManagedLoginBranding", "Terms", "PoolDocument"}
    assert stored >= {"IdentityProvider", "LinkedIdentity"}
    assert api.records() == []
    assert api.fail("DescribeUserPool", UserPoolId=pool_id) == (
        "ResourceNotFoundException",
        f"User pool {pool_id} does not exist.",
    )


def test_pools_are_listed_in_pages(api):
    """COG-API-POOL-001, COG-API-LIST-005: the token is absent after the last page."""
    created = {api.call("CreateUserPool", PoolName=f"pool{n}")["UserPool"]["Id"] for n in range(5)}

    first = api.call("ListUserPools", MaxResults=3)
    second = api.call("ListUserPools", MaxResults=3, NextToken=first["NextToken"])

    assert [len(first["UserPools"]), len(second["UserPools"])] == [3, 2]
    assert "NextToken" not in second
    assert {p["Id"] for p in first["UserPools"] + second["UserPools"]} == created
    assert list(first["UserPools"][0]) == [
        "Id",
        "Name",
        "LambdaConfig",
        "LastModifiedDate",
        "CreationDate",
    ]


def test_page_token_is_checked(api, pool_id):
    """COG-API-LIST-005: garbage, another listing's token and an old one are refused."""
    for n in range(2):
        api.call("CreateUserPool", PoolName=f"pool{n}")
        api.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName=f"client{n}")
    pools = api.call("ListUserPools", MaxResults=1)["NextToken"]
    clients = api.call("ListUserPoolClients", UserPoolId=pool_id, MaxResults=1)["NextToken"]
    wrong = ("InvalidParameterException", "Invalid pagination token")

    assert api.fail("ListUserPools", MaxResults=1, NextToken="garbage") == wrong
    assert api.fail("ListUserPools", MaxResults=1, NextToken=clients) == wrong
    assert api.call("ListUserPools", MaxResults=1, NextToken=pools)
    api.services.clock.advance(3601)
    assert api.fail("ListUserPools", MaxResults=1, NextToken=pools) == wrong

"""Every operation with behaviour, called with boto3 over HTTP: each answer has what it should.

In an order in which one gives to the next. A step names its row of the fact book's table of
operations; the operation is the row's. Expected are all members of the answer, of the members
inside them those that are named.
"""

import re

import pytest
from botocore.exceptions import ClientError

from cognito_mock.flows.inbox import list_messages
from cognito_mock.idp_api.operations import OPERATIONS

from .every_operation import (
    BLOCK,
    CSS,
    ERRORS,
    FACTORS,
    FLOWS,
    KEEP_TOKENS,
    MASKED,
    NEW_PASSWORD,
    NO_BODY,
    OTHER_PASSWORD,
    PASSWORD,
    PNG,
    POOL,
    REFRESHED,
    SAML,
    SIGNED_IN,
    TEXT,
    TOKENS,
    UUID,
    Step,
    World,
    device_of,
    pairs,
    password_flow,
)

STEPS = [
    # Pools
    Step("COG-API-OP-CreateUserPool", lambda _: {"PoolName": "first"}, {"UserPool": dict}),
    Step(
        "COG-API-OP-CreateUserPool",
        lambda _: {"PoolName": "all", **POOL},
        {"UserPool": {"Name": "all", "Id": re.compile(r"eu-central-1_[A-Za-z0-9]{9}"), **POOL}},
        {"pool": lambda a: a["UserPool"]["Id"], "arn": lambda a: a["UserPool"]["Arn"]},
    ),
    Step("COG-API-OP-UpdateUserPool", lambda w: w.pool(**POOL, DeletionProtection="ACTIVE")),
    Step(
        "COG-API-OP-DescribeUserPool",
        lambda w: w.pool(),
        lambda w: {"UserPool": {"Id": w["pool"], "Name": "all", "DeletionProtection": "ACTIVE"}},
    ),
    Step("COG-API-OP-UpdateUserPool", lambda w: w.pool(**POOL)),
    Step(
        "COG-API-OP-ListUserPools",
        lambda _: {"MaxResults": 1},
        {"UserPools": [{"Id": TEXT, "Name": str, "LambdaConfig": {}}], "NextToken": TEXT},
    ),
    Step(
        "COG-API-OP-AddCustomAttributes",
        lambda w: w.pool(CustomAttributes=[{"Name": "tier", "AttributeDataType": "String"}]),
    ),
    Step(
        "COG-API-OP-TagResource", lambda w: {"ResourceArn": w["arn"], "Tags": {"a": "1", "b": ""}}
    ),
    Step("COG-API-OP-UntagResource", lambda w: {"ResourceArn": w["arn"], "TagKeys": ["b"]}),
    Step(
        "COG-API-OP-ListTagsForResource",
        lambda w: {"ResourceArn": w["arn"]},
        {"Tags": {"a": "1"}},
    ),
    Step(
        "COG-API-OP-SetUserPoolMfaConfig",
        lambda w: w.pool(**FACTORS),
        FACTORS,
    ),
    Step(
        "COG-API-OP-GetUserPoolMfaConfig",
        lambda w: w.pool(),
        FACTORS,
    ),
    Step(
        "COG-API-OP-GetCSVHeader",
        lambda w: w.pool(),
        lambda w: {"UserPoolId": w["pool"], "CSVHeader": list},
    ),
    Step("COG-API-OP-GetSigningCertificate", lambda w: w.pool(), {"Certificate": TEXT}),
    Step(
        "COG-API-OP-SetUserPoolSessionConfiguration",
        lambda w: w.pool(UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 3}),
        lambda w: w.pool(UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 3}),
    ),
    Step(
        "COG-API-OP-GetUserPoolSessionConfiguration",
        lambda w: w.pool(),
        lambda w: w.pool(UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 3}),
    ),
    Step(
        "COG-API-OP-SetLogDeliveryConfiguration",
        lambda w: w.pool(LogConfigurations=[ERRORS]),
        lambda w: {"LogDeliveryConfiguration": w.pool(LogConfigurations=[ERRORS])},
    ),
    Step(
        "COG-API-OP-GetLogDeliveryConfiguration",
        lambda w: w.pool(),
        lambda w: {"LogDeliveryConfiguration": w.pool(LogConfigurations=[ERRORS])},
    ),
    Step(
        "COG-API-OP-SetRiskConfiguration",
        lambda w: w.pool(CompromisedCredentialsRiskConfiguration=BLOCK),
        lambda w: {"RiskConfiguration": w.pool(CompromisedCredentialsRiskConfiguration=BLOCK)},
    ),
    Step(
        "COG-API-OP-DescribeRiskConfiguration",
        lambda w: w.pool(),
        lambda w: {"RiskConfiguration": w.pool(CompromisedCredentialsRiskConfiguration=BLOCK)},
    ),
    # Clients
    Step(
        "COG-API-OP-CreateUserPoolClient",
        lambda w: w.pool(ClientName="web", ExplicitAuthFlows=FLOWS),
        {"UserPoolClient": {"ClientName": "web", "ClientId": re.compile("[a-z0-9]{26}")}},
        {"client": lambda a: a["UserPoolClient"]["ClientId"]},
    ),
    Step(
        "COG-API-OP-UpdateUserPoolClient",
        lambda w: w.client(ExplicitAuthFlows=FLOWS, ClientName="site"),
        lambda w: {"UserPoolClient": w.client(ClientName="site", ExplicitAuthFlows=FLOWS)},
    ),
    Step(
        "COG-API-OP-DescribeUserPoolClient",
        lambda w: w.client(),
        lambda w: {"UserPoolClient": w.client(ClientName="site", ExplicitAuthFlows=FLOWS)},
    ),
    Step(
        "COG-API-OP-ListUserPoolClients",
        lambda w: w.pool(MaxResults=60),
        lambda w: {"UserPoolClients": [w.client(ClientName="site")]},
    ),
    Step(
        "COG-API-OP-SetUserPoolClientSessionConfiguration",
        lambda w: w.client(SSOSession={"MaxValidityMinutes": 5}),
        lambda w: w.client(SSOSession={"MaxValidityMinutes": 5}),
    ),
    Step(
        "COG-API-OP-GetUserPoolClientSessionConfiguration",
        lambda w: w.client(),
        lambda w: w.client(SSOSession={"MaxValidityMinutes": 5}),
    ),
    Step(
        "COG-API-OP-CreateUserPoolClient",
        lambda w: w.pool(ClientName="server", GenerateSecret=True),
        {"UserPoolClient": {"ClientSecret": re.compile("[a-z0-9]{51,52}")}},
        {"server": lambda a: a["UserPoolClient"]["ClientId"]},
    ),
    Step(
        "COG-API-OP-AddUserPoolClientSecret",
        lambda w: w.pool(ClientId=w["server"]),
        {"ClientSecretDescriptor": {"ClientSecretValue": TEXT, "ClientSecretId": TEXT}},
        {"secret_id": lambda a: a["ClientSecretDescriptor"]["ClientSecretId"]},
    ),
    Step(
        "COG-API-OP-ListUserPoolClientSecrets",
        lambda w: w.pool(ClientId=w["server"]),
        lambda w: {"ClientSecrets": [{"ClientSecretId": TEXT}, {"ClientSecretId": w["secret_id"]}]},
    ),
    Step(
        "COG-API-OP-DeleteUserPoolClientSecret",
        lambda w: w.pool(ClientId=w["server"], ClientSecretId=w["secret_id"]),
    ),
    Step("COG-API-OP-DeleteUserPoolClient", lambda w: w.pool(ClientId=w["server"]), NO_BODY),
    # Domains and how pages look
    Step(
        "COG-API-OP-CreateUserPoolDomain",
        lambda w: w.pool(Domain=w["pool"].rpartition("_")[2].lower(), ManagedLoginVersion=1),
        {"ManagedLoginVersion": 1},
    ),
    Step(
        "COG-API-OP-UpdateUserPoolDomain",
        lambda w: w.pool(Domain=w["pool"].rpartition("_")[2].lower(), ManagedLoginVersion=2),
        {"ManagedLoginVersion": 2},
    ),
    Step(
        "COG-API-OP-DescribeUserPoolDomain",
        lambda w: {"Domain": w["pool"].rpartition("_")[2].lower()},
        lambda w: {"DomainDescription": w.pool(Status="ACTIVE", ManagedLoginVersion=2)},
    ),
    Step(
        "COG-API-OP-SetUICustomization",
        lambda w: w.pool(CSS=CSS, ImageFile=PNG),
        lambda w: {"UICustomization": w.pool(ClientId="ALL", CSS=CSS, ImageUrl=TEXT)},
    ),
    Step(
        "COG-API-OP-GetUICustomization",
        lambda w: w.client(),
        lambda w: {"UICustomization": w.pool(ClientId="ALL", CSS=CSS, ImageUrl=TEXT)},
    ),
    Step(
        "COG-API-OP-CreateManagedLoginBranding",
        lambda w: w.client(UseCognitoProvidedValues=True),
        {"ManagedLoginBranding": {"ManagedLoginBrandingId": UUID}},
        {"look": lambda a: a["ManagedLoginBranding"]["ManagedLoginBrandingId"]},
    ),
    Step(
        "COG-API-OP-UpdateManagedLoginBranding",
        lambda w: w.pool(ManagedLoginBrandingId=w["look"], Settings={"a": [1, None]}),
        {"ManagedLoginBranding": {"Settings": {"a": [1, None]}}},
    ),
    Step(
        "COG-API-OP-DescribeManagedLoginBranding",
        lambda w: w.pool(ManagedLoginBrandingId=w["look"]),
        {"ManagedLoginBranding": {"UseCognitoProvidedValues": False}},
    ),
    Step(
        "COG-API-OP-DescribeManagedLoginBrandingByClient",
        lambda w: w.client(),
        lambda w: {"ManagedLoginBranding": {"ManagedLoginBrandingId": w["look"]}},
    ),
    Step(
        "COG-API-OP-DeleteManagedLoginBranding",
        lambda w: w.pool(ManagedLoginBrandingId=w["look"]),
        NO_BODY,
    ),
    Step(
        "COG-API-OP-CreateTerms",
        lambda w: w.client(
            TermsName="terms-of-use",
            TermsSource="LINK",
            Enforcement="NONE",
            Links={"cognito:default": "https://example.org/terms"},
        ),
        {"Terms": {"TermsId": UUID, "TermsName": "terms-of-use"}},
        {"terms": lambda a: a["Terms"]["TermsId"]},
    ),
    Step(
        "COG-API-OP-UpdateTerms",
        lambda w: w.pool(TermsId=w["terms"], TermsName="privacy-policy"),
        {"Terms": {"TermsName": "privacy-policy", "TermsSource": "LINK"}},
    ),
    Step(
        "COG-API-OP-DescribeTerms",
        lambda w: w.pool(TermsId=w["terms"]),
        {"Terms": {"TermsName": "privacy-policy"}},
    ),
    Step(
        "COG-API-OP-DescribeTermsByClient",
        lambda w: w.client(TermsName="privacy-policy"),
        lambda w: {"Terms": {"TermsId": w["terms"]}},
    ),
    Step(
        "COG-API-OP-ListTerms",
        lambda w: w.pool(),
        lambda w: {"Terms": [{"TermsId": w["terms"], "TermsName": "privacy-policy"}]},
    ),
    Step("COG-API-OP-DeleteTerms", lambda w: w.pool(TermsId=w["terms"]), NO_BODY),
    # Resource servers and identity providers
    Step(
        "COG-API-OP-CreateResourceServer",
        lambda w: w.pool(Identifier="orders", Name="Orders"),
        lambda w: {"ResourceServer": w.pool(Identifier="orders", Name="Orders")},
    ),
    Step(
        "COG-API-OP-UpdateResourceServer",
        lambda w: w.pool(
            Identifier="orders",
            Name="All orders",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "Read"}],
        ),
        {"ResourceServer": {"Name": "All orders", "Scopes": [{"ScopeName": "read"}]}},
    ),
    Step(
        "COG-API-OP-DescribeResourceServer",
        lambda w: w.pool(Identifier="orders"),
        {"ResourceServer": {"Name": "All orders", "Scopes": [{"ScopeName": "read"}]}},
    ),
    Step(
        "COG-API-OP-ListResourceServers",
        lambda w: w.pool(MaxResults=50),
        {"ResourceServers": [{"Identifier": "orders"}]},
    ),
    Step("COG-API-OP-DeleteResourceServer", lambda w: w.pool(Identifier="orders"), NO_BODY),
    Step(
        "COG-API-OP-CreateIdentityProvider",
        lambda w: w.pool(ProviderName="Corporate", ProviderType="SAML", ProviderDetails=SAML),
        lambda w: {"IdentityProvider": w.pool(ProviderName="Corporate", ProviderType="SAML")},
    ),
    Step(
        "COG-API-OP-UpdateIdentityProvider",
        lambda w: w.pool(ProviderName="Corporate", IdpIdentifiers=["example.org"]),
        {"IdentityProvider": {"IdpIdentifiers": ["example.org"], "ProviderDetails": SAML}},
    ),
    Step(
        "COG-API-OP-DescribeIdentityProvider",
        lambda w: w.pool(ProviderName="Corporate"),
        {"IdentityProvider": {"IdpIdentifiers": ["example.org"]}},
    ),
    Step(
        "COG-API-OP-GetIdentityProviderByIdentifier",
        lambda w: w.pool(IdpIdentifier="example.org"),
        {"IdentityProvider": {"ProviderName": "Corporate"}},
    ),
    Step(
        "COG-API-OP-ListIdentityProviders",
        lambda w: w.pool(),
        {"Providers": [{"ProviderName": "Corporate", "ProviderType": "SAML"}]},
    ),
    # Users and groups
    Step(
        "COG-API-OP-SignUp",
        lambda w: w.public(Password=PASSWORD, UserAttributes=pairs(email="ida@example.org")),
        {"UserConfirmed": False, "UserSub": UUID, "CodeDeliveryDetails": MASKED},
    ),
    Step(
        "COG-API-OP-ResendConfirmationCode",
        lambda w: w.public(),
        {"CodeDeliveryDetails": MASKED},
    ),
    Step("COG-API-OP-ConfirmSignUp", lambda w: w.public(ConfirmationCode=w.last_code())),
    Step(
        "COG-API-OP-AdminGetUser",
        lambda w: w.user(),
        {
            "Username": "ida",
            "UserAttributes": list,
            "UserCreateDate": ...,
            "UserLastModifiedDate": ...,
            "Enabled": True,
            "UserStatus": "CONFIRMED",
        },
    ),
    Step(
        "COG-API-OP-SignUp",
        lambda w: w.public(Username="otto", Password=PASSWORD),
        {"UserConfirmed": False, "UserSub": UUID},
    ),
    Step("COG-API-OP-AdminConfirmSignUp", lambda w: w.pool(Username="otto")),
    Step("COG-API-OP-AdminDeleteUser", lambda w: w.pool(Username="otto"), NO_BODY),
    Step(
        "COG-API-OP-AdminCreateUser",
        lambda w: w.pool(Username="rosa", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"),
        {
            "User": {
                "Username": "rosa",
                "Attributes": [{"Name": "sub", "Value": UUID}],
                "Enabled": True,
                "UserStatus": "FORCE_CHANGE_PASSWORD",
            }
        },
    ),
    Step(
        "COG-API-OP-AdminInitiateAuth",
        lambda w: w.client(
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD},
        ),
        {
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": TEXT,
            "ChallengeParameters": {
                "USER_ID_FOR_SRP": "rosa",
                "requiredAttributes": "[]",
                "userAttributes": "{}",
            },
        },
        {"session": lambda a: a["Session"]},
    ),
    Step(
        "COG-API-OP-AdminRespondToAuthChallenge",
        lambda w: w.client(
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=w["session"],
            ChallengeResponses={"USERNAME": "rosa", "NEW_PASSWORD": NEW_PASSWORD},
        ),
        SIGNED_IN,
    ),
    Step(
        "COG-API-OP-ListUsers",
        lambda w: w.pool(Filter='username = "rosa"'),
        {"Users": [{"Username": "rosa", "UserStatus": "CONFIRMED"}]},
    ),
    Step(
        "COG-API-OP-AdminUpdateUserAttributes",
        lambda w: w.user(UserAttributes=pairs(name="Ida", nickname="I", email_verified="true")),
    ),
    Step(
        "COG-API-OP-AdminDeleteUserAttributes",
        lambda w: w.user(UserAttributeNames=["nickname"]),
    ),
    Step("COG-API-OP-AdminDisableUser", lambda w: w.user()),
    Step("COG-API-OP-AdminEnableUser", lambda w: w.user()),
    Step(
        "COG-API-OP-AdminLinkProviderForUser",
        lambda w: w.pool(
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ida"},
            SourceUser={
                "ProviderName": "Corporate",
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": "ida@corp",
            },
        ),
    ),
    Step(
        "COG-API-OP-AdminDisableProviderForUser",
        lambda w: w.pool(
            User={
                "ProviderName": "Corporate",
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": "ida@corp",
            }
        ),
    ),
    Step("COG-API-OP-DeleteIdentityProvider", lambda w: w.pool(ProviderName="Corporate"), NO_BODY),
    Step(
        "COG-API-OP-CreateGroup",
        lambda w: w.pool(GroupName="admins", Precedence=1),
        lambda w: {"Group": w.pool(GroupName="admins", Precedence=1)},
    ),
    Step(
        "COG-API-OP-UpdateGroup",
        lambda w: w.pool(GroupName="admins", Description="All of them"),
        {"Group": {"Description": "All of them", "Precedence": 1}},
    ),
    Step(
        "COG-API-OP-GetGroup",
        lambda w: w.pool(GroupName="admins"),
        {"Group": {"Description": "All of them", "Precedence": 1}},
    ),
    Step("COG-API-OP-ListGroups", lambda w: w.pool(), {"Groups": [{"GroupName": "admins"}]}),
    Step("COG-API-OP-AdminAddUserToGroup", lambda w: w.user(GroupName="admins"), NO_BODY),
    Step(
        "COG-API-OP-ListUsersInGroup",
        lambda w: w.pool(GroupName="admins"),
        {"Users": [{"Username": "ida"}]},
    ),
    Step(
        "COG-API-OP-AdminListGroupsForUser",
        lambda w: w.user(),
        {"Groups": [{"GroupName": "admins"}]},
    ),
    Step("COG-API-OP-AdminRemoveUserFromGroup", lambda w: w.user(GroupName="admins"), NO_BODY),
    Step("COG-API-OP-DeleteGroup", lambda w: w.pool(GroupName="admins"), NO_BODY),
    # What users do for themselves
    Step(
        "COG-API-OP-InitiateAuth",
        lambda w: {"ClientId": w["client"], **password_flow("USER_PASSWORD_AUTH", PASSWORD)},
        SIGNED_IN,
        KEEP_TOKENS,
    ),
    Step(
        "COG-API-OP-GetUser",
        lambda w: w.own(),
        {
            "Username": "ida",
            "UserAttributes": [
                {"Name": "email", "Value": "ida@example.org"},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": "Ida"},
                {"Name": "sub", "Value": UUID},
            ],
        },
    ),
    Step(
        "COG-API-OP-UpdateUserAttributes",
        lambda w: w.own(UserAttributes=pairs(email="ida@example.com", nickname="I")),
        {"CodeDeliveryDetailsList": [MASKED]},
    ),
    Step("COG-API-OP-DeleteUserAttributes", lambda w: w.own(UserAttributeNames=["nickname"])),
    Step(
        "COG-API-OP-GetUserAttributeVerificationCode",
        lambda w: w.own(AttributeName="email"),
        {"CodeDeliveryDetails": MASKED},
    ),
    Step(
        "COG-API-OP-VerifyUserAttribute",
        lambda w: w.own(AttributeName="email", Code=w.last_code()),
    ),
    Step(
        "COG-API-OP-ChangePassword",
        lambda w: w.own(PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD),
    ),
    Step(
        "COG-API-OP-ForgotPassword",
        lambda w: w.public(),
        {"CodeDeliveryDetails": MASKED},
    ),
    Step(
        "COG-API-OP-ConfirmForgotPassword",
        lambda w: w.public(ConfirmationCode=w.last_code(), Password=OTHER_PASSWORD),
    ),
    Step(
        "COG-API-OP-GetTokensFromRefreshToken",
        lambda w: {"ClientId": w["client"], "RefreshToken": w["refresh"]},
        {"AuthenticationResult": REFRESHED},
    ),
    Step(
        "COG-API-OP-RevokeToken",
        lambda w: {"ClientId": w["client"], "Token": w["refresh"]},
    ),
    Step("COG-API-OP-AdminResetUserPassword", lambda w: w.user()),
    Step(
        "COG-API-OP-AdminSetUserPassword",
        lambda w: w.user(Password=PASSWORD, Permanent=True),
    ),
    # Second factors
    Step(
        "COG-API-OP-InitiateAuth",
        lambda w: {"ClientId": w["client"], **password_flow("USER_PASSWORD_AUTH", PASSWORD)},
        SIGNED_IN,
        KEEP_TOKENS,
    ),
    Step(
        "COG-API-OP-AssociateSoftwareToken",
        lambda w: w.own(),
        {"SecretCode": re.compile("[A-Z2-7]{16,}")},
        {"secret": lambda a: a["SecretCode"]},
    ),
    Step(
        "COG-API-OP-VerifySoftwareToken",
        lambda w: w.own(UserCode=w.totp()),
        {"Status": "SUCCESS"},
    ),
    Step(
        "COG-API-OP-SetUserMFAPreference",
        lambda w: w.own(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}),
    ),
    Step(
        "COG-API-OP-GetUserAuthFactors",
        lambda w: w.own(),
        {
            "Username": "ida",
            "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
            "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
            "ConfiguredUserAuthFactors": list,
        },
    ),
    Step(
        "COG-API-OP-InitiateAuth",
        lambda w: {"ClientId": w["client"], **password_flow("USER_PASSWORD_AUTH", PASSWORD)},
        {
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": TEXT,
            "ChallengeParameters": {"USER_ID_FOR_SRP": "ida"},
        },
        {"session": lambda a: a["Session"]},
    ),
    Step(
        "COG-API-OP-RespondToAuthChallenge",
        lambda w: {
            "ClientId": w["client"],
            "ChallengeName": "SOFTWARE_TOKEN_MFA",
            "Session": w["session"],
            "ChallengeResponses": {
                "USERNAME": "ida",
                "SOFTWARE_TOKEN_MFA_CODE": w.totp(steps=1),
            },
        },
        SIGNED_IN,
        KEEP_TOKENS,
    ),
    Step(
        "COG-API-OP-AdminSetUserMFAPreference",
        lambda w: w.user(SoftwareTokenMfaSettings={"Enabled": False}),
    ),
    Step("COG-API-OP-AdminDeleteSoftwareToken", lambda w: w.user()),
    Step(
        "COG-API-OP-AdminGetUserAuthFactors",
        lambda w: w.user(),
        {"Username": "ida", "ConfiguredUserAuthFactors": ["PASSWORD"]},
    ),
    Step(
        "COG-API-OP-AdminUpdateUserAttributes",
        lambda w: w.user(
            UserAttributes=pairs(phone_number="+15555550123", phone_number_verified="true")
        ),
    ),
    Step(
        "COG-API-OP-SetUserSettings",
        lambda w: w.own(MFAOptions=[{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]),
    ),
    Step("COG-API-OP-AdminSetUserSettings", lambda w: w.user(MFAOptions=[])),
    # Devices
    Step(
        "COG-API-OP-UpdateUserPool",
        lambda w: w.pool(**POOL, DeviceConfiguration={"ChallengeRequiredOnNewDevice": False}),
    ),
    Step(
        "COG-API-OP-InitiateAuth",
        lambda w: {"ClientId": w["client"], **password_flow("USER_PASSWORD_AUTH", PASSWORD)},
        {
            "AuthenticationResult": {
                **TOKENS,
                "NewDeviceMetadata": {"DeviceKey": TEXT, "DeviceGroupKey": TEXT},
            },
            "ChallengeParameters": {},
        },
        {**KEEP_TOKENS, "device": device_of},
    ),
    Step(
        "COG-API-OP-ConfirmDevice",
        lambda w: w.own(
            DeviceKey=w["device"],
            DeviceName="laptop",
            DeviceSecretVerifierConfig={"PasswordVerifier": "dmVyaWZpZXI=", "Salt": "c2FsdA=="},
        ),
        {"UserConfirmationNecessary": False},
    ),
    Step(
        "COG-API-OP-GetDevice",
        lambda w: w.own(DeviceKey=w["device"]),
        lambda w: {"Device": {"DeviceKey": w["device"]}},
    ),
    Step(
        "COG-API-OP-AdminGetDevice",
        lambda w: w.user(DeviceKey=w["device"]),
        lambda w: {"Device": {"DeviceKey": w["device"]}},
    ),
    Step(
        "COG-API-OP-UpdateDeviceStatus",
        lambda w: w.own(DeviceKey=w["device"], DeviceRememberedStatus="not_remembered"),
    ),
    Step(
        "COG-API-OP-AdminUpdateDeviceStatus",
        lambda w: w.user(DeviceKey=w["device"], DeviceRememberedStatus="remembered"),
    ),
    Step(
        "COG-API-OP-ListDevices",
        lambda w: w.own(),
        lambda w: {"Devices": [{"DeviceKey": w["device"]}]},
    ),
    Step(
        "COG-API-OP-AdminListDevices",
        lambda w: w.user(),
        lambda w: {"Devices": [{"DeviceKey": w["device"]}]},
    ),
    Step("COG-API-OP-ForgetDevice", lambda w: w.own(DeviceKey=w["device"]), NO_BODY),
    Step(
        "COG-API-OP-InitiateAuth",
        lambda w: {"ClientId": w["client"], **password_flow("USER_PASSWORD_AUTH", PASSWORD)},
        {"AuthenticationResult": dict, "ChallengeParameters": {}},
        {**KEEP_TOKENS, "device": device_of},
    ),
    Step(
        "COG-API-OP-ConfirmDevice",
        lambda w: w.own(DeviceKey=w["device"]),
        {"UserConfirmationNecessary": False},
    ),
    Step("COG-API-OP-AdminForgetDevice", lambda w: w.user(DeviceKey=w["device"]), NO_BODY),
    # The end
    Step("COG-API-OP-GlobalSignOut", lambda w: w.own()),
    Step(
        "COG-API-OP-AdminInitiateAuth",
        lambda w: w.client(**password_flow("ADMIN_USER_PASSWORD_AUTH", PASSWORD)),
        {"AuthenticationResult": dict, "ChallengeParameters": {}},
        KEEP_TOKENS,
    ),
    Step("COG-API-OP-DeleteUser", lambda w: w.own(), NO_BODY),
    Step("COG-API-OP-AdminUserGlobalSignOut", lambda w: w.pool(Username="rosa")),
    Step(
        "COG-API-OP-DeleteUserPoolDomain",
        lambda w: w.pool(Domain=w["pool"].rpartition("_")[2].lower()),
    ),
    Step("COG-API-OP-DeleteUserPool", lambda w: w.pool(), NO_BODY),
]


@pytest.fixture(scope="module")
def answers(idp, shared_services):
    """What is expected of each step when it is taken, and the answer or the error."""

    def last_code():
        return list_messages(shared_services, world["pool"])[-1].code

    world = World(last_code=last_code)
    found = []
    for step in STEPS:
        try:
            expected = step.expected(world) if callable(step.expected) else step.expected
            answer = getattr(idp, step.method)(**step.members(world))
        except (ClientError, KeyError) as error:
            expected, answer = {}, error
        else:
            world.known.update({name: pick(answer) for name, pick in step.keep.items()})
        found.append((expected, answer))
    return found


def fits(expected, actual):
    """Whether an answer is as expected; a mapping may have more members than are named."""
    if expected is ...:
        return True
    if isinstance(expected, type):
        return isinstance(actual, expected)
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.fullmatch(actual) is not None
    if isinstance(expected, dict):
        return expected.keys() <= actual.keys() and all(
            fits(value, actual[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(fits, expected, actual))
    return expected == actual


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.operation for step in STEPS])
def test_answer(answers, number):
    """Section 2 of the fact book: the operation works, with exactly these members on top.

    COG-API-WIRE-004: where there is no output shape there is no body; an empty one is ``{}``.
    """
    expected, answer = answers[number]

    assert isinstance(answer, dict), answer
    members = dict(answer)
    length = int(members.pop("ResponseMetadata")["HTTPHeaders"]["content-length"])
    assert members.keys() == (expected or {}).keys()
    assert fits(expected or {}, members), members
    if not members:
        assert length == (0 if expected is NO_BODY else len("{}"))


def test_every_operation_is_called():
    """The steps are of all operations that have behaviour, and of no others."""
    assert {step.operation for step in STEPS} == set(OPERATIONS)

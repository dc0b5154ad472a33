"""What both sides are asked, in this order: every control-plane operation that both have.

``{name}`` in a text stands for what an earlier answer of the same side said.
"""

from dataclasses import dataclass, field

ROLE = "arn:aws:iam::111122223333:role/rosa"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0123abcd-0123-4567-89ab-0123456789ab"
OIDC = {
    "client_id": "abc",
    "client_secret": "def",
    "attributes_request_method": "GET",
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://idp.example.org",
    "authorize_url": "https://idp.example.org/authorize",
    "token_url": "https://idp.example.org/token",
    "attributes_url": "https://idp.example.org/userinfo",
    "jwks_uri": "https://idp.example.org/jwks",
}


@dataclass(frozen=True)
class Step:
    """A call, and what of its answer later calls need: name -> path."""

    name: str
    operation: str
    members: dict
    keep: dict = field(default_factory=dict)


def step(name, operation, *, keep=None, **members):
    return Step(name, operation, members, keep or {})


def attributes(**values):
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


POOL = {"UserPoolId": "{pool}"}
PLAIN = {"UserPoolId": "{plain}"}
NO_POOL = {"UserPoolId": "us-east-1_Nowhere00"}
ROSA = {**POOL, "Username": "rosa"}
NOBODY = {**POOL, "Username": "nobody"}
CLIENT = {**POOL, "ClientId": "{client}"}
NO_CLIENT = {**POOL, "ClientId": "0123456789abcdefghijklmnop"}
SERVER = {**POOL, "Identifier": "orders"}
PROVIDER = {**POOL, "ProviderName": "Acme"}

POOLS = [
    step("plain pool", "CreateUserPool", PoolName="plain", keep={"plain": "UserPool.Id"}),
    step(
        "pool with settings",
        "CreateUserPool",
        PoolName="full",
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 10,
                "RequireUppercase": True,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "TemporaryPasswordValidityDays": 3,
            }
        },
        AutoVerifiedAttributes=["email"],
        AliasAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AdminCreateUserConfig={
            "AllowAdminCreateUserOnly": False,
            "InviteMessageTemplate": {
                "EmailSubject": "Welcome",
                "EmailMessage": "{username} {####}",
                "SMSMessage": "{username} {####}",
            },
        },
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        VerificationMessageTemplate={
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailSubject": "Code",
            "EmailMessage": "Code {####}",
        },
        EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT"},
        UserPoolTags={"team": "blue"},
        DeletionProtection="INACTIVE",
        Schema=[
            {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
            {
                "Name": "size",
                "AttributeDataType": "Number",
                "Mutable": True,
                "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "99"},
            },
            {"Name": "memo", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
        ],
        keep={"pool": "UserPool.Id"},
    ),
    step("pool", "DescribeUserPool", **POOL),
    step("unknown pool", "DescribeUserPool", **NO_POOL),
    step("pools", "ListUserPools", MaxResults=60),
    step("a page of pools", "ListUserPools", MaxResults=1),
    step("too many pools", "ListUserPools", MaxResults=61),
    step("pool without name", "CreateUserPool"),
    step(
        "pool with a short password",
        "CreateUserPool",
        PoolName="p",
        Policies={"PasswordPolicy": {"MinimumLength": 5}},
    ),
    step(
        "pool with alias and username attributes",
        "CreateUserPool",
        PoolName="p",
        AliasAttributes=["email"],
        UsernameAttributes=["email"],
    ),
    step(
        "pool with an unknown attribute type",
        "CreateUserPool",
        PoolName="p",
        Schema=[{"Name": "size", "AttributeDataType": "Colour"}],
    ),
    step(
        "pool with a required custom attribute",
        "CreateUserPool",
        PoolName="p",
        Schema=[{"Name": "size", "AttributeDataType": "Number", "Required": True}],
    ),
    step(
        "pool with a retyped standard attribute",
        "CreateUserPool",
        PoolName="p",
        Schema=[{"Name": "email", "AttributeDataType": "Number"}],
    ),
    step(
        "pool with lengths upside down",
        "CreateUserPool",
        PoolName="p",
        Schema=[
            {
                "Name": "memo",
                "AttributeDataType": "String",
                "StringAttributeConstraints": {"MinLength": "9", "MaxLength": "3"},
            }
        ],
    ),
    step(
        "attribute",
        "AddCustomAttributes",
        **POOL,
        CustomAttributes=[{"Name": "colour", "AttributeDataType": "String", "Mutable": True}],
    ),
    step(
        "the same attribute",
        "AddCustomAttributes",
        **POOL,
        CustomAttributes=[{"Name": "colour", "AttributeDataType": "String"}],
    ),
    step("no attribute", "AddCustomAttributes", **POOL, CustomAttributes=[]),
    step("pool with more attributes", "DescribeUserPool", **POOL),
    step("changed pool", "UpdateUserPool", **POOL, AutoVerifiedAttributes=["email"]),
    step("pool after the change", "DescribeUserPool", **POOL),
    step("unknown pool changed", "UpdateUserPool", **NO_POOL),
]

SECOND_FACTORS = [
    step("no second factors", "GetUserPoolMfaConfig", **POOL),
    step(
        "second factors",
        "SetUserPoolMfaConfig",
        **POOL,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="OPTIONAL",
    ),
    step("second factors read", "GetUserPoolMfaConfig", **POOL),
    step(
        "factors by text message",
        "SetUserPoolMfaConfig",
        **PLAIN,
        SmsMfaConfiguration={
            "SmsAuthenticationMessage": "Code {####}",
            "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "x"},
        },
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    ),
    step(
        "factors switched off and on",
        "SetUserPoolMfaConfig",
        **POOL,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="OFF",
    ),
    step("factors without any", "SetUserPoolMfaConfig", **POOL, MfaConfiguration="ON"),
    step("factors of no pool", "GetUserPoolMfaConfig", **NO_POOL),
]

CLIENTS = [
    step(
        "client",
        "CreateUserPoolClient",
        **POOL,
        ClientName="plain",
        keep={"browser": "UserPoolClient.ClientId"},
    ),
    step(
        "client with settings",
        "CreateUserPoolClient",
        **POOL,
        ClientName="full",
        GenerateSecret=True,
        RefreshTokenValidity=7,
        AccessTokenValidity=30,
        IdTokenValidity=30,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        ReadAttributes=["email", "name"],
        WriteAttributes=["email", "name"],
        ExplicitAuthFlows=[
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=["https://app.example.org/callback"],
        LogoutURLs=["https://app.example.org/"],
        DefaultRedirectURI="https://app.example.org/callback",
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        AllowedOAuthFlowsUserPoolClient=True,
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
        keep={"client": "UserPoolClient.ClientId"},
    ),
    step("client read", "DescribeUserPoolClient", **CLIENT),
    step("clients", "ListUserPoolClients", **POOL, MaxResults=60),
    step("a page of clients", "ListUserPoolClients", **POOL, MaxResults=1),
    step("clients of no pool", "ListUserPoolClients", **NO_POOL, MaxResults=60),
    step("changed client", "UpdateUserPoolClient", **CLIENT, ClientName="renamed"),
    step("client after the change", "DescribeUserPoolClient", **CLIENT),
    step("client of no pool", "CreateUserPoolClient", **NO_POOL, ClientName="p"),
    step("client without name", "CreateUserPoolClient", **POOL),
    step(
        "client with an unknown provider",
        "CreateUserPoolClient",
        **POOL,
        ClientName="p",
        SupportedIdentityProviders=["Nobody"],
    ),
    step(
        "client with a scope of nobody's",
        "CreateUserPoolClient",
        **POOL,
        ClientName="p",
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["nobody/reads"],
        AllowedOAuthFlowsUserPoolClient=True,
        CallbackURLs=["https://app.example.org/callback"],
    ),
    step(
        "client for machines without secret",
        "CreateUserPoolClient",
        **POOL,
        ClientName="p",
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
    ),
    step("unknown client", "DescribeUserPoolClient", **NO_CLIENT),
    step("unknown client changed", "UpdateUserPoolClient", **NO_CLIENT, ClientName="p"),
    step("unknown client deleted", "DeleteUserPoolClient", **NO_CLIENT),
    step(
        "client to delete",
        "CreateUserPoolClient",
        **POOL,
        ClientName="short-lived",
        keep={"short_lived": "UserPoolClient.ClientId"},
    ),
    step("deleted client", "DeleteUserPoolClient", **POOL, ClientId="{short_lived}"),
    step("deleted client read", "DescribeUserPoolClient", **POOL, ClientId="{short_lived}"),
]

RESOURCE_SERVERS = [
    step(
        "resource server",
        "CreateResourceServer",
        **SERVER,
        Name="Orders",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "Read"}],
    ),
    step(
        "resource server without scopes",
        "CreateResourceServer",
        **POOL,
        Identifier="sale",
        Name="Sale",
    ),
    step("the same resource server", "CreateResourceServer", **SERVER, Name="Orders"),
    step("resource server read", "DescribeResourceServer", **SERVER),
    step("unknown resource server", "DescribeResourceServer", **POOL, Identifier="nobody"),
    step("resource servers", "ListResourceServers", **POOL),
    step("a page of resource servers", "ListResourceServers", **POOL, MaxResults=1),
    step("too many resource servers", "ListResourceServers", **POOL, MaxResults=51),
    step("resource servers of no pool", "ListResourceServers", **NO_POOL),
]

DOMAINS = [
    step("domain", "CreateUserPoolDomain", **POOL, Domain="differential"),
    step("second domain", "CreateUserPoolDomain", **POOL, Domain="differential-2"),
    step("domain of another", "CreateUserPoolDomain", **PLAIN, Domain="differential"),
    step("domain with a reserved word", "CreateUserPoolDomain", **PLAIN, Domain="aws-x"),
    step(
        "custom domain",
        "CreateUserPoolDomain",
        **PLAIN,
        Domain="auth.example.org",
        CustomDomainConfig={"CertificateArn": CERTIFICATE},
    ),
    step("domain read", "DescribeUserPoolDomain", Domain="differential"),
    step("custom domain read", "DescribeUserPoolDomain", Domain="auth.example.org"),
    step("unknown domain", "DescribeUserPoolDomain", Domain="nobodys"),
    step(
        "changed domain",
        "UpdateUserPoolDomain",
        **PLAIN,
        Domain="auth.example.org",
        CustomDomainConfig={"CertificateArn": CERTIFICATE},
    ),
    step("pool with a domain", "DescribeUserPool", **POOL),
    step("unknown domain deleted", "DeleteUserPoolDomain", **POOL, Domain="nobodys"),
    step("deleted domain", "DeleteUserPoolDomain", **POOL, Domain="differential"),
    step(
        "deleted custom domain",
        "DeleteUserPoolDomain",
        **PLAIN,
        Domain="auth.example.org",
    ),
]

IDENTITY_PROVIDERS = [
    step(
        "identity provider",
        "CreateIdentityProvider",
        **PROVIDER,
        ProviderType="OIDC",
        ProviderDetails=OIDC,
        AttributeMapping={"email": "email"},
        IdpIdentifiers=["acme.example.org"],
    ),
    step(
        "google",
        "CreateIdentityProvider",
        **POOL,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
    ),
    step(
        "identity provider of an unknown type",
        "CreateIdentityProvider",
        **POOL,
        ProviderName="Other",
        ProviderType="Kerberos",
        ProviderDetails={},
    ),
    step(
        "identity provider of no pool",
        "CreateIdentityProvider",
        **NO_POOL,
        ProviderName="Acme",
        ProviderType="OIDC",
        ProviderDetails=OIDC,
    ),
    step("identity provider read", "DescribeIdentityProvider", **PROVIDER),
    step("unknown identity provider", "DescribeIdentityProvider", **POOL, ProviderName="Nobody"),
    step("identity providers", "ListIdentityProviders", **POOL),
    step("a page of identity providers", "ListIdentityProviders", **POOL, MaxResults=1),
    step(
        "changed identity provider",
        "UpdateIdentityProvider",
        **PROVIDER,
        AttributeMapping={"email": "mail", "username": "sub"},
    ),
    step(
        "unknown identity provider changed",
        "UpdateIdentityProvider",
        **POOL,
        ProviderName="Nobody",
        AttributeMapping={"email": "mail"},
    ),
    step("deleted identity provider", "DeleteIdentityProvider", **POOL, ProviderName="Google"),
    step(
        "identity provider deleted again", "DeleteIdentityProvider", **POOL, ProviderName="Google"
    ),
    step(
        "the same identity provider",
        "CreateIdentityProvider",
        **PROVIDER,
        ProviderType="OIDC",
        ProviderDetails=OIDC,
    ),
]

GROUPS = [
    step(
        "group",
        "CreateGroup",
        **POOL,
        GroupName="admins",
        Description="x",
        RoleArn=ROLE,
        Precedence=1,
    ),
    step("bare group", "CreateGroup", **POOL, GroupName="bare"),
    step("the same group", "CreateGroup", **POOL, GroupName="admins"),
    step("group of no pool", "CreateGroup", **NO_POOL, GroupName="admins"),
    step("group with a low precedence", "CreateGroup", **POOL, GroupName="low", Precedence=-1),
    step("group read", "GetGroup", **POOL, GroupName="admins"),
    step("bare group read", "GetGroup", **POOL, GroupName="bare"),
    step("unknown group", "GetGroup", **POOL, GroupName="nobody"),
    step("groups", "ListGroups", **POOL),
    step("a page of groups", "ListGroups", **POOL, Limit=1),
    step("groups of no pool", "ListGroups", **NO_POOL),
    step("changed group", "UpdateGroup", **POOL, GroupName="admins", Description="y"),
    step("group after the change", "GetGroup", **POOL, GroupName="admins"),
    step("unknown group changed", "UpdateGroup", **POOL, GroupName="nobody", Description="y"),
]

USERS = [
    step(
        "user",
        "AdminCreateUser",
        **ROSA,
        TemporaryPassword="Temporary-Horse-1",
        UserAttributes=attributes(email="rosa@example.org", custom__size="7"),
        MessageAction="SUPPRESS",
    ),
    step(
        "bare user",
        "AdminCreateUser",
        **POOL,
        Username="zoe",
        UserAttributes=attributes(email="zoe@example.org"),
    ),
    step("the same user", "AdminCreateUser", **ROSA, UserAttributes=attributes(email="r@e.org")),
    step("user without the required attribute", "AdminCreateUser", **POOL, Username="p1"),
    step(
        "user with an unknown attribute",
        "AdminCreateUser",
        **POOL,
        Username="p2",
        UserAttributes=attributes(email="p@e.org", custom__shoe="9"),
    ),
    step(
        "user with a bad temporary password",
        "AdminCreateUser",
        **POOL,
        Username="p3",
        UserAttributes=attributes(email="p@e.org"),
        TemporaryPassword="short1",
    ),
    step(
        "user with a number out of range",
        "AdminCreateUser",
        **POOL,
        Username="p4",
        UserAttributes=attributes(email="p@e.org", custom__size="100"),
    ),
    step("user of no pool", "AdminCreateUser", **NO_POOL, Username="rosa"),
    step("user read", "AdminGetUser", **ROSA),
    step("unknown user", "AdminGetUser", **NOBODY),
    step("user of no pool read", "AdminGetUser", **NO_POOL, Username="rosa"),
    step("users", "ListUsers", **POOL),
    step("a page of users", "ListUsers", **POOL, Limit=1),
    step("too many users", "ListUsers", **POOL, Limit=61),
    step("users by e-mail", "ListUsers", **POOL, Filter='email = "rosa@example.org"'),
    step("users with one attribute", "ListUsers", **POOL, AttributesToGet=["email"]),
    step("users by a bad filter", "ListUsers", **POOL, Filter="email"),
    step("users by an unknown attribute", "ListUsers", **POOL, Filter='shoe = "9"'),
    step("users of no pool", "ListUsers", **NO_POOL),
    step(
        "changed user",
        "AdminUpdateUserAttributes",
        **ROSA,
        UserAttributes=attributes(name="Rosa", email_verified="true"),
    ),
    step(
        "unknown user changed",
        "AdminUpdateUserAttributes",
        **NOBODY,
        UserAttributes=attributes(name="Rosa"),
    ),
    step(
        "user changed in an unknown attribute",
        "AdminUpdateUserAttributes",
        **ROSA,
        UserAttributes=attributes(custom__shoe="9"),
    ),
    step("attribute gone", "AdminDeleteUserAttributes", **ROSA, UserAttributeNames=["name"]),
    step(
        "attribute of nobody gone",
        "AdminDeleteUserAttributes",
        **NOBODY,
        UserAttributeNames=["name"],
    ),
    step(
        "password",
        "AdminSetUserPassword",
        **ROSA,
        Password="Permanent-Horse-1",
        Permanent=True,
    ),
    step("bad password", "AdminSetUserPassword", **ROSA, Password="short1", Permanent=True),
    step("password of nobody", "AdminSetUserPassword", **NOBODY, Password="Permanent-Horse-1"),
    step("user with a password", "AdminGetUser", **ROSA),
    step("disabled user", "AdminDisableUser", **ROSA),
    step("enabled user", "AdminEnableUser", **ROSA),
    step("nobody disabled", "AdminDisableUser", **NOBODY),
    step("nobody enabled", "AdminEnableUser", **NOBODY),
    step("signed out", "AdminUserGlobalSignOut", **ROSA),
    step("nobody signed out", "AdminUserGlobalSignOut", **NOBODY),
    step(
        "self-registered",
        "SignUp",
        ClientId="{browser}",
        Username="visitor",
        Password="Permanent-Horse-1",
        UserAttributes=attributes(email="visitor@example.org"),
    ),
    step("confirmed", "AdminConfirmSignUp", **POOL, Username="visitor"),
    step("confirmed again", "AdminConfirmSignUp", **ROSA),
    step("nobody confirmed", "AdminConfirmSignUp", **NOBODY),
    step(
        "factor without set-up",
        "AdminSetUserMFAPreference",
        **ROSA,
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    ),
    step(
        "no factor",
        "AdminSetUserMFAPreference",
        **ROSA,
        SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
    ),
    step("reset", "AdminResetUserPassword", **ROSA),
    step("reset of an invited user", "AdminResetUserPassword", **POOL, Username="zoe"),
    step("reset of nobody", "AdminResetUserPassword", **NOBODY),
]

MEMBERS = [
    step("member", "AdminAddUserToGroup", **ROSA, GroupName="admins"),
    step("member again", "AdminAddUserToGroup", **ROSA, GroupName="admins"),
    step("nobody in a group", "AdminAddUserToGroup", **NOBODY, GroupName="admins"),
    step("member of no group", "AdminAddUserToGroup", **ROSA, GroupName="nobody"),
    step("groups of a user", "AdminListGroupsForUser", **ROSA),
    step("groups of nobody", "AdminListGroupsForUser", **NOBODY),
    step("members", "ListUsersInGroup", **POOL, GroupName="admins"),
    step("members of no group", "ListUsersInGroup", **POOL, GroupName="nobody"),
    step("no member", "AdminRemoveUserFromGroup", **ROSA, GroupName="admins"),
    step("no member again", "AdminRemoveUserFromGroup", **ROSA, GroupName="admins"),
    step("removed from no group", "AdminRemoveUserFromGroup", **ROSA, GroupName="nobody"),
]

DELETIONS = [
    step("deleted group", "DeleteGroup", **POOL, GroupName="bare"),
    step("group deleted again", "DeleteGroup", **POOL, GroupName="bare"),
    step("deleted user", "AdminDeleteUser", **ROSA),
    step("user deleted again", "AdminDeleteUser", **ROSA),
    step("deleted pool", "DeleteUserPool", **POOL),
    step("pool deleted again", "DeleteUserPool", **POOL),
    step(
        "protected pool",
        "CreateUserPool",
        PoolName="protected",
        DeletionProtection="ACTIVE",
        keep={"protected": "UserPool.Id"},
    ),
    step("protected pool deleted", "DeleteUserPool", UserPoolId="{protected}"),
    step("plain pool with a domain", "CreateUserPoolDomain", **PLAIN, Domain="left-behind"),
    step("pool with a domain deleted", "DeleteUserPool", **PLAIN),
]

STEPS = [
    *POOLS,
    *SECOND_FACTORS,
    *CLIENTS,
    *RESOURCE_SERVERS,
    *DOMAINS,
    *IDENTITY_PROVIDERS,
    *GROUPS,
    *USERS,
    *MEMBERS,
    *DELETIONS,
]

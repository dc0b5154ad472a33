"""User pools over the API."""

import re

TEXT = {
    "AttributeDataType": "String",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
    "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"},
}
TEXT_NAMES = (
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
)
FLAG = {
    "AttributeDataType": "Boolean",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
}


def test_new_pool_shows_the_defaults(api):
    """COG-API-JSON-001, -002, COG-API-WIRE-031, -032: these members, created and described."""
    api.services.clock.set(1760000000.1234)

    created = api.call("CreateUserPool", PoolName="demo")["UserPool"]

    pool_id = created["Id"]
    assert re.fullmatch(r"eu-west-1_[A-Za-z0-9]{9}", pool_id)
    schema = created.pop("SchemaAttributes")
    # The clock keeps running from where it was put.
    assert 1760000000.1 < created["CreationDate"] < 1760000001
    assert (
        created["LastModifiedDate"] == created["CreationDate"] == round(created["CreationDate"], 3)
    )
    assert list(created.items()) == list(
        {
            "Id": pool_id,
            "Name": "demo",
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 8,
                    "RequireUppercase": True,
                    "RequireLowercase": True,
                    "RequireNumbers": True,
                    "RequireSymbols": True,
                    "TemporaryPasswordValidityDays": 7,
                },
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
            },
            "DeletionProtection": "INACTIVE",
            "LambdaConfig": {},
            "LastModifiedDate": created["CreationDate"],
            "CreationDate": created["CreationDate"],
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
            "MfaConfiguration": "OFF",
            "EstimatedNumberOfUsers": 0,
            "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
            "UserPoolTags": {},
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": False,
                "UnusedAccountValidityDays": 7,
            },
            "Arn": f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{pool_id}",
            "UserPoolTier": "ESSENTIALS",
        }.items()
    )
    described = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert described == {**created, "SchemaAttributes": schema}


def test_default_schema(api):
    """COG-API-JSON-004, COG-API-ATTR-001: the standard attributes, their order and their bounds."""
    schema = api.call("CreateUserPool", PoolName="demo")["UserPool"]["SchemaAttributes"]

    assert schema == [
        {
            **TEXT,
            "Name": "sub",
            "Mutable": False,
            "Required": True,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
        },
        *({**TEXT, "Name": name} for name in TEXT_NAMES),
        {**FLAG, "Name": "email_verified"},
        {**TEXT, "Name": "gender"},
        {
            **TEXT,
            "Name": "birthdate",
            "StringAttributeConstraints": {"MinLength": "10", "MaxLength": "10"},
        },
        {**TEXT, "Name": "zoneinfo"},
        {**TEXT, "Name": "locale"},
        {**TEXT, "Name": "phone_number"},
        {**FLAG, "Name": "phone_number_verified"},
        {**TEXT, "Name": "address"},
        {
            **FLAG,
            "Name": "updated_at",
            "AttributeDataType": "Number",
            "NumberAttributeConstraints": {"MinValue": "0"},
        },
    ]

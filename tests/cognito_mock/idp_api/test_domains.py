"""Domains, resource servers and groups over the API (spec sections 7.1, 7.4 and 7.8)."""

import pytest

BAD = "InvalidParameterException"
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/abc"}
CHARACTERS = (
    "The domain name contains an invalid character."
    " Domain names can only contain lower-case letters, numbers, and hyphens."
)


def test_prefix_domain(api, pool_id):
    """COG-API-RES-001: created with an empty answer, described, echoed in the pool."""
    assert api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo-login") == {}

    described = api.call("DescribeUserPoolDomain", Domain="demo-login")["DomainDescription"]
    assert list(described) == [
        "UserPoolId",
        "AWSAccountId",
        "Domain",
        "S3Bucket",
        "CloudFrontDistribution",
        "Version",
        "Status",
        "CustomDomainConfig",
        "ManagedLoginVersion",
    ]
    assert described["UserPoolId"] == pool_id
    assert described["Domain"] == "demo-login"
    assert described["Status"] == "ACTIVE"
    assert described["CustomDomainConfig"] == {}
    assert described["ManagedLoginVersion"] == 1
    pool = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert pool["Domain"] == "demo-login"
    assert "CustomDomain" not in pool


@pytest.mark.parametrize("region", ["eu-west-1", ""], ids=["elsewhere", "no region"])
def test_certificate_elsewhere(api, pool_id, region):
    """COG-API-MSG-017."""
    arn = f"arn:aws:acm:{region}:123456789012:certificate/abc"

    refused = api.fail(
        "CreateUserPoolDomain",
        UserPoolId=pool_id,
        Domain="auth.example.com",
        CustomDomainConfig={"CertificateArn": arn},
    )

    assert refused == (
        "InvalidParameterException",
        (
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid,"
            " or doesn't include a valid certificate chain."
        ),
    )
    assert api.call("DescribeUserPoolDomain", Domain="auth.example.com")["DomainDescription"] == {}


def test_custom_domain(api, pool_id):
    """A pool has one prefix and one custom domain, each in its own member."""
    api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo")

    created = api.call(
        "CreateUserPoolDomain",
        UserPoolId=pool_id,
        Domain="auth.example.com",
        ManagedLoginVersion=2,
        CustomDomainConfig=CERTIFICATE,
    )

    assert created == {
        "ManagedLoginVersion": 2,
        "CloudFrontDomain": "d111111abcdef8.cloudfront.net",
    }
    pool = api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
    assert (pool["Domain"], pool["CustomDomain"]) == ("demo", "auth.example.com")
    described = api.call("DescribeUserPoolDomain", Domain="auth.example.com")
    assert described["DomainDescription"]["CustomDomainConfig"] == CERTIFICATE


def test_unknown_domain_is_described_as_empty(api):
    """COG-API-JSON-012."""
    assert api.call("DescribeUserPoolDomain", Domain="nobody") == {"DomainDescription": {}}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Domain": "Demo"}, CHARACTERS),
        ({"Domain": "demo_1"}, CHARACTERS),
        ({"Domain": "-demo"}, CHARACTERS),
        ({"Domain": "auth.example.com"}, CHARACTERS),
        ({"Domain": "my-cognito-login"}, "Domain cannot contain reserved word: cognito"),
        ({"Domain": "aws"}, "Domain cannot contain reserved word: aws"),
        (
            {"Domain": "demo", "CustomDomainConfig": CERTIFICATE},
            "Custom domain is not a valid subdomain",
        ),
        ({"Domain": "a..b", "CustomDomainConfig": CERTIFICATE}, CHARACTERS),
        ({"Domain": "demo", "ManagedLoginVersion": 3}, "ManagedLoginVersion must be 1 or 2."),
    ],
)
def test_refused_domain(api, pool_id, members, message):
    """COG-API-MSG-017, COG-API-RES-002."""
    assert api.fail("CreateUserPoolDomain", UserPoolId=pool_id, **members) == (BAD, message)
    assert "Domain" not in api.call("DescribeUserPool", UserPoolId=pool_id)["UserPool"]


def test_reserved_word_within_a_segment_is_accepted(api, pool_id):
    """COG-API-MSG-017: only a whole segment between hyphens counts."""
    assert api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="lawsuit-app") == {}


def test_domain_is_taken_once(api, pool_id):
    """COG-API-RES-002."""
    other = api.call("CreateUserPool", PoolName="other")["UserPool"]["Id"]
    api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo")

    assert api.fail("CreateUserPoolDomain", UserPoolId=other, Domain="demo") == (
        BAD,
        "Domain already associated with another user pool.",
    )
    assert api.fail("CreateUserPoolDomain", UserPoolId=pool_id, Domain="second") == (
        BAD,
        "User pool already has a domain configured.",
    )


def test_managed_login_is_not_in_the_lite_tier(api):
    """COG-API-MSG-003."""
    pool = api.call("CreateUserPool", PoolName="x", UserPoolTier="LITE")["UserPool"]

    assert api.fail(
        "CreateUserPoolDomain", UserPoolId=pool["Id"], Domain="demo", ManagedLoginVersion=2
    ) == (
        "FeatureUnavailableInTierException",
        (
            "The following feature is not available for the LITE pricing tier configured:"
            " Managed Login Version 2"
        ),
    )


def test_domain_is_updated_and_deleted(api, pool_id):
    """The branding version changes; a deleted domain is free again."""
    api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo")

    updated = api.call(
        "UpdateUserPoolDomain", UserPoolId=pool_id, Domain="demo", ManagedLoginVersion=2
    )

    assert updated == {"ManagedLoginVersion": 2}
    assert api.call("DeleteUserPoolDomain", UserPoolId=pool_id, Domain="demo") == {}
    assert api.fail("DeleteUserPoolDomain", UserPoolId=pool_id, Domain="demo") == (
        BAD,
        "No such domain or user pool exists.",
    )
    assert api.call("CreateUserPoolDomain", UserPoolId=pool_id, Domain="demo") == {}


def test_resource_servers(api, pool_id):
    """COG-API-RES-003, COG-SCO-016: created, listed, replaced but for its identifier, deleted."""
    orders = {
        "UserPoolId": pool_id,
        "Identifier": "https://orders.example",
        "Name": "Orders",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read"}],
    }
    key = {"UserPoolId": pool_id, "Identifier": orders["Identifier"]}

    assert api.call("CreateResourceServer", **orders) == {"ResourceServer": orders}
    assert api.fail("CreateResourceServer", **orders) == (
        BAD,
        f"https://orders.example already exists in user pool {pool_id}.",
    )
    assert api.call("DescribeResourceServer", **key) == {"ResourceServer": orders}
    assert api.call("ListResourceServers", UserPoolId=pool_id) == {"ResourceServers": [orders]}
    changed = {**key, "Name": "Shop", "Scopes": []}
    assert api.call("UpdateResourceServer", **key, Name="Shop") == {"ResourceServer": changed}
    assert api.call("DeleteResourceServer", **key) is None
    for operation in ("DescribeResourceServer", "DeleteResourceServer"):
        assert api.fail(operation, **key) == (
            "ResourceNotFoundException",
            "Resource server https://orders.example does not exist.",
        )


@pytest.mark.parametrize(
    ("identifier", "scope", "accepted"),
    [
        ("orders", "read", True),
        ("https://api.example/orders", "read:all", True),
        ("a" * 256, "b" * 256, True),
        ("a" * 257, "read", False),
        ("or ders", "read", False),
        ('or"ders', "read", False),
        ("or\\ders", "read", False),
        ("orders", "read/all", False),
        ("orders", "read all", False),
        ("orders", "b" * 257, False),
    ],
)
def test_names_of_resource_servers_and_scopes(api, pool_id, identifier, scope, accepted):
    """COG-SCO-002, -015: a name or an address, printable; a scope has no slash."""
    request = {
        "UserPoolId": pool_id,
        "Identifier": identifier,
        "Name": "x",
        "Scopes": [{"ScopeName": scope, "ScopeDescription": "x"}],
    }

    if accepted:
        made = api.call("CreateResourceServer", **request)["ResourceServer"]
        assert made["Scopes"][0]["ScopeName"] == scope
    else:
        assert api.fail("CreateResourceServer", **request)[0] == BAD


def test_groups(api, pool_id):
    """COG-API-GRP-001, -005: created, updated by given members, listed, deleted."""
    key = {"UserPoolId": pool_id, "GroupName": "admins"}

    created = api.call("CreateGroup", **key, Description="x", Precedence=0)["Group"]

    assert list(created) == [
        "GroupName",
        "UserPoolId",
        "Description",
        "Precedence",
        "LastModifiedDate",
        "CreationDate",
    ]
    assert api.fail("CreateGroup", **key) == (
        "GroupExistsException",
        "A group with the name already exists.",
    )
    updated = api.call("UpdateGroup", **key, Precedence=3)["Group"]
    assert (updated["Description"], updated["Precedence"]) == ("x", 3)
    assert api.call("GetGroup", **key)["Group"] == updated
    api.call("CreateGroup", UserPoolId=pool_id, GroupName="users")
    first = api.call("ListGroups", UserPoolId=pool_id, Limit=1)
    rest = api.call("ListGroups", UserPoolId=pool_id, Limit=0, NextToken=first["NextToken"])
    assert [g["GroupName"] for g in first["Groups"] + rest["Groups"]] == ["admins", "users"]
    assert api.call("DeleteGroup", **key) is None
    assert api.fail("GetGroup", **key) == ("ResourceNotFoundException", "Group not found.")

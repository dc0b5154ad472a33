"""Identity providers and linked identities through boto3 (spec section 7.4)."""

import json

import pytest

BAD = "InvalidParameterException"
OIDC = {
    "client_id": "abc",
    "attributes_request_method": "GET",
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://idp.example.org",
}
GOOGLE = {"client_id": "abc", "client_secret": "s", "authorize_scopes": "openid email"}
SAML = {"MetadataURL": "https://idp.example.org/metadata"}


def add(live, name="MyOIDC", kind="OIDC", details=OIDC, **members):
    return live.idp.create_identity_provider(
        UserPoolId=live.pool_id,
        ProviderName=name,
        ProviderType=kind,
        ProviderDetails=details,
        **members,
    )["IdentityProvider"]


def described(live, name="MyOIDC"):
    provider = live.idp.describe_identity_provider(UserPoolId=live.pool_id, ProviderName=name)
    return provider["IdentityProvider"]


def names(live):
    listed = live.idp.list_identity_providers(UserPoolId=live.pool_id)["Providers"]
    return [provider["ProviderName"] for provider in listed]


def test_created_provider(live):
    """COG-API-JSON-011, member by member."""
    created = add(live, AttributeMapping={"username": "sub", "email": "email"})

    dates = {created.pop("LastModifiedDate"), created.pop("CreationDate")}
    assert created == {
        "UserPoolId": live.pool_id,
        "ProviderName": "MyOIDC",
        "ProviderType": "OIDC",
        "ProviderDetails": {**OIDC, "attributes_url_add_attributes": "false"},
        "AttributeMapping": {"username": "sub", "email": "email"},
        "IdpIdentifiers": [],
    }
    assert len(dates) == 1


@pytest.mark.parametrize(
    ("name", "kind", "details", "mapping"),
    [
        ("MyOIDC", "OIDC", OIDC, {"username": "sub"}),
        ("Google", "Google", GOOGLE, {"username": "sub"}),
        ("Corporate", "SAML", SAML, {}),
    ],
    ids=["OIDC", "Google", "SAML"],
)
def test_mapping_by_default(live, name, kind, details, mapping):
    """COG-API-RES-005."""
    assert add(live, name, kind, details)["AttributeMapping"] == mapping


def test_details_of_social_provider(live):
    """COG-API-RES-004: Describe adds the addresses that are the provider's own."""
    details = add(live, "Google", "Google", GOOGLE)["ProviderDetails"]

    assert details.items() >= GOOGLE.items()
    assert details["oidc_issuer"] == "https://accounts.google.com"
    assert set(details) > {"authorize_url", "attributes_url", "attributes_url_add_attributes"}


@pytest.mark.parametrize(
    ("name", "kind", "details", "message"),
    [
        (
            "Google",
            "Google",
            {"client_id": "abc"},
            "clientId, clientSecret and authorizeScopes are all required idp details.",
        ),
        (
            "MyOIDC",
            "OIDC",
            {"client_id": "abc"},
            (
                "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required"
                " idp details."
            ),
        ),
        (
            "MyOIDC",
            "OIDC",
            {**OIDC, "attributes_request_method": "PUT"},
            (
                "1 validation error detected: Value 'PUT' at 'attributesRequestMethod' failed to"
                " satisfy constraint: Member must satisfy enum value set: [POST, GET]"
            ),
        ),
        (
            "Corporate",
            "SAML",
            {"IDPSignout": "true"},
            "At least one of the MetadataURL or MetadataFile should be provided.",
        ),
        ("MyGoogle", "Google", GOOGLE, "Provider MyGoogle cannot be of type Google."),
    ],
    ids=["social", "OIDC", "method", "SAML", "name"],
)
def test_refused_provider(live, name, kind, details, message):
    """COG-API-MSG-018."""
    refused = live.refusal(
        "create_identity_provider",
        UserPoolId=live.pool_id,
        ProviderName=name,
        ProviderType=kind,
        ProviderDetails=details,
    )

    assert refused == (BAD, message)
    assert names(live) == []


def test_duplicate_and_unknown_provider(live):
    """COG-API-RES-005."""
    add(live)

    again = live.refusal(
        "create_identity_provider",
        UserPoolId=live.pool_id,
        ProviderName="MyOIDC",
        ProviderType="OIDC",
        ProviderDetails=OIDC,
    )
    unknown = live.refusal(
        "describe_identity_provider", UserPoolId=live.pool_id, ProviderName="Other"
    )

    assert again[0] == "DuplicateProviderException"
    assert unknown == (
        "ResourceNotFoundException",
        "Identity provider Other does not exist.",
    )


def test_update_replaces_what_is_given(live):
    """COG-API-OP-UpdateIdentityProvider."""
    add(live, AttributeMapping={"email": "mail"}, IdpIdentifiers=["example.org"])

    live.idp.update_identity_provider(
        UserPoolId=live.pool_id,
        ProviderName="MyOIDC",
        ProviderDetails={**OIDC, "client_id": "new"},
    )

    provider = described(live)
    assert provider["ProviderDetails"]["client_id"] == "new"
    assert provider["AttributeMapping"] == {"email": "mail"}
    assert provider["IdpIdentifiers"] == ["example.org"]


def test_provider_by_identifier(live):
    """An identifier belongs to one provider."""
    add(live, IdpIdentifiers=["example.org", "example.net"])

    found = live.idp.get_identity_provider_by_identifier(
        UserPoolId=live.pool_id, IdpIdentifier="example.net"
    )

    assert found["IdentityProvider"]["ProviderName"] == "MyOIDC"
    assert (
        live.refusal(
            "create_identity_provider",
            UserPoolId=live.pool_id,
            ProviderName="Corporate",
            ProviderType="SAML",
            ProviderDetails=SAML,
            IdpIdentifiers=["example.net"],
        )[0]
        == BAD
    )
    assert (
        live.refusal(
            "get_identity_provider_by_identifier", UserPoolId=live.pool_id, IdpIdentifier="other"
        )[0]
        == "ResourceNotFoundException"
    )


def test_listing_and_deleting(live):
    """Providers are listed by name, in pages."""
    for name in ("Corporate", "Another", "Third"):
        add(live, name, "SAML", SAML)

    pages = live.idp.get_paginator("list_identity_providers").paginate(
        UserPoolId=live.pool_id, PaginationConfig={"PageSize": 2}
    )
    listed = [[p["ProviderName"] for p in page["Providers"]] for page in pages]
    live.idp.delete_identity_provider(UserPoolId=live.pool_id, ProviderName="Another")

    assert listed == [["Another", "Corporate"], ["Third"]]
    assert names(live) == ["Corporate", "Third"]


def test_schema_and_clients_know_the_provider(live):
    """COG-API-ATTR-002, COG-API-CLI-006: a client can name it, and users can have identities."""
    client = {
        "UserPoolId": live.pool_id,
        "ClientName": "web",
        "SupportedIdentityProviders": ["COGNITO", "MyOIDC"],
    }
    assert live.refusal("create_user_pool_client", **client) == (
        BAD,
        f"The provider MyOIDC does not exist for User Pool {live.pool_id}.",
    )

    add(live)

    assert live.idp.create_user_pool_client(**client)["UserPoolClient"]["ClientId"]
    pool = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]
    assert [a["Name"] for a in pool["SchemaAttributes"]].count("identities") == 1


def identity(value, provider="MyOIDC"):
    return {
        "ProviderName": provider,
        "ProviderAttributeName": "Cognito_Subject",
        "ProviderAttributeValue": value,
    }


def rosa():
    return {"ProviderName": "Cognito", "ProviderAttributeValue": "rosa"}


def link(live, value, user=None):
    live.idp.admin_link_provider_for_user(
        UserPoolId=live.pool_id, DestinationUser=user or rosa(), SourceUser=identity(value)
    )


def link_error(live, value, user=None, provider="MyOIDC"):
    return live.refusal(
        "admin_link_provider_for_user",
        UserPoolId=live.pool_id,
        DestinationUser=user or rosa(),
        SourceUser=identity(value, provider),
    )


@pytest.fixture
def linked(live):
    live.user()
    add(live)
    link(live, "subject-1")
    return live


def test_linked_identity(linked):
    """COG-TOK-037, COG-API-RES-006, COG-API-ATTR-012: it shows in the user's identities."""
    (shown,) = json.loads(linked.attributes()["identities"])

    assert " ".join(shown) == "userId providerName providerType issuer primary dateCreated"
    assert shown.pop("dateCreated") > 1_700_000_000_000
    assert shown == {
        "userId": "subject-1",
        "providerName": "MyOIDC",
        "providerType": "OIDC",
        "issuer": None,
        "primary": False,
    }


def test_unlinked_identity(linked):
    """AdminDisableProviderForUser takes one link away and leaves the other."""
    link(linked, "subject-2")

    linked.idp.admin_disable_provider_for_user(
        UserPoolId=linked.pool_id, User=identity("subject-1")
    )

    (shown,) = json.loads(linked.attributes()["identities"])
    assert shown["userId"] == "subject-2"
    linked.idp.admin_disable_provider_for_user(
        UserPoolId=linked.pool_id, User=identity("subject-2")
    )
    assert "identities" not in linked.attributes()


def test_refused_links(linked):
    """COG-QUO-014, COG-API-RES-006: nobody else's, no signed-up source, no more than five."""
    linked.user("karl")
    linked.user("MyOIDC_known")

    karl = {"ProviderName": "Cognito", "ProviderAttributeValue": "karl"}
    assert link_error(linked, "subject-1", karl)[0] == "AliasExistsException"
    assert link_error(linked, "subject-1")[0] == BAD
    assert link_error(linked, "known") == (
        BAD,
        (
            "Merging is not currently supported, provide a SourceUser that has not been signed up"
            " in order to link"
        ),
    )
    assert link_error(linked, "x", provider="Other")[0] == "ResourceNotFoundException"
    nobody = {"ProviderName": "Cognito", "ProviderAttributeValue": "nobody"}
    assert link_error(linked, "x", nobody) == ("UserNotFoundException", "User does not exist.")
    for n in range(2, 6):
        link(linked, f"subject-{n}")
    assert link_error(linked, "subject-6")[0] == "LimitExceededException"
    assert len(json.loads(linked.attributes()["identities"])) == 5


def test_links_end_with_their_user(linked):
    """The identity can be linked to somebody else then."""
    linked.idp.admin_delete_user(UserPoolId=linked.pool_id, Username="rosa")
    linked.user("karl")

    link(linked, "subject-1", {"ProviderName": "Cognito", "ProviderAttributeValue": "karl"})

    assert "identities" in linked.attributes("karl")


def test_user_of_the_pool_is_not_disabled_as_a_providers(linked):
    """COG-API-OP-AdminDisableProviderForUser."""
    refused = linked.refusal(
        "admin_disable_provider_for_user", UserPoolId=linked.pool_id, User=rosa()
    )

    assert refused[0] == BAD
    assert linked.sign_in()["AccessToken"]

"""Managed login branding and terms documents through boto3."""

from uuid import UUID

import pytest

BAD = "InvalidParameterException"
SETTINGS = {"components": {"pageBackground": {"image": {"enabled": True}}}, "n": [1, 2.5, None]}
ASSET = {"Category": "FAVICON_ICO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": b"\x89PNG"}
TERMS = {"TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE"}
LINKS = {"cognito:default": "https://example.org/terms"}
NEITHER_OR_BOTH = (
    BAD,
    "useCognitoProvidedValues or settings should be specified (but not both)",
)


@pytest.fixture
def place(live):
    return {"UserPoolId": live.pool_id, "ClientId": live.client_id}


def test_style_comes_back_as_given(live, place):
    """COG-API-RES-007, COG-API-WIRE-007, -039: free settings, assets byte for byte.

    By its id, a UUID of version 4, and by its client.
    """
    created = live.idp.create_managed_login_branding(**place, Settings=SETTINGS, Assets=[ASSET])

    style = created["ManagedLoginBranding"]
    assert (style["Settings"], style["Assets"]) == (SETTINGS, [ASSET])
    assert style["UseCognitoProvidedValues"] is False
    assert UUID(style["ManagedLoginBrandingId"]).version == 4
    by_client = live.idp.describe_managed_login_branding_by_client(**place)
    by_id = live.idp.describe_managed_login_branding(
        UserPoolId=live.pool_id, ManagedLoginBrandingId=style["ManagedLoginBrandingId"]
    )
    assert by_client["ManagedLoginBranding"] == by_id["ManagedLoginBranding"] == style


@pytest.mark.parametrize(
    "members",
    [{}, {"UseCognitoProvidedValues": True, "Settings": SETTINGS}],
    ids=["neither", "both"],
)
def test_own_or_provided(live, place, members):
    """COG-API-MSG-019."""
    assert live.refusal("create_managed_login_branding", **place, **members) == NEITHER_OR_BOTH
    provided = live.idp.create_managed_login_branding(**place, UseCognitoProvidedValues=True)
    assert "Settings" not in provided["ManagedLoginBranding"]


def test_one_style_for_a_client(live, place):
    """COG-API-RES-007, until it is deleted."""
    first = live.idp.create_managed_login_branding(**place, UseCognitoProvidedValues=True)
    style = {
        "UserPoolId": live.pool_id,
        "ManagedLoginBrandingId": first["ManagedLoginBranding"]["ManagedLoginBrandingId"],
    }

    again = live.refusal("create_managed_login_branding", **place, UseCognitoProvidedValues=True)

    assert again[0] == "ManagedLoginBrandingExistsException"
    live.idp.delete_managed_login_branding(**style)
    assert live.refusal("describe_managed_login_branding", **style)[0] == (
        "ResourceNotFoundException"
    )
    assert live.refusal("describe_managed_login_branding_by_client", **place)[0] == (
        "ResourceNotFoundException"
    )
    assert live.idp.create_managed_login_branding(**place, UseCognitoProvidedValues=True)


def test_updated_style(live, place):
    """What is not given stays; the service's own values take the settings' place."""
    created = live.idp.create_managed_login_branding(**place, Settings=SETTINGS, Assets=[ASSET])
    style = {
        "UserPoolId": live.pool_id,
        "ManagedLoginBrandingId": created["ManagedLoginBranding"]["ManagedLoginBrandingId"],
    }

    changed = live.idp.update_managed_login_branding(**style, Settings={"a": 1})
    assert changed["ManagedLoginBranding"]["Settings"] == {"a": 1}
    assert changed["ManagedLoginBranding"]["Assets"] == [ASSET]
    changed = live.idp.update_managed_login_branding(**style, UseCognitoProvidedValues=True)
    assert "Settings" not in changed["ManagedLoginBranding"]
    assert live.refusal("update_managed_login_branding", UserPoolId=live.pool_id)[0] == BAD


@pytest.mark.parametrize("settings", ['{"a": 1e999}', '{"a": "\\ud800"}'], ids=["inf", "half"])
def test_settings_that_cannot_be_written(api, pool_id, settings):
    """A document that could not be given back is not taken."""
    client = api.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="web")
    client_id = client["UserPoolClient"]["ClientId"]
    body = f'{{"UserPoolId": "{pool_id}", "ClientId": "{client_id}", "Settings": {settings}}}'

    response = api.send("CreateManagedLoginBranding", body.encode())

    assert (response.status_code, response.json()["__type"]) == (400, BAD)


def test_terms_come_back_as_given(live, place):
    """COG-API-RES-008, COG-API-WIRE-039; by id, a UUID of version 4, and by client."""
    created = live.idp.create_terms(**place, **TERMS, Links=LINKS)["Terms"]

    assert created.items() >= {**place, **TERMS, "Links": LINKS}.items()
    assert UUID(created["TermsId"]).version == 4
    by_id = live.idp.describe_terms(UserPoolId=live.pool_id, TermsId=created["TermsId"])
    by_client = live.idp.describe_terms_by_client(**place, TermsName="terms-of-use")
    assert by_id["Terms"] == by_client["Terms"] == created


def test_one_document_of_a_name(live, place):
    """COG-API-RES-008: also not by renaming another one."""
    live.idp.create_terms(**place, **TERMS, Links=LINKS)
    policy = {**TERMS, "TermsName": "privacy-policy"}
    other = live.idp.create_terms(**place, **policy, Links=LINKS)["Terms"]
    renamed = {"UserPoolId": live.pool_id, "TermsId": other["TermsId"]}

    again = live.refusal("create_terms", **place, **TERMS, Links=LINKS)
    by_update = live.refusal("update_terms", **renamed, TermsName="terms-of-use")

    assert again[0] == by_update[0] == "TermsExistsException"
    assert live.idp.describe_terms(**renamed)["Terms"] == other


def test_updated_and_deleted_terms(live, place):
    """What is not given stays."""
    created = live.idp.create_terms(**place, **TERMS, Links=LINKS)["Terms"]
    document = {"UserPoolId": live.pool_id, "TermsId": created["TermsId"]}
    links = {**LINKS, "cognito:german": "https://example.org/de"}

    changed = live.idp.update_terms(**document, Links=links)["Terms"]
    assert (changed["Links"], changed["TermsName"]) == (links, "terms-of-use")
    refused = live.refusal("update_terms", **document, Links={"cognito:german": "https://x.org"})
    assert refused[0] == BAD
    live.idp.delete_terms(**document)
    assert live.refusal("describe_terms", **document)[0] == "ResourceNotFoundException"


def test_listed_terms(live, place):
    """In pages, without links."""
    for name in ("terms-of-use", "privacy-policy"):
        live.idp.create_terms(**place, **{**TERMS, "TermsName": name}, Links=LINKS)

    first = live.idp.list_terms(UserPoolId=live.pool_id, MaxResults=1)
    rest = live.idp.list_terms(UserPoolId=live.pool_id, NextToken=first["NextToken"])

    assert {t["TermsName"] for t in first["Terms"] + rest["Terms"]} == {
        "terms-of-use",
        "privacy-policy",
    }
    assert "NextToken" not in rest
    assert "Links" not in first["Terms"][0]


def test_deleted_client_leaves_neither(live, place):
    """Style and terms go with their client."""
    live.idp.create_managed_login_branding(**place, UseCognitoProvidedValues=True)
    terms = live.idp.create_terms(**place, **TERMS, Links=LINKS)["Terms"]

    live.idp.delete_user_pool_client(**place)

    assert live.idp.list_terms(UserPoolId=live.pool_id)["Terms"] == []
    assert live.refusal("describe_terms", UserPoolId=live.pool_id, TermsId=terms["TermsId"])[0] == (
        "ResourceNotFoundException"
    )

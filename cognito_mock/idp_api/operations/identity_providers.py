"""Identity providers: Create ... List, and linking their identities to users."""

from cognito_mock.core.identity_providers import IdentityProvider
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows import identity_providers, linked_identities
from cognito_mock.flows.linked_identities import ProviderUser
from cognito_mock.flows.members import optional_integer, optional_text, section, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

# The model's most for a page, although 60 may be asked for.
_MOST = 50


def create_identity_provider(call: Call) -> JsonObject:
    """COG-API-OP-CreateIdentityProvider."""
    provider = identity_providers.create_identity_provider(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )
    return {"IdentityProvider": _provider(provider)}


def describe_identity_provider(call: Call) -> JsonObject:
    """COG-API-OP-DescribeIdentityProvider."""
    provider = identity_providers.describe_identity_provider(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        name=text(call.input, "ProviderName"),
    )
    return {"IdentityProvider": _provider(provider)}


def get_identity_provider_by_identifier(call: Call) -> JsonObject:
    """COG-API-OP-GetIdentityProviderByIdentifier."""
    provider = identity_providers.identity_provider_of(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identifier=text(call.input, "IdpIdentifier"),
    )
    return {"IdentityProvider": _provider(provider)}


def list_identity_providers(call: Call) -> JsonObject:
    """COG-API-OP-ListIdentityProviders."""
    pool_id = text(call.input, "UserPoolId")
    listing = f"identity providers of {pool_id}"
    size = min(optional_integer(call.input, "MaxResults") or _MOST, _MOST)
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = identity_providers.list_identity_providers(
        call.services, pool_id=pool_id, limit=size + 1, after=after
    )
    shown = page(found, size=size, listing=listing, key=lambda p: p.name, now=now)
    return {"Providers": [_summary(p) for p in shown.items], "NextToken": shown.token}


def update_identity_provider(call: Call) -> JsonObject:
    """COG-API-OP-UpdateIdentityProvider."""
    provider = identity_providers.update_identity_provider(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        name=text(call.input, "ProviderName"),
        request=call.input,
    )
    return {"IdentityProvider": _provider(provider)}


def delete_identity_provider(call: Call) -> JsonObject:
    """COG-API-OP-DeleteIdentityProvider."""
    identity_providers.delete_identity_provider(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        name=text(call.input, "ProviderName"),
    )
    return {}


def admin_link_provider_for_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminLinkProviderForUser."""
    linked_identities.link_identity(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        destination=_provider_user(section(call.input, "DestinationUser")),
        source=_provider_user(section(call.input, "SourceUser")),
    )
    return {}


def admin_disable_provider_for_user(call: Call) -> JsonObject:
    """COG-API-OP-AdminDisableProviderForUser."""
    linked_identities.disable_identity(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identity=_provider_user(section(call.input, "User")),
    )
    return {}


def _provider_user(document: JsonObject) -> ProviderUser:
    return ProviderUser(
        provider=text(document, "ProviderName"),
        attribute=optional_text(document, "ProviderAttributeName") or linked_identities.SUBJECT,
        value=text(document, "ProviderAttributeValue"),
    )


def _summary(provider: IdentityProvider) -> dict[str, JsonValue]:
    return {
        "ProviderName": provider.name,
        "ProviderType": provider.type,
        "LastModifiedDate": provider.modified_at,
        "CreationDate": provider.created_at,
    }


def _provider(provider: IdentityProvider) -> JsonObject:
    """COG-API-JSON-011."""
    return {
        **_summary(provider),
        "UserPoolId": provider.pool_id,
        "ProviderDetails": provider.details,
        "AttributeMapping": provider.attribute_mapping,
        "IdpIdentifiers": provider.identifiers,
        "AcrMapping": provider.acr_mapping,
    }


OPERATIONS = {
    "CreateIdentityProvider": create_identity_provider,
    "DescribeIdentityProvider": describe_identity_provider,
    "GetIdentityProviderByIdentifier": get_identity_provider_by_identifier,
    "ListIdentityProviders": list_identity_providers,
    "UpdateIdentityProvider": update_identity_provider,
    "DeleteIdentityProvider": delete_identity_provider,
    "AdminLinkProviderForUser": admin_link_provider_for_user,
    "AdminDisableProviderForUser": admin_disable_provider_for_user,
}

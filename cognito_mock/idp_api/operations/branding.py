"""Managed login branding: Create, Describe, DescribeByClient, Update, Delete."""

from cognito_mock.core.branding import ManagedLoginBranding
from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import branding
from cognito_mock.flows.members import text
from cognito_mock.idp_api.call import Call


def create_managed_login_branding(call: Call) -> JsonObject:
    """COG-API-OP-CreateManagedLoginBranding."""
    created = branding.create_managed_login_branding(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )
    return _branding(created)


def describe_managed_login_branding(call: Call) -> JsonObject:
    """COG-API-OP-DescribeManagedLoginBranding; the service's defaults are not merged in."""
    found = branding.describe_managed_login_branding(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        branding_id=text(call.input, "ManagedLoginBrandingId"),
    )
    return _branding(found)


def describe_managed_login_branding_by_client(call: Call) -> JsonObject:
    """COG-API-OP-DescribeManagedLoginBrandingByClient."""
    found = branding.managed_login_branding_of(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
    )
    return _branding(found)


def update_managed_login_branding(call: Call) -> JsonObject:
    """COG-API-OP-UpdateManagedLoginBranding; the model requires neither id."""
    pool_id, branding_id = (
        text(call.input, "UserPoolId"),
        text(call.input, "ManagedLoginBrandingId"),
    )
    if not (pool_id and branding_id):
        # The service's text is not known.
        raise InvalidParameterException("UserPoolId and ManagedLoginBrandingId are required.")
    changed = branding.update_managed_login_branding(
        call.services, pool_id=pool_id, branding_id=branding_id, request=call.input
    )
    return _branding(changed)


def delete_managed_login_branding(call: Call) -> JsonObject:
    """COG-API-OP-DeleteManagedLoginBranding."""
    branding.delete_managed_login_branding(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        branding_id=text(call.input, "ManagedLoginBrandingId"),
    )
    return {}


def _branding(found: ManagedLoginBranding) -> JsonObject:
    return {
        "ManagedLoginBranding": {
            "ManagedLoginBrandingId": found.id,
            "UserPoolId": found.pool_id,
            "UseCognitoProvidedValues": found.settings is None,
            "Settings": found.settings,
            "Assets": found.assets,
            "CreationDate": found.created_at,
            "LastModifiedDate": found.modified_at,
        }
    }


OPERATIONS = {
    "CreateManagedLoginBranding": create_managed_login_branding,
    "DescribeManagedLoginBranding": describe_managed_login_branding,
    "DescribeManagedLoginBrandingByClient": describe_managed_login_branding_by_client,
    "UpdateManagedLoginBranding": update_managed_login_branding,
    "DeleteManagedLoginBranding": delete_managed_login_branding,
}

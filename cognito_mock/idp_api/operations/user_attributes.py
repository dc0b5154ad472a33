"""UpdateUserAttributes, DeleteUserAttributes, their Admin variants, and verifying contacts."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import attributes_update
from cognito_mock.flows.members import strings, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.code_deliveries import delivery_details
from cognito_mock.idp_api.operations.user_documents import given_attributes


def update_user_attributes(call: Call) -> JsonObject:
    """COG-API-OP-UpdateUserAttributes."""
    deliveries = attributes_update.update_user_attributes(
        call.services,
        access_token=text(call.input, "AccessToken"),
        attributes=given_attributes(call.input, "UserAttributes"),
    )
    return {"CodeDeliveryDetailsList": [delivery_details(delivery) for delivery in deliveries]}


def admin_update_user_attributes(call: Call) -> JsonObject:
    """COG-API-OP-AdminUpdateUserAttributes."""
    attributes_update.admin_update_user_attributes(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        attributes=given_attributes(call.input, "UserAttributes"),
    )
    return {}


def delete_user_attributes(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUserAttributes."""
    attributes_update.delete_user_attributes(
        call.services,
        access_token=text(call.input, "AccessToken"),
        names=strings(call.input, "UserAttributeNames"),
    )
    return {}


def admin_delete_user_attributes(call: Call) -> JsonObject:
    """COG-API-OP-AdminDeleteUserAttributes."""
    attributes_update.admin_delete_user_attributes(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
        names=strings(call.input, "UserAttributeNames"),
    )
    return {}


def get_user_attribute_verification_code(call: Call) -> JsonObject:
    """COG-API-OP-GetUserAttributeVerificationCode."""
    delivery = attributes_update.get_user_attribute_verification_code(
        call.services,
        access_token=text(call.input, "AccessToken"),
        attribute=text(call.input, "AttributeName"),
    )
    return {"CodeDeliveryDetails": delivery_details(delivery)}


def verify_user_attribute(call: Call) -> JsonObject:
    """COG-API-OP-VerifyUserAttribute."""
    attributes_update.verify_user_attribute(
        call.services,
        access_token=text(call.input, "AccessToken"),
        attribute=text(call.input, "AttributeName"),
        code=text(call.input, "Code"),
    )
    return {}


OPERATIONS = {
    "UpdateUserAttributes": update_user_attributes,
    "AdminUpdateUserAttributes": admin_update_user_attributes,
    "DeleteUserAttributes": delete_user_attributes,
    "AdminDeleteUserAttributes": admin_delete_user_attributes,
    "GetUserAttributeVerificationCode": get_user_attribute_verification_code,
    "VerifyUserAttribute": verify_user_attribute,
}

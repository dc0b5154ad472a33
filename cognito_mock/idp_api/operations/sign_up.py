"""Signing oneself up: SignUp, ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import sign_up as flows
from cognito_mock.flows.members import flag, optional_text, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.code_deliveries import delivery_details
from cognito_mock.idp_api.operations.user_documents import given_attributes


def sign_up(call: Call) -> JsonObject:
    """COG-API-OP-SignUp."""
    result = flows.sign_up(
        call.services,
        client_id=text(call.input, "ClientId"),
        username=text(call.input, "Username"),
        password=text(call.input, "Password"),
        attributes=given_attributes(call.input, "UserAttributes"),
        secret_hash=optional_text(call.input, "SecretHash"),
    )
    return {
        "UserConfirmed": False,
        "CodeDeliveryDetails": delivery_details(result.delivery) if result.delivery else None,
        "UserSub": result.user.sub,
    }


def confirm_sign_up(call: Call) -> JsonObject:
    """COG-API-OP-ConfirmSignUp."""
    flows.confirm_sign_up(
        call.services,
        client_id=text(call.input, "ClientId"),
        username=text(call.input, "Username"),
        code=text(call.input, "ConfirmationCode"),
        force_alias_creation=flag(call.input, "ForceAliasCreation"),
        secret_hash=optional_text(call.input, "SecretHash"),
    )
    return {}


def resend_confirmation_code(call: Call) -> JsonObject:
    """COG-API-OP-ResendConfirmationCode."""
    delivery = flows.resend_confirmation_code(
        call.services,
        client_id=text(call.input, "ClientId"),
        username=text(call.input, "Username"),
        secret_hash=optional_text(call.input, "SecretHash"),
    )
    return {"CodeDeliveryDetails": delivery_details(delivery)}


def admin_confirm_sign_up(call: Call) -> JsonObject:
    """COG-API-OP-AdminConfirmSignUp."""
    flows.admin_confirm_sign_up(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


OPERATIONS = {
    "SignUp": sign_up,
    "ConfirmSignUp": confirm_sign_up,
    "ResendConfirmationCode": resend_confirmation_code,
    "AdminConfirmSignUp": admin_confirm_sign_up,
}

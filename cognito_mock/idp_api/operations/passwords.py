"""ForgotPassword, ConfirmForgotPassword, ChangePassword, AdminResetUserPassword."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import password_recovery
from cognito_mock.flows.members import optional_text, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.operations.code_deliveries import delivery_details


def forgot_password(call: Call) -> JsonObject:
    """COG-API-OP-ForgotPassword."""
    delivery = password_recovery.forgot_password(
        call.services,
        client_id=text(call.input, "ClientId"),
        username=text(call.input, "Username"),
        secret_hash=optional_text(call.input, "SecretHash"),
    )
    return {"CodeDeliveryDetails": delivery_details(delivery)}


def confirm_forgot_password(call: Call) -> JsonObject:
    """COG-API-OP-ConfirmForgotPassword."""
    password_recovery.confirm_forgot_password(
        call.services,
        client_id=text(call.input, "ClientId"),
        username=text(call.input, "Username"),
        code=text(call.input, "ConfirmationCode"),
        password=text(call.input, "Password"),
        secret_hash=optional_text(call.input, "SecretHash"),
    )
    return {}


def change_password(call: Call) -> JsonObject:
    """COG-API-OP-ChangePassword."""
    password_recovery.change_password(
        call.services,
        access_token=text(call.input, "AccessToken"),
        previous_password=optional_text(call.input, "PreviousPassword"),
        proposed_password=text(call.input, "ProposedPassword"),
    )
    return {}


def admin_reset_user_password(call: Call) -> JsonObject:
    """COG-API-OP-AdminResetUserPassword."""
    password_recovery.admin_reset_user_password(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        username=text(call.input, "Username"),
    )
    return {}


OPERATIONS = {
    "ForgotPassword": forgot_password,
    "ConfirmForgotPassword": confirm_forgot_password,
    "ChangePassword": change_password,
    "AdminResetUserPassword": admin_reset_user_password,
}

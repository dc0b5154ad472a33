"""Configuration that is stored: the UI's look, risk, log delivery; and what a pool gives out."""

from datetime import UTC, datetime

from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pool_documents import ALL_CLIENTS, PoolDocument
from cognito_mock.flows import log_delivery, pool_facts, risk_configuration, ui_customization
from cognito_mock.flows.members import optional_text, text
from cognito_mock.idp_api.call import Call


def set_ui_customization(call: Call) -> JsonObject:
    """COG-API-OP-SetUICustomization."""
    document = ui_customization.set_ui_customization(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=optional_text(call.input, "ClientId") or ALL_CLIENTS,
        css=optional_text(call.input, "CSS"),
        image=optional_text(call.input, "ImageFile"),
    )
    return _ui_customization(call, document)


def get_ui_customization(call: Call) -> JsonObject:
    """COG-API-OP-GetUICustomization; without any it has no members."""
    document = ui_customization.get_ui_customization(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=optional_text(call.input, "ClientId") or ALL_CLIENTS,
    )
    return _ui_customization(call, document)


def set_risk_configuration(call: Call) -> JsonObject:
    """COG-API-OP-SetRiskConfiguration."""
    document = risk_configuration.set_risk_configuration(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=optional_text(call.input, "ClientId") or ALL_CLIENTS,
        request=call.input,
    )
    return _risk_configuration(call, document)


def describe_risk_configuration(call: Call) -> JsonObject:
    """COG-API-OP-DescribeRiskConfiguration."""
    document = risk_configuration.describe_risk_configuration(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=optional_text(call.input, "ClientId") or ALL_CLIENTS,
    )
    return _risk_configuration(call, document)


def set_log_delivery_configuration(call: Call) -> JsonObject:
    """COG-API-OP-SetLogDeliveryConfiguration."""
    document = log_delivery.set_log_delivery_configuration(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )
    return _log_delivery(call, document)


def get_log_delivery_configuration(call: Call) -> JsonObject:
    """COG-API-OP-GetLogDeliveryConfiguration."""
    document = log_delivery.get_log_delivery_configuration(
        call.services, pool_id=text(call.input, "UserPoolId")
    )
    return _log_delivery(call, document)


def get_signing_certificate(call: Call) -> JsonObject:
    """COG-API-OP-GetSigningCertificate."""
    pool_id = text(call.input, "UserPoolId")
    return {"Certificate": pool_facts.signing_certificate(call.services, pool_id=pool_id)}


def get_csv_header(call: Call) -> JsonObject:
    """COG-API-OP-GetCSVHeader."""
    pool_id = text(call.input, "UserPoolId")
    header = pool_facts.csv_header(call.services, pool_id=pool_id)
    return {"UserPoolId": pool_id, "CSVHeader": header}


def _ui_customization(call: Call, document: PoolDocument | None) -> JsonObject:
    if document is None:
        return {"UICustomization": {}}
    image_url = None
    if "ImageFile" in document.content:
        image_url = ui_customization.logo_url(call.services, document)
    version = datetime.fromtimestamp(document.modified_at, UTC)
    return {
        "UICustomization": {
            "UserPoolId": document.pool_id,
            "ClientId": document.client_id,
            "ImageUrl": image_url,
            "CSS": document.content.get("CSS"),
            "CSSVersion": version.strftime("%Y%m%d%H%M%S"),
            "LastModifiedDate": document.modified_at,
            "CreationDate": document.created_at,
        }
    }


def _risk_configuration(call: Call, document: PoolDocument | None) -> JsonObject:
    content: JsonObject = {} if document is None else document.content
    members: dict[str, JsonValue] = {
        **content,
        "UserPoolId": call.input["UserPoolId"],
        "ClientId": call.input.get("ClientId"),
        "LastModifiedDate": None if document is None else document.modified_at,
    }
    return {"RiskConfiguration": members}


def _log_delivery(call: Call, document: PoolDocument | None) -> JsonObject:
    content: JsonObject = {"LogConfigurations": []} if document is None else document.content
    return {"LogDeliveryConfiguration": {"UserPoolId": call.input["UserPoolId"], **content}}


OPERATIONS = {
    "SetUICustomization": set_ui_customization,
    "GetUICustomization": get_ui_customization,
    "SetRiskConfiguration": set_risk_configuration,
    "DescribeRiskConfiguration": describe_risk_configuration,
    "SetLogDeliveryConfiguration": set_log_delivery_configuration,
    "GetLogDeliveryConfiguration": get_log_delivery_configuration,
    "GetSigningCertificate": get_signing_certificate,
    "GetCSVHeader": get_csv_header,
}

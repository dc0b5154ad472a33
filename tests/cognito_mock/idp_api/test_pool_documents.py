"""Stored configuration, and what a pool gives out, through boto3."""

from base64 import b64decode

import pytest
from cryptography import x509

from cognito_mock.core.pool_documents import PoolDocument

BAD = "InvalidParameterException"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
CSS = ".submitButton-customizable { background-color: #123456; }"
NO_DOMAIN = (BAD, "There has to be an existing domain associated with this user pool")
BLOCK = {"Actions": {"EventAction": "BLOCK"}}


@pytest.fixture
def styled(new_live):
    """A pool with a domain."""
    live = new_live()
    domain = live.pool_id.rpartition("_")[2].lower()
    live.idp.create_user_pool_domain(UserPoolId=live.pool_id, Domain=domain)
    return live


def look(live, **client):
    return live.idp.get_ui_customization(UserPoolId=live.pool_id, **client)["UICustomization"]


def test_look_of_the_pool_applies_to_its_clients(styled):
    """COG-API-RES-007: a client without a look of its own has the pool's."""
    styled.idp.set_ui_customization(UserPoolId=styled.pool_id, CSS=CSS, ImageFile=PNG)

    shown = look(styled, ClientId=styled.client_id)

    assert (shown["ClientId"], shown["CSS"]) == ("ALL", CSS)
    assert shown["CSSVersion"].isdigit()
    assert shown["ImageUrl"].startswith("http://")
    assert shown == look(styled)


def test_look_of_a_client(styled):
    """It hides the pool's, until it is taken away with a call that sets nothing."""
    client = {"ClientId": styled.client_id}
    styled.idp.set_ui_customization(UserPoolId=styled.pool_id, CSS=CSS)
    styled.idp.set_ui_customization(UserPoolId=styled.pool_id, **client, CSS=".own {}")
    assert look(styled, **client)["CSS"] == ".own {}"
    assert look(styled)["CSS"] == CSS

    emptied = styled.idp.set_ui_customization(UserPoolId=styled.pool_id, **client)

    assert emptied["UICustomization"] == {}
    assert look(styled, **client)["CSS"] == CSS


def test_no_look(live):
    """An unchanged page has an empty description, and needs a domain to be changed."""
    assert look(live) == {}
    assert live.refusal("set_ui_customization", UserPoolId=live.pool_id, CSS=CSS) == NO_DOMAIN


@pytest.mark.parametrize(
    "members",
    [{"CSS": "x" * 3073}, {"ImageFile": b"GIF89a"}, {"ImageFile": PNG + bytes(100 * 1024)}],
    ids=["long CSS", "no picture", "large picture"],
)
def test_refused_look(styled, members):
    """COG-API-RES-007: 3 KB, 100 KB, PNG or JPEG."""
    refused = styled.refusal("set_ui_customization", UserPoolId=styled.pool_id, **members)

    assert refused[0] == BAD
    assert look(styled) == {}


def test_largest_picture(styled):
    """The limit is for the picture, not for its base64."""
    picture = PNG + bytes(100 * 1024 - len(PNG))

    styled.idp.set_ui_customization(UserPoolId=styled.pool_id, ImageFile=picture)

    assert look(styled)["ImageUrl"]


def test_picture_that_is_no_base64(api, pool_id):
    """Nothing is made of a text that stands for no bytes."""
    response = api.send("SetUICustomization", {"UserPoolId": pool_id, "ImageFile": "%%%"})

    assert (response.status_code, response.json()["__type"]) == (400, "SerializationException")


def test_risk_configuration(new_live):
    """COG-API-RES-009: kept for the pool, and for a client instead of it."""
    live = new_live(UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"})
    pool, client = {"UserPoolId": live.pool_id}, {"ClientId": live.client_id}
    live.idp.set_risk_configuration(**pool, CompromisedCredentialsRiskConfiguration=BLOCK)
    exceptions = {"BlockedIPRangeList": ["192.0.2.0/24"]}
    live.idp.set_risk_configuration(**pool, **client, RiskExceptionConfiguration=exceptions)

    of_pool = live.idp.describe_risk_configuration(**pool)["RiskConfiguration"]
    of_client = live.idp.describe_risk_configuration(**pool, **client)["RiskConfiguration"]

    assert of_pool["CompromisedCredentialsRiskConfiguration"] == BLOCK
    assert of_client["RiskExceptionConfiguration"] == exceptions
    assert (of_client["ClientId"], "CompromisedCredentialsRiskConfiguration" in of_client) == (
        live.client_id,
        False,
    )


def test_risk_without_threat_protection(live):
    """COG-API-OP-SetRiskConfiguration."""
    refused = live.refusal("set_risk_configuration", UserPoolId=live.pool_id)

    assert refused[0] == "UserPoolAddOnNotEnabledException"


def test_log_delivery(live):
    """COG-API-RES-009: none at first, then the one that was set."""
    pool = {"UserPoolId": live.pool_id}
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:x"
    errors = {
        "LogLevel": "ERROR",
        "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": {"LogGroupArn": group},
    }

    before = live.idp.get_log_delivery_configuration(**pool)["LogDeliveryConfiguration"]
    live.idp.set_log_delivery_configuration(**pool, LogConfigurations=[errors])
    after = live.idp.get_log_delivery_configuration(**pool)["LogDeliveryConfiguration"]

    assert before == {**pool, "LogConfigurations": []}
    assert after == {**pool, "LogConfigurations": [errors]}


def test_refused_log_delivery(live):
    """COG-API-MSG-003: activity logs are for the PLUS tier; and a level goes with its source."""
    pool = {"UserPoolId": live.pool_id}
    activity = {"LogLevel": "INFO", "EventSource": "userAuthEvents"}

    assert live.refusal("set_log_delivery_configuration", **pool, LogConfigurations=[activity]) == (
        "FeatureUnavailableInTierException",
        (
            "The following feature is not available for the ESSENTIALS pricing tier configured:"
            " Log Streaming"
        ),
    )
    wrong = {"LogLevel": "INFO", "EventSource": "userNotification"}
    assert live.refusal("set_log_delivery_configuration", **pool, LogConfigurations=[wrong])[0] == (
        BAD
    )


def test_signing_certificate(live):
    """COG-API-RES-010: X.509 in base64, the same every time."""
    pool = {"UserPoolId": live.pool_id}

    written = live.idp.get_signing_certificate(**pool)["Certificate"]

    certificate = x509.load_der_x509_certificate(b64decode(written))
    certificate.verify_directly_issued_by(certificate)
    assert certificate.subject.rfc4514_string() == f"CN={live.pool_id}"
    assert live.idp.get_signing_certificate(**pool)["Certificate"] == written


def test_csv_header(new_live):
    """COG-API-RES-010: all columns, custom ones last."""
    live = new_live(Schema=[{"Name": "tier", "AttributeDataType": "String"}])

    answer = live.idp.get_csv_header(UserPoolId=live.pool_id)

    header = answer["CSVHeader"]
    assert header[:3] == ["cognito:username", "name", "given_name"]
    assert header[-2:] == ["cognito:mfa_enabled", "custom:tier"]
    assert len(header) == len(set(header)) == 22
    assert "sub" not in header


def test_deleted_client_takes_its_documents_along(styled):
    """Nothing of a client stays behind."""
    client = {"UserPoolId": styled.pool_id, "ClientId": styled.client_id}
    styled.idp.set_ui_customization(**client, CSS=CSS)

    styled.idp.delete_user_pool_client(**client)

    with styled.services.store.read() as tx:
        assert tx.scan(PoolDocument, styled.pool_id) == []
    assert styled.refusal("get_ui_customization", **client)[0] == "ResourceNotFoundException"

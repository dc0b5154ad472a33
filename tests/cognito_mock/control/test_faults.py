"""Faults, over HTTP: the mock misbehaves when it is told to, and only then."""

import threading
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_mock import MockCognito
from cognito_mock.starter import POOL_ID

JWKS = f"/{POOL_ID}/.well-known/jwks.json"
DISCOVERY = f"/{POOL_ID}/.well-known/openid-configuration"


@pytest.fixture
def faults(call):
    """Put faults in force; they are lifted after the test."""
    yield lambda *wanted: call("PUT", "/_mock/api/faults", {"faults": list(wanted)})
    call("DELETE", "/_mock/api/faults")


def test_a_fault_happens_to_its_target_until_it_is_lifted(call, faults):
    """Others are untouched; DELETE ends it."""
    faults({"target": "jwks", "status": 503})

    assert [call("GET", JWKS).status for _ in range(3)] == [503] * 3
    assert call("GET", DISCOVERY).status == 200

    assert call("DELETE", "/_mock/api/faults").body == {"faults": []}
    assert call("GET", JWKS).status == 200


def test_a_fault_happens_so_many_times(call, faults):
    """The rest is told, and then the next fault in the list has its turn."""
    faults(
        {"target": "jwks", "status": 500, "times": 2},
        {"target": "jwks", "status": 429, "times": 1},
    )

    assert call("GET", JWKS).status == 500
    assert [f["times"] for f in call("GET", "/_mock/api/faults").body["faults"]] == [1, 1]
    assert [call("GET", JWKS).status for _ in range(3)] == [500, 429, 200]


@pytest.mark.parametrize(
    ("target", "method", "path"),
    [
        ("discovery", "GET", DISCOVERY),
        ("authorize", "GET", "/oauth2/authorize?client_id=x"),
        ("token", "POST", "/oauth2/token"),
        ("userinfo", "GET", "/oauth2/userInfo"),
        ("revoke", "POST", "/oauth2/revoke"),
        ("logout", "GET", "/logout"),
        ("pages", "GET", "/login"),
        ("api", "POST", "/"),
        ("api:ListUserPools", "POST", "/"),
        ("any", "GET", JWKS),
    ],
)
def test_every_part_can_fail(call, faults, target, method, path):
    """The status is the fault's, and the same request works without it."""
    operation = "AWSCognitoIdentityProviderService.ListUserPools"

    def ask():
        return call(method, path, "{}", X_Amz_Target=operation).status

    assert ask() != 418
    faults({"target": target, "status": 418})
    assert ask() == 418


def test_one_operation_fails_and_another_does_not(mock, faults):
    """boto3 sees an error of the service with the status' meaning."""
    client = boto3.client(
        "cognito-idp",
        endpoint_url=mock.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}),
    )
    faults({"target": "api:ListUserPools", "status": 429})

    with pytest.raises(ClientError) as refusal:
        client.list_user_pools(MaxResults=1)

    assert refusal.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert client.describe_user_pool(UserPoolId=POOL_ID)["UserPool"]["Id"] == POOL_ID


def test_the_body_is_what_was_asked_for(call, faults):
    """An object as JSON, a text as it is."""
    faults(
        {"target": "jwks", "status": 200, "body": {"keys": []}, "times": 1},
        {"target": "jwks", "status": 200, "body": "<html>", "times": 1},
    )

    assert call("GET", JWKS).body == {"keys": []}
    assert call("GET", JWKS).text == "<html>"


def test_a_delay_comes_before_the_real_answer(call, faults):
    """Without a status the answer is late, but right."""
    faults({"target": "jwks", "delay_ms": 150})
    started = time.monotonic()

    answer = call("GET", JWKS)

    assert answer.body["keys"]
    assert time.monotonic() - started >= 0.15


def test_the_control_api_and_the_start_page_never_fail(call, faults):
    """Or nobody could lift the faults."""
    faults({"target": "any", "status": 500})

    assert call("GET", "/_mock/health").status == 200
    assert call("GET", "/").status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"faults": {}},
        {"faults": [{"status": 500}]},
        {"faults": [{"target": "nothing", "status": 500}]},
        {"faults": [{"target": "jwks"}]},
        {"faults": [{"target": "jwks", "body": "x"}]},
        {"faults": [{"target": "jwks", "status": 100}]},
        {"faults": [{"target": "jwks", "status": 1000}]},
        {"faults": [{"target": "jwks", "status": True}]},
        {"faults": [{"target": "jwks", "status": 500, "delay_ms": -1}]},
        {"faults": [{"target": "jwks", "delay_ms": 60_001}]},
        {"faults": [{"target": "jwks", "status": 500, "times": 0}]},
        {"faults": [{"target": "jwks", "status": 500, "body": "x" * 100_001}]},
        {"faults": [{"target": "jwks", "status": 500, "delay": 1}]},
        {"faults": [{"target": "jwks", "status": 500}] * 101},
        {"faults": [], "more": 1},
    ],
)
def test_a_mistake_changes_no_fault(call, faults, body):
    """It is 400, and what was in force stays."""
    before = faults({"target": "revoke", "status": 500}).body

    answer = call("PUT", "/_mock/api/faults", body)

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")
    assert call("GET", "/_mock/api/faults").body == before


def test_reset_lifts_the_faults(mock, call):
    """Back to the configured start means behaving, too."""
    with mock.misbehaving("jwks", status=500):
        mock.reset()
        assert call("GET", JWKS).status == 200


def test_a_fault_lasts_as_long_as_its_block(mock, call):
    """What was in force before is in force again."""
    with mock.misbehaving("jwks", status=500):
        with mock.misbehaving("jwks", status=503):
            assert call("GET", JWKS).status == 503
        assert call("GET", JWKS).status == 500
    assert call("GET", JWKS).status == 200


def test_a_delay_does_not_hold_up_the_end_of_the_server(caplog):
    """The server stops at once, not after a minute; the waiting client gets an answer."""
    statuses = []
    with MockCognito(starter_pool=True) as mock:
        mock.control(
            "PUT", "/_mock/api/faults", {"faults": [{"target": "jwks", "delay_ms": 60000}]}
        )

        def ask():
            try:
                mock.control("GET", JWKS)
            except RuntimeError as refusal:
                statuses.append(str(refusal))
            except ValueError:
                statuses.append("an answer that is not JSON")

        waiting = threading.Thread(target=ask)
        waiting.start()
        time.sleep(0.2)
        started = time.monotonic()
    seconds = time.monotonic() - started
    waiting.join(5)

    assert seconds < 10
    assert len(statuses) == 1
    assert "Traceback" not in caplog.text

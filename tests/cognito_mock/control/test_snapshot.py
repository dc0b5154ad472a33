"""The whole state as one document, and back, over HTTP."""

import base64
import copy
import hashlib

import pytest

from cognito_mock import MockCognito
from cognito_mock.flows.sign_up import sign_up
from cognito_mock.starter import (
    ADA,
    CONFIDENTIAL_CLIENT_ID,
    CONFIDENTIAL_CLIENT_SECRET,
    POOL_ID,
    PUBLIC_CLIENT_ID,
)

SNAPSHOT = "/_mock/api/snapshot"


def api(call, operation, **body):
    answer = call("POST", "/", body, X_Amz_Target=f"AWSCognitoIdentityProviderService.{operation}")
    return answer.status, answer.body


def sign_in(call, password=ADA.password):
    return api(
        call,
        "InitiateAuth",
        ClientId=PUBLIC_CLIENT_ID,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ADA.username, "PASSWORD": password},
    )


def test_a_round_trip_changes_nothing(mock, call):
    """What is put back gives the same document again."""
    sign_in(call)
    document = call("GET", SNAPSHOT).body

    answer = call("PUT", SNAPSHOT, document)

    assert answer.status == 200
    assert answer.body["records"] == sum(len(rows) for rows in document["tables"].values())
    assert call("GET", SNAPSHOT).body == document
    assert mock.pool(POOL_ID).issuer.endswith(POOL_ID)


@pytest.mark.usefixtures("mock")
def test_tokens_and_users_work_after_a_round_trip(call):
    """Tokens from before are good, users sign in, and what came later is gone."""
    tokens = sign_in(call)[1]["AuthenticationResult"]
    document = call("GET", SNAPSHOT).body
    call("POST", "/_mock/api/reset")  # other keys: the tokens are worth nothing now
    assert api(call, "GetUser", AccessToken=tokens["AccessToken"])[0] == 400

    call("PUT", SNAPSHOT, document)

    assert api(call, "GetUser", AccessToken=tokens["AccessToken"])[1]["Username"] == ADA.username
    refreshed = api(
        call,
        "InitiateAuth",
        ClientId=PUBLIC_CLIENT_ID,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )
    assert "AccessToken" in refreshed[1]["AuthenticationResult"]
    assert sign_in(call)[0] == 200
    assert sign_in(call, "Wrong-1815")[0] == 400


@pytest.mark.usefixtures("mock")
def test_an_unanswered_challenge_can_be_answered_after_a_round_trip(mock, call):
    """Sessions between two requests are part of the state, and so are codes that were sent."""
    sign_up(
        mock.services,
        client_id=PUBLIC_CLIENT_ID,
        username="alan",
        password="Turing-1912",
        attributes={"email": "alan@example.com"},
    )
    (message,) = call("GET", "/_mock/api/messages").body["messages"]
    document = call("GET", SNAPSHOT).body
    call("POST", "/_mock/api/reset")

    call("PUT", SNAPSHOT, document)

    confirmed = api(
        call,
        "ConfirmSignUp",
        ClientId=PUBLIC_CLIENT_ID,
        Username="alan",
        ConfirmationCode=message["code"],
    )
    assert confirmed[0] == 200
    assert call("GET", "/_mock/api/messages").body["messages"] == [message]


def test_another_mock_takes_the_snapshot_over(mock, call):
    """Users, secrets and keys; the clock is as far ahead as it was."""
    call("POST", "/_mock/api/clock", {"advance": 86400})
    document = call("GET", SNAPSHOT).body

    with MockCognito() as other:
        other.control("PUT", SNAPSHOT, document)

        assert other.clock.now() == pytest.approx(mock.clock.now(), abs=5)
        tokens = other.control("POST", "/_mock/api/tokens", {"client": CONFIDENTIAL_CLIENT_ID})
        assert tokens["token"]
        jwks = other.control("GET", f"/{POOL_ID}/.well-known/jwks.json")
    assert jwks == call("GET", f"/{POOL_ID}/.well-known/jwks.json").body
    assert CONFIDENTIAL_CLIENT_SECRET in str(document)


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_another_version_is_refused_with_both_names(call, version):
    """The message tells what this mock reads and what it was given."""
    document = {**call("GET", SNAPSHOT).body, "version": version}

    answer = call("PUT", SNAPSHOT, document)

    assert answer.status == 400
    assert "version 1;" in answer.body["message"]
    assert repr(version) in answer.body["message"]


def damage(document, how):
    tables = document["tables"]
    if how == "unknown table":
        tables["secrets"] = []
    elif how == "unknown member":
        tables["user"][1]["more"] = 1
    elif how == "wrong type":
        tables["membership"][0]["group"] = 1
    elif how == "twin":
        tables["user"].append(tables["user"][0])
    elif how == "orphan":
        tables["user"][0]["pool_id"] = "us-east-1_Nowhere"
    elif how == "no keys":
        tables["pool_keys"] = []
    elif how == "no PEM":
        tables["pool_keys"][0]["id_key"]["pem"] = "x\xe9"
    elif how == "no tables":
        document["tables"] = []
    elif how == "no list":
        tables["user"] = {}
    elif how == "no clock":
        document["clock_offset"] = "later"
    elif how == "far clock":
        document["clock_offset"] = 1e12
    else:
        document["more"] = 1


@pytest.mark.parametrize(
    "how",
    [
        "unknown table",
        "unknown member",
        "wrong type",
        "twin",
        "orphan",
        "no keys",
        "no PEM",
        "no tables",
        "no list",
        "no clock",
        "far clock",
        "unknown top member",
    ],
)
def test_a_damaged_snapshot_changes_nothing(call, how):
    """It is 400, and everything is as before."""
    before = call("GET", SNAPSHOT).body
    damaged = copy.deepcopy(before)
    damage(damaged, how)

    answer = call("PUT", SNAPSHOT, damaged)

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")
    assert call("GET", SNAPSHOT).body == before


def test_a_snapshot_may_be_larger_than_other_calls(mock, call):
    """A pool with many users makes more than a megabyte."""
    document = call("GET", SNAPSHOT).body
    user = document["tables"]["user"][0]
    for number in range(1500):
        name = hashlib.sha256(b"%d" % number).hexdigest()
        filler = base64.b16encode(name.encode()).decode() * 4
        document["tables"]["user"].append(
            {**user, "username": name, "sub": name, "attributes": {"custom:filler": filler}}
        )

    assert call("PUT", SNAPSHOT, document).status == 200

    assert len(call("GET", SNAPSHOT).text) > 1_000_000
    assert mock.pool(POOL_ID).id == POOL_ID

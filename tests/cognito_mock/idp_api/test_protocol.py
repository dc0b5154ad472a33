"""The JSON 1.1 protocol: target, signature, JSON, headers, errors, CORS."""

import json
import logging
import re
import time
from dataclasses import replace

import anyio
import pytest
from starlette.applications import Starlette

from cognito_mock.idp_api import create_routes
from cognito_mock.idp_api.caller import read_caller
from cognito_mock.idp_api.errors import IncompleteSignatureException
from cognito_mock.service_model import is_signed, operation_model, operation_names

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SIGNATURE = "AWS4-HMAC-SHA256 Credential=AK/20261121/{region}/cognito-idp/aws4_request"
EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"


def test_error_has_the_observed_headers_and_a_compact_body(api):
    """COG-API-WIRE-013, -014, -015, -016: an error's headers and body, byte for byte."""
    response = api.send("DescribeUserPool", {"UserPoolId": "eu-west-1_None"})

    assert response.status_code == 400
    assert response.content == (
        b'{"__type":"ResourceNotFoundException",'
        b'"message":"User pool eu-west-1_None does not exist."}'
    )
    assert response.headers["content-type"] == "application/x-amz-json-1.1"
    assert response.headers["x-amzn-errortype"] == "ResourceNotFoundException:"
    assert response.headers["x-amzn-errormessage"] == "User pool eu-west-1_None does not exist."
    assert re.fullmatch(UUID, response.headers["x-amzn-requestid"])


def test_success_has_a_request_id_of_its_own(api):
    """COG-API-WIRE-003, -025: a fresh request id, the protocol's content type and CORS headers."""
    first = api.send("ListUserPools", {"MaxResults": 1})
    second = api.send("ListUserPools", {"MaxResults": 1})

    assert first.content == b'{"UserPools":[]}'
    assert first.headers["content-type"] == "application/x-amz-json-1.1"
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["access-control-expose-headers"] == EXPOSED
    assert first.headers["x-amzn-requestid"] != second.headers["x-amzn-requestid"]


def test_operation_without_output_has_an_empty_body(api, pool_id):
    """COG-API-WIRE-004: DeleteUserPool answers 200 with nothing."""
    response = api.send("DeleteUserPool", {"UserPoolId": pool_id})

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "0"


def test_operation_with_empty_output_sends_an_empty_object(api, pool_id):
    """COG-API-WIRE-004: UpdateUserPool answers ``{}``."""
    assert api.send("UpdateUserPool", {"UserPoolId": pool_id}).content == b"{}"


def test_preflight(api):
    """COG-API-WIRE-024."""
    asked = "content-type,x-amz-target,x-amz-user-agent,cache-control"

    response = api.request(
        "OPTIONS",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": asked,
        },
    )

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-headers"] == asked
    assert response.headers["access-control-allow-methods"] == "POST"
    assert response.headers["access-control-expose-headers"] == EXPOSED
    assert response.headers["access-control-max-age"] == "172800"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Amz-Target": "AWSCognitoIdentityProviderService.Nonsense"},
        {"X-Amz-Target": "AWSCognitoIdentityService.GetId"},
        {"X-Amz-Target": "ListUserPools"},
        {"X-Amz-Target": ""},
    ],
    ids=["operation", "service", "bare", "empty"],
)
def test_unknown_target(api, headers):
    """COG-API-WIRE-009: the JSON front end answers 400 and the type alone."""
    response = api.send("ListUserPools", {}, headers=headers)

    assert response.status_code == 400
    assert response.content == b'{"__type":"UnknownOperationException"}'


@pytest.mark.parametrize("media", ["application/json", "application/x-amz-json-1.0", "text/plain"])
def test_content_type_does_not_matter(api, media):
    """COG-API-WIRE-002: hand-written clients send other media types."""
    response = api.send("ListUserPools", {"MaxResults": 1}, headers={"Content-Type": media})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1", b"\xff\xfe", b'{"MaxResults": NaN}', b"[" * 100_000, b'{"a":"\\ud800"'],
    ids=["empty", "cut", "list cut", "not utf-8", "nan", "deep", "half surrogate"],
)
def test_body_that_is_no_json(api, body):
    """COG-API-WIRE-008: SerializationException before any validation."""
    response = api.send("ListUserPools", body)

    assert response.status_code == 400
    assert response.content == b'{"__type":"SerializationException"}'


@pytest.mark.parametrize(
    ("operation", "document", "message"),
    [
        ("CreateUserPool", {"PoolName": 5}, "NUMBER_VALUE can not be converted to a String"),
        ("CreateUserPool", {"PoolName": True}, "TRUE_VALUE can not be converted to a String"),
        (
            "CreateUserPool",
            {"PoolName": {}},
            "Start of structure or map found where not expected.",
        ),
        ("CreateUserPool", {"PoolName": []}, "Start of list found where not expected"),
        ("ListUserPools", {"MaxResults": "5"}, "STRING_VALUE can not be converted to Integer"),
        ("ListUserPools", {"MaxResults": 1.5}, "NUMBER_VALUE can not be converted to Integer"),
        ("ListUserPools", {"MaxResults": 2**31}, "NUMBER_VALUE can not be converted to Integer"),
        (
            "CreateUserPool",
            {"PoolName": "x", "UsernameConfiguration": {"CaseSensitive": "no"}},
            "STRING_VALUE can not be converted to Boolean",
        ),
        ("CreateUserPool", {"PoolName": "x", "Schema": "no"}, "Unexpected value type in payload"),
        (
            "CreateUserPool",
            {"PoolName": "x", "UserPoolTags": 3},
            "Unexpected value type in payload",
        ),
        ("CreateUserPool", 3, "Unexpected value type in payload"),
    ],
)
def test_wrong_json_type(api, operation, document, message):
    """COG-API-WIRE-008: the JSON type of each member is checked first."""
    response = api.send(operation, document)

    assert response.status_code == 400
    assert response.json() == {"__type": "SerializationException", "message": message}
    assert api.call("ListUserPools", MaxResults=1) == {"UserPools": []}


def test_half_a_surrogate_pair_is_no_text(api):
    """JSON can spell it, but it cannot be stored or sent back."""
    response = api.send("CreateUserPool", b'{"PoolName":"\\ud800"}')

    assert response.json() == {"__type": "SerializationException"}


def test_null_and_unknown_members_are_ignored(api):
    """COG-API-WIRE-005."""
    created = api.call("CreateUserPool", PoolName="x", Policies=None, Nonsense={"a": [1]})

    assert created["UserPool"]["Name"] == "x"


@pytest.mark.parametrize("declared", [True, False], ids=["content-length", "chunked"])
def test_body_over_one_mebibyte(api, declared):
    """A body over the limit is refused, whether its length is announced or not."""

    async def chunks():
        for _ in range(17):
            yield b"x" * 65536

    content = b"x" * (17 * 65536) if declared else chunks()

    response = api.request("POST", content=content)

    assert response.status_code == 413
    assert response.json()["__type"] == "RequestEntityTooLargeException"


def test_signed_operation_without_signature(api):
    """COG-API-WIRE-010."""
    response = api.send("ListUserPools", {"MaxResults": 1}, signed=False)

    assert response.status_code == 400
    assert response.json() == {
        "__type": "MissingAuthenticationTokenException",
        "message": "Missing Authentication Token",
    }


@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        ("Bearer abc", "MissingAuthenticationTokenException"),
        ("AWS4-HMAC-SHA256 Signature=00", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 Credential=a/b", "IncompleteSignatureException"),
    ],
)
def test_signed_operation_with_something_else(api, authorization, error):
    """Any well-formed signature will do, but nothing else."""
    response = api.send("ListUserPools", {}, headers={"Authorization": authorization})

    assert response.json()["__type"] == error


def test_public_operation_ignores_the_authorization_header(api):
    """COG-API-WIRE-012, -030: signed, unsigned or with a bearer token, it is the same."""
    sent = {"ClientId": "abc", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {}}
    answers = [
        api.send("InitiateAuth", sent, signed=False),
        api.send("InitiateAuth", sent, signed=True),
        api.send("InitiateAuth", sent, headers={"Authorization": "Bearer x"}),
    ]

    assert len({answer.content for answer in answers}) == 1


PUBLIC = [
    "AssociateSoftwareToken",
    "ChangePassword",
    "CompleteWebAuthnRegistration",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "DeleteWebAuthnCredential",
    "ForgetDevice",
    "ForgotPassword",
    "GetDevice",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GetUserAuthFactors",
    "GlobalSignOut",
    "InitiateAuth",
    "ListDevices",
    "ListUserSessions",
    "ListWebAuthnCredentials",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "RevokeUserSession",
    "SetUserMFAPreference",
    "SetUserSettings",
    "SignUp",
    "StartWebAuthnRegistration",
    "UpdateAuthEventFeedback",
    "UpdateDeviceStatus",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
]


def test_34_operations_are_public():
    """COG-API-WIRE-026, whatever else a newer service model brings."""
    unsigned = [name for name in operation_names() if not is_signed(operation_model(name))]

    assert len(PUBLIC) == 34
    assert sorted(unsigned) == PUBLIC


@pytest.mark.parametrize(
    ("host", "scope", "region"),
    [
        ("localhost:9229", "eu-central-1", "eu-central-1"),
        ("cognito-idp.ap-south-1.amazonaws.com", "eu-central-1", "ap-south-1"),
        ("cognito-idp.cn-north-1.amazonaws.com.cn", None, "cn-north-1"),
        ("cognito-idp-fips.us-gov-west-1.amazonaws.com:443", None, "us-gov-west-1"),
        ("COGNITO-IDP.us-west-2.api.aws", None, "us-west-2"),
        ("localhost", None, "us-east-1"),
        ("localhost", "not a region", "us-east-1"),
        ("localhost", "x" * 60, "us-east-1"),
    ],
)
def test_region(host, scope, region):
    """COG-API-WIRE-011: the host decides, then the credential scope."""
    authorization = (
        f"AWS4-HMAC-SHA256 Credential=AK/20261121/{scope}/cognito-idp/aws4_request, Signature=0"
        if scope
        else ""
    )

    caller = read_caller(host=host, authorization=authorization, must_sign=False)

    assert caller.region == region


def test_operation_without_behaviour_names_itself(api):
    """An operation of the model that does nothing yet says so."""
    assert api.fail("GetProvisionedLimit") == (
        "UnsupportedOperationException",
        "GetProvisionedLimit is not implemented by cognito-mock",
    )


class BrokenStore:
    """Fails with a message that quotes a secret."""

    def __init__(self, secret):
        self._secret = secret

    def read(self):
        raise RuntimeError(self._secret)


def test_unexpected_failure_is_a_500_without_details(api, caplog):
    """COG-API-WIRE-015: client and log learn that it failed and where, not what was in it."""
    services = replace(api.services, store=BrokenStore("hunter2"))
    broken = replace(api, app=Starlette(routes=create_routes(services)))

    with caplog.at_level(logging.ERROR):
        response = broken.send("ListUserPools", {"MaxResults": 1})

    assert response.status_code == 500
    assert response.json() == {"__type": "InternalErrorException", "message": "Internal error"}
    assert "RuntimeError" in caplog.text
    assert "list_user_pools" in caplog.text
    assert "hunter2" not in caplog.text + response.text


def test_message_header_is_a_valid_header(api):
    """Whatever the message quotes, the header stays one short line of ASCII."""
    response = api.send("CreateUserPool", {"PoolName": "ü\r\nSet-Cookie: a=b " + "x" * 5000})

    header = response.headers["x-amzn-errormessage"]
    assert "set-cookie" not in response.headers
    assert header.isascii()
    assert len(header) <= 1024
    assert json.loads(response.content)["message"].startswith(
        "2 validation errors detected: Value 'ü\r\nSet-Cookie: a=b xxx"
    )


def test_half_a_call_is_not_performed(api):
    """When the client goes away while sending, nothing happens."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [
            (b"x-amz-target", b"AWSCognitoIdentityProviderService.CreateUserPool"),
            (b"authorization", SIGNATURE.format(region="eu-west-1").encode()),
        ],
    }
    parts = iter(
        [
            {"type": "http.request", "body": b'{"PoolName":"x"}', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent = []

    async def receive():
        return next(parts)

    async def send(message):
        sent.append(message)

    anyio.run(api.app, scope, receive, send)

    assert sent[0]["status"] == 400
    assert api.records() == []


def test_long_authorization_header_is_read_quickly():
    """A header of nothing but beginnings is refused without much searching."""
    started = time.perf_counter()

    with pytest.raises(IncompleteSignatureException):
        read_caller(
            host="localhost",
            authorization="AWS4-HMAC-SHA256 " + "Credential=" * 50_000,
            must_sign=True,
        )

    # Searching to the end from each beginning would take more than a minute.
    assert time.perf_counter() - started < 5

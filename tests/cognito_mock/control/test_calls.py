"""The control API, over HTTP."""

import pytest

from cognito_mock.starter import ADA, POOL_ID, PUBLIC_CLIENT_ID
from cognito_mock.testing import Pool


def test_health_says_ok(call):
    """A probe needs nothing but this."""
    answer = call("GET", "/_mock/health")

    assert (answer.status, answer.body) == (200, {"status": "ok", "pools": 1})


def test_messages_list_what_was_sent_and_can_be_emptied(mock, call):
    """A sign-up's code is in the inbox, in the words of the contract, until it is emptied."""
    services = mock.services
    from cognito_mock.flows.sign_up import sign_up  # noqa: PLC0415

    sign_up(
        services,
        client_id=PUBLIC_CLIENT_ID,
        username="alan",
        password="Turing-1912",
        attributes={"email": "alan@example.com"},
    )

    found = call("GET", f"/_mock/api/messages?recipient=alan@example.com&pool={POOL_ID}").body

    (message,) = found["messages"]
    assert set(message) == {
        "id",
        "pool",
        "username",
        "medium",
        "recipient",
        "trigger_source",
        "subject",
        "body",
        "code",
        "link",
        "sent_at",
    }
    assert message["code"] in message["body"]
    assert call("GET", "/_mock/api/messages?recipient=nobody").body == {"messages": []}
    assert call("DELETE", "/_mock/api/messages").status == 200
    assert call("GET", "/_mock/api/messages").body == {"messages": []}


@pytest.mark.parametrize(
    ("body", "moved"),
    [({"advance": 3600}, 3600), ({"advance": -60.5}, -60.5), ({"reset": True}, 0)],
)
def test_the_clock_moves(mock, call, body, moved):
    """The answer tells the new time, and the pools go by it."""
    before = mock.clock.now()

    now = call("POST", "/_mock/api/clock", body).body["now"]

    assert now == pytest.approx(before + moved, abs=5)
    assert call("GET", "/_mock/api/clock").body["now"] == pytest.approx(now, abs=5)


@pytest.mark.usefixtures("mock")
def test_the_clock_can_be_set(call):
    """``now`` is an epoch second."""
    now = call("POST", "/_mock/api/clock", {"now": 2_000_000_000}).body["now"]

    assert now == pytest.approx(2_000_000_000, abs=5)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": 1, "now": 1},
        {"advance": "1"},
        {"advance": True},
        {"advance": 1e300},
        '{"advance": 1e400}',
        '{"advance": NaN}',
        '{"advance": 1' + "0" * 400 + "}",
        {"now": -1},
        {"reset": False},
        {"forward": 1},
        [],
        "not json",
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_bad_input_is_400_with_error_and_message(call, body):
    """Whatever is wrong, the answer has the same form and the clock stays."""
    before = call("GET", "/_mock/api/clock").body["now"]

    answer = call("POST", "/_mock/api/clock", body)

    assert answer.status == 400
    assert answer.body.keys() == {"error", "message"}
    assert call("GET", "/_mock/api/clock").body["now"] == pytest.approx(before, abs=5)


@pytest.mark.parametrize("body", ["not json", '"text"', "[1]", '{"unknown": 1}', "{", b"\xff"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_mock/api/clock"),
        ("POST", f"/_mock/api/pools/{POOL_ID}/keys/rotate"),
        ("PUT", "/_mock/api/faults"),
        ("POST", "/_mock/api/tokens"),
        ("PUT", "/_mock/api/snapshot"),
        ("POST", "/_mock/api/reset"),
    ],
)
def test_every_call_refuses_what_it_cannot_read(call, method, path, body):
    """400 with ``error`` and ``message``, both texts; nothing has changed."""
    before = call("GET", f"/{POOL_ID}/.well-known/jwks.json").text

    answer = call(method, path, body)

    assert answer.status == 400
    assert answer.body.keys() == {"error", "message"}
    assert all(isinstance(text, str) and text for text in answer.body.values())
    assert call("GET", f"/{POOL_ID}/.well-known/jwks.json").text == before


def test_a_large_body_is_refused(call):
    """More than a megabyte is 413."""
    answer = call("POST", "/_mock/api/clock", '{"advance": "' + "1" * 1_000_000 + '"}')

    assert (answer.status, answer.body["error"]) == (413, "too_large")


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize(
    ("retire", "use", "new", "published"),
    [
        ("keep", "both", {"id", "access"}, 4),
        ("now", "both", {"id", "access"}, 2),
        ("keep", "id", {"id"}, 3),
        ("now", "access", {"access"}, 2),
    ],
)
def test_rotation(call, retire, use, new, published):
    """COG-JWK-007: ``use`` says which key is new, ``retire`` whether the old one stays."""
    jwks = f"/{POOL_ID}/.well-known/jwks.json"
    before = [key["kid"] for key in call("GET", jwks).body["keys"]]

    answer = call(
        "POST", f"/_mock/api/pools/{POOL_ID}/keys/rotate", {"retire": retire, "use": use}
    ).body

    after = [key["kid"] for key in call("GET", jwks).body["keys"]]
    assert len(after) == published
    assert set(answer["published"]) == set(after)
    assert {name for name in ("id", "access") if answer[name] not in before} == new
    assert set(before) <= set(after) or retire == "now"


@pytest.mark.usefixtures("mock")
def test_a_kept_key_still_verifies_and_a_withdrawn_one_does_not(call):
    """GetUser accepts the old token after ``keep``, and not after ``now``."""
    token = call("POST", "/_mock/api/tokens", {"user": ADA.username}).body["token"]
    rotate = f"/_mock/api/pools/{POOL_ID}/keys/rotate"

    def get_user():
        target = "AWSCognitoIdentityProviderService.GetUser"
        return call("POST", "/", {"AccessToken": token}, X_Amz_Target=target).status

    call("POST", rotate, {"retire": "keep"})
    assert get_user() == 200
    call("POST", rotate, {"retire": "now"})
    assert get_user() == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/_mock/api/pools/us-east-1_Nowhere/keys/rotate", {}),
        ("POST", "/_mock/api/tokens", {"pool": "us-east-1_Nowhere"}),
        ("POST", "/_mock/api/tokens", {"pool": "\ud800"}),
        ("GET", "/_mock/api/messages?pool=us-east-1_Nowhere", None),
        ("POST", "/_mock/api/tokens", {"client": "nobody"}),
        ("POST", "/_mock/api/tokens", {"user": "nobody"}),
        ("GET", "/_mock/api/nothing", None),
    ],
)
def test_what_does_not_exist_is_404(call, method, path, body):
    """With the same form as other errors."""
    answer = call(method, path, body)

    assert (answer.status, answer.body["error"]) == (404, "not_found")


def test_reset_brings_the_start_back(mock, call):
    """Other pools, users, messages and the moved clock are gone; the starter pool is new."""
    other = mock.create_pool()
    mock.pool(POOL_ID).create_user("alan")
    call("POST", "/_mock/api/clock", {"advance": 86400})
    old_keys = call("GET", f"/{POOL_ID}/.well-known/jwks.json").text

    assert call("POST", "/_mock/api/reset").status == 200

    assert call("GET", f"/{other.id}/.well-known/jwks.json").status == 400
    assert call("POST", "/_mock/api/tokens", {"user": "alan"}).status == 404
    assert call("POST", "/_mock/api/tokens", {"user": "ada"}).status == 200
    assert call("GET", f"/{POOL_ID}/.well-known/jwks.json").text != old_keys
    assert isinstance(mock.pool(POOL_ID), Pool)


def test_coverage_lists_every_operation(call):
    """Each is implemented, or a stub with a reason."""
    operations = call("GET", "/_mock/api/coverage").body["operations"]

    named = {operation["operation"]: operation for operation in operations}
    assert named["InitiateAuth"]["status"] == "implemented"
    assert all(o["status"] == "implemented" or o["reason"] for o in operations)

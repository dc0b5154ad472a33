"""The shipped schemas hold, and hold off what is not the protocol."""

from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from cognito_conformance.model import Config, Reason
from cognito_conformance.protocol import (
    CAPABILITIES,
    SchemaViolation,
    check_request,
    check_response,
    config_from_wire,
    config_to_wire,
)
from cognito_conformance.protocol.schema import schema

NAMES = sorted(
    entry.name.removesuffix(".schema.json")
    for entry in files("cognito_conformance.protocol").joinpath("v1").iterdir()
)


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_one(name: str) -> None:
    """Valid against its own meta-schema, and closed."""
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["additionalProperties"] is False


def test_every_command_has_its_schemas() -> None:
    """Both directions, but for bye, which is not answered."""
    commands = ("configure", "cookies", "hello", "reset", "verify")

    assert (
        sorted(
            [f"{each}.{way}" for each in commands for way in ("request", "response")]
            + ["bye.request"]
        )
        == NAMES
    )


def test_the_schemas_name_the_same_things_as_the_code() -> None:
    """Capabilities and reasons are closed lists."""
    hello, verify = schema("hello.response"), schema("verify.response")

    assert set(hello["properties"]["capabilities"]["items"]["enum"]) == set(CAPABILITIES)
    assert verify["properties"]["reason"]["enum"] == [reason.value for reason in Reason]


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 1, "verdict": "accept", "claims": {"sub": "x"}},
        {"id": 1, "verdict": "reject"},
        {"id": 1, "verdict": "reject", "reason": "expired", "message": "m"},
        {"id": 1, "verdict": "error", "message": "KeyError", "traceback": "…"},
    ],
)
def test_answers_of_the_protocol_are_admitted(answer: dict) -> None:
    """The first time and, from memory, the second."""
    check_response("verify", answer)
    check_response("verify", answer)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"id": 1},
        {"id": "1", "verdict": "reject"},
        {"id": 0, "verdict": "reject"},
        {"id": True, "verdict": "reject"},
        {"id": 1, "verdict": "maybe"},
        {"id": 1, "verdict": ["reject"]},
        {"id": 1, "verdict": "accept"},
        {"id": 1, "verdict": "accept", "claims": None},
        {"id": 1, "verdict": "reject", "reason": "mood"},
        {"id": 1, "verdict": "reject", "message": 5},
        {"id": 1, "verdict": "reject", "extra": 1},
    ],
)
def test_other_answers_are_not_admitted(answer: object) -> None:
    """Not even after an admitted one that looks similar."""
    check_response("verify", {"id": 1, "verdict": "reject", "reason": "expired", "message": "m"})

    for _ in range(2):
        with pytest.raises(SchemaViolation, match=r"verify\.response"):
            check_response("verify", answer)


def test_a_configuration_survives_the_wire() -> None:
    """Every member, and exactly one source of keys."""
    config = Config(
        user_pool_id="us-east-1_Ab1",
        region="us-east-1",
        issuers=("https://issuer.example",),
        client_ids=("one", "two"),
        token_use=None,
        leeway_s=30,
        required_scopes=("a/b",),
        required_groups=("admin",),
        jwks_uri="http://127.0.0.1:1/jwks.json",
    )
    wire = config_to_wire(config)

    check_request("configure", {"id": 1, "cmd": "configure", "config": wire})
    assert config_from_wire(wire) == config
    with pytest.raises(SchemaViolation):
        check_request("configure", {"id": 1, "cmd": "configure", "config": {**wire, "jwks": {}}})

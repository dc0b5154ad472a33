"""The control plane beside moto's: the same inputs, the same shapes, or a reason why not."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from moto import mock_aws
from moto.cognitoidp.responses import CognitoIdpResponse

from cognito_mock import MockCognito
from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.service_model import operation_names

from .comparison import Difference, Service, differences
from .script import STEPS

TABLE = tomllib.loads((Path(__file__).parent / "differences.toml").read_text())
FACTS = Path(__file__).parents[3] / "docs" / "facts" / "idp-api.md"
MOTOS_ADDRESS = "https://cognito-idp.us-east-1.amazonaws.com/"
# Sign-in and what a user does with a token: tests/e2e drives these with the clients of others, and
# moto checks neither passwords over SRP nor codes.
NOT_CONTROL_PLANE = {
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
    "AssociateSoftwareToken",
    "ChangePassword",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "ForgotPassword",
    "GetUser",
    "GlobalSignOut",
    "InitiateAuth",
    "RespondToAuthChallenge",
    "SetUserMFAPreference",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
}


def motos(service, step):
    """Return moto's answer. It runs in this process, so what it does not catch arrives here."""
    try:
        return service.answer(step)
    except (AttributeError, KeyError, TypeError) as error:
        return f"crash {type(error).__name__}"


@pytest.fixture(scope="module")
def found():
    """All differences, in the script's order."""
    with MockCognito() as mock:
        service = Service(mock.url)
        ours = [service.answer(step) for step in STEPS]
    with mock_aws():
        service = Service(MOTOS_ADDRESS)
        moto = [motos(service, step) for step in STEPS]
    return [d for answers in zip(STEPS, ours, moto, strict=True) for d in differences(*answers)]


@pytest.fixture(scope="module")
def listed():
    return [
        Difference(step, entry["member"], entry["ours"], entry["moto"])
        for entry in TABLE["difference"]
        for step in entry["steps"]
    ]


def test_the_table_is_about_the_moto_that_is_installed():
    """Another version differs elsewhere: look at the differences again, then name it."""
    assert version("moto") == TABLE["moto"]


def test_every_difference_has_its_reason(found, listed):
    """None that is not in the table."""
    assert sorted(set(found) - set(listed)) == []


def test_every_reason_has_its_difference(found, listed):
    """None in the table that is gone, and none twice."""
    assert sorted(set(listed) - set(found)) == []
    assert len(listed) == len(set(listed))


def test_where_moto_is_right_we_follow():
    """A difference is ours to keep only with a fact that says so, or where facts allow both."""
    facts = set(re.findall(r"\*\*([A-Z-]+\d{3})\*\*", FACTS.read_text("utf-8")))

    assert {entry["right"] for entry in TABLE["difference"]} <= {"ours", "either"}
    assert {entry["fact"] for entry in TABLE["difference"]} <= facts | {"botocore model"}


def test_the_script_calls_every_operation_that_both_have():
    """Of the control plane; a name in the list of exceptions must be one that both have."""
    handlers = {name.replace("_", "") for name in dir(CognitoIdpResponse)}
    both = {name for name in operation_names() if name.lower() in handlers} & set(OPERATIONS)

    assert both >= NOT_CONTROL_PLANE
    assert {step.operation for step in STEPS} == both - NOT_CONTROL_PLANE


def test_steps_have_names_of_their_own():
    assert len({step.name for step in STEPS}) == len(STEPS)

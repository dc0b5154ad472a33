"""The authorizers of `examples/aws_lambda`, loaded as Lambda loads them."""

import importlib.util
import time
from pathlib import Path

import pytest

from ..conftest import CLIENT  # noqa: TID252  (not a package that is installed)
from .test_aws_lambda import STAGE, SUB, http_event, token_event

EXAMPLE = Path(__file__).parents[3] / "examples" / "aws_lambda" / "authorizers.py"


@pytest.fixture
def issuer(key_server):
    return f"http://127.0.0.1:{key_server.port}/pool"


@pytest.fixture
def authorizers(issuer, monkeypatch):
    monkeypatch.setenv("COGNITO_ISSUER", issuer)
    monkeypatch.setenv("COGNITO_CLIENT_IDS", f"another,{CLIENT}")
    spec = importlib.util.spec_from_file_location("example_authorizers", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bearer(make_token, issuer):
    """Build the header of a token that is good now."""

    def make(**changes):
        settings = {"iss": issuer, "exp": time.time() + 60, **changes}
        return f"Bearer {make_token(**settings)}"

    return make


def test_a_rest_api_is_told_who_may_pass(authorizers, bearer):
    """A policy for the stage, or the one text that means 401."""
    answer = authorizers.rest(token_event(bearer()), None)

    statement = answer["policyDocument"]["Statement"][0]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", STAGE)
    assert answer["principalId"] == SUB
    for refused in ("", "Bearer x", bearer(client_id="stranger"), bearer(exp=5)):
        with pytest.raises(Exception, match=r"^Unauthorized$"):
            authorizers.rest(token_event(refused), None)


def test_an_http_api_is_told_who_may_pass(authorizers, bearer):
    """And the admins' routes are the admins'."""

    def ask(authorizer, header):
        return authorizer(http_event({"authorization": header}), None)["isAuthorized"]

    nobody = {"cognito:groups": ["editors"]}

    assert ask(authorizers.http, bearer()) is True
    assert ask(authorizers.http, bearer(_claims=nobody)) is True
    assert ask(authorizers.http, "Bearer x") is False
    assert ask(authorizers.http_admins, bearer()) is True
    assert ask(authorizers.http_admins, bearer(_claims=nobody)) is False

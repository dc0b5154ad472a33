"""Our verifier behind each web integration, judged over HTTP: no MUST is broken in any profile.

Real servers, the suite's issuer with its keys behind HTTP, and the HTTP adapter that everybody has.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from cognito_conformance.catalogue import load_profiles
from cognito_conformance.testing import judge_url, suite_issuer
from cognito_verify import CognitoVerifier
from cognito_verify.web.starlette import CognitoCookies

from ..cognito_verify.web.applications import SERVICES  # noqa: TID252  (no installed package)
from ..cognito_verify.web.live import http_server  # noqa: TID252  (likewise)
from ..cognito_verify.web.test_aws_lambda import ARN, http_event  # noqa: TID252  (likewise)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

AUTHORIZERS = Path(__file__).parents[2] / "examples" / "aws_lambda" / "authorizers.py"
EXAMPLES = 3
WITH_COOKIES = [each for each in SERVICES if each.id in {"starlette", "django-rest", "lambda-2.0"}]


@pytest.fixture(scope="module")
def issuer():
    """One for all: making its keys takes longer than asking an API."""
    with suite_issuer(seed=20261130) as running:
        yield running


def assert_good(judgement, *, at_least):
    """No MUST is broken, no SHOULD either, and each profile has had its questions asked."""
    assert judgement.failures == ()
    assert judgement.warnings == ()
    assert judgement.executed >= at_least
    executed = {
        result.requirement.id
        for result in judgement.conclusion.results
        if any(case.outcome.status.executed for case in result.cases)
    }
    for profile, requirements in load_profiles().items():
        assert len(executed & requirements) > 50, profile


def verifier_of(issuer):
    return CognitoVerifier(issuer=issuer.url, client_id=issuer.client_id, token_use="access")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_an_integration_meets_every_must(service, issuer):
    """Whatever the framework, the answers to several hundred tokens are the verifier's."""
    with service.start(verifier_of(issuer), None) as port:
        judgement = judge_url(f"http://127.0.0.1:{port}/api/me", issuer, examples=EXAMPLES)

    assert_good(judgement, at_least=400)


@pytest.mark.parametrize("service", WITH_COOKIES, ids=lambda service: service.id)
def test_a_token_in_amplifys_cookies_is_judged_alike(service, issuer):
    """Signatures, algorithms and claims; what a cookie cannot carry is not asked."""
    prefix = f"CognitoIdentityServiceProvider.{issuer.client_id}"
    header = f"Cookie: {prefix}.LastAuthUser=ada; {prefix}.ada.accessToken={{token}}"
    cookies = CognitoCookies(client_id=issuer.client_id)
    with service.start(verifier_of(issuer), cookies) as port:
        address = f"http://127.0.0.1:{port}/api/me"
        judgement = judge_url(address, issuer, header=header, select="[abtu]*", examples=EXAMPLES)

    assert judgement.failures == ()
    assert judgement.executed > 80


@pytest.fixture
def authorizers(issuer, monkeypatch):
    """The example, loaded as Lambda loads it."""
    for name, value in issuer.environment().items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("judged_authorizers", AUTHORIZERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rest_gateway(authorizer):
    """Answer as a REST API with a TOKEN authorizer does."""

    def answer(_method, _target, lines):
        token = dict(lines).get("Authorization", "")
        event = {"type": "TOKEN", "methodArn": ARN, "authorizationToken": token}
        try:
            policy = authorizer(json.loads(json.dumps(event)), None)
        except Exception as error:  # noqa: BLE001  (what the gateway tells apart, by the text alone)
            status = 401 if str(error) == "Unauthorized" else 500
            return status, {}, b"{}"
        effect = policy["policyDocument"]["Statement"][0]["Effect"]
        return 200 if effect == "Allow" else 403, {}, b"{}"

    return answer


def http_gateway(authorizer):
    """Answer as an HTTP API with simple responses does: a refusal is a 403, a crash a 500."""

    def answer(_method, _target, lines):
        event = http_event({name.lower(): value for name, value in lines})
        answered = authorizer(json.loads(json.dumps(event)), None)
        return 200 if answered["isAuthorized"] else 403, {}, b"{}"

    return answer


@pytest.mark.parametrize(("name", "gateway"), [("rest", rest_gateway), ("http", http_gateway)])
def test_an_authorizer_behind_its_gateway_meets_every_must(name, gateway, authorizers, issuer):
    """The decision is API Gateway's to carry out; both of its forms are played."""
    with http_server(gateway(getattr(authorizers, name))) as port:
        address = f"http://127.0.0.1:{port}/anything"
        judgement = judge_url(address, issuer, examples=EXAMPLES)

    assert_good(judgement, at_least=400)


def test_a_gateway_that_lets_everybody_pass_is_found_out(issuer):
    """The judge that finds nothing above does find something."""
    with http_server(lambda *_: (200, {}, b"{}")) as port:
        judgement = judge_url(f"http://127.0.0.1:{port}/", issuer, select="sig/*", examples=1)

    assert any("accept, expected reject" in failure for failure in judgement.failures)

"""Judge APIs: what their answers mean, what they can be asked, and who serves the keys."""

import json
import urllib.request
from collections.abc import Callable, Iterable
from http.client import responses

import flask
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cognito_conformance.adapters.http import (
    HttpAdapter,
    Presentation,
    Reply,
    UnexpectedStatus,
)
from cognito_conformance.issuer_server import SuiteIssuer, UnusableIssuer
from cognito_conformance.model import Rejected
from cognito_conformance.testing import judge_asgi, judge_wsgi, suite_issuer
from cognito_verify import CognitoVerifier, VerificationError
from cognito_verify.web.flask import CognitoAuth


def answering(status: int, text: str = "") -> HttpAdapter:
    """Return an API that always answers so."""
    return HttpAdapter(lambda _: Reply(status=status, text=text), Presentation(), name="always")


@pytest.mark.parametrize("status", [200, 204])
def test_a_success_is_an_accept(status: int) -> None:
    """Whatever the body is."""
    assert answering(status).verify("t", now=0) == {}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_a_rejection(status: int) -> None:
    """RFC 6750 §3.1 uses both."""
    with pytest.raises(Rejected):
        answering(status).verify("t", now=0)


def test_the_bad_request_of_the_bearer_scheme_is_a_rejection() -> None:
    """RFC 6750 §3.1: what is no bearer token at all is an invalid_request, with status 400."""
    with pytest.raises(Rejected):
        answering(400, 'Bearer realm="api", error="invalid_request"').verify("t", now=0)


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 502])
def test_every_other_status_is_an_error(status: int) -> None:
    """A 500 is not a 401, and neither is a redirect to a sign-in page."""
    with pytest.raises(UnexpectedStatus):
        answering(status).verify("t", now=0)


def test_a_token_goes_where_the_template_says() -> None:
    """In any header, or in a cookie."""
    assert Presentation().fields("t") == {"Authorization": "Bearer t"}
    assert Presentation("Cookie: jwt={token}").fields("t") == {"Cookie": "jwt=t"}


@pytest.mark.parametrize("template", ["Authorization", "A b: {token}", "A: {token}{token}", "A: x"])
def test_a_template_without_one_token_is_refused(template: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match="header line"):
        Presentation(template)


@pytest.mark.parametrize("token", ["a\nb", "a b", " a", "é", "a\0", "a" * 7001])
def test_what_http_would_change_is_not_presented(token: str) -> None:
    """The verdict would be about another string."""
    assert not Presentation().can_carry(token)


def test_a_cookie_carries_fewer_characters() -> None:
    """RFC 6265 §4.1.1: no comma, semicolon or quote."""
    assert Presentation().can_carry("a;b")
    assert not Presentation("Cookie: jwt={token}").can_carry("a;b")


def test_the_issuer_publishes_what_it_signs_with() -> None:
    """Discovery leads to the keys, and another process may serve them from the same seed."""
    with suite_issuer(seed=3) as issuer:
        with urllib.request.urlopen(f"{issuer.url}/.well-known/openid-configuration") as answer:
            discovery = json.load(answer)
        with urllib.request.urlopen(discovery["jwks_uri"]) as answer:
            keys = json.load(answer)

        assert discovery["issuer"] == issuer.url
        assert keys == issuer.config.jwks
        assert issuer.ensure_served() is None


def test_an_issuer_of_another_seed_is_noticed() -> None:
    """Its keys would make every token a forgery."""
    with suite_issuer(seed=3) as issuer:
        other = SuiteIssuer.create(f"http://127.0.0.1:{issuer.port}", 4)

        with pytest.raises(UnusableIssuer, match="something else"):
            other.ensure_served()
        with pytest.raises(UnusableIssuer, match="seed 4"):
            SuiteIssuer.create(issuer.url, 4)


@pytest.mark.parametrize("url", ["https://cognito-idp.us-east-1.amazonaws.com/x", "http://a:80"])
def test_the_issuer_stays_on_this_machine(url: str) -> None:
    """Nobody else is told to trust keys that a seed makes."""
    with pytest.raises(UnusableIssuer):
        SuiteIssuer.create(url, 1)


def flask_app(issuer: SuiteIssuer) -> flask.Flask:
    """Return an API that has our verifier in front."""
    verifier = CognitoVerifier(
        issuer=issuer.url, jwks=issuer.config.jwks, client_id=issuer.client_id, token_use="access"
    )
    auth = CognitoAuth(verifier)
    app = flask.Flask(__name__)

    @app.get("/me")
    @auth.requires()
    def me() -> dict[str, object]:
        return {}

    return app


def test_a_good_wsgi_application_passes() -> None:
    """Every case that HTTP can ask."""
    with suite_issuer() as issuer:
        judgement = judge_wsgi(flask_app(issuer), issuer, path="/me", examples=5)

    assert judgement.failures == ()
    assert judgement.warnings == ()
    assert judgement.executed > 300
    assert judgement.conclusion.unsupported["configure"] > 100


def asgi_app(answer: Callable[[str], int]) -> Starlette:
    """Return an API whose status depends on the token's text alone."""

    async def me(request: Request) -> Response:
        status = answer(request.headers.get("authorization", "").removeprefix("Bearer "))
        return JSONResponse({"detail": responses[status]}, status)

    return Starlette(routes=[Route("/me", me)])


def requirements(failures: Iterable[str]) -> set[str]:
    """Return the requirements of these failures."""
    return {failure.partition(":")[0] for failure in failures}


def test_an_api_that_lets_everybody_in_fails() -> None:
    """It checks nothing."""
    with suite_issuer() as issuer:
        judgement = judge_asgi(asgi_app(lambda _: 200), issuer, path="/me", select="sig/*")

    assert {"sig/flipped-bit", "sig/attacker-key"} & requirements(judgement.failures)
    assert judgement.executed > 0


def test_an_api_that_refuses_everybody_is_vacuous() -> None:
    """A rejection means nothing while the good token is refused as well."""
    with suite_issuer() as issuer:
        judgement = judge_asgi(asgi_app(lambda _: 401), issuer, path="/me", select="sig/*")

    assert any("twin" in failure for failure in judgement.failures)


def test_an_api_that_crashes_has_not_refused() -> None:
    """A 500 is held against it."""

    def answer(token: str) -> int:
        return 500 if token.endswith(".") else 401

    with suite_issuer() as issuer:
        judgement = judge_asgi(asgi_app(answer), issuer, path="/me", select="alg/none")

    assert any("HTTP 500" in failure for failure in judgement.failures)


def test_an_api_in_which_expired_tokens_live_on_is_found_without_a_clock() -> None:
    """The wall clock is enough for a token that expired yesterday."""
    with suite_issuer() as issuer:
        verifier = CognitoVerifier(
            issuer=issuer.url,
            jwks=issuer.config.jwks,
            client_id=issuer.client_id,
            token_use="access",
            clock=lambda: 0.0,
        )

        def answer(token: str) -> int:
            try:
                verifier.verify(token)
            except VerificationError:
                return 401
            return 200

        judgement = judge_asgi(asgi_app(answer), issuer, path="/me", select="time/exp/past")

    assert requirements(judgement.failures) == {"time/exp/past"}

"""Authorizers for API Gateway; handlers are in the contract that all integrations share."""

import json

import pytest

from cognito_verify import ConfigurationError
from cognito_verify.web._credentials import CognitoCookies
from cognito_verify.web.aws_lambda import Unavailable, http_authorizer, requires, rest_authorizer

from ..conftest import CLIENT, NOW, MemoryFetcher  # noqa: TID252  (no installed package)
from .live import amplify_cookies

ARN = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/orders/17"
STAGE = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/*"
SUB = "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11"


def token_event(value):
    return {"type": "TOKEN", "methodArn": ARN, "authorizationToken": value}


def request_event(*lines, **more):
    """The names as the client has sent them; API Gateway keeps their case."""
    many = {}
    for name, value in lines:
        many.setdefault(name, []).append(value)
    return {
        "type": "REQUEST",
        "methodArn": ARN,
        "httpMethod": "GET",
        "headers": dict(lines),
        "multiValueHeaders": many,
        "requestContext": {"stage": "prod"},
        **more,
    }


def http_event(headers, **more):
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": ARN,
        "headers": headers,
        "requestContext": {"http": {"method": "GET"}},
        **more,
    }


EVENTS = {
    "token": token_event,
    "request": lambda value: request_event(("authorization", value)),
    "request-without-lists": lambda value: request_event(
        ("Authorization", value), multiValueHeaders=None
    ),
}


@pytest.fixture(params=EVENTS.values(), ids=EVENTS)
def event_of(request):
    return request.param


@pytest.fixture
def authorize(make_verifier):
    return lambda event, **rule: rest_authorizer(make_verifier(), **rule)(event, None)


def statement(effect):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": STAGE}],
    }


def test_a_good_token_is_allowed_into_the_whole_stage(authorize, event_of, make_token):
    """API Gateway reuses the policy for other methods; one method's would refuse these."""
    answer = authorize(event_of(f"Bearer {make_token()}"), groups="admins", scopes="openid")

    assert answer == {
        "principalId": SUB,
        "policyDocument": statement("Allow"),
        "context": {
            "sub": SUB,
            "username": "ada",
            "client_id": CLIENT,
            "token_use": "access",
            "scope": "openid orders/read",
            "groups": '["editors", "admins"]',
        },
    }


def test_the_context_is_flat(authorize, make_token):
    """A REST API takes no lists and no objects there, and no null either."""
    machine = make_token(_without=("username", "cognito:groups"))

    context = authorize(token_event(f"Bearer {machine}"))["context"]

    assert {type(value) for value in context.values()} == {str}
    assert (context["username"], context["groups"]) == ("", "[]")


@pytest.mark.parametrize(
    "value", ["", "Basic YTpi", "Bearer a.b.c", "Bearer a, Bearer b", "Bearer"]
)
def test_no_good_token_is_that_one_exception(authorize, event_of, value):
    """API Gateway answers 401 to this text, and 500 to every other."""
    with pytest.raises(Exception, match=r"\AUnauthorized\Z") as caught:
        authorize(event_of(value))

    assert type(caught.value) is Exception
    assert caught.value.__cause__ is None


def test_an_expired_token_is_401(authorize, event_of, make_token):
    """The client is to refresh it."""
    with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
        authorize(event_of(f"Bearer {make_token(exp=NOW)}"))


@pytest.mark.parametrize("rule", [{"groups": "owners"}, {"scopes": ["orders/write"]}])
def test_a_missing_group_or_scope_is_denied(authorize, event_of, make_token, rule):
    """API Gateway answers 403 to a policy that denies."""
    answer = authorize(event_of(f"Bearer {make_token()}"), **rule)

    assert answer == {"principalId": "refused", "policyDocument": statement("Deny")}


def test_the_verifiers_own_group_is_denied_as_well(make_verifier, make_token):
    """Wherever it is required, a missing group is 403."""
    authorizer = rest_authorizer(make_verifier(groups="owners"))

    answer = authorizer(token_event(f"Bearer {make_token()}"), None)

    assert answer["policyDocument"] == statement("Deny")


def test_two_header_lines_are_401(authorize, make_token):
    """The event's single-valued headers would hide one of them."""
    line = ("Authorization", f"Bearer {make_token()}")

    for event in (request_event(line, line), request_event(line, (line[0].lower(), line[1]))):
        with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
            authorize(event)


def test_an_authorizer_reads_cookies_if_told_to(authorize, make_token):
    """Amplify's cookies in a REQUEST event."""
    event = request_event(("cookie", amplify_cookies(make_token())))

    assert authorize(event, cookies=CognitoCookies(CLIENT))["principalId"] == SUB


def test_a_websocket_of_another_site_cannot_use_the_cookie(authorize, make_token):
    """$connect has no method; it counts as one that may change something."""
    cookie = ("Cookie", amplify_cookies(make_token()))
    here = request_event(cookie, ("Sec-Fetch-Site", "same-origin"), httpMethod=None)
    there = request_event(cookie, ("Sec-Fetch-Site", "cross-site"), httpMethod=None)
    # The method of a handshake, should an event ever name it.
    named = there | {"httpMethod": "GET", "requestContext": {"connectionId": "a1b2="}}
    cookies = CognitoCookies(CLIENT)

    assert authorize(here, cookies=cookies)["principalId"] == SUB
    for event in (there, named):
        with pytest.raises(Exception, match=r"\AUnauthorized\Z"):
            authorize(event, cookies=cookies)


def test_an_http_api_gets_a_simple_response(make_verifier, make_token):
    """Payload format 2.0: isAuthorized, and a context."""
    answer = http_authorizer(make_verifier(), groups="admins")(
        http_event({"authorization": f"Bearer {make_token()}"}), None
    )

    assert answer["isAuthorized"] is True
    assert answer["context"]["sub"] == SUB
    json.dumps(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        None,
        {"authorization": "Bearer a.b.c"},
        {"authorization": "Bearer a.b.c,Bearer a.b.c"},
        {"x-authorization": None},
    ],
)
def test_an_http_api_is_told_no(make_verifier, headers):
    """A simple response has only one no, which is 403."""
    assert http_authorizer(make_verifier())(http_event(headers), None) == {"isAuthorized": False}


def test_an_http_api_hears_of_missing_groups(make_verifier, make_token):
    """They are a no like any other."""
    event = http_event({"authorization": f"Bearer {make_token()}"})

    assert http_authorizer(make_verifier(), groups="owners")(event, None) == {"isAuthorized": False}


def test_an_http_api_has_cookies_apart(make_verifier, make_token):
    """Payload format 2.0 gives them as a list."""
    event = http_event({}, cookies=amplify_cookies(make_token()).split("; "))

    answer = http_authorizer(make_verifier(), cookies=CognitoCookies(CLIENT))(event, None)

    assert answer["isAuthorized"] is True


@pytest.mark.parametrize("build", [rest_authorizer, http_authorizer])
def test_an_outage_is_another_exception(make_verifier, make_token, build):
    """500: the caller is not told that a good token is bad, and nothing is cached."""
    fetcher = MemoryFetcher(b"")
    fetcher.break_down()
    value = f"Bearer {make_token()}"
    event = token_event(value) | {"headers": {"authorization": value}}

    with pytest.raises(Unavailable):
        build(make_verifier(jwks=None, fetcher=fetcher))(event, None)


def test_a_handler_keeps_its_name(make_verifier):
    """Lambda finds it by name, and logs name it."""

    @requires(make_verifier())
    def handler(_event, _context, _claims):
        """Answer."""

    assert handler.__name__ == "handler"


@pytest.mark.parametrize(
    ("arn", "resource"),
    [
        ("arn:aws-cn:execute-api:cn-north-1:1:api/prod/GET/a/b", ":api/prod/*"),
        ("arn:aws-us-gov:execute-api:us-gov-west-1:1:api/prod/GET/", ":api/prod/*"),
        ("arn:aws:execute-api:eu-west-1:1:api/$default/POST/a%2Fb", ":api/$default/*"),
        ("arn:aws:execute-api:eu-west-1:1:api/prod/$connect", ":api/prod/*"),
        ("arn:aws:execute-api:eu-west-1:1:api/test-invoke-stage/GET//x/*", "/test-invoke-stage/*"),
    ],
)
def test_a_policy_never_leaves_the_stage(authorize, make_token, arn, resource):
    """Whatever a caller has put into the path."""
    event = token_event(f"Bearer {make_token()}") | {"methodArn": arn}

    (found,) = authorize(event)["policyDocument"]["Statement"]

    assert found["Resource"] == arn.partition("/")[0] + resource[resource.index("/") :]


def test_a_policy_for_an_http_api_is_of_its_route(authorize, make_token):
    """Payload format 2.0 without simple responses calls the ARN by another name."""
    event = http_event({"authorization": f"Bearer {make_token()}"})

    assert authorize(event)["policyDocument"] == statement("Allow")


@pytest.mark.parametrize("build", [rest_authorizer, http_authorizer])
def test_an_authorizer_for_cookies_reads_nothing_else(make_verifier, make_token, build):
    """The answer is kept under the cookie: who sends the same one would get another's answer."""
    headers = {"authorization": f"Bearer {make_token()}", "cookie": "theme=dark"}
    authorizer = build(make_verifier(), cookies=CognitoCookies(CLIENT))

    try:
        answer = authorizer(http_event(headers, methodArn=ARN), None)
    except Exception as error:  # noqa: BLE001  (API Gateway knows it by its text alone)
        answer = {"isAuthorized": str(error) != "Unauthorized"}

    assert answer == {"isAuthorized": False}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_policy_for_a_cookie_is_not_for_what_other_sites_could_send(
    authorize, make_token, method
):
    """API Gateway uses it for their requests, too, without asking again."""
    lines = [("Cookie", amplify_cookies(make_token())), ("Sec-Fetch-Site", "same-origin")]

    answer = authorize(request_event(*lines, httpMethod=method), cookies=CognitoCookies(CLIENT))

    (found,) = answer["policyDocument"]["Statement"]
    stage = STAGE.removesuffix("*")
    safe = [f"{stage}{name}/*" for name in ("GET", "HEAD", "OPTIONS")]
    assert found["Resource"] == (f"{stage}POST/*" if method == "POST" else safe)


@pytest.mark.parametrize(
    ("sources", "let_in"),
    [
        (None, True),
        ([], True),
        (["{bearer}"], True),
        (["{bearer}", "1.2.3.4"], True),
        ("{bearer},1.2.3.4", True),
        (["1.2.3.4"], False),
        (["Bearer "], False),
    ],
)
@pytest.mark.parametrize("build", [rest_authorizer, http_authorizer])
def test_an_answer_is_not_given_if_it_would_be_kept_for_others(
    make_verifier, make_token, build, sources, let_in
):
    """API Gateway finds it again by the identity sources, which must tell the tokens apart."""
    bearer = f"Bearer {make_token()}"
    if isinstance(sources, str):
        sources = sources.format(bearer=bearer)
    elif sources:
        sources = [source.format(bearer=bearer) for source in sources]
    event = http_event({"authorization": bearer}, identitySource=sources)

    if let_in:
        assert build(make_verifier())(event, None)
    else:
        with pytest.raises(ConfigurationError):
            build(make_verifier())(event, None)


@pytest.mark.parametrize(
    ("method", "others", "let_in"),
    [
        ("GET", [], False),
        ("GET", ["GET"], True),
        ("POST", ["POST"], False),
        ("POST", ["same-origin"], False),
        ("POST", ["POST", "same-origin"], True),
    ],
)
def test_an_answer_to_a_cookie_is_not_kept_for_other_sites(
    make_verifier, make_token, method, others, let_in
):
    """What decides about cookies beyond the cookie must be an identity source as well."""
    cookie = amplify_cookies(make_token())
    event = http_event(
        {"sec-fetch-site": "same-origin"},
        cookies=cookie.split("; "),
        identitySource=[cookie, *others],
        requestContext={"http": {"method": method}},
    )
    authorizer = http_authorizer(make_verifier(), cookies=CognitoCookies(CLIENT))

    if let_in:
        assert authorizer(event, None)["isAuthorized"] is True
    else:
        with pytest.raises(ConfigurationError):
            authorizer(event, None)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": {"authorization": None}},
        {"multiValueHeaders": {"Authorization": None}},
        {"multiValueHeaders": {"Authorization": [None]}},
        {"requestContext": None, "cookies": None, "headers": None},
        {"body": "QmVhcmVy", "isBase64Encoded": True, "headers": {}},
        {"version": "2.0", "rawQueryString": "authorization=Bearer%20x", "headers": {}},
    ],
)
def test_an_event_with_holes_is_a_401(make_verifier, event):
    """No key of an event is always there."""
    guarded = requires(make_verifier())(lambda _event, _context, _claims: None)

    answer = guarded(event, None)

    assert (answer["statusCode"], answer["headers"]["WWW-Authenticate"]) == (
        401,
        'Bearer realm="api"',
    )

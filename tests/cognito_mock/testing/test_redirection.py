"""Requests to the pools' AWS addresses reach the mock inside a block, and nowhere else."""

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import anyio
import boto3
import botocore.endpoint
import httpx
import pytest
import requests
import respx
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import Retry

from cognito_mock import MockCognito
from cognito_mock.testing.redirection import Redirection

# Made when this module is imported: what an application does.
BEFORE = {
    "httpx": httpx.Client(),
    "requests": requests.Session(),
    "boto3": boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=1),
    ),
}
PATCHED = [
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (requests.Session, "get_adapter"),
    (urllib.request.AbstractHTTPHandler, "do_open"),
    (botocore.endpoint.Endpoint, "make_request"),
]


@pytest.fixture(scope="module", params=["socket", "in process"])
def mock(request):
    """A mock, by its two ways in."""
    with MockCognito(issuer="aws", socket=request.param == "socket") as running:
        yield running


@pytest.fixture(scope="module")
def pool(mock):
    """A pool that is everybody's."""
    return mock.create_pool(domain="shop-" + mock.services.entropy.token_bytes(4).hex())


@pytest.fixture
def tokens(pool):
    """Of a user of that pool, who consented to openid."""
    return pool.sign_in(pool.create_user(), scopes=["openid"])


@pytest.fixture(autouse=True)
def nothing_stays_patched():
    """Every test leaves the libraries as they were."""
    before = [vars(owner)[name] for owner, name in PATCHED]
    finders = list(sys.meta_path)
    yield
    assert [vars(owner)[name] for owner, name in PATCHED] == before
    assert sys.meta_path == finders


def by_httpx(url, **headers):
    return BEFORE["httpx"].get(url, headers=headers).json()


def by_async_httpx(url, **headers):
    async def get():
        async with httpx.AsyncClient() as client:
            return (await client.get(url, headers=headers)).json()

    return anyio.run(get)


def by_httpx_stream(url, **headers):
    with httpx.stream("GET", url, headers=headers) as response:
        return json.loads(b"".join(response.iter_raw()))


def by_requests(url, **headers):
    return BEFORE["requests"].get(url, headers=headers, timeout=5).json()


def by_urllib(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


CLIENTS = [by_httpx, by_async_httpx, by_httpx_stream, by_requests, by_urllib]


@pytest.mark.parametrize("get", CLIENTS)
def test_keys_and_user_info_come_from_the_mock(mock, pool, tokens, get):
    """At the addresses that AWS would have; the answer is the one the mock's own address gives."""
    with mock.redirected():
        keys = get(f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}/.well-known/jwks.json")
        found = get(pool.issuer + "/.well-known/openid-configuration")
        info = get(found["userinfo_endpoint"], Authorization=f"Bearer {tokens.access_token}")

    assert (
        found["issuer"] == pool.issuer == f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
    )
    assert keys == mock.control("GET", f"/{pool.id}/.well-known/jwks.json")
    assert pool.domain_url.endswith(".auth.us-east-1.amazoncognito.com")
    assert info["sub"]


def post_httpx(url, form):
    response = httpx.post(url, data=form)
    return response.status_code, response.json()


def post_requests(url, form):
    response = requests.post(url, data=form, timeout=5)
    return response.status_code, response.json()


def post_urllib(url, form):
    body = urllib.parse.urlencode(form).encode()
    try:
        with urllib.request.urlopen(url, body, timeout=5) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("post", [post_httpx, post_requests, post_urllib])
def test_forms_arrive_and_refusals_come_back(mock, pool, post):
    """The token endpoint of the pool's domain gives and refuses tokens."""
    client = pool.create_client()
    tokens = pool.sign_in(pool.create_user(), client=client, scopes=["openid"])
    form = {"grant_type": "refresh_token", "client_id": client.id}

    with mock.redirected():
        url = pool.domain_url + "/oauth2/token"
        good = post(url, {**form, "refresh_token": tokens.refresh_token})
        bad = post(url, {**form, "refresh_token": "none"})

    assert (good[0], good[1]["token_type"]) == (200, "Bearer")
    assert (bad[0], bad[1]) == (400, {"error": "invalid_grant"})


def test_a_boto3_client_made_before_reaches_the_mock(mock, pool):
    """Its calls, their errors, and a region in its signature."""
    with mock.redirected():
        found = BEFORE["boto3"].describe_user_pool(UserPoolId=pool.id)
        created = BEFORE["boto3"].create_user_pool(PoolName="made")["UserPool"]["Id"]
        with pytest.raises(ClientError) as refusal:
            BEFORE["boto3"].describe_user_pool(UserPoolId="us-east-1_Nowhere")

    assert found["UserPool"]["Id"] == pool.id
    assert created.startswith("us-east-1_")
    assert refusal.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_browserless_walk_keeps_its_cookies(mock, pool):
    """Redirects and cookies work as they do over the network, with requests and with httpx."""
    client = pool.create_client()
    url = f"{pool.domain_url}/oauth2/authorize?response_type=code&client_id={client.id}"
    with mock.redirected():
        with requests.Session() as session:
            page = session.get(url, timeout=5)
            cookies = {cookie.name: cookie.secure for cookie in session.cookies}
        with httpx.Client(follow_redirects=True) as browser:
            same = browser.get(url)
            jar = {cookie.name: cookie.secure for cookie in browser.cookies.jar}

    assert page.url.startswith(f"{pool.domain_url}/login?")
    assert str(same.url).startswith(f"{pool.domain_url}/login?")
    assert cookies == jar
    assert cookies
    assert all(cookies.values())  # the client speaks TLS, as far as anybody can tell


@pytest.mark.parametrize("get", [by_httpx, by_requests, by_urllib])
def test_outside_the_block_nothing_is_redirected(mock, pool, get, monkeypatch):
    """The request leaves for where it was sent: here, to a proxy that is not there."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    BEFORE["httpx"] = httpx.Client()
    with mock.redirected():
        get(pool.issuer + "/.well-known/jwks.json")  # past the proxy

    with pytest.raises((OSError, httpx.HTTPError)):
        get(pool.issuer + "/.well-known/jwks.json")


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://cognito-idp.eu-west-1.amazonaws.com/", True),
        ("https://cognito-idp.eu-west-1.amazonaws.com:443/x", True),
        ("https://COGNITO-IDP.eu-west-1.amazonaws.com/", True),
        ("https://cognito-idp-fips.us-west-2.amazonaws.com/", True),
        ("https://cognito-idp.cn-north-1.amazonaws.com.cn/", True),
        ("https://cognito-idp.eu-west-1.api.aws/", True),
        ("https://issuer-cognito-idp.eu-west-1.amazonaws.com/p", True),
        ("https://shop.auth.eu-west-1.amazoncognito.com/login", True),
        ("https://shop.auth-fips.us-west-2.amazoncognito.com/login", True),
        ("https://cognito-identity.eu-west-1.amazonaws.com/", False),
        ("https://s3.eu-west-1.amazonaws.com/", False),
        ("http://cognito-idp.eu-west-1.amazonaws.com/", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com:8443/", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com.evil.example/", False),
        ("https://evil.example/cognito-idp.eu-west-1.amazonaws.com/", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com@evil.example/", False),
        ("https://[::1/", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com:x/", False),
    ],
)
def test_only_the_addresses_of_pools_are_redirected(url, taken):
    """By host, scheme and port, not by something that looks like it."""
    assert Redirection(courier=None, base_url="").takes(url) is taken


@pytest.mark.parametrize("status", [429, 503])
def test_retries_of_requests_are_kept(mock, pool, status):
    """A session that tries again gets through when the mock recovers."""
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=Retry(3, status_forcelist=[429, 503])))
    url = pool.issuer + "/.well-known/jwks.json"

    with mock.redirected():
        with mock.misbehaving("jwks", status=status, times=2):
            assert session.get(url, timeout=5).status_code == 200
        with (
            mock.misbehaving("jwks", status=status),
            pytest.raises(requests.exceptions.RetryError),
        ):
            session.get(url, timeout=5)


def test_a_late_answer_is_a_timeout_in_every_library(mock, pool):
    """Each raises its own."""
    url = pool.issuer + "/.well-known/jwks.json"

    with mock.redirected(), mock.misbehaving("any", delay_ms=1500):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(url, timeout=0.05)
        with pytest.raises(requests.ReadTimeout):
            requests.get(url, timeout=(1, 0.05))
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(url, timeout=0.05)
        with pytest.raises(ReadTimeoutError):
            BEFORE["boto3"].list_user_pools(MaxResults=1)


def test_other_peoples_doubles_go_first_where_they_are_explicit(mock, pool):
    """A stubbed client, a transport and an adapter of one's own are left alone."""

    class Own(BaseAdapter):
        def send(self, request, **options):
            response = requests.Response()
            response.status_code = 418
            return response

        def close(self):
            pass

    url = pool.issuer + "/.well-known/jwks.json"
    stubbed = boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    session = requests.Session()
    session.mount("https://cognito-idp", Own())

    with mock.redirected(), Stubber(stubbed) as stubber:
        stubber.add_response("describe_user_pool", {"UserPool": {"Id": "us-east-1_Stub"}})
        described = stubbed.describe_user_pool(UserPoolId="us-east-1_Stub")
        transport = httpx.MockTransport(lambda _request: httpx.Response(418))
        answered = httpx.Client(transport=transport).get(url)
        sent = session.get(url, timeout=5)

    assert described["UserPool"] == {"Id": "us-east-1_Stub"}
    assert (answered.status_code, sent.status_code) == (418, 418)


def test_respx_mocks_the_rest(mock, pool):
    """Cognito is ours, other hosts are respx's, whichever began first."""
    url = pool.issuer + "/.well-known/jwks.json"

    with mock.redirected(), respx.mock:
        respx.get("https://api.example/").respond(json={"from": "respx"})
        assert by_httpx("https://api.example/") == {"from": "respx"}
        assert by_httpx(url)["keys"]
        assert by_async_httpx(url)["keys"]
    with respx.mock, mock.redirected():
        assert by_httpx(url)["keys"]


def test_blocks_nest_and_the_innermost_answers(mock, pool):
    """Leaving in another order than entering leaves nothing behind either."""
    url = pool.issuer + "/.well-known/jwks.json"
    with MockCognito() as other, mock.redirected():
        with other.redirected():
            assert httpx.get(url).status_code == 400  # the other one has no such pool
        assert httpx.get(url).status_code == 200
        inner, outer = other.redirected(), mock.redirected()
        inner.__enter__()
        outer.__enter__()
        inner.__exit__(None, None, None)
        assert httpx.get(url).status_code == 200
        outer.__exit__(None, None, None)


def test_what_others_patched_meanwhile_stays(mock, pool):
    """A patch on top of ours is not removed with it; when it puts ours back, that does nothing."""
    block = mock.redirected()
    block.__enter__()

    with pytest.MonkeyPatch.context() as others:
        ours = requests.Session.get_adapter
        others.setattr(requests.Session, "get_adapter", lambda *asked: ours(*asked))  # noqa: PLW0108
        theirs = requests.Session.get_adapter
        block.__exit__(None, None, None)
        assert requests.Session.get_adapter is theirs
        assert isinstance(requests.Session().get_adapter(pool.issuer), HTTPAdapter)

    assert isinstance(requests.Session().get_adapter(pool.issuer), HTTPAdapter)
    with mock.redirected():
        assert by_requests(pool.issuer + "/.well-known/jwks.json")["keys"]
    assert requests.Session.get_adapter is not ours


def test_threads_come_and_go(mock, pool):
    """Blocks in several threads at once work, and leave nothing behind."""
    url = pool.issuer + "/.well-known/jwks.json"
    failures = []

    def work():
        try:
            for _ in range(10):
                with mock.redirected():
                    assert requests.get(url, timeout=5).json()["keys"]
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_a_library_that_is_imported_meanwhile_is_redirected_too():
    """And one that never is, is not loaded for it."""
    code = """
import sys
from cognito_mock import MockCognito
with MockCognito() as mock:
    pool = mock.create_pool()
    url = f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}/.well-known/jwks.json"
    finders = list(sys.meta_path)
    with mock.redirected():
        assert not {"httpx", "requests"} & sys.modules.keys()
        import httpx
        assert httpx.__spec__.loader.__class__.__name__ == "SourceFileLoader"
        assert httpx.get(url).status_code == 200
    assert "requests" not in sys.modules
    assert sys.meta_path == finders
    assert httpx.HTTPTransport.handle_request.__module__ == "httpx._transports.default"
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)

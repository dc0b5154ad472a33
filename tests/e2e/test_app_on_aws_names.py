"""aws-cognito-next 3 with Amplify 3 under AWS's own host names, as in production.

The application has neither `local/` nor any word of a mock: its configuration names AWS. From
outside, the browser and Node are told where these names lead, and whose certificates to believe.
"""

import json
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cognito_mock import MockCognito

from .apps import EXAMPLES, Person, installed, run, running
from .aws_cognito_next import (
    REGION,
    Application,
    signs_up_sees_the_members_page_and_signs_out,
    the_issuer_of_amplifys_id_token,
)
from .conftest import CHROMIUM, CHROMIUM_FLAGS
from .tls_front import TlsFront
from .visitor import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

API = f"cognito-idp.{REGION}.amazonaws.com"
DOMAIN = f"club.auth.{REGION}.amazoncognito.com"
HOOK = Path(__file__).parent / "node" / "aws-is-here.cjs"
# Neither what is for the mock nor what another build is writing meanwhile.
NOT_DEPLOYED = (
    *("local", ".env.development"),
    *("node_modules", ".next", "pems.json", "next-env.d.ts", "*.tsbuildinfo"),
)


@pytest.fixture(scope="module")
def mock():
    with MockCognito(issuer="aws") as running_mock:
        yield running_mock


@pytest.fixture(scope="module")
def front(mock, tmp_path_factory):
    with TlsFront(mock.url, [API, DOMAIN], tmp_path_factory.mktemp("tls")) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """The example's files without what is for the mock."""
    source = installed("aws-cognito-next")
    folder = tmp_path_factory.mktemp("deployed") / "app"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*NOT_DEPLOYED))
    (folder / "node_modules").symlink_to(source / "node_modules")
    return folder


@pytest.fixture(scope="module")
def app(mock, front, deployed):
    application = Application(mock, oauth_domain=DOMAIN)
    (deployed / "pems.json").write_text("{}")
    from_outside = {
        "NODE_EXTRA_CA_CERTS": str(front.authority),
        "NODE_OPTIONS": f"--require {json.dumps(str(HOOK))}",
        "AWS_IS_HERE": json.dumps({API: front.port}),
    }
    pems = ["prepare-pems", "--region", REGION, "--userPoolId", application.pool.id]
    run(deployed, ["npx", "--no-install", *pems], from_outside)
    run(deployed, ["npm", "run", "build"], application.environment)
    with running(deployed, ["npm", "start"], application.environment, ports=[application.port]):
        yield application


@pytest.fixture(scope="module")
def chromium(front, browser):
    """A browser for which AWS's names are the TLS front's."""
    rules = ", ".join(f"MAP {name}:443 127.0.0.1:{front.port}" for name in (API, DOMAIN))
    launched = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, f"--host-resolver-rules={rules}"]
    )
    yield launched
    launched.close()


@pytest.fixture
def page(chromium):
    """A page of a profile that nobody used before; it takes the front's certificate."""
    context = chromium.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_prepare_pems_fetches_the_keys_from_aws(app, front, deployed):
    """From the address that the issuer's tokens name, its certificate checked (COG-JWK-001)."""
    assert ("GET", API, f"/{app.pool.id}/.well-known/jwks.json") in front.requests
    assert list(json.loads((deployed / "pems.json").read_text())[REGION]) == [app.pool.id]


def test_sign_up_see_the_members_page_and_sign_out(app, front, page, expect):
    """The same scenario as with the mock's own address; the pages are at the pool's domain."""
    signs_up_sees_the_members_page_and_signs_out(app, page, expect, Person())

    assert ("POST", DOMAIN, "/signup") in front.requests
    assert ("POST", DOMAIN, "/login") in front.requests


def test_the_tokens_are_of_aws(app, page, expect):
    """COG-TOK-008."""
    issuer = the_issuer_of_amplifys_id_token(app, page, expect)

    assert issuer == f"https://{API}/{app.pool.id}"


def test_the_session_cookie_is_the_domains(app, page, expect):
    """Secure, and for the host that the browser sees, not the proxy's (COG-COO-009)."""
    the_issuer_of_amplifys_id_token(app, page, expect)

    (cookie,) = [
        held for held in page.context.cookies(f"https://{DOMAIN}/") if held["name"] == "cognito"
    ]

    assert cookie["secure"]
    assert cookie["domain"].lstrip(".") == DOMAIN


def test_the_readmes_pool():
    """Whoever does this by hand finds the client and ada in the file that the README names."""
    config = EXAMPLES / "aws-cognito-next" / "local" / "pools.yaml"
    pool_id, client_id = "us-east-1_Club", "clubwebclient0000000000001"
    readme = (config.parents[1] / "README.md").read_text()
    assert f"USER_POOL_ID={pool_id} USER_POOL_CLIENT_ID={client_id} " in readme
    query = {
        "client_id": client_id,
        "response_type": "token",
        "scope": "email openid",
        "redirect_uri": "http://localhost:3000/token",
    }

    with MockCognito(issuer="aws", config=config) as mock, Visitor() as visitor:
        domain = mock.pool(pool_id).domain_url
        link = f"{mock.url}/oauth2/authorize?{urlencode(query)}"
        answer = visitor.signs_in(link, Person(username="ada", password="Lovelace-1815"))

    assert domain == f"https://{DOMAIN}"
    assert answer.startswith("http://localhost:3000/token#id_token=")

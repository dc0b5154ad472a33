"""The console in Chromium, with names and messages that try to become its markup."""

import pytest

from cognito_mock import MockCognito
from cognito_mock.flows.sign_up import sign_up

pytestmark = pytest.mark.e2e

# Each would leave a mark in the page, and none has a space, which no username may have.
IMAGE = '"><img/src="x"onerror="window.hostile=1">'
SCRIPT = "</title></textarea><script>window.hostile=1</script>"
TEMPLATE = "{{1117*1109}}${1117*1109}"


@pytest.fixture(scope="module")
def mock():
    """A mock in which everybody chose such names."""
    with MockCognito() as running:
        message = f"<script>window.hostile=1</script>{IMAGE} {{####}}"
        pool = running.create_pool(
            f"{SCRIPT}{TEMPLATE}",
            settings={"EmailVerificationMessage": message, "EmailVerificationSubject": IMAGE},
        )
        client = pool.create_client(f"x{SCRIPT}", settings={"LogoutURLs": ["http://localhost/a"]})
        for name in (IMAGE, SCRIPT, TEMPLATE, "javascript:window.hostile=1"):
            attributes = {"email": "guest@example.com", "name": f"{name}{IMAGE}"}
            sign_up(
                running.services,
                client_id=client.id,
                username=name,
                password="Password-1",
                attributes=attributes,
            )
        user = pool.create_user("<b>ada</b>", groups=[f"admins{IMAGE}"])
        running.token = pool.mint(user, claims={"note": IMAGE, "sub": SCRIPT})
        running.client_id = client.id
        yield running


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_names_and_messages_are_inert(mock, page, width):
    """No script runs, no dialog opens, nothing is fetched; the texts are seen as they are."""
    problems, requested = [], []
    page.set_viewport_size({"width": width, "height": 900})
    page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))

    for path in ("/", "/_mock/", f"/_mock/clients/{mock.client_id}"):
        page.goto(mock.url + path)
        assert page.evaluate("window.hostile") is None
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("a[href^='javascript:']").count() == 0
        shown = page.locator("body").inner_text()
        assert TEMPLATE in shown or path.startswith("/_mock/clients")
        assert str(1117 * 1109) not in shown

    page.goto(f"{mock.url}/_mock/")
    assert page.get_by_text('onerror="window.hostile=1"').count() > 1
    page.fill("[name=token]", mock.token)
    page.locator("form:has([name=token])").locator("button").click()
    page.wait_for_load_state()
    assert "onerror=" in page.locator("body").inner_text()  # JSON puts a backslash before quotes
    assert page.evaluate("window.hostile") is None

    assert problems == []
    assert {url for url in requested if not url.startswith(mock.url)} == set()
    assert not [url for url in requested if url.endswith("/x")]

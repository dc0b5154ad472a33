"""The start page and the page that a sign-in from it ends on, without a browser."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_mock.control.sign_in_links import BrowserSecret, authorize_link, open_state
from cognito_mock.control.start_view import LIMIT
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.starter import ADA, MACHINE_CLIENT_ID, POOL_ID, PUBLIC_CLIENT_ID


def links(page):
    """The parameters of the page's sign-in links by client id."""
    found = re.findall(r'data-client="([^"]+)" href="([^"]+)"', page)
    return {
        client: {k: v[0] for k, v in parse_qs(urlsplit(unescape(href)).query).items()}
        for client, href in found
    }


def test_the_start_page_shows_what_a_newcomer_needs(call):
    """Pool, clients, users and the starter passwords."""
    page = call("GET", "/").text

    for text in (POOL_ID, PUBLIC_CLIENT_ID, MACHINE_CLIENT_ID, ADA.username, ADA.password):
        assert text in page


def test_links_are_there_for_clients_that_can_use_them(mock, call):
    """Code flow, our callback page: not for the machine, not for a client that has other pages."""
    other = mock.pool(POOL_ID).create_client()

    page = call("GET", "/").text

    assert PUBLIC_CLIENT_ID in links(page)
    assert not {MACHINE_CLIENT_ID, other.id} & links(page).keys()


def test_links_name_flow_callback_and_scopes(running_mock, call):
    """A plain code flow to the page here."""
    link = links(call("GET", "/").text)[PUBLIC_CLIENT_ID]

    assert link["response_type"] == "code"
    assert link["redirect_uri"] == f"{running_mock.url}/_mock/callback"
    assert {"openid", "email"} <= set(link["scope"].split())


def test_state_and_nonce_are_new_with_every_page(call):
    """Even for the same browser."""
    first = call("GET", "/")
    cookie = first.headers["set-cookie"].partition(";")[0]
    second = call("GET", "/", None, Cookie=cookie)

    assert second.headers["set-cookie"].partition(";")[0] == cookie
    one, two = (links(page.text)[PUBLIC_CLIENT_ID] for page in (first, second))
    assert one["state"] != two["state"]
    assert one["nonce"] != two["nonce"]


def test_what_users_chose_is_escaped(mock, call):
    """A name is text, wherever it came from."""
    mock.create_pool("<script>alert(1)</script>")
    mock.pool(POOL_ID).create_user('"><img src=x>', email="x@example.com")

    page = call("GET", "/").text

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_the_password_of_another_pools_ada_is_not_claimed(mock, call):
    """Known passwords belong to the starter pool's users alone."""
    pool = mock.create_pool()
    pool.create_user(ADA.username)

    card = call("GET", "/").text.partition(f'id="{pool.id}"')[2].partition("</section>")[0]

    assert ADA.username in card
    assert ADA.password not in card


def test_a_large_pool_does_not_make_a_large_page(mock, call):
    """The page says that there is more."""
    pool = mock.create_pool()
    for number in range(LIMIT + 1):
        pool.create_client(f"client-{number}")

    page = call("GET", "/").text

    assert page.count("client-") <= 2 * LIMIT
    assert f"Only the first {LIMIT}" in page


@pytest.mark.parametrize("path", ["/", "/_mock/callback?code=x&state=y"])
def test_pages_are_neither_stored_nor_framed_nor_scripted(call, path):
    """And their address, which may hold a code, is told to nobody."""
    headers = call("GET", path).headers

    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


def test_a_refusal_repeats_the_error_as_text(call):
    """What the address says is not HTML; without a state of ours not even that is shown."""
    start = call("GET", "/")
    cookie = start.headers["set-cookie"].partition(";")[0]
    state = links(start.text)[PUBLIC_CLIENT_ID]["state"]

    ours = call("GET", f"/_mock/callback?error=%3Cb%3Ex&state={state}", None, Cookie=cookie)
    foreign = call("GET", "/_mock/callback?error=%3Cb%3Ex&state=z")

    assert (ours.status, foreign.status) == (400, 400)
    assert "&lt;b&gt;x" in ours.text
    assert "<b>" not in ours.text + foreign.text
    assert "&lt;b&gt;" not in foreign.text


def test_a_wrong_code_is_refused(call):
    """The state is ours, the code is nobody's."""
    start = call("GET", "/")
    cookie = start.headers["set-cookie"].partition(";")[0]
    state = links(start.text)[PUBLIC_CLIENT_ID]["state"]

    answer = call("GET", f"/_mock/callback?code=nobodys&state={state}", None, Cookie=cookie)

    assert answer.status == 400
    assert "invalid_grant" in answer.text


def test_another_browsers_state_is_refused():
    """A link is of use to the browser that it was made for, and to no other."""
    entropy = SystemEntropy()
    mine, other = BrowserSecret("0" * 64), BrowserSecret("1" * 64)
    href = authorize_link(
        mine,
        entropy,
        base="http://127.0.0.1:1",
        client_id="client",
        redirect_uri="http://127.0.0.1:1/_mock/callback",
        scopes=("openid",),
    )
    query = {k: v[0] for k, v in parse_qs(urlsplit(href).query).items()}

    assert open_state(mine, query["state"]).nonce == query["nonce"]
    assert open_state(mine, query["state"]).client_id == "client"
    assert open_state(other, query["state"]) is None
    assert open_state(mine, query["state"].replace("client", "klient")) is None
    assert open_state(mine, "") is None

"""The pages in the look of the pool's owner."""

import re
from base64 import b64decode, b64encode

import pytest

from cognito_mock.flows.ui_customization import set_ui_customization

PNG = b64encode(b"\x89PNG\r\n\x1a\n and pixels").decode()
CSS = ".submitButton-customizable { background-color: rgb(1, 2, 3); }"
HOSTILE = "</style></head><script>alert(1)</script>"


@pytest.fixture
def customize(visitor):
    """Call SetUICustomization for the visitor's pool."""

    def call(**look):
        set_ui_customization(visitor.site.services, pool_id=visitor.client.pool_id, **look)

    return call


def style_sheets(page):
    return re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)


def logos(page):
    return re.findall(r'<img class="logo-customizable" src="([^"]+)" alt="demo">', page.text)


def test_without_any_the_pages_keep_their_own(visitor):
    """One style sheet, the built-in sign."""
    page = visitor.open()

    assert style_sheets(page) == ["/assets/hosted-ui.css"]
    assert '<svg class="logo-customizable"' in page.text


def test_the_pages_have_the_classes_that_owners_style(new_visitor, site):
    """COG-PAG-020: all but those of the buttons for outside providers and the terms of use."""
    visitor = new_visitor(site.new_client())
    texts = [visitor.open(path).text for path in ("/login", "/signup", "/forgotPassword")]
    visitor.open("/signup")
    texts.append(visitor.send(username="eve", password="short").text)

    found = {name for text in texts for name in re.findall(r"([a-zA-Z-]+)-customizable", text)}

    assert found >= {
        "background", "banner", "logo", "label", "textDescription", "submitButton", "errorMessage",
        "inputField", "redirect", "passwordCheck-notValid",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/login", "/signup", "/forgotPassword"])
def test_the_owners_style_sheet_comes_last(visitor, customize, path):
    """COG-PAG-020: it overrides the mock's on every page, and nothing else has to be allowed."""
    customize(css=CSS)

    page = visitor.open(path)
    own, custom = style_sheets(page)
    served = visitor.browser.get(custom)

    assert own == "/assets/hosted-ui.css"
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert served.text == CSS
    assert served.headers["content-type"] == "text/css; charset=utf-8"


def test_the_owners_logo_replaces_the_sign(visitor, customize):
    """COG-PAG-020."""
    customize(image=PNG)

    page = visitor.open()
    served = visitor.browser.get(logos(page)[0])

    assert '<svg class="logo-customizable"' not in page.text
    assert served.headers["content-type"] == "image/png"
    assert served.content == b64decode(PNG)


def test_a_clients_own_look_goes_before_the_pools(visitor, customize, new_visitor):
    """COG-API-RES-007: for that client only."""
    customize(css=".a {}")
    customize(css=".b {}", client_id=visitor.client.id)
    other = new_visitor(visitor.site.new_client())

    css = [v.browser.get(style_sheets(v.open())[1]).text for v in (visitor, other)]

    assert css == [".b {}", ".a {}"]


def test_a_style_sheet_cannot_become_anything_else(visitor, customize):
    """No byte of it is in a page, and its own address gives no page either."""
    customize(css=HOSTILE)

    page = visitor.open()
    served = visitor.browser.get(style_sheets(page)[1])

    assert "alert(1)" not in page.text
    assert served.headers["content-type"] == "text/css; charset=utf-8"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_markup_behind_an_images_signature_stays_an_image(visitor, customize):
    """The signature counts; nothing is sniffed."""
    image = b64encode(b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>").decode()
    customize(image=image)

    served = visitor.browser.get(logos(visitor.open())[0])

    assert served.headers["content-type"] == "image/png"
    assert served.headers["x-content-type-options"] == "nosniff"


def test_a_pools_name_is_text_beside_a_logo(site, new_visitor):
    """The alternative text is the pool's name."""
    pool = site.new_pool(PoolName='"><script>')
    site.domain("marked", pool.id)
    set_ui_customization(site.services, pool_id=pool.id, image=PNG)

    page = new_visitor(site.new_client(pool_id=pool.id)).open()

    assert "<script" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/{pool}/ALL/1/assets/CSS/custom-css.css",
        "/{pool}/{client}/1/assets/images/image.jpg",
        "/{pool}/nobody/1/assets/images/image.jpg",
        "/nowhere/ALL/1/assets/CSS/custom-css.css",
        "/{pool}/ALL/x/assets/CSS/custom-css.css",
        "/{pool}/ALL/1/assets/CSS/other.css",
    ],
)
def test_what_is_not_there_is_not_found(visitor, path):
    """Whatever is asked for."""
    address = path.format(pool=visitor.client.pool_id, client=visitor.client.id)

    assert visitor.browser.get(address).status_code == 404

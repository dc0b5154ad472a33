"""What is put into Location headers."""

import pytest
from starlette.responses import Response

from cognito_mock.core.ids import SystemEntropy
from cognito_mock.web.headers import add_domain_headers
from cognito_mock.web.origin import Origin
from cognito_mock.web.redirects import client_location, found, page_location


@pytest.mark.parametrize(
    ("uri", "in_fragment", "location"),
    [
        ("https://a.test/cb", False, "https://a.test/cb?error=x&state=a%20b"),
        ("https://a.test/cb?p=1", False, "https://a.test/cb?p=1&error=x&state=a%20b"),
        ("myapp://cb", False, "myapp://cb?error=x&state=a%20b"),
        ("https://a.test/cb", True, "https://a.test/cb#error=x&state=a%20b"),
    ],
)
def test_parameters_are_appended(uri, in_fragment, location):
    """COG-AUT-048, -060: in the given order."""
    parameters = [("error", "x"), ("state", "a b")]

    assert client_location(uri, parameters, in_fragment=in_fragment) == location


def test_texts_have_plus_signs_for_spaces():
    """COG-AUT-047, -053."""
    location = client_location("https://a.test", [("error_description", "a b")], in_fragment=False)

    assert location == "https://a.test?error_description=a+b"


def test_a_location_cannot_break_out_of_its_header():
    """Line breaks and what is not ASCII are percent-encoded; what is encoded stays so."""
    response = found("https://a.test/ü\r\nSet-Cookie: a=b?x=%41")

    assert response.headers["location"] == "https://a.test/%C3%BC%0D%0ASet-Cookie:%20a=b?x=%41"


def test_a_page_address_is_encoded():
    """As the observed error pages are (COG-AUT-043)."""
    assert page_location("/error", {"error": "Client does not exist"}) == (
        "/error?error=Client+does+not+exist"
    )


@pytest.mark.parametrize(
    ("scheme", "host", "sent"),
    [
        ("http", "localhost:9229", True),
        ("https", "login.example.com", True),
        ("https", "localhost:9229", False),
        ("https", "demo.auth.eu-west-1.localhost", False),
    ],
)
def test_strict_transport_security_never_pins_localhost(scheme, host, sent):
    """COG-COO-010, but a browser must not be told that localhost speaks TLS only."""
    response = Response()

    add_domain_headers(response, Origin(scheme=scheme, host=host), SystemEntropy())

    assert ("Strict-Transport-Security" in response.headers) is sent

"""The suite's own JWKS server: it serves, counts, and fails as told."""

from collections.abc import Iterator

import httpx
import pytest

from cognito_conformance.jwks_server import HANG_S, OVERSIZED_BYTES, JwksServer, ServedSet

DOCUMENT = {"keys": [{"kid": "one", "kty": "RSA"}]}


@pytest.fixture(scope="module")
def server() -> Iterator[JwksServer]:
    """Serve for the whole module."""
    server = JwksServer.start()
    yield server
    server.close()


@pytest.fixture
def served(server: JwksServer) -> ServedSet:
    """A fresh address with one key."""
    served = server.new_set()
    served.publish(DOCUMENT)
    return served


def test_it_serves_what_was_published_and_counts(served: ServedSet) -> None:
    """The count starts again after it was taken."""
    assert httpx.get(served.url).json() == DOCUMENT
    assert httpx.get(served.url).json() == DOCUMENT

    assert served.take_count() == 2
    assert served.take_count() == 0
    assert served.last_served == served.ever_served == {"one"}


def test_addresses_are_apart(server: JwksServer, served: ServedSet) -> None:
    """One case's requests are not another's."""
    httpx.get(server.new_set().url)

    assert served.take_count() == 0


@pytest.mark.parametrize(
    ("outage", "status", "body"),
    [("503", 503, "unavailable"), ("empty", 200, ""), ("html", 200, "<!doctype html>")],
)
def test_an_outage_answers_as_named(served: ServedSet, outage: str, status: int, body: str) -> None:
    """And is counted, but nothing was delivered."""
    served.outage(outage)

    answer = httpx.get(served.url)

    assert (answer.status_code, answer.text[: len(body)]) == (status, body)
    assert served.take_count() == 1
    assert served.last_served == set()


def test_a_truncated_answer_breaks_off(served: ServedSet) -> None:
    """The length that was promised never comes."""
    served.outage("truncated")

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(served.url)


def test_a_time_out_ends_without_an_answer(served: ServedSet) -> None:
    """Silence, for longer than anybody's loopback takes."""
    served.outage("timeout")

    with pytest.raises(httpx.ReadTimeout):
        httpx.get(served.url, timeout=HANG_S / 5)


def test_a_redirect_leads_to_another_origin_with_the_keys(served: ServedSet) -> None:
    """Whoever follows it gets what nobody should take from there."""
    served.outage("redirect")

    answer = httpx.get(served.url)
    followed = httpx.get(served.url, follow_redirects=True)

    assert answer.status_code == 302
    assert followed.json() == DOCUMENT
    assert followed.url.host != answer.url.host


def test_an_oversized_answer_is_valid_and_too_long(served: ServedSet) -> None:
    """Blanks before the very document: only its size is wrong."""
    served.outage("oversized")

    with httpx.stream("GET", served.url) as answer:
        size = sum(len(chunk) for chunk in answer.iter_raw())

    assert size > OVERSIZED_BYTES


def test_an_outage_ends(served: ServedSet) -> None:
    """After recovery the keys are delivered again."""
    served.outage("503")
    served.outage(None)

    assert httpx.get(served.url).json() == DOCUMENT


def test_an_unknown_outage_is_refused(served: ServedSet) -> None:
    """A misspelt one would be no outage at all."""
    with pytest.raises(ValueError, match="no outage is called '504'"):
        served.outage("504")

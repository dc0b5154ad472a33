"""TLS contexts are kept from fetch to fetch, and trust what they are told to trust."""

import asyncio
import cProfile
import os
import pstats
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cognito_verify import HttpFetcher
from cognito_verify._tls import MAX_IDLE, tls_context

Authority = Callable[[str], bytes]


@pytest.fixture
def authority(private_keys: dict[str, RSAPrivateKey]) -> Authority:
    """Make certificate authorities, as PEM."""
    key = private_keys["a"]

    def make(name: str) -> bytes:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
        ).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)

    return make


@pytest.fixture
def url() -> Iterator[str]:
    """Serve a key set."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        server.shutdown()
        thread.join()


def trusted(*, trust_env: bool = True) -> list[str]:
    """Return the names of the authorities that a fetch would trust."""
    with tls_context(trust_env=trust_env) as context:
        subjects = [dict(part[0] for part in ca["subject"]) for ca in context.get_ca_certs()]
    return [str(subject.get("commonName")) for subject in subjects]


def in_thread(url: str) -> bytes:
    return HttpFetcher().fetch(url)


def in_loop(url: str) -> bytes:
    return asyncio.run(HttpFetcher().fetch_async(url))


@pytest.mark.parametrize("fetch", [in_thread, in_loop], ids=["sync", "async"])
def test_the_second_fetch_loads_no_authorities(fetch: Callable[[str], bytes], url: str) -> None:
    """To load them took nine tenths of a fetch."""
    fetch(url)
    profile = cProfile.Profile()

    assert profile.runcall(fetch, url) == b"{}"

    # The stubs do not know of the table, which is what the class is for.
    functions = [name for _, _, name in pstats.Stats(profile).stats]  # type: ignore[attr-defined]
    assert any("socket" in name for name in functions)
    assert not [name for name in functions if "load_verify_locations" in name]


def test_a_context_is_lent_to_one_fetch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread's fetch gets another one; both come back."""
    monkeypatch.setattr("cognito_verify._tls._idle", [])  # nothing left of other tests' fetches
    with tls_context(trust_env=False) as first, tls_context(trust_env=False) as second:
        assert first is not second

    with tls_context(trust_env=False) as again, tls_context(trust_env=False) as once_more:
        assert {id(again), id(once_more)} == {id(first), id(second)}


def test_no_more_are_kept_than_are_likely_to_be_needed(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks hundreds of pools at once does not keep hundreds of contexts."""
    file = tmp_path / "ca.pem"
    file.write_bytes(authority("one"))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    def nested(depth: int) -> set[int]:
        with tls_context(trust_env=True) as context:
            return {id(context)} | (nested(depth - 1) if depth > 1 else set())

    first = nested(MAX_IDLE + 2)

    assert len(first) == MAX_IDLE + 2
    assert len(first & nested(MAX_IDLE + 2)) >= MAX_IDLE


def test_the_environment_names_the_authorities(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``SSL_CERT_FILE`` counts when it is set, changed and unset, if the environment is trusted."""
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(authority(name))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
        assert trusted() == [name]
        assert len(trusted(trust_env=False)) > 10

    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert len(trusted()) > 10


def test_renewed_authorities_are_read_again(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that runs for months notices that the file has been replaced."""
    file = tmp_path / "ca.pem"
    file.write_bytes(authority("old"))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert trusted() == ["old"]

    (tmp_path / "new.pem").write_bytes(authority("new"))
    (tmp_path / "new.pem").replace(file)

    assert trusted() == ["new"]


def test_authorities_that_cannot_be_read_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody falls back on others; a fetch fails, which a verifier reports."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    with pytest.raises(OSError), tls_context(trust_env=True):
        pass

    (tmp_path / "missing").write_bytes(b"no PEM")
    with pytest.raises(OSError), tls_context(trust_env=True):
        pass

    (tmp_path / "missing").write_bytes(b"")
    os.utime(tmp_path / "missing", (0, 0))
    with pytest.raises(OSError), tls_context(trust_env=True):
        pass


def test_a_context_comes_back_from_a_fetch_that_failed() -> None:
    """Whatever became of it."""
    with pytest.raises(RuntimeError), tls_context(trust_env=False) as context:
        raise RuntimeError

    with tls_context(trust_env=False) as again:
        assert again is context

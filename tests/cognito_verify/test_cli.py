"""The command ``cognito-verify``."""

import io
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cognito_verify import CognitoVerifier
from cognito_verify.cli import _keys_uri, main

CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
POOL = "us-east-1_LocalPool"
Make = Callable[..., str]


@pytest.fixture
def served(jwks: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A pool on this machine: its address, and the document it serves."""
    state: dict[str, Any] = {"document": json.dumps(jwks).encode()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == f"/{POOL}/.well-known/jwks.json"
            self.send_response(200 if known else 400)
            self.end_headers()
            self.wfile.write(state["document"])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state["endpoint"] = f"http://127.0.0.1:{server.server_port}"
    state["issuer"] = f"{state['endpoint']}/{POOL}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def token(make_token: Make, served: dict[str, Any]) -> Make:
    def make(use: str = "access", **changes: Any) -> str:
        return make_token(use, **{"iss": served["issuer"], "exp": time.time() + 60, **changes})

    return make


class TestCheck:
    """``cognito-verify check``."""

    def test_a_good_tokens_claims_are_printed(
        self, served: dict[str, Any], token: Make, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """As JSON, with exit code 0."""
        code = main(["check", token(), "--issuer", served["issuer"]])

        printed = capsys.readouterr()
        assert code == 0
        assert json.loads(printed.out)["username"] == "ada"
        assert printed.err == ""

    def test_the_token_can_come_from_stdin(
        self,
        served: dict[str, Any],
        token: Make,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """With the line feed that a pipe adds."""
        monkeypatch.setattr(sys, "stdin", io.StringIO(token("id") + "\n"))

        code = main(
            [
                *("check", "-", "--issuer", served["issuer"]),
                *("--client-id", CLIENT, "--token-use", "id"),
            ]
        )

        assert code == 0
        assert json.loads(capsys.readouterr().out)["email"] == "ada@example.com"

    @pytest.mark.parametrize(
        "mistake",
        [
            (["--client-id", "other"], {}, "audience"),
            (["--token-use", "id"], {}, "token_use"),
            ([], {"exp": 5}, "expired"),
            ([], {"_key": "stranger"}, "signature"),
            ([], {"_header": {"kid": "line\nfeed"}}, "key"),
        ],
        ids=["client", "use", "expired", "signature", "key"],
    )
    def test_a_bad_token_is_rejected_in_one_line(
        self,
        mistake: tuple[list[str], dict[str, Any], str],
        served: dict[str, Any],
        token: Make,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """With its reason, on stderr, and exit code 1."""
        options, changes, reason = mistake

        code = main(["check", token(**changes), "--issuer", served["issuer"], *options])

        printed = capsys.readouterr()
        assert code == 1
        assert printed.out == ""
        assert printed.err.startswith(f"rejected: {reason}: ")
        assert printed.err.count("\n") == 1

    @pytest.mark.parametrize(
        "options",
        [
            ["check", "x"],
            ["check", "x", "--issuer", "http://example.com/x"],
            ["check", "x", "--user-pool-id", "nonsense"],
            ["check", "x", "--user-pool-id", "us-east-1_A", "--issuer", "https://example.com"],
            ["check", "x", "--user-pool-id", "us-east-1_A", "--token-use", "refresh"],
            ["check", "x", "--user-pool-id", "us-east-1_A", "--client-id", ""],
            [],
            ["prepare-pems", "--region", "us-east-1"],
            ["prepare-pems", "--region", "us-east-1", "--user-pool-id", "eu-west-1_A"],
            ["prepare-pems", "--region", "us-east-1", "--user-pool-id", "x"],
            ["prepare-pems", "--region", "r", "--user-pool-id", "../x", "--endpoint", "https://h"],
            ["prepare-pems", "--region", "r", "--user-pool-id", "a_b", "--endpoint", "file:///x"],
        ],
        ids=" ".join,
    )
    def test_a_mistake_is_exit_code_two(
        self, options: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And a word about usage."""
        with pytest.raises(SystemExit) as caught:
            main(options)

        assert caught.value.code == 2
        assert "usage: cognito-verify" in capsys.readouterr().err


class TestPreparePems:
    """``cognito-verify prepare-pems``."""

    @pytest.fixture
    def prepare(self, served: dict[str, Any], tmp_path: Path) -> Callable[[], int]:
        def run(pool: str = POOL) -> int:
            return main(
                [
                    *("prepare-pems", "--region", "us-east-1", "--user-pool-id", pool),
                    *("--endpoint", f"{served['endpoint']}/"),
                    *("--output", str(tmp_path / "pems.json")),
                ]
            )

        return run

    def test_the_file_verifies_tokens(
        self, prepare: Callable[[], int], tmp_path: Path, token: Make, served: dict[str, Any]
    ) -> None:
        """COG-ACN-004: region, pool, key id, PEM; with it nothing is fetched."""
        assert prepare() == 0

        path = tmp_path / "pems.json"
        pems = json.loads(path.read_text())["us-east-1"][POOL]
        assert len(pems) == 2
        assert all(pem.startswith("-----BEGIN PUBLIC KEY-----\n") for pem in pems.values())
        verifier = CognitoVerifier(
            user_pool_id=POOL,
            issuer=served["issuer"],
            client_id=CLIENT,
            token_use="access",
            jwks=path,
        )
        assert verifier.verify(token(_key="a"))
        assert verifier.verify(token(_key="b"))
        assert list(tmp_path.iterdir()) == [path]

    def test_other_pools_in_the_file_are_kept(
        self, prepare: Callable[[], int], tmp_path: Path
    ) -> None:
        """Merged, not replaced; the pool's own old keys go."""
        path = tmp_path / "pems.json"
        others = {"us-east-1": {"other": {"k": "p"}, POOL: {"old": "p"}}, "eu-west-1": {"x": {}}}
        path.write_text(json.dumps(others))

        assert prepare() == 0

        merged = json.loads(path.read_text())
        assert merged["eu-west-1"] == {"x": {}}
        assert merged["us-east-1"]["other"] == {"k": "p"}
        assert "old" not in merged["us-east-1"][POOL]

    @pytest.mark.parametrize("content", ["", "[]", '{"us-east-1": []}'])
    def test_a_file_of_another_kind_is_left_alone(
        self, content: str, prepare: Callable[[], int], tmp_path: Path
    ) -> None:
        """It may be somebody's."""
        path = tmp_path / "pems.json"
        path.write_text(content)

        with pytest.raises(SystemExit) as caught:
            prepare()

        assert caught.value.code == 2
        assert path.read_text() == content

    @pytest.mark.parametrize("document", [b"<html>", b'{"keys":[{"kid":"k","kty":"oct"}]}'])
    def test_without_keys_nothing_is_written(
        self,
        document: bytes,
        prepare: Callable[[], int],
        served: dict[str, Any],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """One line, exit code 1."""
        served["document"] = document

        assert prepare() == 1
        assert capsys.readouterr().err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    def test_keys_are_fetched_from_the_region_by_default(self) -> None:
        """COG-JWK-001."""
        uri = _keys_uri("eu-west-1", "eu-west-1_Ab1", None)

        host = "cognito-idp.eu-west-1.amazonaws.com"
        assert uri == f"https://{host}/eu-west-1_Ab1/.well-known/jwks.json"

    def test_an_unknown_pool_is_exit_code_one(
        self, prepare: Callable[[str], int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """COG-JWK-009."""
        assert prepare("us-east-1_Unknown") == 1
        assert "HTTP 400" in capsys.readouterr().err

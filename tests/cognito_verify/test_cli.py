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

    def test_bytes_that_are_no_text_are_no_token(
        self,
        served: dict[str, Any],
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Whatever comes through a pipe is refused like any bad token."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), "utf-8"))

        code = main(["check", "-", "--issuer", served["issuer"]])

        assert code == 1
        assert capsys.readouterr().err.startswith("rejected: malformed: ")

    @pytest.mark.parametrize(
        "failed",
        [
            ({"_header": {"crit": ["x"]}}, 1, "header"),
            ({"_header": {"alg": "HS256"}}, 2, "algorithm"),
            ({"_header": {"kid": "x"}}, 3, "key"),
            ({"_key": "stranger"}, 4, "signature"),
            ({"iss": "https://other.example"}, 5, "issuer"),
            ({"token_use": "refresh"}, 6, "kind"),
            ({"client_id": 5}, 7, "app client"),
            ({"sub": 5}, 8, "subject"),
            ({"iat": "now"}, 9, "time of issue"),
            ({"nbf": "now"}, 10, "start"),
            ({"nbf": 9_999_999_999}, 10, "start"),
            ({"exp": True}, 11, "expiry"),
            ({"exp": 5}, 11, "expiry"),
        ],
        ids=str,
    )
    def test_checks_are_explained_in_their_order(
        self,
        failed: tuple[dict[str, Any], int, str],
        served: dict[str, Any],
        token: Make,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """All before the one that failed have passed, and none after it was reached."""
        changes, place, word = failed

        code = main(["check", token(**changes), "--issuer", served["issuer"], "--explain"])

        *checks, verdict = capsys.readouterr().err.splitlines()
        assert code == 1
        assert all(line.startswith("passed ") for line in checks[:place])
        assert checks[place].startswith(f"FAILED      {word}")
        assert all(line.startswith("not reached ") for line in checks[place + 1 :])
        assert len(checks) == 12
        assert verdict.startswith("rejected: ")

    def test_junk_is_explained(
        self, served: dict[str, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The first check is the form."""
        main(["check", "a.b", "--issuer", served["issuer"], "--explain"])

        assert capsys.readouterr().err.startswith("FAILED      form")

    def test_a_good_token_has_passed_all_checks(
        self, served: dict[str, Any], token: Make, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """On stderr, for the claims are on stdout."""
        code = main(["check", token(), "--issuer", served["issuer"], "--explain"])

        printed = capsys.readouterr()
        assert code == 0
        assert {line.split()[0] for line in printed.err.splitlines()} == {"passed"}
        assert json.loads(printed.out)["username"] == "ada"

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

    def test_a_file_that_cannot_be_written_is_a_mistake(
        self, served: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Exit code 2 and a word, no traceback and nothing left behind."""
        with pytest.raises(SystemExit) as caught:
            main(
                [
                    *("prepare-pems", "--region", "us-east-1", "--user-pool-id", POOL),
                    *("--endpoint", served["endpoint"]),
                    *("--output", str(tmp_path / "missing" / "pems.json")),
                ]
            )

        assert caught.value.code == 2
        assert "cannot write" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []

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

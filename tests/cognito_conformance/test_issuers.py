"""Issuers before the judge: our mock meets everything, and another is caught at what it does."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from cognito_conformance.cli import main
from cognito_conformance.issuers.requirements import load_issuer_requirements
from cognito_conformance.issuers.srp import Challenge, N, SrpClient, digest, padded, timestamp_of
from cognito_mock import MockCognito

ISSUERS = Path(__file__).parents[2] / "conformance" / "issuers"
Report = dict[str, Any]
Judge = Callable[..., tuple[int, Report]]


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Our mock, on a port."""
    with MockCognito() as cognito:
        yield cognito.url


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Their server, on a port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Run the command; return its exit code and its report."""

    def run(endpoint: str, *options: str) -> tuple[int, Report]:
        code = main(["issuer", "--endpoint", endpoint, "--report", str(tmp_path), *options])
        return code, json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))

    return run


def statuses(report: Report) -> dict[str, str]:
    """Return the status of each requirement."""
    return {each["id"]: each["status"] for each in report["requirements"]}


def detail(report: Report, requirement: str) -> str:
    """Return what is told about a failed requirement."""
    found = {each["id"]: each["cases"][0] for each in report["requirements"]}
    return str(found[requirement]["detail"])


def test_our_mock_meets_every_requirement(mock: str, judge: Judge) -> None:
    """Every MUST and every SHOULD, in a pool that the suite makes for itself."""
    code, report = judge(mock, "--provision", "--strict", "--name", "cognito-mock")

    assert [name for name, status in statuses(report).items() if status != "pass"] == []
    assert (code, report["executed"]) == (0, len(report["requirements"]))
    assert report["adapter"]["name"] == "cognito-mock"
    assert report["untested_capabilities"] == []


def test_a_pool_is_judged_that_is_there_already(judge: Judge) -> None:
    """With a client and a user of its own, and without administrative calls."""
    with MockCognito() as cognito:
        pool = cognito.create_pool()
        client = pool.create_client(callback_urls=["http://localhost:53682/callback"])
        user = pool.create_user()
        code, report = judge(
            cognito.url,
            *("--user-pool-id", pool.id, "--client-id", client.id),
            *("--username", user.username, "--password", user.password),
            *("-k", "issuer/token/*"),
        )

    assert [name for name, status in statuses(report).items() if status != "pass"] == []
    assert code == 0


def test_moto_is_caught_at_any_password_over_srp(moto: str, judge: Judge) -> None:
    """docs/adr/0001 measured it; the suite finds it without being told."""
    code, report = judge(moto, "--provision", "--without", "oauth")

    found = statuses(report)
    assert code == 1
    assert found["issuer/signin/srp-wrong-password-refused"] == "fail"
    told = detail(report, "issuer/signin/srp-wrong-password-refused")
    assert told.startswith("not refused: HTTP 200 with AuthenticationResult")
    assert found["issuer/signin/wrong-password-refused"] == "pass"
    assert found["issuer/jwks/keys-of-their-own"] == "fail"
    assert "kid 'dummy'" in detail(report, "issuer/jwks/kid-of-32-bytes")


def test_what_is_declared_absent_is_named_and_never_a_tick(mock: str, judge: Judge) -> None:
    """A skip is no pass, and says what it lacks."""
    _, report = judge(mock, "--provision", "--without", "oauth", "-k", "issuer/pkce/*")

    assert set(statuses(report).values()) == {"skip"}
    assert report["unsupported"] == {"oauth": 5}
    assert report["exit_code"] == 3


def test_what_is_not_declared_absent_and_is_not_there_fails(moto: str, judge: Judge) -> None:
    """No endpoint, no tick: a refusal by absence proves nothing."""
    _, report = judge(moto, "--provision", "-k", "issuer/logout/*")

    assert statuses(report) == {
        "issuer/logout/registered-uri": "fail",
        "issuer/logout/unregistered-uri-never-followed": "vacuous",
        "issuer/logout/ends-the-session": "fail",
    }


def test_nobody_there_is_no_result(judge: Judge) -> None:
    """And the report says so."""
    code, report = judge("http://127.0.0.1:9", "--provision")

    assert (code, report["executed"]) == (3, 0)
    assert "refused" in report["error"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "let --provision make them"),
        (("--provision", "--username", "ada"), "leave out --username"),
        (("--endpoint", "example.com", "--provision"), "is not an address"),
        (("--provision", "--baseline", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_a_command_that_cannot_be_followed_ends_with_2(
    options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says what to change."""
    assert main(["issuer", "--endpoint", "http://127.0.0.1:9", *options]) == 2
    assert said in capsys.readouterr().err


def test_no_report_holds_a_token_or_a_password(moto: str, judge: Judge, capsys) -> None:
    """Failures quote answers, and answers hold tokens."""
    _, report = judge(moto, "--provision", "-k", "issuer/[st]*")

    for text in (json.dumps(report), capsys.readouterr().out):
        assert "eyJ" not in text
        assert "Aa1!" not in text


def test_issuers_are_compared_with_each_other(mock: str, moto: str, tmp_path: Path) -> None:
    """In the same matrix that verifiers have."""
    files = []
    for name, endpoint in (("ours", mock), ("theirs", moto)):
        folder = tmp_path / name
        options = ("--provision", "--name", name, "-k", "issuer/jwks/*", "--report", str(folder))
        main(["issuer", "--endpoint", endpoint, *options])
        files.append(str(folder / "report.json"))

    assert main(["compare", *files, "--unwithheld", "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "issuer/jwks/two-keys" in page
    assert "1 key published" in page
    assert 'class="area-issuer-jwks"' in page


def stream(seed: bytes) -> int:
    """Return the first 128 octets of SHA-256 over the seed and a counter, as a number."""
    blocks = (hashlib.sha256(seed + bytes([count])).digest() for count in range(4))
    return int.from_bytes(b"".join(blocks), "big") % N


def test_the_proof_of_srp_is_that_of_the_test_vector() -> None:
    """COG-API-SRP-013, which was computed elsewhere and checked against pycognito."""
    password, user, pool = "Passw0rd!x", "7c5dd7a1-6f5e-4b0a-9a3f-2b6d3f6f1e10", "AbCdEfGhI"
    salt = 0xD3A1C5E9F0718293A4B5C6D7E8F90A1B
    k = 0x538282C4354742D7CBBDE2359FCF67F9F5B3A6B08791E5011B43B8A5B66D9EE6
    x = 0x69A5D1C4A47751ABD209AFE24DA31896AE82E39C37F73E72B34574F9E5442294
    client = SrpClient(secret=stream(b"client-a"))
    public = (k * pow(2, x, N) + pow(2, stream(b"server-b"), N)) % N
    challenge = Challenge(salt=salt, public=public, secret_block=bytes(range(32)), user_id=user)

    proof = client.proof(
        challenge, pool=pool, password=password, timestamp="Wed Sep 3 07:05:09 UTC 2025"
    )

    assert proof == "fRXreyw+G4QwZC0os6vUqTvmaN0TAu+TA4lUdHEzj1A="
    wanted = 0x5C2298826DF4569E14D08DD409EC400155B38FADC7AA6B59F8C72B7886494C82
    assert digest(padded(client.public)) == wanted


def test_a_timestamp_is_english_and_its_day_unpadded() -> None:
    """COG-API-SRP-009."""
    assert timestamp_of(1_756_883_109) == "Wed Sep 3 07:05:09 UTC 2025"


@pytest.mark.matrix
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["cognito-local", "ministack"])
def test_other_peoples_servers_are_judged_as_they_come(name: str, tmp_path: Path) -> None:
    """`conformance/issuers/judge.py` installs, starts and judges them; each is asked everything."""
    folder = ISSUERS / name
    if not (folder / ".venv").exists() and not (folder / "node_modules").exists():
        pytest.skip("it is not installed")

    command = [sys.executable, str(ISSUERS / "judge.py"), "--out", str(tmp_path), name]
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.stdout == f"{name} was judged\n", done.stderr
    report = json.loads((tmp_path / name / "report.json").read_text(encoding="utf-8"))
    assert report["executed"] == len(report["requirements"]) == len(load_issuer_requirements())
    assert statuses(report)["issuer/jwks/served"] == "pass"
    assert statuses(report)["issuer/token/signature-verifies"] == "pass"
    assert statuses(report)["issuer/token/refresh-not-jws"] == "fail"
    assert report["adapter"]["version"]

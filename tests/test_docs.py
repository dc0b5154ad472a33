"""The pages of the documentation about the mock are true: what they show is run."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from cognito_mock import MockCognito

from .literate import BLOCK, follow, free_port

DOCS = Path(__file__).parents[1] / "docs"
#: The books of facts quote patterns that look like links.
PAGES = sorted(p for p in DOCS.rglob("*.md") if not {"_build", "facts"} & {*p.parts})
#: What a suite of the reader's has, for the excerpts on the page about testing.
CONFTEST = """
import httpx
import pytest
from freezegun import freeze_time

from cognito_verify import CognitoVerifier, VerificationError


class Orders:
    def __init__(self, verifier):
        self.verifier = verifier

    def get(self, path, headers):
        try:
            self.verifier.verify(headers["Authorization"].removeprefix("Bearer "))
        except VerificationError:
            return httpx.Response(401)
        return httpx.Response(200)


@pytest.fixture
def client(cognito_pool, cognito_client):
    return Orders(
        CognitoVerifier(
            issuer=cognito_pool.issuer, client_id=cognito_client.id, token_use="access"
        )
    )
"""


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of one language on a page."""
    text = (DOCS / page).read_text("utf-8")
    return [block[2] for block in BLOCK.finditer(text) if block[1] == language]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("page", ["mock/clients.md", "mock/coming-from.md"])
def test_a_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    """Its commands print what it shows, on a port of its own."""
    port = free_port()
    replaced = {
        "$ cognito-mock serve &\n": f"$ cognito-mock serve --port {port} &\n",
        ":9229": f":{port}",
    }

    follow((DOCS / page).read_text("utf-8"), tmp_path, replaced)


@pytest.mark.timeout(240)
def test_the_tests_on_the_page_about_testing_pass(tmp_path: Path) -> None:
    """With an API of the reader's, which the page leaves to the reader."""
    tests = [block for block in blocks("mock/testing.md", "python") if "def test_" in block]
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for number, block in enumerate(tests):
        head = "from freezegun import freeze_time\n" if "freeze_time" in block else ""
        (tmp_path / f"test_{number}.py").write_text(f"{head}\n{block}")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(tests) > 2


def test_the_other_blocks_on_the_page_about_testing_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mock without pytest, in each of the ways that the page shows."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pools.yaml").write_text("pools:\n  - name: shop\n")
    others = [block for block in blocks("mock/testing.md", "python") if "def test_" not in block]

    for block in others:
        exec(compile(block, "testing.md", "exec"), {"httpx": httpx})  # noqa: S102

    assert others


def test_the_faults_on_the_page_about_the_control_api_are_accepted() -> None:
    """And its snapshot has the shape of one."""
    documents = [json.loads(block) for block in blocks("mock/control-api.md", "json")]
    faults = next(each for each in documents if "faults" in each)
    shown = next(each for each in documents if "tables" in each)

    with MockCognito() as mock:
        answer = httpx.put(f"{mock.url}/_mock/api/faults", json=faults)
        snapshot = httpx.get(f"{mock.url}/_mock/api/snapshot").json()

    assert answer.status_code == 200
    assert shown["version"] == snapshot["version"]
    assert shown.keys() <= snapshot.keys()
    assert shown["tables"].keys() <= snapshot["tables"].keys()


def test_the_page_about_the_command_is_generated_from_it() -> None:
    """Nobody has to remember it."""
    spec = importlib.util.spec_from_file_location("commands", DOCS / "generate_commands.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    page = (DOCS / "mock" / "commands.md").read_text("utf-8")

    assert page == module.commands_page(), "run python docs/generate_commands.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """Within the repository."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))

    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []

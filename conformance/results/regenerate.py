"""Install every library, judge it, and write what may be published: ``python regenerate.py``.

Raw reports stay in ``build/``, which is never committed: they name holes in released software
(SECURITY.md). What is published of other people's software follows `disclosed.toml`, how it is
fixed stands in `hints.toml`. Subjects are judged side by side (``--jobs``). One that was judged
with this suite and these files is not judged again; ``--again NAME`` insists. One whose tools are
missing is left as it is.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cognito_conformance.issuer_server import SuiteIssuer
from cognito_conformance.report.decisions import Decisions
from cognito_conformance.report.disclosure import findings, publishable
from cognito_conformance.selection import Catalogue

HERE = Path(__file__).parent
RAW = HERE / "build"
ADAPTERS = HERE.parent / "adapters"
SUITE = HERE.parent / "cognito_conformance"
DISCLOSED = HERE / "disclosed.toml"
HINTS = HERE / "hints.toml"
OURS = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
SEED = "1"
EXAMPLES = "100"
DEBIAN = "/usr/share/gocode/src/github.com/golang-jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One column of the matrix: how its library is installed and how it is started."""

    folder: str
    kind: str

    @property
    def path(self) -> Path:
        return ADAPTERS / self.folder

    def install(self) -> bool:
        """Install the library; tell whether that was possible."""
        if self.kind == "python":
            return self._install_python()
        if self.kind == "go":
            return bool(shutil.which("go")) and Path(DEBIAN).exists()
        if self.kind in {"node", "express"}:
            if not shutil.which("npm"):
                return False
            if not (self.path / "node_modules").exists():
                options = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
                subprocess.run(["npm", "install", *options], cwd=self.path, check=True)
        return True

    def _install_python(self) -> bool:
        environment = self.path / ".venv"
        if not environment.exists():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, "-r", "requirements.txt"], cwd=self.path, check=True)
        return True

    @contextlib.contextmanager
    def adapter(self) -> Iterator[list[str]]:
        """Give the options of `cognito-conformance run` that lead to it."""
        if self.kind == "express":
            with _served(self.path) as options:
                yield options
            return
        specs = {
            "ours": OURS,
            "python": f"exec:{self.path}/.venv/bin/python {self.path}/adapter.py",
            "node": f"exec:node {self.path}/adapter.mjs",
            "go": f"exec:{self.path}/run.sh",
        }
        yield ["--adapter", specs[self.kind], "--seed", SEED]

    def fingerprint(self) -> str:
        """Tell whether anything that decides the result has changed."""
        judges = (SUITE / part for part in ("adapters", "forge", "properties", "report", "runner"))
        sources = sorted(
            (
                *ADAPTERS.glob("cvap.*"),
                *self.path.glob("[!.]*.*"),
                *(source for judge in judges for source in judge.rglob("*.py")),
            )
        )
        digest = hashlib.sha256(Catalogue.load().sha256.encode() + EXAMPLES.encode())
        for source in sources:
            if source.is_file():
                digest.update(source.read_bytes())
        return digest.hexdigest()


SUBJECTS = (
    Subject(folder="cognito-verify", kind="ours"),
    Subject(folder="aws-jwt-verify", kind="node"),
    Subject(folder="jose", kind="node"),
    Subject(folder="fast-jwt", kind="node"),
    Subject(folder="jsonwebtoken", kind="node"),
    Subject(folder="jsonwebtoken-express", kind="express"),
    Subject(folder="aws-cognito-next", kind="node"),
    Subject(folder="pyjwt", kind="python"),
    Subject(folder="joserfc", kind="python"),
    Subject(folder="authlib", kind="python"),
    Subject(folder="python-jose", kind="python"),
    Subject(folder="jwcrypto", kind="python"),
    Subject(folder="cognitojwt", kind="python"),
    Subject(folder="fastapi-cognito", kind="python"),
    Subject(folder="flask-cognito-lib", kind="python"),
    Subject(folder="pycognito", kind="python"),
    Subject(folder="django-cognito-jwt", kind="python"),
    Subject(folder="golang-jwt", kind="go"),
)


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[list[str]]:
    """Start the API of ``folder`` with the suite's issuer."""
    with SuiteIssuer.on_free_port(int(SEED), token_use="access") as issuer:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, **issuer.environment(), "PORT": str(port)}
        server = subprocess.Popen(["node", "server.mjs"], cwd=folder, env=environment)
        try:
            _wait_for(port)
            address = f"http://127.0.0.1:{port}/api/user/profile"
            yield ["--adapter", address, "--issuer", issuer.url, "--seed", SEED]
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def judge(subject: Subject, *, again: bool) -> str:
    """Leave a raw report of ``subject``; return what was done."""
    folder = RAW / subject.folder
    mark = folder / "fingerprint"
    wanted = subject.fingerprint()
    if not again and mark.exists() and mark.read_text() == wanted:
        return "is up to date"
    if not subject.install():
        return "is left as it was: its tools are missing"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "cognito_conformance.cli", "run", "--examples", EXAMPLES]
    started = time.monotonic()
    with subject.adapter() as options, (folder / "run.txt").open("wb") as output:
        done = subprocess.run(
            [*command, *options, "--report", str(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode not in {0, 1}:
        return f"was not judged: the command ended with {done.returncode}, see {folder}/run.txt"
    mark.write_text(wanted)
    return f"was judged in {time.monotonic() - started:.0f} s"


def publish(subject: Subject, decisions: Decisions) -> None:
    """Write the part of a raw report that may be published, unless nothing in it has changed."""
    raw = json.loads((RAW / subject.folder / "report.json").read_text(encoding="utf-8"))
    if subject.kind == "express":
        raw["adapter"] |= _described(subject.path)
    (RAW / subject.folder / "findings.txt").write_text("\n".join(findings(raw)) + "\n")
    target = HERE / f"{subject.folder}.json"
    document = publishable(raw, decisions)
    if target.exists():
        before = json.loads(target.read_text(encoding="utf-8"))
        if {**before, "started": None} == {**document, "started": None}:
            return
    target.write_text(_as_text(document), encoding="utf-8")


def _as_text(document: dict[str, Any]) -> str:
    """Return a report with a line for each requirement, so that a change is easy to see."""
    lines = [json.dumps(each) for each in document["requirements"]]
    text = json.dumps({**document, "requirements": []}, indent=1)
    return (
        text.replace('"requirements": []', '"requirements": [\n' + ",\n".join(lines) + "\n]") + "\n"
    )


def _described(folder: Path) -> dict[str, Any]:
    """Name an API after the libraries in it, which it cannot do itself."""
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return {
        "name": "jsonwebtoken, Express",
        "version": wanted["jsonwebtoken"],
        "language": "javascript",
        "homepage": "https://github.com/auth0/node-jsonwebtoken",
    }


def stale(decisions: Decisions, published: list[Path]) -> list[str]:
    """Return the decisions that tell of nothing: what is mended is struck from the list."""
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in published]
    failed = {
        (report["adapter"]["name"], each["id"])
        for report in reports
        for each in report["requirements"]
        if each["cases"]
    }
    judged = {report["adapter"]["name"] for report in reports}
    return [
        f"{each.subject}: {each.requirement or each.area}"
        for each in decisions.disclosed
        if each.subject in judged and not any(each.covers(*found) for found in failed)
    ]


def main() -> int:
    """Judge, publish, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [subject.folder for subject in SUBJECTS]
    parser.add_argument("--again", action="append", default=[], choices=names, metavar="NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    decisions = Decisions.load(DISCLOSED)

    def judged(subject: Subject) -> None:
        print(subject.folder, judge(subject, again=subject.folder in options.again), flush=True)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(judged, SUBJECTS))
    for subject in SUBJECTS:
        if (RAW / subject.folder / "report.json").exists():
            publish(subject, decisions)
    published = [path for name in names if (path := HERE / f"{name}.json").exists()]
    for left_over in set(HERE.glob("*.json")) - set(published):
        left_over.unlink()
    shutil.rmtree(HERE / "badges", ignore_errors=True)
    command = [sys.executable, "-m", "cognito_conformance.cli", "compare", "--out", str(HERE)]
    command += ["--disclosed", str(DISCLOSED), "--hints", str(HINTS)]
    compared = subprocess.run([*command, *map(str, published)], check=False).returncode
    for each in (nothing := stale(decisions, published)):
        print(f"disclosed.toml tells of nothing: {each}", file=sys.stderr)
    return compared or int(bool(nothing))


if __name__ == "__main__":
    sys.exit(main())

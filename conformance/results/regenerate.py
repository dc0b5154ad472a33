"""Install every subject, judge it, and write what may be published: ``python regenerate.py``.

Raw reports stay in ``build/``, which is never committed: they name holes in released software
(SECURITY.md). What is published of other people's software follows `disclosed.toml`, how it is
fixed stands in `hints.toml`. Subjects are judged side by side (``--jobs``). One that was judged
with this suite and these files is not judged again; ``--again NAME`` insists. One whose tools are
missing is left as it is.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from subjects import ADAPTERS, EXAMPLES, ISSUERS, SUBJECTS, Subject

from cognito_conformance.issuers.requirements import issuer_catalogue_sha256
from cognito_conformance.report.decisions import Decisions
from cognito_conformance.report.disclosure import findings, publishable
from cognito_conformance.selection import Catalogue

HERE = Path(__file__).parent
RAW = HERE / "build"
SUITE = HERE.parent / "cognito_conformance"
DISCLOSED = HERE / "disclosed.toml"
HINTS = HERE / "hints.toml"
#: The texts of some libraries have a Python set in them: without this, in another order each time.
ENVIRONMENT = {**os.environ, "PYTHONHASHSEED": "0"}
#: What decides a verdict, beside the catalogues.
JUDGES = ("adapters", "forge", "properties", "runner")
ISSUER_JUDGES = ("issuers", "runner")


def fingerprint(subject: Subject) -> str:
    """Tell whether anything that decides the result has changed."""
    parts = [ADAPTERS.glob("cvap.*"), subject.path.glob("[!.]*.*")]
    if subject.is_issuer:
        parts = [subject.path.glob("[!.]*.*"), ISSUERS.glob("*.py")]
        asked = issuer_catalogue_sha256()
    else:
        asked = Catalogue.load().sha256 + EXAMPLES
    judges = ISSUER_JUDGES if subject.is_issuer else JUDGES
    parts += [(SUITE / judge).rglob("*.py") for judge in judges]
    digest = hashlib.sha256(asked.encode())
    for source in sorted(source for part in parts for source in part if source.is_file()):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def raw_folder(subject: Subject) -> Path:
    """Return where everything is that its judge found out."""
    return RAW / "issuers" / subject.folder if subject.is_issuer else RAW / subject.folder


def judge(subject: Subject, *, again: bool) -> str:
    """Leave a raw report of ``subject``; return what was done."""
    folder = raw_folder(subject)
    mark = folder / "fingerprint"
    wanted = fingerprint(subject)
    if not again and mark.exists() and mark.read_text() == wanted:
        return "is up to date"
    if not subject.is_issuer and not subject.install():
        return "is left as it was: its tools are missing"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    code = _judge_issuer(subject) if subject.is_issuer else _judge_verifier(subject, folder)
    if code not in {0, 1} or not (folder / "report.json").exists():
        return f"was not judged: the command ended with {code}, see {folder}"
    mark.write_text(wanted)
    return f"was judged in {time.monotonic() - started:.0f} s"


def _judge_verifier(subject: Subject, folder: Path) -> int:
    command = [sys.executable, "-m", "cognito_conformance.cli"]
    with subject.judging() as options, (folder / "run.txt").open("wb") as output:
        done = subprocess.run(
            [*command, *options, "--report", str(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            check=False,
        )
    return done.returncode


def _judge_issuer(subject: Subject) -> int:
    command = [sys.executable, str(ISSUERS / "judge.py"), "--out", str(RAW / "issuers")]
    done = subprocess.run(
        [*command, subject.folder], stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=False
    )
    return done.returncode


def publish(subject: Subject, decisions: Decisions) -> None:
    """Write the part of a raw report that may be published, unless nothing in it has changed."""
    folder = raw_folder(subject)
    raw = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    raw["adapter"] |= subject.described()
    target = HERE / f"{subject.name}.json"
    document = publishable(raw, decisions)
    withheld = "".join(f"{each}\n" for each in findings(raw, decisions))
    (folder / "withheld.txt").write_text(withheld, encoding="utf-8")
    if target.exists():
        before = json.loads(target.read_text(encoding="utf-8"))
        if {**before, "started": None} == {**document, "started": None}:
            return
    target.write_text(_as_text(document), encoding="utf-8")


def _as_text(document: dict[str, Any]) -> str:
    """Return a report with a line for each requirement, so that a change is easy to see."""
    lines = [json.dumps(each, separators=(",", ":")) for each in document["requirements"]]
    text = json.dumps({**document, "requirements": []}, indent=1)
    listed = '"requirements": [\n' + ",\n".join(lines) + "\n]"
    return text.replace('"requirements": []', listed) + "\n"


def compare(subjects: list[Subject], folder: Path) -> int:
    """Write the page and the badges of what is published."""
    published = [path for each in subjects if (path := HERE / f"{each.name}.json").exists()]
    if not published:
        return 0
    shutil.rmtree(folder / "badges", ignore_errors=True)
    command = [sys.executable, "-m", "cognito_conformance.cli", "compare", "--out", str(folder)]
    command += ["--disclosed", str(DISCLOSED), "--hints", str(HINTS)]
    return subprocess.run([*command, *map(str, published)], check=False).returncode


def stale(decisions: Decisions) -> list[str]:
    """Return the decisions that tell of nothing: what is mended is struck from the list."""
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in HERE.glob("*.json")]
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
    names = [subject.name for subject in SUBJECTS]
    parser.add_argument("--again", action="append", default=[], choices=names, metavar="NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    decisions = Decisions.load(DISCLOSED)

    def judged(subject: Subject) -> None:
        print(subject.name, judge(subject, again=subject.name in options.again), flush=True)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(judged, SUBJECTS))
    for subject in SUBJECTS:
        if (raw_folder(subject) / "report.json").exists():
            publish(subject, decisions)
    for path in HERE.glob("*.json"):
        if path.stem not in names:
            path.unlink()
    compared = compare([each for each in SUBJECTS if not each.is_issuer], HERE)
    compared |= compare([each for each in SUBJECTS if each.is_issuer], HERE / "issuers")
    for each in (nothing := stale(decisions)):
        print(f"disclosed.toml tells of nothing: {each}", file=sys.stderr)
    return compared or int(bool(nothing))


if __name__ == "__main__":
    sys.exit(main())

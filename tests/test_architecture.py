"""The shape of the house: imports go one way, without cycles, and cores do no I/O."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("cognito_verify", "cognito_mock", "cognito_conformance")

# Every module of a floor may import only the floors listed before its own, and its own.
MOCK_FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"core"}),
    frozenset({"stores", "delivery", "triggers"}),
    frozenset({"flows"}),
    frozenset({"web", "service_model"}),
    frozenset({"idp_api", "oauth", "hosted_ui", "federation", "control", "blueprint"}),
    frozenset({"config", "starter", "key_prefetch", "app"}),
    frozenset({"server", "testing", "cli", "pytest_plugin", "__main__"}),
)
VERIFY_ORDER = (
    "errors",
    "_base64url",
    "_system_time",
    "_strict_json",
    "_compact",
    "_rsa",
    "_lru",
    "jwks",
    "pool",
    "static_keys",
    "_key_cache",
    "_tls",
    "fetching",
    "remote_keys",
    "jwks_cache",
    "claims",
    "policy",
    "verifier",
)


def _root(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _modules(package: str) -> dict[str, Path]:
    root = _root(package)
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join((package, *(p for p in parts if p != "__init__")))
        found[name] = path
    return found


def _top_level_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Module-level imports, without ``if TYPE_CHECKING`` blocks and function bodies."""
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            pending += node.body + node.orelse
        elif isinstance(node, ast.Try):
            pending += node.body + node.orelse + node.finalbody


def _imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the same package that ``name`` imports at module level."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in _top_level_imports(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            candidates = [alias.name for alias in node.names]
        else:
            base = node.module or ""
            if node.level:
                stem = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*stem, *([base] if base else [])])
            candidates = [
                f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base
                for alias in node.names
            ]
        found |= {c for c in candidates if c in known and c != name}
    return found


def _graph(package: str) -> dict[str, set[str]]:
    known = _modules(package)
    return {name: _imports(name, path, known) for name, path in known.items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_have_no_cycle(package: str) -> None:
    """The module graph of each package is acyclic."""
    graph = {name: set(targets) for name, targets in _graph(package).items()}

    while leaves := [name for name, targets in graph.items() if not targets & graph.keys()]:
        for name in leaves:
            del graph[name]

    assert graph == {}


def test_mock_imports_go_down_the_floors() -> None:
    """No module of the mock imports a floor above its own."""
    floor = {part: i for i, parts in enumerate(MOCK_FLOORS) for part in parts}
    wrong = []
    for name, targets in _graph("cognito_mock").items():
        if name == "cognito_mock":
            continue
        for target in targets - {"cognito_mock"}:
            here, there = name.split(".")[1], target.split(".")[1]
            if floor[there] > floor[here] or (
                floor[there] == floor[here] and here != there and floor[here] in {1, 4}
            ):
                wrong.append((name, target))

    assert wrong == []


def test_verifier_imports_follow_the_order_of_the_checks() -> None:
    """Each stage of the verifier imports only stages before it."""
    rank = {stage: i for i, stage in enumerate(VERIFY_ORDER)}
    wrong = []
    for name, targets in _graph("cognito_verify").items():
        here = name.rpartition(".")[2]
        if here not in rank:
            continue
        wrong += [
            (name, target)
            for target in targets
            if rank.get(target.rpartition(".")[2], len(rank)) > rank[here]
            and target != "cognito_verify"
        ]

    assert wrong == []


def test_packages_meet_only_where_the_house_has_a_door() -> None:
    """The three packages do not import each other, but for the suite's built-in adapters."""
    wrong = []
    for package in PACKAGES:
        others = set(PACKAGES) - {package}
        for name, path in _modules(package).items():
            if ".adapters.builtin." in name:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names: list[str] = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                wrong += [(name, n) for n in names if n.partition(".")[0] in others]

    assert wrong == []


@pytest.mark.parametrize(
    ("package", "below", "allowed"),
    [
        ("cognito_mock", "cognito_mock.core", {"cognito_mock.core.clock", "cognito_mock.core.ids"}),
        ("cognito_mock", "cognito_mock.flows", set()),
    ],
)
def test_cores_read_no_clock_no_environment_and_no_network(
    package: str, below: str, allowed: set[str]
) -> None:
    """Time, randomness and I/O are arguments: only ``clock`` and ``ids`` touch the machine."""
    forbidden = {"time", "secrets", "random", "os", "socket", "httpx", "starlette", "datetime.now"}
    wrong = []
    for name, path in _modules(package).items():
        if not name.startswith(below) or name in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            wrong += [(name, n) for n in names if n.partition(".")[0] in forbidden]

    assert wrong == []


def test_starlette_stays_on_the_http_floors() -> None:
    """Below the protocols nobody knows that there is HTTP."""
    wrong = [
        name
        for name, path in _modules("cognito_mock").items()
        if name.split(".")[1:2]
        and name.split(".")[1] in {"core", "stores", "flows", "delivery"}
        and "starlette" in path.read_text("utf-8")
    ]

    assert wrong == []

"""Write `reference.md` from the docstrings: ``python docs/verify/generate_reference.py``.

Reads the source without importing it: no framework is needed, and annotations are as written.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "cognito_verify"
#: Which modules to show, and what of them; None is all of ``__all__`` or all public names.
MODULES: dict[str, tuple[str, list[str] | None]] = {
    "cognito_verify": ("verifier", ["CognitoVerifier"]),
    "cognito_verify: claims": ("claims", ["Claims", "AccessClaims", "IdClaims"]),
    "cognito_verify: policy": ("policy", ["ANY_CLIENT", "ANY_TOKEN_USE"]),
    "cognito_verify: keys": ("_key_cache", ["CacheTimes"]),
    "cognito_verify: shared keys": ("jwks_cache", ["JwksCache"]),
    "cognito_verify: fetching": ("fetching", ["HttpFetcher", "JwksFetcher"]),
    "cognito_verify: errors": ("errors", None),
    "cognito_verify.cookies": (
        "cookies",
        [
            "SessionCookies",
            "CookieUser",
            "read_cookies",
            "verify_cookies",
            "verify_cookies_async",
            "check_cookies",
            "check_cookies_async",
            "write_cookies",
        ],
    ),
    "cognito_verify.alb": ("alb", ["AlbVerifier", "AlbClaims"]),
    "cognito_verify.web.fastapi": ("web/fastapi", ["CognitoBearer"]),
    "cognito_verify.web.starlette": (
        "web/starlette",
        ["CognitoMiddleware", "claims_of", "requires"],
    ),
    "cognito_verify.web.flask": ("web/flask", None),
    "cognito_verify.web.django": ("web/django", None),
    "cognito_verify.web.django_rest": ("web/django_rest", None),
    "cognito_verify.web.aws_lambda": ("web/aws_lambda", None),
    "CognitoCookies of all integrations": ("web/_credentials", ["CognitoCookies"]),
}
Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def reference() -> str:
    """Return the page."""
    parts = [
        "# Reference",
        "Generated from the docstrings by `generate_reference.py`. The [guide](guide.md) explains.",
    ]
    for title, (module, names) in MODULES.items():
        tree = ast.parse((SOURCE / f"{module}.py").read_text("utf-8"))
        parts.append(f"## `{title}`" if "." in title else f"## {title}")
        if title.startswith("cognito_verify.") or module == "errors":
            parts.append(_prose(ast.get_docstring(tree) or ""))
        wanted = names if names is not None else _all_of(tree)
        for node in tree.body:
            if isinstance(node, Documented) and node.name in wanted:
                parts += _described(node, "")
            elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in wanted:
                above = _comment_above(module, node.lineno)
                parts += [f"### `{ast.unparse(node.target)}`", above]
    return "\n\n".join(part for part in parts if part) + "\n"


def _all_of(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return [name for name in names if name != "CognitoCookies"]
    raise LookupError("__all__")


def _described(node: Documented, owner: str) -> Iterator[str]:
    name = f"{owner}.{node.name}" if owner else node.name
    docstring = _prose(ast.get_docstring(node) or "")
    if not isinstance(node, ast.ClassDef):
        decorators = [ast.unparse(one) for one in node.decorator_list]
        if "property" in decorators:
            yield f"- `{name.rpartition('.')[2]}: {_annotation(node.returns)}` {docstring}"
            return
        prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
        yield f"{'####' if owner else '###'} `{prefix}{name}({_arguments(node)})`"
        yield f"Returns `{_annotation(node.returns)}`. {docstring}"
        return
    init = next((one for one in node.body if getattr(one, "name", "") == "__init__"), None)
    signature = _arguments(init) if isinstance(init, ast.FunctionDef) else _fields(node)
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    made_by_the_library = node.name.endswith("Claims") or bases.endswith(("Refused", "Error"))
    yield f"### `{node.name}`" if made_by_the_library else f"### `{node.name}({signature})`"
    if bases not in {"", "NamedTuple", "Protocol"}:
        yield f"A `{bases}`."
    yield docstring
    for one in node.body:
        if isinstance(one, Documented) and not one.name.startswith("_"):
            yield from _described(one, node.name)


def _fields(node: ast.ClassDef) -> str:
    fields = [ast.unparse(one) for one in node.body if isinstance(one, ast.AnnAssign)]
    return ", ".join(field for field in fields if "ClassVar" not in field)


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = ast.unparse(node.args)
    for first in ("self, *, ", "cls, *, ", "self, ", "cls, ", "self", "cls"):
        if arguments.startswith(first):
            return ("*, " if "*" in first else "") + arguments.removeprefix(first)
    return arguments


def _annotation(node: ast.expr | None) -> str:
    return "None" if node is None else ast.unparse(node).strip("'\"")


def _prose(docstring: str) -> str:
    """Turn the few constructs of our docstrings into Markdown."""
    lines: list[str] = []
    in_list = False
    for line in inspect.cleandoc(docstring).splitlines():
        if line.lstrip().startswith("# conformance:") or (not line and lines and not lines[-1]):
            continue
        if line in {"Args:", "Raises:"}:
            lines += [f"**{line[:-1]}**", ""]
            in_list = True
            continue
        if in_list and line and not line.startswith(" "):
            in_list = False
        text = line.partition(" # conformance:")[0].replace("``", "`")
        if in_list and line.startswith("    ") and not line.startswith("     "):
            name, _, meaning = text.strip().partition(": ")
            text = f"- `{name}`: {meaning}"
        elif in_list:
            text = f"  {text.strip()}" if text.strip() else ""
        lines.append(text)
    return "\n".join(_fenced(lines)).strip()


def _fenced(lines: list[str]) -> Iterator[str]:
    """Put what follows a line of two colons into a fence."""
    inside = False
    for line in lines:
        if line.strip() == "::":
            inside = True
            yield "```text"
        elif inside and line and not line.startswith(" "):
            inside = False
            yield "```\n"
            yield line
        elif not (inside and not line):
            yield line[4:] if inside else line
    if inside:
        yield "```"


def _comment_above(module: str, number: int) -> str:
    line = (SOURCE / f"{module}.py").read_text("utf-8").splitlines()[number - 2]
    return line.removeprefix("#: ")


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")

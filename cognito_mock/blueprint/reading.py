"""Config files of any kind, together one blueprint: YAML, describe output, templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cognito_mock.blueprint.cloudformation import is_template, pools_of_template
from cognito_mock.blueprint.describe_output import is_describe_output, pools_described
from cognito_mock.blueprint.nodes import Node, located, tree
from cognito_mock.blueprint.notes import Notes
from cognito_mock.blueprint.requests import check_requests
from cognito_mock.blueprint.schema import check
from cognito_mock.blueprint.yaml_file import BlueprintError, Located, read_yaml

_SUFFIXES = {".json", ".yaml", ".yml", ".template"}
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """Pools that fit the schema. ``notes`` say what an import left out, one line each."""

    located: Located
    notes: Sequence[str] = ()

    @property
    def pools(self) -> list[dict[str, Any]]:
        """The pools' descriptions."""
        document: Any = self.located.document
        pools: list[dict[str, Any]] = document["pools"]
        return pools

    def known_passwords(self) -> Mapping[tuple[str, str], str]:
        """Return the users' passwords by pool id and username, for the start page."""
        return {
            (pool["id"], user["username"]): user["password"]
            for pool in self.pools
            if "id" in pool
            for user in pool.get("users", ())
            if "password" in user
        }


def read_blueprint(*paths: Path, parameters: Mapping[str, str] = _NOTHING) -> Blueprint:
    """Read files and folders; ``parameters`` are those of templates.

    Raises `BlueprintError` with the place of what is wrong.
    """
    roots = [tree(read_yaml(file)) for path in paths for file in _files(path)]
    templates = [root for root in roots if is_template(root)]
    described = [root for root in roots if is_describe_output(root)]
    if parameters and not templates:
        raise BlueprintError("--parameter is for CloudFormation templates, and there is none")
    if not roots:
        raise BlueprintError("there is no config file")
    notes = Notes()
    pools = [pool for root in templates for pool in pools_of_template(root, parameters, notes)]
    if described:
        pools += pools_described(described, notes)
    for root in roots:
        if root not in templates and root not in described:
            check(located(root))
            pools += root.members["pools"].items
    document = located(Node({"pools": Node(pools, roots[0].place)}, roots[0].place))
    check(document)
    check_requests(document)
    return Blueprint(located=document, notes=tuple(notes.lines))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES)
    if not files:
        raise BlueprintError(f"there is no config file in the folder {path}")
    return files

"""Write ``docs/mock/commands.md`` from the command itself: ``python docs/generate_commands.py``."""

import inspect
import sys
from pathlib import Path

import click

from cognito_mock.cli import main as cognito_mock

PAGE = Path(__file__).parent / "mock" / "commands.md"
_HEAD = """\
# The command

Generated from the command by `docs/generate_commands.py`; a test keeps it current.

`cognito-mock serve` prints `cognito-mock ready at ADDRESS` when the port accepts requests, then
logs on standard error; SIGTERM and SIGINT stop it within a second. A port in use, an unreadable
config file or an unknown database is one line and exit code 2.
"""


def commands_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for name in cognito_mock.list_commands(click.Context(cognito_mock)):
        command = cognito_mock.commands[name]
        parts.append(f"\n## `cognito-mock {name}`\n\n{inspect.cleandoc(command.help or '')}\n")
        parts.append("\n| Option | |\n|---|---|\n")
        parts += [_row(option) for option in command.params if isinstance(option, click.Option)]
    return "".join(parts)


def _row(option: click.Option) -> str:
    words = [option.help or ""]
    if isinstance(option.type, click.Choice):
        words.append(" or ".join(f"`{each}`" for each in option.type.choices))
    if option.show_default and option.default is not None:
        words.append(f"default `{option.default}`")
    if option.envvar:
        words.append(f"or `{option.envvar}` in the environment")
    said = "; ".join(word.rstrip(".") for word in words if word)
    return f"| `{', '.join(option.opts)}` | {said} |\n"


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")

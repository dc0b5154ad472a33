"""What the mock is started with, and the refusals that a wrong start gets.

A `ConfigError` is one line for the person at the terminal; it never repeats a value that may hold a
password, such as a database URL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cognito_mock.blueprint import Blueprint

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9229
MEMORY_DATABASE = "memory:"
_DATABASES_TO_COME = ("sqlite", "postgresql", "postgresql+psycopg")


class ConfigError(Exception):
    """The mock cannot start like this; the text is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MockConfig:
    """How one mock runs. ``issuer_mode`` is as in `Addresses`.

    A ``blueprint`` takes the place of the starter pool.
    """

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    issuer_mode: str = "local"
    starter_pool: bool = True
    blueprint: "Blueprint | None" = None

    def __post_init__(self) -> None:
        _check_issuer(self.issuer_mode)


def check_database(url: str) -> None:
    """Refuse a database that there is no store for."""
    if url == MEMORY_DATABASE:
        return
    scheme = url.partition(":")[0]
    if scheme in _DATABASES_TO_COME:
        raise ConfigError(f"--database {scheme}: is not available in this version; use memory:")
    raise ConfigError(f"unknown database '{scheme}:'; use memory:")


def check_absent(options: Mapping[str, object]) -> None:
    """Refuse options whose feature does not exist yet; silence would promise it."""
    for name, value in options.items():
        if value:
            raise ConfigError(f"{name} is not available in this version")


def check_workers(count: int, database: str) -> None:
    """Several processes need a store that they can share; memory is not one."""
    if count < 1:
        raise ConfigError("--workers must be at least 1")
    if count > 1:
        raise ConfigError(
            f"--workers {count} needs a database that processes share; {database} is not one"
        )


def _check_issuer(mode: str) -> None:
    if mode in {"local", "aws"}:
        return
    try:
        parts = urlsplit(mode)
        acceptable = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.username is None
            and not parts.query
            and not parts.fragment
        )
        _ = parts.port  # raises for a port that is not a number
    except ValueError:
        acceptable = False
    if not acceptable:
        raise ConfigError("--issuer must be local, aws or a plain http(s) URL")

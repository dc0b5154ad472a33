"""Say which extra brings a framework that is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needs_extra(extra: str, package: str) -> Iterator[None]:
    """Name the extra if ``package`` cannot be found; other failures to import stay as they are."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise ModuleNotFoundError(
            f'{package} is not installed: pip install "cognito-verify[{extra}]"', name=error.name
        ) from error

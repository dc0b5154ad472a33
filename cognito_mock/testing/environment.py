"""The environment variables under which boto3 talks to the mock, set for a while and put back."""

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

# botocore derives the name from the service id "Cognito Identity Provider".
ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
# botocore signs what it sends and wants a region; any value does, and a real one is left alone.
_ONLY_IF_ABSENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_SWITCHED_OFF = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
_PROXY_EXCEPTIONS = ("no_proxy", "NO_PROXY")


@contextmanager
def boto3_reaches(url: str, environ: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Point ``cognito-idp`` clients made inside the block at ``url``."""
    changes: dict[str, str | None] = {ENDPOINT: url, _SWITCHED_OFF: None}
    changes |= {name: value for name, value in _ONLY_IF_ABSENT.items() if name not in environ}
    # A proxy for the outside world must not be asked for this machine.
    for name in _PROXY_EXCEPTIONS:
        others = environ.get(name)
        changes[name] = ",".join(filter(None, (others, "127.0.0.1,localhost")))
    before = {name: environ.get(name) for name in changes}
    _apply(environ, changes)
    try:
        yield
    finally:
        _apply(environ, before)


def _apply(environ: MutableMapping[str, str], values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            environ.pop(name, None)
        else:
            environ[name] = value

"""The ``cognito-mock`` command (CONTRACT, commands).

Imports are inside the commands: ``serve`` starts making keys first and loads the server meanwhile.
"""
# ruff: noqa: PLC0415  (see above)

import json
import logging
import sys
from pathlib import Path
from typing import NoReturn

try:
    import click
except ModuleNotFoundError as missing:
    raise SystemExit(
        'cognito-mock needs the mock extra: pip install "cognito-verify[mock]"'
    ) from missing

from cognito_mock import config as configuration
from cognito_mock.config import ConfigError, MockConfig

_TIMEOUT_SECONDS = 10
_MAX_ANSWER_BYTES = 1_000_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run an offline Amazon Cognito user pool."""


@main.command()
@click.option("--host", default=configuration.DEFAULT_HOST, show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=configuration.DEFAULT_PORT, show_default=True
)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Pools as YAML.")
@click.option("--database", default=configuration.MEMORY_DATABASE, show_default=True)
@click.option(
    "--issuer", default="local", show_default=True, help="local, aws or the base URL of issuers."
)
@click.option("--lambda-endpoint", help="Where trigger functions run.")
@click.option("--workers", type=int, default=1, show_default=True)
@click.option("--tls", is_flag=True, help="Serve HTTPS.")
@click.option("--smtp", help="Send messages as e-mail, too.")
def serve(
    *,
    host: str,
    port: int,
    config_file: Path | None,
    database: str,
    issuer: str,
    lambda_endpoint: str | None,
    workers: int,
    tls: bool,
    smtp: str | None,
) -> None:
    """Serve until SIGTERM or SIGINT."""
    try:
        configuration.check_database(database)
        configuration.check_workers(workers, database)
        if config_file is not None:
            configuration.check_config_file(config_file)
        configuration.check_absent(
            {"--lambda-endpoint": lambda_endpoint, "--tls": tls, "--smtp": smtp}
        )
        _serve(MockConfig(host=host, port=port, issuer_mode=issuer))
    except ConfigError as error:
        _fail(str(error))


def _serve(config: MockConfig) -> None:
    from cognito_mock.core.ids import SystemEntropy
    from cognito_mock.core.keys import new_signing_key
    from cognito_mock.key_prefetch import PrefetchedKeys

    entropy = SystemEntropy()
    keys = PrefetchedKeys(lambda: new_signing_key(entropy))
    keys.warm_up()

    from cognito_mock.app import create_app
    from cognito_mock.control.access_log import AccessLog
    from cognito_mock.server import base_url_of, bind, serve_until_stopped

    _log_to_stderr()
    listener = bind(config.host, config.port)
    base_url = base_url_of(listener, config.host)
    app = create_app(config, base_url=base_url, entropy=entropy, keys=keys)
    app.add_middleware(AccessLog, stream=sys.stderr)
    serve_until_stopped(
        app, listener, on_ready=lambda: click.echo(f"cognito-mock ready at {base_url}")
    )


@main.command()
@click.option(
    "--url", default="http://127.0.0.1:9229", show_default=True, envvar="COGNITO_MOCK_URL"
)
@click.option("--pool", help="Default: the oldest pool.")
@click.option("--client", help="Default: its oldest client for users.")
@click.option("--user", help="Default: its first user by name.")
@click.option("--use", type=click.Choice(["id", "access"]), default="access", show_default=True)
def token(*, url: str, pool: str | None, client: str | None, user: str | None, use: str) -> None:
    """Print a signed token, minted by a running mock."""
    import http.client
    from urllib.parse import urlsplit

    wish = {"pool": pool, "client": client, "user": user, "use": use}
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        _fail("--url must be an http URL")
    # Not urllib: that would ask a configured proxy for this machine's own address.
    connection = http.client.HTTPConnection(
        parts.hostname, parts.port or 80, timeout=_TIMEOUT_SECONDS
    )
    try:
        connection.request(
            "POST",
            "/_mock/api/tokens",
            json.dumps(wish),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(connection.getresponse().read(_MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        _fail(f"no cognito-mock answers at {url}")
    finally:
        connection.close()
    if not isinstance(answer, dict) or "token" not in answer:
        _fail(str(answer.get("message") if isinstance(answer, dict) else "unexpected answer"))
    click.echo(answer["token"])


def _fail(message: str) -> NoReturn:
    click.echo(f"cognito-mock: {message}", err=True)
    raise SystemExit(2)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("cognito_mock").addHandler(handler)
    logging.getLogger("cognito_mock").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").addHandler(handler)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

"""The ``cognito-mock`` command (CONTRACT, commands).

Imports are inside the commands: ``serve`` starts making keys first and loads the server meanwhile.
"""
# ruff: noqa: PLC0415  (see above)

import json
import logging
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

try:
    import click
except ModuleNotFoundError as missing:
    raise SystemExit(
        'cognito-mock needs the mock extra: pip install "cognito-verify[mock]"'
    ) from missing

from cognito_mock import config as configuration
from cognito_mock.config import ConfigError, MockConfig

if TYPE_CHECKING:
    from cognito_mock.blueprint import Blueprint
    from cognito_mock.delivery.smtp import SmtpDelivery

_TIMEOUT_SECONDS = 10
_MAX_ANSWER_BYTES = 64_000_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run an offline Amazon Cognito user pool."""


@main.command()
@click.option("--host", default=configuration.DEFAULT_HOST, show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=configuration.DEFAULT_PORT, show_default=True
)
@click.option(
    "--config",
    "config_files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pools: YAML, describe-user-pool output or a CloudFormation template. May be repeated.",
)
@click.option(
    "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Of the template."
)
@click.option("--database", default=configuration.MEMORY_DATABASE, show_default=True)
@click.option(
    "--issuer", default="local", show_default=True, help="local, aws or the base URL of issuers."
)
@click.option("--lambda-endpoint", help="Where trigger functions run.")
@click.option("--workers", type=int, default=1, show_default=True)
@click.option("--tls", is_flag=True, help="Serve HTTPS.")
@click.option("--smtp", metavar="URL", help="Send e-mails to smtp://HOST:PORT, too.")
def serve(
    *,
    host: str,
    port: int,
    config_files: tuple[Path, ...],
    parameters: tuple[str, ...],
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
        configuration.check_absent({"--lambda-endpoint": lambda_endpoint, "--tls": tls})
        config = MockConfig(host=host, port=port, issuer_mode=issuer)
        _serve(config, config_files, _named(parameters), _smtp(smtp))
    except ConfigError as error:
        _fail(str(error))


def _named(parameters: Iterable[str]) -> dict[str, str]:
    found = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not (name and equals):
            raise ConfigError(f"--parameter {name}: expected NAME=VALUE")
        found[name] = value
    return found


def _smtp(url: str | None) -> "SmtpDelivery | None":
    if url is None:
        return None
    from cognito_mock.delivery.smtp import SmtpDelivery, SmtpServer, SmtpUrlError

    try:
        return SmtpDelivery(SmtpServer.parse(url))
    except SmtpUrlError as error:
        # Without the URL, which may hold a password.
        raise ConfigError(f"--smtp {error}") from None


def _serve(
    config: MockConfig,
    config_files: Sequence[Path],
    parameters: Mapping[str, str],
    smtp: "SmtpDelivery | None",
) -> None:
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
    if config_files or parameters:
        config = replace(config, blueprint=_blueprint(config_files, parameters))
    listener = bind(config.host, config.port)
    base_url = base_url_of(listener, config.host)
    app = create_app(config, base_url=base_url, entropy=entropy, keys=keys, delivery=smtp)
    if config.blueprint is not None:
        _create(app.state.fill_if_empty)
    app.add_middleware(AccessLog, stream=sys.stderr, recent=app.state.recent_requests)
    serve_until_stopped(
        app, listener, on_ready=lambda: click.echo(f"cognito-mock ready at {base_url}")
    )
    if smtp is not None:
        smtp.close()


def _blueprint(paths: Sequence[Path], parameters: Mapping[str, str]) -> "Blueprint":
    from cognito_mock.blueprint import BlueprintError, read_blueprint

    try:
        blueprint = read_blueprint(*paths, parameters=parameters)
    except BlueprintError as error:
        raise ConfigError(str(error)) from error
    for note in blueprint.notes:
        click.echo(f"cognito-mock: {note}", err=True)
    return blueprint


def _create(fill: Callable[[], None]) -> None:
    from cognito_mock.blueprint import BlueprintError

    try:
        fill()
    except BlueprintError as error:
        raise ConfigError(str(error)) from error


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
    wish = {"pool": pool, "client": client, "user": user, "use": use}
    answer = _ask(url, "POST", "/_mock/api/tokens", wish)
    if "token" not in answer:
        _fail(str(answer.get("message", "unexpected answer")))
    click.echo(answer["token"])


@main.command()
@click.option(
    "--url", default="http://127.0.0.1:9229", show_default=True, envvar="COGNITO_MOCK_URL"
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output."
)
def export(*, url: str, output: Path | None) -> None:
    """Write the pools of a running mock as a config file.

    Keys, sessions and messages are not part of it; passwords are, as their digests.
    """
    import yaml

    from cognito_mock.blueprint import blueprint_of
    from cognito_mock.core.record_codec import RecordError, from_document, record_kinds

    answer = _ask(url, "GET", "/_mock/api/snapshot", None)
    tables = answer.get("tables")
    if not isinstance(tables, dict):
        _fail(str(answer.get("message", "unexpected answer")))
    try:
        records = [
            from_document(kind, document, kind.TABLE.name)
            for kind in record_kinds()
            for document in tables.get(kind.TABLE.name, [])
        ]
    except RecordError as error:
        _fail(f"the mock at {url} is another version: {error}")
    text = yaml.safe_dump(
        blueprint_of(records), sort_keys=False, allow_unicode=True, default_flow_style=False
    )
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            _fail(f"cannot write {output}: {error.strerror}")


def _ask(url: str, method: str, path: str, body: object) -> dict[str, Any]:
    """Make a control call; whatever object comes back is the answer."""
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        _fail("--url must be an http URL")
    # Not urllib: that would ask a configured proxy for this machine's own address.
    connection = http.client.HTTPConnection(
        parts.hostname, parts.port or 80, timeout=_TIMEOUT_SECONDS
    )
    try:
        connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(connection.getresponse().read(_MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        _fail(f"no cognito-mock answers at {url}")
    finally:
        connection.close()
    if not isinstance(answer, dict):
        _fail("unexpected answer")
    return answer


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

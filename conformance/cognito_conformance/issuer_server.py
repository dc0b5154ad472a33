"""The issuer that an API under judgement is told to trust: a discovery document and a key set.

Its private keys follow from a seed, so that one process can serve them while another signs. Nobody
should trust them anywhere but in a test.
"""

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cognito_conformance.forge import Forge
from cognito_conformance.jwks_server import LoopbackServer, send_document
from cognito_conformance.model import Config
from cognito_conformance.protocol.messages import plain

DEFAULT_BASE: Final = "http://127.0.0.1:9230"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_ANSWER_LIMIT: Final = 65_536


class UnusableIssuer(ValueError):  # noqa: N818  (it describes the argument)
    """An issuer that this run cannot speak for; its text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteIssuer:
    """One pool of the suite's own, at a loopback address."""

    forge: Forge
    seed: int
    port: int
    token_use: str

    @classmethod
    def create(cls, url: str, seed: int, *, token_use: str = "access") -> "SuiteIssuer":  # noqa: S107  (a claim's value)
        """Make the issuer of ``seed`` at ``url``, with or without its pool.

        Raises `UnusableIssuer`.
        """
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not parts.port:
            raise UnusableIssuer(f"{url}: the suite's issuer is at http://127.0.0.1:PORT")
        forge = Forge.create(seed, issuer_base=f"http://{parts.netloc}")
        if parts.path.strip("/") not in {"", forge.world.pool}:
            raise UnusableIssuer(
                f"{url}: seed {seed} makes the issuer {forge.world.issuer}; give the --seed that "
                "serve-issuer printed"
            )
        return cls(forge=forge, seed=seed, port=parts.port, token_use=token_use)

    @classmethod
    @contextlib.contextmanager
    def on_free_port(cls, seed: int, *, token_use: str) -> Iterator["SuiteIssuer"]:
        """Serve the issuer of ``seed`` on a free port."""
        documents: dict[str, Any] = {}
        server = LoopbackServer(lambda request: send_document(request, documents))
        try:
            issuer = cls.create(f"http://127.0.0.1:{server.port}", seed, token_use=token_use)
            documents |= issuer.documents()
            yield issuer
        finally:
            server.stop()

    @property
    def client_id(self) -> str:
        """The app client whose tokens the API accepts."""
        return self.forge.world.client

    @property
    def url(self) -> str:
        """The value of ``iss``."""
        return self.forge.world.issuer

    @property
    def jwks_uri(self) -> str:
        """Where the keys are."""
        return f"{self.url}/.well-known/jwks.json"

    @property
    def config(self) -> Config:
        """What the API is configured with, as far as the suite is concerned."""
        return self.forge.base_config(self.token_use)

    def environment(self) -> dict[str, str]:
        """Return what an API must be told, named as our examples name it."""
        return {
            "COGNITO_ISSUER": self.url,
            "COGNITO_JWKS_URI": self.jwks_uri,
            "COGNITO_USER_POOL_ID": self.forge.world.pool,
            "COGNITO_REGION": self.forge.world.pool.partition("_")[0],
            "COGNITO_CLIENT_IDS": self.forge.world.client,
            "COGNITO_TOKEN_USE": self.token_use,
        }

    def ensure_served(self) -> LoopbackServer | None:
        """Serve, unless another process already serves the same keys. Raises `UnusableIssuer`."""
        try:
            return self.serve()
        except OSError:
            pass
        if _fetch(self.jwks_uri) != self.documents()[urlsplit(self.jwks_uri).path]:
            raise UnusableIssuer(f"something else than this issuer listens on port {self.port}")
        return None

    def serve(self) -> LoopbackServer:
        """Listen. Raises `OSError` when the port is taken."""
        documents = self.documents()
        return LoopbackServer(lambda request: send_document(request, documents), port=self.port)

    def documents(self) -> dict[str, Any]:
        """Return what is served, by path."""
        path = urlsplit(self.url).path
        discovery = {
            "issuer": self.url,
            "jwks_uri": self.jwks_uri,
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }
        return {
            f"{path}/.well-known/jwks.json": plain(self.forge.jwks({})),
            f"{path}/.well-known/openid-configuration": discovery,
        }


def _fetch(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  (checked: loopback)
            return json.loads(response.read(_ANSWER_LIMIT))
    except (urllib.error.URLError, OSError, ValueError):
        return None

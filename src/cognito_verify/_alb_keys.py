"""The keys of Application Load Balancers: one document for each key, by its id (COG-ALB-006)."""

import re
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from cognito_verify._key_cache import Flight, Follow, Lead
from cognito_verify._lru import Lru
from cognito_verify.errors import (
    ConfigurationError,
    JwksFetchError,
    KeysUnreachable,
    SignatureInvalid,
    UnknownKey,
)
from cognito_verify.fetching import JwksFetcher
from cognito_verify.remote_keys import in_words, landing, patience_with

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_ARN = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov):elasticloadbalancing:(?P<region>[a-z]{2}(?:-[a-z]+)+"
    r"-[0-9]{1,2}):[0-9]{12}:loadbalancer/app/[A-Za-z0-9-]{1,64}/[0-9a-f]{1,64}",
    re.ASCII,
)
_SIGNATURE_LENGTH = 64  # RFC 7518 §3.4

#: A load balancer has a few keys at a time; strangers can name any number.
MAX_KEYS = 64
#: How long a key that could not be had is not asked for again, in seconds.
COOLDOWN = 10.0
#: How many such keys are asked for in that time: in an attack, all requests have different ones.
MAX_FRUITLESS = 8


def key_base(arn: str) -> str:
    """Return the folder of a load balancer's keys (COG-ALB-006). Raises `ConfigurationError`."""
    match = _ARN.fullmatch(arn)
    if match is None:
        raise ConfigurationError(f"not the ARN of an Application Load Balancer: {arn!r:.200}")
    region = match["region"]
    if match["partition"] == "aws-us-gov":
        return f"https://s3-{region}.amazonaws.com/aws-elb-public-keys-prod-{region}/"
    suffix = "amazonaws.com.cn" if match["partition"] == "aws-cn" else "amazonaws.com"
    return f"https://public-keys.auth.elb.{region}.{suffix}/"


class Es256Key(NamedTuple):
    """A public key on the curve P-256. Made by `load_es256_key` alone."""

    kid: str
    public_key: "EllipticCurvePublicKey"

    def check(self, signature: bytes, signing_input: bytes) -> None:
        """ES256: RFC 7518 §3.4. Raises `SignatureInvalid`."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (slow to import)
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415
            encode_dss_signature,
        )
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

        if len(signature) != _SIGNATURE_LENGTH:
            raise SignatureInvalid(kid=self.kid)
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        try:
            # Zero, as in CVE-2022-21449, is out of the range that OpenSSL checks.
            self.public_key.verify(encode_dss_signature(r, s), signing_input, ECDSA(SHA256()))
        except InvalidSignature:
            raise SignatureInvalid(kid=self.kid) from None


def load_es256_key(kid: str, pem: bytes) -> Es256Key:
    """Load a key. Raises `UnknownKey`."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  (slow to import)
    from cryptography.hazmat.primitives.asymmetric.ec import (  # noqa: PLC0415
        SECP256R1,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_public_key,
    )

    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnknownKey(kid=kid, why="is published, but is no PEM") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise UnknownKey(kid=kid, why="is published, but is no key for ES256")
    return Es256Key(kid, key)


class AlbKeys:
    """Keys by their address. May be shared between threads and event loops.

    Each is fetched by one caller at a time. One that could not be had is not asked for again for
    `COOLDOWN` seconds, and strangers, whatever key ids they make up, cause at most `MAX_FRUITLESS`
    fetches in that time: while they keep at it, a new key may be refused, but no known one is.
    """

    def __init__(self, fetcher: JwksFetcher, clock: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._patience = patience_with(fetcher)
        self._lock = threading.Lock()
        self._known = Lru[Es256Key](MAX_KEYS)  # a key of that id never changes
        self._failed_at = Lru[float](MAX_KEYS)
        self._flights: dict[str, Flight] = {}
        self._failures: deque[float] = deque(maxlen=MAX_FRUITLESS)

    def find(self, base: str, kid: str) -> Es256Key:
        """Return the key. Raises `KeyUnavailable`."""
        uri = base + kid
        step = self._begin(uri, blocking=True)
        while not isinstance(step, Es256Key):
            if isinstance(step, Follow):
                if not step.flight.wait(self._patience):
                    self._finish(uri, step.flight, self._lost())
            else:
                outcome: Es256Key | str | None = None
                try:
                    outcome = _read(kid, self._fetcher.fetch(uri))
                except (JwksFetchError, OSError) as error:
                    outcome = in_words(error)
                finally:
                    self._finish(uri, step.flight, outcome)
            self._settle(uri, step.flight)
            step = self._begin(uri, blocking=True)
        return step

    async def find_async(self, base: str, kid: str) -> Es256Key:
        """Return the key. Raises `KeyUnavailable`."""
        uri = base + kid
        step = self._begin(uri, blocking=False)
        while not isinstance(step, Es256Key):
            if isinstance(step, Follow):
                if not await landing(step.flight, self._patience):
                    self._finish(uri, step.flight, self._lost())
            else:
                outcome: Es256Key | str | None = None
                try:
                    outcome = _read(kid, await self._fetcher.fetch_async(uri))
                except (JwksFetchError, OSError) as error:
                    outcome = in_words(error)
                finally:
                    # Also if this task is cancelled: then one of those who wait begins again.
                    self._finish(uri, step.flight, outcome)
            self._settle(uri, step.flight)
            step = self._begin(uri, blocking=False)
        return step

    def _begin(self, uri: str, *, blocking: bool) -> Es256Key | Lead | Follow:
        """Return the key, or say how to get it. Raises `KeysUnreachable`."""
        with self._lock:
            key = self._known.recall(uri)
            if key is not None:
                return key
            if self._is_recent(self._failed_at.recall(uri)):
                raise KeysUnreachable(uri=uri, why="the last attempt has just failed")
            flight = self._flights.get(uri)
            if flight is not None:
                if blocking and flight.thread == threading.get_ident():
                    # A task of this very thread is fetching: it cannot go on before we return.
                    return Lead(Flight(self._clock()))
                return Follow(flight)
            fruitless = sum(map(self._is_recent, self._failures))
            if fruitless + len(self._flights) >= MAX_FRUITLESS:
                raise KeysUnreachable(uri=uri, why="too many keys could not be had")
            flight = self._flights[uri] = Flight(self._clock())
            return Lead(flight)

    def _finish(self, uri: str, flight: Flight, outcome: Es256Key | str | None) -> None:
        """Take what the fetch brought: a key, a failure in words, or None if it was abandoned."""
        with self._lock:
            if isinstance(outcome, Es256Key):
                self._known.remember(uri, outcome)
                flight.failure = None
            elif outcome is not None and not flight.has_landed():
                self._failed_at.remember(uri, self._clock())
                self._failures.append(self._clock())
                flight.failure = outcome
            if self._flights.get(uri) is flight:
                del self._flights[uri]
        flight.land()

    def _settle(self, uri: str, flight: Flight) -> None:
        """Raise `KeysUnreachable` if the flight has failed."""
        if flight.failure is not None:
            raise KeysUnreachable(uri=uri, why=flight.failure)

    def _lost(self) -> str:
        return f"another caller's fetch has brought nothing in {self._patience} s"

    def _is_recent(self, moment: float | None) -> bool:
        return moment is not None and 0 <= self._clock() - moment < COOLDOWN


def _read(kid: str, pem: bytes) -> Es256Key | str:
    """Return the key, or why there is none."""
    try:
        return load_es256_key(kid, pem)
    except UnknownKey as error:
        return str(error)

"""The keys of Application Load Balancers: one document for each key, by its id (COG-ALB-006)."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cognito_verify.errors import (
    ConfigurationError,
    JwksFetchError,
    KeysUnreachable,
    SignatureInvalid,
    UnknownKey,
)
from cognito_verify.fetching import JwksFetcher

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_ARN = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov):elasticloadbalancing:(?P<region>[a-z]{2}(?:-[a-z]+)+"
    r"-[0-9]{1,2}):[0-9]{12}:loadbalancer/app/[A-Za-z0-9-]{1,64}/[0-9a-f]{1,64}",
    re.ASCII,
)
T = TypeVar("T")
_SIGNATURE_LENGTH = 64  # RFC 7518 §3.4

#: A load balancer has a few keys at a time; strangers can name any number.
MAX_KEYS = 64
#: How long a key that could not be had is not asked for again, in seconds.
COOLDOWN = 10.0


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
    """Keys by their address; those that could not be had are remembered for a while, too."""

    def __init__(self, fetcher: JwksFetcher, clock: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._lock = threading.Lock()
        # A key of that id never changes; a failure counts for COOLDOWN seconds.
        self._known: OrderedDict[str, Es256Key] = OrderedDict()
        self._failed_at: OrderedDict[str, float] = OrderedDict()

    def find(self, base: str, kid: str) -> Es256Key:
        """Return the key. Raises `KeyUnavailable`."""
        uri = base + kid
        key = self._recall(uri)
        if key is not None:
            return key
        try:
            return self._learn(uri, load_es256_key(kid, self._fetcher.fetch(uri)))
        except (JwksFetchError, OSError, UnknownKey) as error:
            raise self._failure(uri, error) from error

    async def find_async(self, base: str, kid: str) -> Es256Key:
        """Return the key. Raises `KeyUnavailable`."""
        uri = base + kid
        key = self._recall(uri)
        if key is not None:
            return key
        try:
            return self._learn(uri, load_es256_key(kid, await self._fetcher.fetch_async(uri)))
        except (JwksFetchError, OSError, UnknownKey) as error:
            raise self._failure(uri, error) from error

    def _recall(self, uri: str) -> Es256Key | None:
        with self._lock:
            key = self._known.get(uri)
            if key is not None:
                self._known.move_to_end(uri)
                return key
            failed_at = self._failed_at.get(uri)
        if failed_at is not None and 0 <= self._clock() - failed_at < COOLDOWN:
            raise KeysUnreachable(uri=uri, why="the last attempt has just failed")
        return None

    def _learn(self, uri: str, key: Es256Key) -> Es256Key:
        with self._lock:
            _remember(self._known, uri, key)
        return key

    def _failure(self, uri: str, error: Exception) -> KeysUnreachable:
        with self._lock:
            _remember(self._failed_at, uri, self._clock())
        return KeysUnreachable(uri=uri, why=str(error) or type(error).__name__)


def _remember(memory: "OrderedDict[str, T]", uri: str, value: T) -> None:
    """Keep the `MAX_KEYS` latest."""
    memory[uri] = value
    memory.move_to_end(uri)
    while len(memory) > MAX_KEYS:
        memory.popitem(last=False)

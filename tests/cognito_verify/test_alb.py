"""``x-amzn-oidc-data``: ES256, padded, with its rules in the header (COG-ALB-003 to 007)."""

import asyncio
import base64
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_verify import (
    ANY_CLIENT,
    ANY_TOKEN_USE,
    AlgorithmRefused,
    ClaimMalformed,
    ClientMismatch,
    CognitoVerifier,
    ConfigurationError,
    HeaderRefused,
    IssuerMismatch,
    JwksFetchError,
    KeysUnreachable,
    MalformedToken,
    SignatureInvalid,
    TokenExpired,
    UnknownKey,
    VerificationError,
)
from cognito_verify._alb_keys import COOLDOWN, MAX_FRUITLESS, MAX_KEYS
from cognito_verify.alb import AlbVerifier

NOW = 1_800_000_000
ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/my-alb/50dc6c495c0c9188"
KID = "0a1b2c3d-0000-4000-8000-0123456789ab"
URI = f"https://public-keys.auth.elb.eu-west-1.amazonaws.com/{KID}"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
CLAIMS = {"sub": "7c1de2aa", "email": "ada@example.com", "email_verified": "true", "exp": NOW + 120}
HEADER = {
    "typ": "JWT",
    "kid": KID,
    "alg": "ES256",
    "iss": ISSUER,
    "client": "client",
    "signer": ARN,
    "exp": NOW + 120,
}
Make = Callable[..., str]


@pytest.fixture(scope="module")
def key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def pem(key: Any) -> bytes:
    encoded: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def padded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def raw_signature(key: EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.fixture
def make_data(key: EllipticCurvePrivateKey) -> Callable[..., str]:
    def make(
        _claims: dict[str, Any] | None = None,
        _encode: Callable[[bytes], str] = padded,
        _without: str = "",
        **header: Any,
    ) -> str:
        head = {name: value for name, value in {**HEADER, **header}.items() if name != _without}
        signing_input = ".".join(
            _encode(json.dumps(part).encode()) for part in (head, {**CLAIMS, **(_claims or {})})
        )
        return f"{signing_input}.{_encode(raw_signature(key, signing_input.encode()))}"

    return make


@pytest.fixture
def make_verifier(key: EllipticCurvePrivateKey, fetcher: Any) -> Callable[..., AlbVerifier]:
    fetcher.document = pem(key)

    def make(**changes: Any) -> AlbVerifier:
        settings = {
            "load_balancer_arn": ARN,
            "client_id": "client",
            "issuer": ISSUER,
            "fetcher": fetcher,
            "clock": lambda: NOW,
        }
        return AlbVerifier(**{**settings, **changes})

    return make


MakeVerifier = Callable[..., AlbVerifier]


def test_good_data_is_accepted(make_data: Make, make_verifier: MakeVerifier, fetcher: Any) -> None:
    """COG-ALB-005: And its claims are userInfo's."""
    claims = make_verifier().verify(make_data())

    assert dict(claims) == CLAIMS
    assert len(claims) == len(CLAIMS)
    assert (claims.sub, claims.email_verified) == ("7c1de2aa", True)
    assert (claims.signer, claims.client_id, claims.expires_at) == (ARN, "client", NOW + 120)
    assert repr(claims) == "<AlbClaims sub='7c1de2aa'>"
    assert fetcher.uris == [URI]


@pytest.mark.parametrize("name_length", range(3))
def test_all_paddings_are_accepted(
    name_length: int, make_data: Make, make_verifier: MakeVerifier
) -> None:
    """COG-ALB-004: with ``=``; and without, as in any JWS."""
    claims = {"name": "x" * name_length}

    def unpadded(raw: bytes) -> str:
        return padded(raw).rstrip("=")

    assert make_verifier().verify(make_data(claims))
    assert make_verifier().verify(make_data(claims, unpadded))


def test_async_gives_the_same(make_data: Make, make_verifier: MakeVerifier, fetcher: Any) -> None:
    """With one fetch for both."""
    verifier = make_verifier()

    assert asyncio.run(verifier.verify_async(make_data())) == verifier.verify(make_data())
    assert asyncio.run(verifier.verify_async(make_data()))
    assert len(fetcher.uris) == 1


@pytest.mark.parametrize("verified", [False, "false", "TRUE", 1.5, None], ids=json.dumps)
def test_an_unverified_address_is_unverified(
    verified: object, make_data: Make, make_verifier: MakeVerifier
) -> None:
    """The string is "true", or it is not."""
    claims = make_verifier().verify(make_data({"email_verified": verified}))

    assert claims.email_verified is False


@pytest.mark.parametrize(
    "signer", [ARN + "0", ARN.replace("my-alb", "other"), ARN.upper(), "", None, [ARN], 5]
)
def test_another_load_balancer_is_rejected(
    signer: object, make_data: Make, make_verifier: MakeVerifier, fetcher: Any
) -> None:
    """COG-ALB-007; and its keys are not even fetched."""
    with pytest.raises(IssuerMismatch):
        make_verifier().verify(make_data(signer=signer))
    assert fetcher.uris == []


@pytest.mark.parametrize("client", ["other", "", None, ["client"], 5], ids=json.dumps)
def test_another_client_is_rejected(
    client: object, make_data: Make, make_verifier: MakeVerifier
) -> None:
    """The data must be of this application."""
    with pytest.raises(ClientMismatch):
        make_verifier().verify(make_data(client=client))


def test_any_client_can_be_asked_for(make_data: Make, make_verifier: MakeVerifier) -> None:
    """But it must be one."""
    verifier = make_verifier(client_id=ANY_CLIENT)

    assert verifier.verify(make_data(client="other")).client_id == "other"
    with pytest.raises(ClientMismatch):
        verifier.verify(make_data(client=""))


def test_the_issuer_is_compared_if_it_is_configured(
    make_data: Make, make_verifier: MakeVerifier
) -> None:
    """Exactly."""
    with pytest.raises(IssuerMismatch):
        make_verifier().verify(make_data(iss=ISSUER + "/"))
    assert make_verifier(issuer=None).verify(make_data(iss="https://accounts.example"))


@pytest.mark.parametrize(("leeway", "now"), [(0, NOW + 120), (5, NOW + 125), (0, NOW + 10**6)])
def test_data_expires(
    leeway: int, now: float, make_data: Make, make_verifier: MakeVerifier
) -> None:
    """At the header's second."""
    with pytest.raises(TokenExpired):
        make_verifier(leeway=leeway).verify(make_data(), now=now)
    assert make_verifier(leeway=leeway).verify(make_data(), now=NOW + 119 + leeway)


def test_expiry_is_last(make_data: Make, make_verifier: MakeVerifier) -> None:
    """Expired data is otherwise good."""
    with pytest.raises(ClientMismatch):
        make_verifier().verify(make_data(client="x", exp=5))
    with pytest.raises(ClaimMalformed):
        make_verifier().verify(make_data({"sub": None}, exp=5))
    with pytest.raises(ClaimMalformed):
        make_verifier().verify(make_data(_without="exp"))


@pytest.mark.parametrize("alg", ["none", "RS256", "HS256", "ES384", "es256", None], ids=json.dumps)
def test_only_es256_is_accepted(alg: object, make_data: Make, make_verifier: MakeVerifier) -> None:
    """RFC 8725 §3.1."""
    with pytest.raises(AlgorithmRefused):
        make_verifier().verify(make_data(alg=alg))


def test_extensions_are_refused(make_data: Make, make_verifier: MakeVerifier) -> None:
    """RFC 7515 §4.1.11."""
    with pytest.raises(HeaderRefused):
        make_verifier().verify(make_data(crit=["exp"]))


@pytest.mark.parametrize(
    "kid",
    ["../evil", f"{KID}/../x", KID.upper(), f"{KID}?x", f"{KID}\n", "", KID[:-1], None, 5, [KID]],
    ids=repr,
)
def test_a_key_id_is_no_path(
    kid: object, make_data: Make, make_verifier: MakeVerifier, fetcher: Any
) -> None:
    """It becomes part of an address, so only UUIDs are taken."""
    with pytest.raises(UnknownKey):
        make_verifier().verify(make_data(kid=kid))
    assert fetcher.uris == []


def test_forgeries_are_rejected(
    make_data: Make, make_verifier: MakeVerifier, key: EllipticCurvePrivateKey
) -> None:
    """Among them r = s = 0 (CVE-2022-21449), DER, and other lengths."""
    verifier = make_verifier()
    signing_input, _, _ = make_data().rpartition(".")
    good = raw_signature(key, signing_input.encode())
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    forgeries = [
        bytes(64),
        good[:32] + bytes(32),
        bytes(32) + good[32:],
        order.to_bytes(32, "big") * 2,
        b"\xff" * 64,
        good[:-1] + bytes([good[-1] ^ 1]),
        good[:-1],
        good + b"\0",
        b"",
        key.sign(signing_input.encode(), ECDSA(SHA256())),
        raw_signature(generate_private_key(SECP256R1()), signing_input.encode()),
    ]

    assert verifier.verify(f"{signing_input}.{padded(good)}")
    for forgery in forgeries:
        with pytest.raises(SignatureInvalid):
            verifier.verify(f"{signing_input}.{padded(forgery)}")


@pytest.mark.parametrize(
    "data",
    [
        *("", ".", "..", "a.b", "a.b.c", "a.b.c.d", "....", "é.b.c", "x" * 100_000),
        *("e30===.e30=.AAAA", "e30==.e30=.AAAA", "e30=.e31=.AAAA", "====.e30=.AAAA"),
        *("W10=.e30=.AAAA", "e30=.W10=.AAAA", None, b"e30=.e30=.AAAA", 5),
    ],
    ids=repr,
)
def test_malformed_data_is_rejected(data: Any, make_verifier: MakeVerifier, fetcher: Any) -> None:
    """Without a fetch."""
    with pytest.raises(VerificationError) as caught:
        make_verifier().verify(data)

    assert isinstance(caught.value, MalformedToken)
    assert fetcher.uris == []


BAD_KEYS: dict[str, Callable[[], Any]] = {
    "HTML": lambda: b"<html>",
    "empty": lambda: b"",
    "another curve": lambda: pem(generate_private_key(SECP384R1())),
    "RSA": lambda: pem(generate_rsa_key(65537, 2048)),
    "status": lambda: JwksFetchError("HTTP 403"),
    "time-out": TimeoutError,
}


@pytest.mark.parametrize("make_document", BAD_KEYS.values(), ids=list(BAD_KEYS))
def test_a_key_that_cannot_be_had_is_not_asked_for_again_at_once(
    make_document: Callable[[], Any],
    make_data: Make,
    make_verifier: MakeVerifier,
    fetcher: Any,
    clock: Any,
) -> None:
    """But it is, after the cooldown."""
    verifier = make_verifier(clock=clock)
    good, fetcher.document = fetcher.document, make_document()

    for _ in range(3):
        with pytest.raises(KeysUnreachable):
            verifier.verify(make_data())
        with pytest.raises(KeysUnreachable):
            asyncio.run(verifier.verify_async(make_data()))
    assert len(fetcher.uris) == 1

    clock.now += COOLDOWN
    with pytest.raises(KeysUnreachable):
        asyncio.run(verifier.verify_async(make_data()))
    assert len(fetcher.uris) == 2

    fetcher.document = good
    clock.now += COOLDOWN
    assert verifier.verify(make_data())


def stranger(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def test_strangers_cause_a_limited_number_of_fetches(
    make_data: Make, make_verifier: MakeVerifier, fetcher: Any, clock: Any
) -> None:
    """They can name any number of keys; those that are known work all the same."""
    verifier = make_verifier(clock=clock)
    verifier.verify(make_data())
    good, fetcher.document = fetcher.document, JwksFetchError("HTTP 403")
    for n in range(200):
        with pytest.raises(KeysUnreachable):
            verifier.verify(make_data(kid=stranger(n)))
        assert verifier.verify(make_data())
    assert len(fetcher.uris) == 1 + MAX_FRUITLESS

    fetcher.document = good
    clock.now += COOLDOWN
    assert verifier.verify(make_data(kid=stranger(1000)))


def test_a_bad_key_does_not_hold_up_another(
    make_data: Make, make_verifier: MakeVerifier, fetcher: Any
) -> None:
    """A few failures are not an attack."""
    verifier = make_verifier()
    good, fetcher.document = fetcher.document, JwksFetchError("HTTP 403")
    for n in range(MAX_FRUITLESS - 1):
        with pytest.raises(KeysUnreachable):
            verifier.verify(make_data(kid=stranger(n)))
    fetcher.document = good

    assert verifier.verify(make_data())


class GatedFetcher:
    """Serves a key when the gate is opened, and gives itself little time."""

    def __init__(self, document: bytes, total_timeout: float = 10.0) -> None:
        self.document = document
        self.total_timeout = total_timeout
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.uris: list[str] = []

    def fetch(self, uri: str) -> bytes:
        self.uris.append(uri)
        self.begun.release()
        assert self.gate.wait(10)
        return self.document

    async def fetch_async(self, uri: str) -> bytes:
        return await asyncio.to_thread(self.fetch, uri)


def test_a_key_is_fetched_by_one_caller(
    make_data: Make, make_verifier: MakeVerifier, key: EllipticCurvePrivateKey
) -> None:
    """Threads and tasks wait for it."""
    gated = GatedFetcher(pem(key))
    verifier = make_verifier(fetcher=gated)
    data = make_data()

    async def main() -> list[Any]:
        calls = [asyncio.to_thread(verifier.verify, data) for _ in range(3)]
        calls += [verifier.verify_async(data) for _ in range(3)]
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.to_thread(gated.begun.acquire)
        await asyncio.sleep(0.01)
        gated.gate.set()
        return await asyncio.gather(*tasks)

    assert len(asyncio.run(main())) == 6
    assert gated.uris == [URI]


@pytest.mark.parametrize("caller", ["thread", "task"])
def test_nobody_waits_for_ever_for_somebody_else(
    caller: str,
    make_data: Make,
    make_verifier: MakeVerifier,
    key: EllipticCurvePrivateKey,
) -> None:
    """A fetch that hangs is given up by those who wait; the key is welcome nevertheless."""
    gated = GatedFetcher(pem(key), total_timeout=0.05)
    verifier = make_verifier(fetcher=gated)
    data = make_data()

    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(verifier.verify, data)
        assert gated.begun.acquire(timeout=10)
        with pytest.raises(KeysUnreachable, match="brought nothing"):
            _ = (
                asyncio.run(verifier.verify_async(data))
                if caller == "task"
                else verifier.verify(data)
            )
        gated.gate.set()

        assert leader.result(10)
    assert verifier.verify(data)
    assert gated.uris == [URI]


def test_strangers_at_once_are_limited_too(
    make_data: Make, make_verifier: MakeVerifier, key: EllipticCurvePrivateKey
) -> None:
    """What is under way counts before it has failed."""
    gated = GatedFetcher(b"no key")
    verifier = make_verifier(fetcher=gated)

    with ThreadPoolExecutor(MAX_FRUITLESS) as pool:
        waiting = [
            pool.submit(verifier.verify, make_data(kid=stranger(n))) for n in range(MAX_FRUITLESS)
        ]
        for _ in waiting:
            assert gated.begun.acquire(timeout=10)
        with pytest.raises(KeysUnreachable, match="too many"):
            verifier.verify(make_data())
        gated.gate.set()
        assert {type(one.exception(10)) for one in waiting} == {KeysUnreachable}
    assert len(gated.uris) == MAX_FRUITLESS


def test_a_sync_call_does_not_wait_for_a_task_of_its_own_thread(
    make_data: Make, make_verifier: MakeVerifier, key: EllipticCurvePrivateKey
) -> None:
    """That task could never finish; so the call fetches for itself."""

    class SuspendedFetcher(GatedFetcher):
        async def fetch_async(self, uri: str) -> bytes:
            self.begun.release()
            await asyncio.sleep(0)
            return self.document

    suspended = SuspendedFetcher(pem(key))
    suspended.gate.set()
    verifier = make_verifier(fetcher=suspended)
    data = make_data()

    async def main() -> None:
        task = asyncio.create_task(verifier.verify_async(data))
        await asyncio.sleep(0)
        assert suspended.begun.acquire(blocking=False)
        assert verifier.verify(data)
        assert await task

    asyncio.run(main())


def test_a_cancelled_fetch_is_taken_over(
    make_data: Make, make_verifier: MakeVerifier, key: EllipticCurvePrivateKey
) -> None:
    """By one of those who wait."""

    class FirstHangs(GatedFetcher):
        async def fetch_async(self, uri: str) -> bytes:
            self.uris.append(uri)
            if len(self.uris) == 1:
                await asyncio.sleep(60)
            return self.document

    verifier = make_verifier(fetcher=FirstHangs(pem(key)))
    data = make_data()

    async def main() -> Any:
        first = asyncio.create_task(verifier.verify_async(data))
        await asyncio.sleep(0)
        second = asyncio.create_task(verifier.verify_async(data))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(main()).sub == "7c1de2aa"


def test_the_number_of_keys_is_bounded(
    make_data: Make, make_verifier: MakeVerifier, fetcher: Any
) -> None:
    """The one not used for longest goes first."""
    verifier = make_verifier()
    verifier.verify(make_data())
    for n in range(MAX_KEYS):
        verifier.verify(make_data(kid=f"00000000-0000-4000-8000-{n:012x}"))
    fetcher.uris.clear()

    verifier.verify(make_data(kid=f"00000000-0000-4000-8000-{MAX_KEYS - 1:012x}"))
    assert fetcher.uris == []
    verifier.verify(make_data())
    assert fetcher.uris == [URI]


@pytest.mark.parametrize(
    ("arn", "base"),
    [
        (
            ARN.replace("aws:", "aws-us-gov:").replace("eu-west-1", "us-gov-west-1"),
            "https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1/",
        ),
        (
            ARN.replace("aws:", "aws-cn:").replace("eu-west-1", "cn-north-1"),
            "https://public-keys.auth.elb.cn-north-1.amazonaws.com.cn/",
        ),
    ],
    ids=["GovCloud", "China"],
)
def test_keys_are_where_the_load_balancer_is(
    arn: str, base: str, make_data: Make, make_verifier: MakeVerifier, fetcher: Any
) -> None:
    """COG-ALB-006, for one of several load balancers."""
    verifier = make_verifier(load_balancer_arn=[ARN, arn])

    assert verifier.verify(make_data(signer=arn)).signer == arn
    assert fetcher.uris == [base + KID]


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"load_balancer_arn": value}
            for value in ((), "", [""], None, 5, "arn:aws:x", ARN + "/")
        ),
        {"load_balancer_arn": ARN.replace("/app/", "/net/")},
        {"load_balancer_arn": ARN.replace("eu-west-1", "evil.example/")},
        *({"client_id": value} for value in ((), "", [5], None)),
        *({"issuer": value} for value in ("", "http://example.com", ISSUER + "/")),
        *({"leeway": value} for value in (-1, True, "5", 10**6)),
    ],
    ids=str,
)
def test_a_careless_configuration_is_refused(
    changes: dict[str, Any], make_verifier: MakeVerifier
) -> None:
    """At once."""
    with pytest.raises(ConfigurationError):
        make_verifier(**changes)


def test_the_data_is_no_cognito_token(make_data: Make, jwks: dict[str, Any]) -> None:
    """And the Cognito verifier refuses it, padding or not."""
    verifier = CognitoVerifier(
        user_pool_id="eu-west-1_AbCdEfGhI",
        client_id=ANY_CLIENT,
        token_use=ANY_TOKEN_USE,
        jwks=jwks,
    )
    for encode in (padded, lambda raw: padded(raw).rstrip("=")):
        with pytest.raises(VerificationError):
            verifier.verify(make_data(None, encode))

"""The forge: deterministic, strict about its vocabulary, and right by independent judgement."""

import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from cognito_conformance.cases import load_cases
from cognito_conformance.forge import DEFAULT_NOW, Forge, RecipeError, pkcs1
from cognito_conformance.forge.encoding import b64url_decode
from cognito_conformance.forge.keys import forget_seeded_keys
from cognito_conformance.forge.recipe import check_recipe
from cognito_conformance.model import Config, Verdict, VerifyStep

CASES = {case.id: case for case in load_cases()}


@pytest.fixture(scope="module")
def forge() -> Forge:
    """One session's forge."""
    return Forge.create()


@pytest.fixture(scope="module")
def seeded() -> Forge:
    """A forge that is the same everywhere."""
    return Forge.create(7)


def test_rendering_is_deterministic(forge: Forge) -> None:
    """The same forge renders a case of each requirement to the same scenario."""
    for case in {case.requirement: case for case in CASES.values()}.values():
        if not case.id.startswith("dos/"):  # the same code, only more of it
            assert forge.render(case) == forge.render(case), case.id


def test_a_search_is_deterministic(forge: Forge) -> None:
    """A signature that had to be searched for is found again."""
    recipe = {"sign": {"adjust": "zero-kept"}}

    first, second = forge.render_token(recipe), forge.render_token(recipe)

    assert first == second
    assert _signature(first.text)[0] == 0


def test_a_seed_makes_the_same_tokens_everywhere(seeded: Forge) -> None:
    """Two forges of one seed share keys, names and so every byte."""
    recipes = ({}, {"base": "id"}, {"sign": {"key": "ec"}}, {"sign": {"alg": "PS256"}})
    expected = [seeded.render_token(recipe) for recipe in recipes]
    forget_seeded_keys()
    other = Forge.create(7)

    assert [other.render_token(recipe) for recipe in recipes] == expected


def test_no_two_sessions_share_keys(forge: Forge, seeded: Forge) -> None:
    """Nobody can know a session's keys, or its pool, beforehand."""
    other = Forge.create()

    assert len({each.keys.rsa("k1").n for each in (forge, seeded, other)}) == 3
    assert len({each.world.pool for each in (forge, seeded, other)}) == 3


def test_seeded_keys_have_the_size_they_claim(seeded: Forge) -> None:
    """Own prime generation makes keys that a library can use and of the right length."""
    for name, bits in (("k1", 2048), ("rsa1024", 1024), ("rsa3072", 3072), ("rsa4096", 4096)):
        key = seeded.keys.rsa(name)

        assert key.n.bit_length() == bits
        assert pow(pow(3, key.e, key.n), key.d, key.n) == 3
        assert key.raw(5) == pow(5, key.d, key.n)


@pytest.mark.parametrize("base", ["access", "id", "m2m"])
@pytest.mark.parametrize("maker", ["forge", "seeded"])
def test_base_tokens_verify_with_another_library(
    base: str, maker: str, request: pytest.FixtureRequest
) -> None:
    """PyJWT accepts each base token with the published key and reads the same claims."""
    made: Forge = request.getfixturevalue(maker)

    token = made.render_token({"base": base})

    options: Any = {"verify_aud": False, "verify_iat": False, "verify_exp": False}
    claims = jwt.decode(token.text, _public(made, base), algorithms=["RS256"], options=options)
    assert claims == token.claims
    assert claims["exp"] == DEFAULT_NOW - 60 + 3600


def test_the_clock_moves_a_token(forge: Forge) -> None:
    """Another now makes another exp: adapters with a wall clock get tokens of today."""
    token = forge.render_token({"claims": {"exp": "now+60"}}, now=1_900_000_000)

    assert token.claims is not None
    assert token.claims["exp"] == 1_900_000_060


def test_drawn_values_are_taken_literally(forge: Forge) -> None:
    """Text that a generator drew is no directive."""
    drawn = {"a": "!absent", "b": "now+60", "c": "@issuer", "d": "@{nothing}"}

    token = forge.render_token({"literal_claims": drawn, "literal_header": {"x": "!null"}})

    assert token.claims is not None
    assert {name: token.claims[name] for name in drawn} == drawn
    assert json.loads(b64url_decode(token.text.split(".")[0]))["x"] == "!null"


def test_the_base_configuration_fits_the_base_token(forge: Forge) -> None:
    """Properties start from what accepts a fresh token."""
    config = forge.base_config("id")

    assert isinstance(config, Config)
    assert config.token_use == "id"
    assert config.client_ids == (forge.world.client,)


@pytest.mark.parametrize(
    ("recipe", "complaint"),
    [
        ({}, "token or steps"),
        ({"token": {}, "steps": []}, "token or steps"),
        ({"token": {}, "jkws": []}, "unknown recipe member jkws"),
        ({"token": {"heder": {}}}, "unknown token member heder"),
        ({"token": {"base": "refresh"}}, "unknown base"),
        ({"token": {"sign": {"key": "k9"}}}, "unknown key"),
        ({"token": {"sign": {"alg": "RS255"}}}, "not known"),
        ({"token": {"sign": {"em": "der-nothing"}}}, "not known"),
        ({"token": {"sign": {"em": "no-hash", "none": True}}}, "more than one way"),
        ({"token": {"mangle": ["explode"]}}, "unknown mangle"),
        ({"token": {"text": "x", "claims": {}}}, "no other member"),
        ({"token": {"raw_claims": "b64:AA==", "claims": {}}}, "no room"),
        ({"token": {"claims_encoding": "ebcdic"}}, "unknown claims_encoding"),
        ({"token": {}, "config": {"issuer": ""}}, "unknown config member"),
        ({"token": {}, "jwks": ["k7"]}, "unknown key"),
        ({"token": {}, "jwks": [{"key": "k1", "raw": {}}]}, "key or a raw"),
        ({"steps": [{"token": {}, "expect": "maybe"}]}, "expect"),
        ({"steps": [{"wait": 1}]}, "unknown jwks step member"),
    ],
)
def test_a_recipe_outside_the_vocabulary_is_refused(recipe: dict[str, Any], complaint: str) -> None:
    """A misspelt attack must not become an ordinary token."""
    with pytest.raises(RecipeError, match=complaint):
        check_recipe(recipe)


@pytest.mark.parametrize(
    "token",
    [
        {"claims": {"iss": "@isuer"}},
        {"claims": {"iss": "@{issuer|shout}"}},
        {"claims": {"exp": "!never"}},
        {"mangle": ["empty:middle"]},
        {"mangle": ["suffix:"]},
        {"header": {"kid": "@kid:k9"}},
        {"sign": {"hmac": "pgp:k1"}},
    ],
)
def test_a_directive_outside_the_vocabulary_is_refused(forge: Forge, token: dict[str, Any]) -> None:
    """Unknown names, filters and directives are errors when they are rendered."""
    with pytest.raises(RecipeError):
        forge.render_token(token)


def test_the_correct_block_is_the_library_s(forge: Forge) -> None:
    """Our own EMSA-PKCS1-v1_5 and raw RSA make the signature that the library makes."""
    assert forge.render_token({"sign": {"em": "correct"}}) == forge.render_token({})


def test_every_wrong_block_is_rejected_by_the_library(forge: Forge) -> None:
    """Each mutation is another block, genuinely signed, and no verifier should take it."""
    right = forge.render_token({}).text
    wrong = {
        name: forge.render_token({"sign": {"em": name}}).text
        for name in pkcs1.ENCODERS
        if name != "correct"
    }

    assert len(set(wrong.values()) | {right}) == len(wrong) + 1
    assert len(wrong) > 100
    for name, token in wrong.items():
        with pytest.raises(InvalidSignature):
            _verify(forge, token, padding.PKCS1v15())
        block = pow(int.from_bytes(_signature(token), "big"), 65537, forge.keys.rsa("k1").n)
        message = token.rpartition(".")[0].encode()
        assert block == int.from_bytes(pkcs1.ENCODERS[name](message, 256), "big"), name


def test_every_case_of_a_block_is_rejected_but_the_right_one() -> None:
    """The cases name every mutation there is, bar the one that is recorded."""
    used = {
        case.recipe["token"]["sign"]["em"]  # type: ignore[index, call-overload]
        for case in CASES.values()
        if "em" in case.recipe.get("token", {}).get("sign", {})  # type: ignore[union-attr]
    }

    assert used == pkcs1.ENCODERS.keys()
    assert CASES["sig/em-missing-null"].expect == {Verdict.ACCEPT, Verdict.REJECT}


def test_pss_signatures_are_good_pss(forge: Forge) -> None:
    """A PS256 token verifies as PSS: what is rejected is the algorithm, not a broken signature."""
    token = forge.render_token({"sign": {"alg": "PS256"}}).text

    _verify(forge, token, padding.PSS(padding.MGF1(hashes.SHA256()), 32))


def test_curve_signatures_are_good(forge: Forge) -> None:
    """ES256 and EdDSA tokens verify with their keys."""
    es256 = forge.render_token({"sign": {"key": "ec"}}).text
    eddsa = forge.render_token({"sign": {"key": "ed"}}).text

    r, s = (int.from_bytes(half, "big") for half in _halves(_signature(es256)))
    forge.keys.ec.public_key().verify(
        utils.encode_dss_signature(r, s), _message(es256), ec.ECDSA(hashes.SHA256())
    )
    forge.keys.ed.public_key().verify(_signature(eddsa), _message(eddsa))


@pytest.mark.parametrize(("alg", "digest"), [("HS256", "sha256"), ("HS512", "sha512")])
def test_confused_keys_make_good_macs(forge: Forge, alg: str, digest: str) -> None:
    """The HMAC is right for the PEM: only the idea of using it is wrong."""
    token = forge.render_token({"sign": {"hmac": "pem:k1+nl", "alg": alg}}).text
    pem = forge.keys.public_bytes("pem", "k1")

    assert hmac.digest(pem, _message(token), digest) == _signature(token)


def test_exponent_one_needs_no_key(forge: Forge) -> None:
    """With e = 1 the padded block is its own signature."""
    token = forge.render_token({"sign": {"key": "e1"}}).text

    assert _signature(token) == pkcs1.correct(_message(token), 256)
    assert hashlib.sha256(_message(token)).digest() == _signature(token)[-32:]


def test_the_certificate_holds_the_key(forge: Forge) -> None:
    """x5c's certificate carries the attacker's own public key."""
    certificate = x509.load_der_x509_certificate(forge.keys.certificate("attacker"))

    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.public_numbers().n == forge.keys.rsa("attacker").n


def test_a_single_token_renders_to_one_step(forge: Forge) -> None:
    """A case with a token is a scenario of one verification at the case's now."""
    scenario = forge.render(CASES["time/exp/at-now"])

    (step,) = scenario.steps
    assert isinstance(step, VerifyStep)
    assert step.claims is not None
    assert step.now == step.claims["exp"] == DEFAULT_NOW + 60


def _public(forge: Forge, base: str = "access") -> rsa.RSAPublicKey:
    key = forge.keys.rsa("k2" if base == "id" else "k1")
    return rsa.RSAPublicNumbers(key.e, key.n).public_key()


def _verify(forge: Forge, token: str, how: padding.AsymmetricPadding) -> None:
    _public(forge).verify(_signature(token), _message(token), how, hashes.SHA256())


def _signature(token: str) -> bytes:
    return b64url_decode(token.rpartition(".")[2])


def _message(token: str) -> bytes:
    return token.rpartition(".")[0].encode()


def _halves(octets: bytes) -> tuple[bytes, bytes]:
    return octets[:32], octets[32:]

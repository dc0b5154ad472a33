"""Laws of SRP, with an independent client: pycognito's maths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycognito.aws_srp import AWSSRP, pad_hex

from cognito_mock.core import srp

pytestmark = pytest.mark.property

POOL_ID = "eu-west-1_AbCdEfGhI"
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
SALT = st.integers(min_value=1 << 127, max_value=(1 << 128) - 1).map(lambda n: f"{n:x}")


@given(number=st.integers(min_value=1, max_value=1 << 3100))
def test_padding_agrees_with_pycognito(number):
    """COG-API-SRP-002: the same bytes for every positive number."""
    assert srp.pad_hex(number) == bytes.fromhex(pad_hex(number))


def keys_of_both_sides(user_id: str, password: str, typed: str, salt: str, random: bytes):
    """The key that the client computes with ``typed``, and the server's for ``password``."""
    client = AWSSRP(user_id, typed, POOL_ID, "client", client=object())
    verifier = srp.make_verifier("AbCdEfGhI", user_id, password, salt)
    exchange = srp.begin_exchange(verifier, random)
    client_key = client.get_password_authentication_key(user_id, typed, exchange.B, salt)
    return client_key, srp.session_key(exchange, client.large_a_value, verifier)


@settings(max_examples=8, deadline=None)
@given(user_id=TEXT, password=TEXT, salt=SALT, random=st.binary(min_size=32, max_size=32))
def test_both_sides_agree_on_the_key(user_id, password, salt, random):
    """RFC 5054: with the right password client and server compute the same secret."""
    client_key, server_key = keys_of_both_sides(user_id, password, password, salt, random)
    assert client_key == server_key


@settings(max_examples=5, deadline=None)
@given(
    password=TEXT,
    typed=TEXT,
    salt=SALT,
    random=st.binary(min_size=32, max_size=32),
)
def test_another_password_leads_to_another_key(password, typed, salt, random):
    """Whatever is typed instead of the password, the keys differ."""
    if typed == password:
        typed += "x"
    client_key, server_key = keys_of_both_sides("ada", password, typed, salt, random)
    assert client_key != server_key


@given(text=st.text(max_size=900))
def test_reading_a_public_value_never_fails(text):
    """COG-API-SRP-004: a number that is safe to use, or nothing."""
    value = srp.parse_public_value(text)
    assert value is None or (value % srp.N != 0 and int(text, 16) == value)


@given(factor=st.integers(min_value=0, max_value=1 << 70))
def test_multiples_of_n_are_never_accepted(factor):
    """RFC 5054 §2.5.4."""
    assert srp.parse_public_value(f"{factor * srp.N:x}") is None

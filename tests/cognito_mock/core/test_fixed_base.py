"""Powers of a fixed base, held against ``pow``."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_mock.core.fixed_base import power
from cognito_mock.core.srp import G, N


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_it_is_pow(exponent):
    """For all exponents that SRP's hashes and secrets can be."""
    assert power(G, exponent, N) == pow(G, exponent, N)


@pytest.mark.parametrize("exponent", [0, 1, 2**256 - 1, 2**256, 2**3071 + 1])
def test_the_ends_and_beyond_them(exponent):
    """Longer exponents than the table has bits are as right."""
    assert power(G, exponent, N) == pow(G, exponent, N)


def test_another_base_has_its_own_table():
    """Nothing of the former base is left."""
    assert power(3, 1000, 97) == pow(3, 1000, 97)
    assert power(5, 1000, 97) == pow(5, 1000, 97)

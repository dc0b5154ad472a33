"""Policy texts, what is kept of a password, and generated ones."""

import pytest

from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.passwords import PasswordPolicy, generate_password, store_password

ENTROPY = SystemEntropy()


@pytest.mark.parametrize(
    ("password", "shortcoming"),
    [
        ("Aa1!", "Password not long enough"),
        ("ABCDEFG1!", "Password must have lowercase characters"),
        ("abcdefg1!", "Password must have uppercase characters"),
        ("Abcdefgh!", "Password must have numeric characters"),
        ("Abcdefg12", "Password must have symbol characters"),
        (" Abcdefg12 ", "Password must have symbol characters"),
        ("Abcdefg12€", "Password must have symbol characters"),
        ("ÄÖÜabcd1!", "Password must have uppercase characters"),
        ("Abcdefg1!", None),
        ("Abc efg12", None),
        ("Abcdefg1=", None),
        ("Abcdefg1`", None),
    ],
)
def test_default_policy(password, shortcoming):
    """COG-API-POLICY-002, -003: one failure is told, in this order; ASCII only counts."""
    assert PasswordPolicy().shortcoming(password) == shortcoming


def test_a_given_policy_asks_for_what_it_names_only():
    """COG-API-POLICY-001: absent booleans of a given policy are false."""
    policy = PasswordPolicy.from_settings({"MinimumLength": 6, "RequireNumbers": True})
    assert policy.shortcoming("abcde1") is None
    assert policy.shortcoming("abcdef") == "Password must have numeric characters"


def test_zero_days_of_validity_are_seven():
    """COG-API-STATUS-009."""
    policy = PasswordPolicy.from_settings({"TemporaryPasswordValidityDays": 0})
    assert policy.temporary_validity_days == 7


def test_a_stored_password_matches_itself_only():
    """The salted digest accepts the password and nothing near it."""
    stored = store_password("Passw0rd!x", pool_name="P", user_id="ada", entropy=ENTROPY)
    assert stored.matches("Passw0rd!x")
    for wrong in ("passw0rd!x", "Passw0rd!", "Passw0rd!x ", "", "\ud800"):
        assert not stored.matches(wrong)


def test_the_same_password_is_stored_differently_each_time():
    """Both salts are random, so equal passwords do not show."""
    one = store_password("Passw0rd!x", pool_name="P", user_id="ada", entropy=ENTROPY)
    two = store_password("Passw0rd!x", pool_name="P", user_id="ada", entropy=ENTROPY)
    assert one.digest != two.digest
    assert one.srp_verifier != two.srp_verifier
    assert "Passw0rd" not in repr(one)


def test_the_salt_of_srp_has_no_leading_zero():
    """Clients differ in padding a hex text with leading zeros; there is none to pad."""
    for _ in range(20):
        salt = store_password("x", pool_name="P", user_id="ada", entropy=ENTROPY).srp_salt
        assert len(salt) == 32
        assert salt[0] in "89abcdef"


@pytest.mark.parametrize("length", [6, 8, 20, 99])
def test_generated_passwords_fit_their_policy(length):
    """COG-API-STATUS-008."""
    policy = PasswordPolicy(minimum_length=length)
    passwords = {generate_password(policy, ENTROPY) for _ in range(50)}
    assert len(passwords) == 50
    assert all(policy.shortcoming(password) is None for password in passwords)

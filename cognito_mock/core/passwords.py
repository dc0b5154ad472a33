"""Password policy, and what is kept of a password."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import Self

from cognito_mock.core.ids import Entropy, random_text
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.secret_hash import utf8
from cognito_mock.core.srp import make_verifier

# COG-API-POLICY-002. A space counts too, except as first or last character.
_SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")
_LOWERCASE = re.compile("[a-z]")
_UPPERCASE = re.compile("[A-Z]")
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """COG-API-POLICY-001."""

    minimum_length: int = 8
    require_uppercase: bool = True
    require_lowercase: bool = True
    require_numbers: bool = True
    require_symbols: bool = True
    temporary_validity_days: int = 7
    history_size: int = 0

    @classmethod
    def from_settings(cls, document: JsonObject) -> Self:
        """Read ``Policies.PasswordPolicy``; when it is given, absent booleans are false."""
        if not document:
            return cls()
        length = document.get("MinimumLength", 8)
        days = document.get("TemporaryPasswordValidityDays", 7)
        history = document.get("PasswordHistorySize", 0)
        return cls(
            minimum_length=length if isinstance(length, int) else 8,
            require_uppercase=document.get("RequireUppercase", False) is True,
            require_lowercase=document.get("RequireLowercase", False) is True,
            require_numbers=document.get("RequireNumbers", False) is True,
            require_symbols=document.get("RequireSymbols", False) is True,
            # COG-API-STATUS-009: 0 means 7.
            temporary_validity_days=days if isinstance(days, int) and days else 7,
            history_size=history if isinstance(history, int) else 0,
        )

    def shortcoming(self, password: str) -> str | None:
        """Return the first way in which ``password`` falls short, in the service's words.

        The order is COG-API-POLICY-003's; letters and digits beyond ASCII do not count
        (COG-API-POLICY-002).
        """
        if len(password) < self.minimum_length:
            return "Password not long enough"
        if self.require_lowercase and not _LOWERCASE.search(password):
            return "Password must have lowercase characters"
        if self.require_uppercase and not _UPPERCASE.search(password):
            return "Password must have uppercase characters"
        if self.require_numbers and not _DIGIT.search(password):
            return "Password must have numeric characters"
        if self.require_symbols and not (
            _SYMBOLS.intersection(password) or " " in password.strip(" ")
        ):
            return "Password must have symbol characters"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPassword:
    """What is kept of a password that was replaced, where the policy has a history."""

    salt: str
    digest: str

    def matches(self, password: str) -> bool:
        """Tell, in constant time, whether this was the password."""
        return hmac.compare_digest(self.digest, _digest(self.salt, password))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassword:
    """What a pool keeps of a password: a salted digest, and SRP's salt and verifier (hex).

    ``temporary_until`` is the epoch second at which a temporary password ends, None for a
    permanent one.
    """

    salt: str
    digest: str
    srp_salt: str
    srp_verifier: str
    temporary_until: float | None = None

    def matches(self, password: str) -> bool:
        """Tell, in constant time, whether this is the password."""
        return hmac.compare_digest(self.digest, _digest(self.salt, password))


def store_password(
    password: str,
    *,
    pool_name: str,
    user_id: str,
    entropy: Entropy,
    temporary_until: float | None = None,
) -> StoredPassword:
    """Make what is kept of ``password``. Costs milliseconds: call it outside a transaction.

    ``pool_name`` is the pool id after the underscore, ``user_id`` the canonical username; SRP binds
    the verifier to both (COG-API-SRP-005).
    """
    salt = entropy.token_bytes(16).hex()
    # Without leading zeros: clients differ in how they pad a hex text that has some.
    srp_salt = f"{int.from_bytes(entropy.token_bytes(16), 'big') | 1 << 127:x}"
    return StoredPassword(
        salt=salt,
        digest=_digest(salt, password),
        srp_salt=srp_salt,
        srp_verifier=make_verifier(pool_name, user_id, password, srp_salt),
        temporary_until=temporary_until,
    )


def generate_password(policy: PasswordPolicy, entropy: Entropy) -> str:
    """Return a temporary password that fits the policy, with a character of each class.

    (COG-API-STATUS-008.)
    """
    length = max(policy.minimum_length, 12)
    classes = (ascii_lowercase, ascii_uppercase, digits, "!@#$%&*-+?")
    text = [random_text(entropy, alphabet, 1) for alphabet in classes]
    text.append(random_text(entropy, ascii_letters + digits, length - len(text)))
    # Beginning and end are letters or digits, which survive copying out of a sentence.
    return text[0] + text[3] + text[2] + text[4] + text[1]


def _digest(salt: str, password: str) -> str:
    # A fast hash on purpose: a mock holds made-up passwords, signs in many times a second, and
    # keeps an SRP verifier beside it, which is no slower to attack.
    # Not an HMAC: nothing is keyed here, and OpenSSL's lets go of the interpreter's lock, in the
    # midst of a transaction.
    return hashlib.sha256(bytes.fromhex(salt) + utf8(password)).hexdigest()

"""Remember which tokens a key has signed, so that a token seen again costs no RSA.

Remembers nothing but that: claims are parsed, and time, issuer, client and all the rest are
checked, each time. # conformance: state/accept-then-expire, state/no-cross-talk
"""

import threading
from collections import OrderedDict
from hashlib import sha256

from cognito_verify._compact import Untrusted
from cognito_verify._rsa import RsaKey, Signed, check_signature


class SignatureCache:
    """The last ``size`` different tokens, by the hash of all of their text, with their keys."""

    __slots__ = ("_keys", "_lock", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._keys: OrderedDict[bytes, RsaKey] = OrderedDict()

    def __len__(self) -> int:
        return len(self._keys)

    def check(self, untrusted: Untrusted, key: RsaKey) -> Signed:
        """Do the same as `check_signature`, or recall that it has been done with this very key.

        A key that was withdrawn is not asked about any more, and new material under its id is
        another key; so nothing is left of either here.
        """
        # The signing input has one dot, so this is one to one with the token's text.
        digest = sha256(untrusted.signing_input + b"." + untrusted.signature).digest()
        if self._keys.get(digest) is key:
            return Signed(untrusted.kid, untrusted.claims)
        signed = check_signature(untrusted, key)
        with self._lock:
            self._keys[digest] = key
            self._keys.move_to_end(digest)
            while len(self._keys) > self._size:
                self._keys.popitem(last=False)
        return signed

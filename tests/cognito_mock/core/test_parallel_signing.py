"""Two signatures at a time."""

import threading
from dataclasses import replace

import pytest

from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.parallel_signing import ParallelSigner


@pytest.fixture(scope="module")
def keys():
    return [new_signing_key(SystemEntropy()) for _ in range(2)]


def test_each_signature_is_over_its_own_input_with_its_own_key(keys):
    """RSASSA-PKCS1-v1_5 is deterministic (RFC 8017 §8.2): the same as one after the other."""
    signer = ParallelSigner()

    both = signer.sign_both((keys[0], b"one"), (keys[1], b"two"))

    assert both == (signer.sign(keys[0], b"one"), signer.sign(keys[1], b"two"))


def test_many_threads_never_mix_up_their_signatures(keys):
    """One of them has the helper, the others sign by themselves."""
    signer = ParallelSigner()
    wrong = []

    def sign(number):
        for turn in range(5):
            one, two = f"{number}.{turn}.1".encode(), f"{number}.{turn}.2".encode()
            first, second = signer.sign_both((keys[0], one), (keys[1], two))
            if not signer.verify(keys[0], one, first) or not signer.verify(keys[1], two, second):
                wrong.append((number, turn))

    threads = [threading.Thread(target=sign, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.parametrize("bad", [0, 1])
def test_a_key_that_cannot_sign_is_an_error_and_the_next_sign_in_works(keys, bad):
    """Whoever of the two has it."""
    signer = ParallelSigner()
    work = [(keys[0], b"one"), (keys[1], b"two")]
    broken = list(work)
    broken[bad] = (replace(keys[bad], pem="no key"), b"x")

    with pytest.raises(ValueError, match=r".+"):
        signer.sign_both(*broken)

    assert signer.sign_both(*work) == tuple(signer.sign(*item) for item in work)

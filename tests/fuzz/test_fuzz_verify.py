"""The fuzzer's targets on its seeds, and on simple mutations of them: always the same ones."""

import random

import pytest

from .fuzz_verify import TARGETS, one_input, seeds

SEEDS = seeds()
MUTATIONS = 150


def test_every_target_has_seeds() -> None:
    """None is left out by mistake."""
    assert {seed[0] for seed in SEEDS} == set(range(len(TARGETS)))


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_targets_hold_for_seeds_and_their_mutations(number: int) -> None:
    """A short, deterministic stand-in for the fuzzer."""
    dice = random.Random(number)  # noqa: S311  (a schedule, no secret)
    seed = SEEDS[number]
    one_input(seed)

    for _ in range(MUTATIONS):
        one_input(seed[:1] + mutate(seed[1:], dice))


def mutate(data: bytes, dice: random.Random) -> bytes:
    """Change, insert, delete, repeat or splice a few places."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        place = dice.randint(0, len(changed))
        kind = dice.randrange(5)
        if kind == 0 and place < len(changed):
            changed[place] = dice.randrange(256)
        elif kind == 1:
            changed[place:place] = bytes(dice.choices(b'"\\{}[].,;:=%-_ \x00\xff09azAZ', k=2))
        elif kind == 2:
            del changed[place : place + dice.randint(1, 8)]
        elif kind == 3:
            changed[place:place] = changed[place : place + dice.randint(1, 40)]
        else:
            other = dice.choice(SEEDS)
            changed[place:] = other[dice.randint(1, len(other)) :]
    return bytes(changed)

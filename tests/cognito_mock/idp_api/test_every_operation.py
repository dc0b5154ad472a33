"""Every operation with behaviour, called with boto3 over HTTP: each answer has what it should."""

import re

import pytest
from botocore.exceptions import ClientError

from cognito_mock.flows.inbox import list_messages
from cognito_mock.idp_api.operations import OPERATIONS

from .every_operation import NO_BODY, STEPS, World


@pytest.fixture(scope="module")
def answers(idp, shared_services):
    """What is expected of each step when it is taken, and the answer or the error."""

    def last_code():
        return list_messages(shared_services, world["pool"])[-1].code

    world = World(last_code=last_code)
    found = []
    for step in STEPS:
        try:
            expected = step.expected(world) if callable(step.expected) else step.expected
            answer = getattr(idp, step.method)(**step.members(world))
        except (ClientError, KeyError) as error:
            expected, answer = {}, error
        else:
            world.known.update({name: pick(answer) for name, pick in step.keep.items()})
        found.append((expected, answer))
    return found


def fits(expected, actual):
    """Whether an answer is as expected; a mapping may have more members than are named."""
    if expected is ...:
        return True
    if isinstance(expected, type):
        return isinstance(actual, expected)
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.fullmatch(actual) is not None
    if isinstance(expected, dict):
        return expected.keys() <= actual.keys() and all(
            fits(value, actual[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(fits, expected, actual))
    return expected == actual


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.operation for step in STEPS])
def test_answer(answers, number):
    """Section 2 of the fact book: the operation works, with exactly these members on top.

    COG-API-WIRE-004: where there is no output shape there is no body; an empty one is ``{}``.
    """
    expected, answer = answers[number]

    assert isinstance(answer, dict), answer
    members = dict(answer)
    length = int(members.pop("ResponseMetadata")["HTTPHeaders"]["content-length"])
    assert members.keys() == (expected or {}).keys()
    assert fits(expected or {}, members), members
    if not members:
        assert length == (0 if expected is NO_BODY else len("{}"))


def test_every_operation_is_called():
    """The steps are of all operations that have behaviour, and of no others."""
    assert {step.operation for step in STEPS} == set(OPERATIONS)

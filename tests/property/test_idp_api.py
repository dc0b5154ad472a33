"""Whatever is sent to the JSON API, it answers in the service's terms."""

import json
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.service_model import operation_names

from .api_input import JSON, MODEL, fitting_input
from .api_world import SETTINGS, SIGNATURE, furnished, perform, records
from .defects import WRONG_TYPE, broken

pytestmark = pytest.mark.property


@pytest.fixture(scope="module")
def shared():
    """For input that changes nothing, and to be copied."""
    return furnished()


class TestEveryAnswerIsTheServices:
    """Modelled errors are HTTP 400; nothing that is sent gives a 500."""

    @SETTINGS
    @given(operation=st.sampled_from(sorted(OPERATIONS)), document=JSON)
    def test_arbitrary_json(self, shared, operation, document):
        """COG-API-WIRE-013, -015: any JSON gets an error that the model lists for the operation."""
        perform(shared, operation, json.dumps(document).encode())

    @SETTINGS
    @given(operation=st.sampled_from(sorted(OPERATIONS)), body=st.binary(max_size=200))
    def test_arbitrary_bytes(self, shared, operation, body):
        """So is anything that is no JSON."""
        perform(shared, operation, body)

    @SETTINGS
    @given(data=st.data())
    def test_fitting_input(self, shared, data):
        """So is a series of calls with input of the right types, of which some succeed."""
        world = shared.copy()
        operations = st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=4)
        for operation in data.draw(operations):
            perform(world, operation, world.body(data.draw(fitting_input(operation))))

    @pytest.mark.parametrize("operation", sorted(OPERATIONS))
    @settings(SETTINGS, max_examples=40)
    @given(data=st.data())
    def test_each_operation(self, shared, operation, data):
        """Each operation by itself: what it refuses has changed nothing."""
        document = data.draw(fitting_input(operation))
        world = shared.copy()
        perform(world, operation, world.body(document))

    @pytest.mark.parametrize("operation", sorted(OPERATIONS))
    @settings(SETTINGS, max_examples=15)
    @given(data=st.data())
    def test_one_thing_wrong(self, shared, operation, data):
        """COG-API-WIRE-008, -017, -020: a limit overstepped in one place is found before all else.

        The type of every member comes first, then the model's limits; nothing has changed at all.
        """
        shape = MODEL.operation_model(operation).input_shape
        document = data.draw(fitting_input(operation))
        found = list(broken(shape, document))
        assume(found)
        kind, wrong = data.draw(st.sampled_from(found))
        before = records(shared.services)

        status, answered = perform(shared, operation, shared.body(wrong))

        assert (status, records(shared.services)) == (400, before)
        if kind == WRONG_TYPE:
            assert answered["__type"] == "SerializationException"
        else:
            assert answered["__type"] == "InvalidParameterException"
            assert re.match(r"[0-9]+ validation errors? detected: Value ", answered["message"])
            assert kind in answered["message"]

    def test_operations_without_behaviour(self, shared):
        """A stub answers the same whatever it is sent."""
        for operation in sorted(operation_names() - OPERATIONS.keys()):
            response = answer(
                shared.services,
                WireRequest(
                    target=f"AWSCognitoIdentityProviderService.{operation}",
                    host="localhost",
                    authorization=SIGNATURE,
                    body=b"\xff",
                ),
            )
            assert json.loads(response.body) == {
                "__type": "UnsupportedOperationException",
                "message": f"{operation} is not implemented by cognito-mock",
            }

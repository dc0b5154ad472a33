"""The service model, next to how botocore itself reads the same file."""

import json

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape

from cognito_mock.core import errors
from cognito_mock.core.errors import CognitoError, InternalErrorException
from cognito_mock.core.users import UserStatus
from cognito_mock.idp_api.rendering import render_error
from cognito_mock.service_model import is_signed, operation_model, operation_names

TRAITS = ("min", "max", "pattern", "enum", "sensitive", "document")


@pytest.fixture(scope="module")
def theirs():
    return ServiceModel(Loader().load_service_model("cognito-idp", "service-2"), "cognito-idp")


def description(shape):
    """Everything that the protocol looks at, as plain data."""
    if shape is None:
        return None
    own = {name: shape.metadata[name] for name in TRAITS if shape.metadata.get(name)}
    found = [shape.name, shape.type_name, own]
    kind = type(shape).__name__
    if kind == StructureShape.__name__:
        found.append(sorted(shape.required_members))
        found.append([(name, description(member)) for name, member in shape.members.items()])
    elif kind == ListShape.__name__:
        found.append(description(shape.member))
    elif kind == MapShape.__name__:
        found += [description(shape.key), description(shape.value)]
    return found


def test_all_operations_are_there(theirs):
    """The same names."""
    assert operation_names() == frozenset(theirs.operation_names)


def test_every_operation_reads_as_botocore_reads_it(theirs):
    """Shapes to the last member, with their traits and their order, and who signs."""
    for name in operation_names():
        ours, other = operation_model(name), theirs.operation_model(name)
        assert description(ours.input_shape) == description(other.input_shape), name
        assert description(ours.output_shape) == description(other.output_shape), name
        assert is_signed(ours) == (str(other.auth_type) != "none"), name


RAISED = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, CognitoError) and kind is not CognitoError
]


@pytest.mark.parametrize("kind", RAISED)
def test_errors_are_the_models(theirs, kind):
    """COG-API-WIRE-014, -015, -023: names, members, and 400 for all but the internal one."""
    modelled = theirs.shape_for(kind.__name__)

    response = render_error(kind("because"))

    assert modelled.metadata["exception"] is True
    assert response.status == (500 if kind is InternalErrorException else 400)
    document = json.loads(response.body)
    assert document == {"__type": kind.__name__, "message": "because"}
    assert document.keys() - {"__type"} <= modelled.members.keys()


def test_statuses_are_the_models(theirs):
    """COG-API-STATUS-001: no status but the model's."""
    assert {*UserStatus} <= set(theirs.shape_for("UserStatusType").enum)


def test_an_operation_is_one_object():
    """What is worked out for its shapes is found again."""
    assert operation_model("InitiateAuth") is operation_model("InitiateAuth")

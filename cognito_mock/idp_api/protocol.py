"""One call of the JSON 1.1 protocol, from target, headers and body to a response. No HTTP library.

Order of evaluation: target, signature, JSON types, constraints, behaviour (COG-API-WIRE-020).
"""

import logging
import traceback
from dataclasses import dataclass

from cognito_mock.core.errors import (
    CognitoError,
    InternalErrorException,
    UnsupportedOperationException,
)
from cognito_mock.flows.services import Services
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.caller import read_caller
from cognito_mock.idp_api.constraints import check_constraints
from cognito_mock.idp_api.deserialization import read_body
from cognito_mock.idp_api.errors import UnknownOperationException
from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.idp_api.rendering import WireResponse, render_error, render_output
from cognito_mock.service_model import is_signed, operation_model, operation_names

_TARGET_PREFIX = "AWSCognitoIdentityProviderService."
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """What the protocol reads of an HTTP request."""

    target: str
    host: str
    authorization: str
    body: bytes


def answer(services: Services, request: WireRequest) -> WireResponse:
    """Perform the call that ``request`` asks for."""
    try:
        return _perform(services, request)
    except CognitoError as error:
        return render_error(error)
    except Exception as error:  # noqa: BLE001  (the last resort of a server; reported, not hidden)
        # The message of the exception may quote the input, so only its class and place are told.
        place = "".join(traceback.format_tb(error.__traceback__))
        _LOG.error("%s failed with %s at\n%s", request.target, type(error).__name__, place)
        return render_error(InternalErrorException("Internal error"))


def _perform(services: Services, request: WireRequest) -> WireResponse:
    prefix, name = request.target[: len(_TARGET_PREFIX)], request.target[len(_TARGET_PREFIX) :]
    if prefix != _TARGET_PREFIX or name not in operation_names():
        raise UnknownOperationException("")
    model = operation_model(name)
    caller = read_caller(
        host=request.host, authorization=request.authorization, must_sign=is_signed(model)
    )
    operation = OPERATIONS.get(name)
    if operation is None:
        raise UnsupportedOperationException(f"{name} is not implemented by cognito-mock")
    document = read_body(model.input_shape, request.body)
    check_constraints(model.input_shape, document)
    output = operation(Call(services=services, region=caller.region, input=document))
    return render_output(model.output_shape, output)

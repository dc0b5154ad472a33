"""Errors of the protocol itself, which no flow raises.

CognitoError
├── the errors that flows raise (core/errors.py)
├── IncompleteSignatureException           400  Authorization header that is no signature
├── MissingAuthenticationTokenException    400  no signature (COG-API-WIRE-010)
├── RequestEntityTooLargeException         413  body over the limit
├── SerializationException                 400  no JSON, or wrong types (COG-API-WIRE-008)
└── UnknownOperationException              400  target names no operation (COG-API-WIRE-009)
"""

from cognito_mock.core.errors import CognitoError


class IncompleteSignatureException(CognitoError):  # noqa: N818
    """The Authorization header is not a complete AWS signature."""


class MissingAuthenticationTokenException(CognitoError):  # noqa: N818
    """The operation must be signed."""


class RequestEntityTooLargeException(CognitoError):  # noqa: N818
    """The body is too long."""


class SerializationException(CognitoError):  # noqa: N818
    """The body cannot be read as the operation's input."""


class UnknownOperationException(CognitoError):  # noqa: N818
    """There is no such operation."""

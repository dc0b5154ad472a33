"""Errors of the user pool, named as the service names them.

CognitoError
├── one class per exception of the service model that behaviour raises

Each carries its message only, which is what the client sees; the API renders
``type(error).__name__`` (COG-API-WIRE-013), the OAuth endpoints and the pages translate by class.
HTTP status is the renderer's business (COG-API-WIRE-015).
"""


class CognitoError(Exception):
    """Base of everything that a client is told about; the message is public."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AliasExistsException(CognitoError):
    """Another user holds the alias."""


class CodeMismatchException(CognitoError):
    """The code is wrong."""


class DeviceKeyExistsException(CognitoError):
    """The device is confirmed."""


class DuplicateProviderException(CognitoError):
    """The pool has a provider of the name."""


class EnableSoftwareTokenMFAException(CognitoError):
    """The software token's code does not fit its secret."""


class ExpiredCodeException(CognitoError):
    """The code has expired or there is none."""


class FeatureUnavailableInTierException(CognitoError):
    """The pool's tier does not have the feature."""


class GroupExistsException(CognitoError):
    """The group exists."""


class InternalErrorException(CognitoError):
    """The service failed."""


class InvalidOAuthFlowException(CognitoError):
    """The OAuth flow does not fit."""


class InvalidParameterException(CognitoError):
    """A parameter is wrong."""


class InvalidPasswordException(CognitoError):
    """The password does not fit the policy."""


class LimitExceededException(CognitoError):
    """A quota is used up."""


class MFAMethodNotFoundException(CognitoError):
    """The user has no such factor."""


class ManagedLoginBrandingExistsException(CognitoError):
    """The client has a style."""


class NotAuthorizedException(CognitoError):
    """The caller may not do that."""


class PasswordHistoryPolicyViolationException(CognitoError):
    """The password was used before."""


class PasswordResetRequiredException(CognitoError):
    """The password must be reset."""


class RefreshTokenReuseException(CognitoError):
    """A refresh token was used after it had been rotated."""


class ResourceNotFoundException(CognitoError):
    """A pool, client, group ... does not exist."""


class ScopeDoesNotExistException(CognitoError):
    """A custom scope is unknown."""


class SoftwareTokenMFANotFoundException(CognitoError):
    """There is no software token, or the pool has none."""


class TermsExistsException(CognitoError):
    """The client has a document of the name."""


class TierChangeNotAllowedException(CognitoError):
    """The pool uses features that the tier does not have."""


class TooManyFailedAttemptsException(CognitoError):
    """Too many wrong codes."""


class UnauthorizedException(CognitoError):
    """The client did not prove who it is."""


class UnsupportedOperationException(CognitoError):
    """The operation is not available."""


class UnsupportedTokenTypeException(CognitoError):
    """The token is of the wrong kind."""


class UnsupportedUserStateException(CognitoError):
    """The user's state does not allow it."""


class UserNotConfirmedException(CognitoError):
    """The user is not confirmed."""


class UserNotFoundException(CognitoError):
    """There is no such user."""


class UserPoolAddOnNotEnabledException(CognitoError):
    """The pool has no threat protection."""


class UsernameExistsException(CognitoError):
    """The username is taken."""

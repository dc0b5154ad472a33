"""What the rules know of users, and the words in which the service refuses."""

from dataclasses import dataclass, field

UNKNOWN = ("UserNotFoundException", "User does not exist.")
NO_SUCH_USER = ("UserNotFoundException", "Username/client id combination not found.")
DISABLED = ("NotAuthorizedException", "User is disabled.")
WRONG = ("NotAuthorizedException", "Incorrect username or password.")
LOCKED = ("NotAuthorizedException", "Password attempts exceeded")
UNCONFIRMED = ("UserNotConfirmedException", "User is not confirmed.")
RESET = ("PasswordResetRequiredException", "Password reset required for the user")
TOO_LATE = (
    "NotAuthorizedException",
    "Temporary password has expired and must be reset by an administrator.",
)
CONFIRMED_ALREADY = "User cannot be confirmed. Current status is {}"
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
NO_CODE = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
NOT_RESETTABLE = (
    "NotAuthorizedException",
    "User password cannot be reset in the current state.",
)
NOTHING_VERIFIED = (
    "InvalidParameterException",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
)
REVOKED = ("NotAuthorizedException", "Access Token has been revoked")
NO_REFRESH = ("NotAuthorizedException", "Refresh Token has been revoked")


@dataclass
class Code:
    """A code that is out: it is good until, and was tried so often."""

    text: str
    until: float


@dataclass
class Person:
    """What the rules say of one user."""

    status: str
    password: str
    verified: bool = False
    enabled: bool = True
    temporary_until: float | None = None
    failures: int = 0
    failed_at: float = 0.0
    codes: dict = field(default_factory=dict)
    passwords_set: int = 0

    def renew(self, password, status="CONFIRMED", temporary_until=None):
        """Set another password; sessions that an earlier one began are over."""
        self.password, self.status = password, status
        self.temporary_until = temporary_until
        self.passwords_set += 1


@dataclass
class Tokens:
    """What a sign-in gave, for as long as it is not revoked."""

    person: Person
    access: str
    refresh: str
    until: float
    revoked: bool = False


@dataclass
class Session:
    """A NEW_PASSWORD_REQUIRED that waits for its answer."""

    person: Person
    name: str
    text: str
    passwords_set: int
    until: float

"""Tokens for Django REST framework. The settings are those of `cognito_verify.web.django`.

::

    REST_FRAMEWORK = {
        "DEFAULT_AUTHENTICATION_CLASSES": ["cognito_verify.web.django_rest.CognitoAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    }

    class Orders(APIView):
        permission_classes = [requires(groups=["admins"])]

`claims_of` returns the claims; ``request.user`` is a `CognitoUser`. A request without a token goes
on as an anonymous one, as always in this framework: it is a permission that refuses it. Answers say
in ``Vary`` that they depend on the token, so ``cache_page`` keeps one for each.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.web._bearer import Refusal, Requirement, requirement
from cognito_verify.web._extra import needs_extra

with needs_extra("django-rest", "rest_framework"):
    from rest_framework.authentication import BaseAuthentication
    from rest_framework.exceptions import APIException, AuthenticationFailed
    from rest_framework.permissions import BasePermission
    from rest_framework.request import Request

    from cognito_verify.web._django_guard import guard_from_settings
    from cognito_verify.web.django import visitor_of

if TYPE_CHECKING:
    # At run time this would be circular: the module of the views reads the settings, which name
    # the class below.
    from rest_framework.views import APIView

__all__ = ["CognitoAuthentication", "CognitoUser", "claims_of", "requires"]

_UNAUTHORIZED = 401


class CognitoUser:
    """The user behind a token, as far as Django's permissions want to know; not in a database."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.pk = claims.sub
        self.username = claims.username or claims.sub

    def __str__(self) -> str:
        return self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  (Django's own names)
        """Return False: groups of the pool are no permissions of Django."""
        return False

    def has_perms(self, perm_list: Collection[str], obj: object = None) -> bool:  # noqa: ARG002
        """Return False, as `has_perm` does."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        """Return False, as `has_perm` does."""
        return False


class CognitoAuthentication(BaseAuthentication):
    """Authenticates by bearer token. Override `user_of` for users from a database."""

    def authenticate(self, request: Request) -> tuple[Any, Claims] | None:
        """Return user and claims; None if the request has no token."""
        outcome = visitor_of(request._request).check()  # noqa: SLF001  (documented by DRF)
        headers = _headers_of(request.parser_context.get("view"))
        # The framework adds it to what the answer has.
        headers["Vary"] = ", ".join(
            filter(None, (headers.get("Vary"), *guard_from_settings().vary))
        )
        if not isinstance(outcome, Refusal):
            return self.user_of(outcome), outcome
        if outcome.status == _UNAUTHORIZED:
            if outcome.error is None:
                return None
            headers.update(_other_headers(outcome))
            raise AuthenticationFailed(outcome.description)  # DRF asks for `authenticate_header`
        headers.update(_other_headers(outcome))
        raise _Refused(outcome)

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge for a 401."""
        outcome = visitor_of(request._request).check()  # noqa: SLF001  (documented by DRF)
        headers = dict(outcome.headers) if isinstance(outcome, Refusal) else {}
        return headers.get("WWW-Authenticate", guard_from_settings().challenge)

    def user_of(self, claims: Claims) -> Any:
        """Return what becomes ``request.user``."""
        return CognitoUser(claims)


def claims_of(request: Request) -> Claims:
    """Return the verified claims in a view that only those with a token can reach."""
    if not isinstance(request.auth, Claims):
        raise ConfigurationError("the view has no permission that wants a token")
    return request.auth


def requires(
    *, groups: str | Collection[str] | None = None, scopes: str | Collection[str] | None = None
) -> type[BasePermission]:
    """Return a permission for those who are in one of the groups and have one of the scopes.

    It may be joined with others by ``&``, ``|`` and ``~``; then a 403 is in the framework's words.
    """
    wanted = requirement(groups, scopes)

    class CognitoPermission(_CognitoPermission):
        requirement = wanted

    return CognitoPermission


class _CognitoPermission(BasePermission):
    requirement: Requirement
    _refusal: Refusal | None = None
    _headers: dict[str, str]

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Tell whether the request has a token that will do."""
        if not isinstance(request.auth, Claims):
            return False
        # Of the token that says who it is, whatever else the request carries.
        outcome = guard_from_settings().authorize(request.auth, self.requirement)
        if isinstance(outcome, Refusal):
            self._refusal, self._headers = outcome, _headers_of(view)
            return False
        return True

    @property
    def message(self) -> None:
        """Say what is missing.

        DRF reads this if it is this permission that refuses the request, and not if it is one of
        several that are joined with ``|`` or ``~``.
        """
        if self._refusal is not None:
            self._headers.update(_other_headers(self._refusal))
            raise _Refused(self._refusal)


class _Refused(APIException):
    """A refusal as DRF's exception handler understands it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.description, refusal.error)
        headers = dict(refusal.headers)
        self.status_code = refusal.status
        self.auth_header = headers.get("WWW-Authenticate")
        self.wait = int(headers["Retry-After"]) if "Retry-After" in headers else None


def _headers_of(view: "APIView | None") -> dict[str, str]:
    """Return the headers that the view will add to its answer, whatever becomes of the request."""
    headers: dict[str, str] = getattr(view, "headers", {})
    return headers


def _other_headers(refusal: Refusal) -> dict[str, str]:
    """Return those that DRF's exception handler does not know."""
    return {
        name: value
        for name, value in refusal.headers
        if name not in {"WWW-Authenticate", "Retry-After"}
    }

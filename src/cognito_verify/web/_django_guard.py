"""The guard that ``COGNITO_VERIFY`` of the Django settings describes.

::

    COGNITO_VERIFY = {
        "USER_POOL_ID": "eu-west-1_AbCdEfGhI",
        "CLIENT_ID": "1h57kf5cpq17m0eml12EXAMPLE",
        "TOKEN_USE": "access",
        "REALM": "shop",  # optional
        "COOKIES": {"CLIENT_ID": "1h57kf5cpq17m0eml12EXAMPLE", "TOKEN_USE": "access"},  # optional
    }

More names are the arguments of `cognito_verify.CognitoVerifier` in capitals. ``VERIFIER``, an
object or the dotted path of one, stands for all of these.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from cognito_verify.errors import ConfigurationError
from cognito_verify.verifier import CognitoVerifier
from cognito_verify.web._bearer import BearerGuard, TokenVerifier
from cognito_verify.web._credentials import CognitoCookies
from cognito_verify.web._extra import needs_extra

with needs_extra("django", "django"):
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.signals import setting_changed
    from django.utils.module_loading import import_string

SETTING = "COGNITO_VERIFY"


@cache
def guard_from_settings() -> BearerGuard:
    """Return the one guard of the process. Raises ``ImproperlyConfigured``."""
    given = getattr(settings, SETTING, None)
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"{SETTING} must be a dict")
    options = _lower(given)
    realm = options.pop("realm", "api")
    cookies = options.pop("cookies", None)
    try:
        return BearerGuard(
            _verifier(options),
            realm=realm,
            cookies=None if cookies is None else CognitoCookies(**_lower(cookies)),
        )
    except (ConfigurationError, TypeError) as error:  # TypeError: an argument of another name
        raise ImproperlyConfigured(f"{SETTING}: {error}") from error


def _verifier(options: dict[str, Any]) -> TokenVerifier:
    if "verifier" not in options:
        return CognitoVerifier(**options)
    verifier = options.pop("verifier")
    if options:
        raise ConfigurationError(f"VERIFIER excludes {', '.join(sorted(options)).upper()}")
    found: TokenVerifier = import_string(verifier) if isinstance(verifier, str) else verifier
    return found


def _lower(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in given.items()}


def _forget(*, setting: str, **_: object) -> None:
    """Heed the settings that a test has changed."""
    if setting == SETTING:
        guard_from_settings.cache_clear()


setting_changed.connect(_forget)

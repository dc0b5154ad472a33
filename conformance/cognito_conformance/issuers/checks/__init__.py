"""What is asked of an issuer: ``issuer/jwks/rsa-2048`` is the function `rsa_2048` of `jwks`.

A check returns when the issuer does what the requirement says, and raises `Wrong` when not. It
asks what it needs itself; what an answer ought to hold and does not is `Wrong` as well.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from cognito_conformance.issuers.checks import (
    api,
    discovery,
    jwks,
    logout,
    oauth,
    pkce,
    refresh,
    revoke,
    secret,
    signin,
    signout,
    token,
    userinfo,
)
from cognito_conformance.issuers.session import Session

__all__ = ["CHECKS", "Check"]

Check = Callable[[Session], None]
_MODULES: Final[tuple[ModuleType, ...]] = (
    jwks,
    discovery,
    token,
    signin,
    secret,
    refresh,
    api,
    oauth,
    pkce,
    userinfo,
    revoke,
    logout,
    signout,
)


def _load() -> dict[str, Check]:
    return {
        f"issuer/{module.__name__.rpartition('.')[2]}/{name.replace('_', '-')}": value
        for module in _MODULES
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", "") == module.__name__
        and not name.startswith("_")
    }


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(_load())
"""Every check by the id of its requirement."""

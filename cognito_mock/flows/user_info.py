"""What the userInfo endpoint says about the bearer of an access token (spec section 6.1)."""

import json
from collections.abc import Mapping

from cognito_mock.core.attributes import readable_attributes, within_scopes
from cognito_mock.core.errors import CognitoError
from cognito_mock.core.tokens import identities_claim
from cognito_mock.flows.domains import Site
from cognito_mock.flows.issue import open_access_token
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services


def user_info(services: Services, *, site: Site, access_token: str) -> dict[str, str]:
    """Return the claims, all of them strings (COG-UI-010), in the order of AWS's sample."""
    try:
        grant = open_access_token(services, access_token)
    except CognitoError as error:
        raise _invalid_token() from error
    if not site.serves(grant.pool.id):
        raise _invalid_token()
    scope = grant.claims.get("scope")
    scopes = frozenset(scope.split()) if isinstance(scope, str) else frozenset()
    if "openid" not in scopes:
        # COG-UI-015; so a token of an API sign-in is refused (COG-UI-005).
        raise ProtocolError("invalid_token", "Access token does not contain openid scope")
    shown = within_scopes(readable_attributes(grant.client, grant.user), scopes)
    if "identities" in shown:  # COG-UI-011: the text of what the id token has
        claim = identities_claim(shown["identities"])
        shown["identities"] = json.dumps(claim, separators=(",", ":"))
    return {"sub": grant.user.sub, **_ordered(shown), "username": grant.user.username}


def _ordered(attributes: Mapping[str, str]) -> dict[str, str]:
    """Put attributes in the order of COG-UI-006, those it does not show before the phone number."""
    last = ("phone_number_verified", "phone_number", "email")
    first = ("email_verified", *(name for name in attributes if name.startswith("custom:")))
    rest = (name for name in attributes if name not in {*first, *last})
    return {name: attributes[name] for name in (*first, *rest, *last) if name in attributes}


def _invalid_token() -> ProtocolError:
    """COG-UI-014."""
    return ProtocolError(
        "invalid_token",
        "Access token is expired, disabled, or deleted, or the user has globally signed out.",
    )

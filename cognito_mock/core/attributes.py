"""Which attributes a client sees, alone and under scopes."""

from collections.abc import Iterable, Mapping

from cognito_mock.core.clients import AppClient
from cognito_mock.core.users import User

# COG-UI-007 names the group; custom attributes come with it.
PROFILE_ATTRIBUTES = frozenset(
    {
        "birthdate",
        "family_name",
        "gender",
        "given_name",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "picture",
        "preferred_username",
        "profile",
        "updated_at",
        "website",
        "zoneinfo",
    }
)
_EMAIL = frozenset({"email", "email_verified"})
_PHONE = frozenset({"phone_number", "phone_number_verified"})
_OIDC_SCOPES = frozenset({"email", "phone", "profile"})

ADMIN_SCOPE = "aws.cognito.signin.user.admin"


def readable_attributes(client: AppClient, user: User) -> dict[str, str]:
    """Return what the client may read of the user, in stored order (COG-TOK-046, COG-API-ATTR-008).

    Without ``ReadAttributes`` that is everything but developer-only attributes (COG-API-ATTR-007);
    ``identities`` is the service's own and always shown.
    """
    allowed = client.read_attributes
    if allowed is not None and "oidc:profile" in allowed:
        allowed |= PROFILE_ATTRIBUTES
    return {
        name: value
        for name, value in user.attributes.items()
        if not name.startswith("dev:")
        and (allowed is None or name in allowed or name == "identities")
    }


def within_scopes(attributes: Mapping[str, str], scopes: Iterable[str] | None) -> dict[str, str]:
    """Narrow readable attributes to what the scopes of a hosted sign-in show (COG-SCO-006, -007).

    None stands for an API sign-in, which shows all of them (COG-TOK-047); so does ``openid`` alone.
    """
    shown = _OIDC_SCOPES.intersection(scopes) if scopes is not None else frozenset[str]()
    if not shown:
        return dict(attributes)
    names: set[str] = {"identities"}
    if "email" in shown:
        names |= _EMAIL
    if "phone" in shown:
        names |= _PHONE
    if "profile" in shown:
        names |= PROFILE_ATTRIBUTES
        names |= {name for name in attributes if name.startswith("custom:")}
    return {name: value for name, value in attributes.items() if name in names}

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
    """Return what the client may read of the user, in stored order (COG-TOK-046)."""
    return {name: value for name, value in user.attributes.items() if may_read(client, name)}


def may_read(client: AppClient, name: str) -> bool:
    """Tell whether the client may read the attribute (COG-API-ATTR-007, -008).

    Developer-only attributes are shown to no client, even one that lists them. Without
    ``ReadAttributes`` it may read everything else; ``identities`` is the service's own and always
    shown.
    """
    if name.startswith("dev:"):
        return False
    allowed = client.read_attributes
    if name == "identities" or allowed is None or name in allowed:
        return True
    return "oidc:profile" in allowed and name in PROFILE_ATTRIBUTES


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

"""What the pages call the username, ask for at sign-up, and say about passwords."""

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_mock.core.passwords import PasswordPolicy
from cognito_mock.core.pools import UserPool

_ATTRIBUTE_NAMES = {"email": "Email", "phone_number": "Phone number"}
_TYPES = {"email": "email", "phone_number": "tel", "birthdate": "date", "website": "url"}
_PLACEHOLDERS = {"email": "name@host.com", "phone_number": "+12345678900"}
_AUTOCOMPLETE = {
    "address": "street-address",
    "birthdate": "bday",
    "email": "email",
    "family_name": "family-name",
    "given_name": "given-name",
    "middle_name": "additional-name",
    "name": "name",
    "nickname": "nickname",
    "phone_number": "tel",
    "website": "url",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An input for one attribute; ``name`` is the form's (``requiredAttributes[email]``)."""

    name: str
    label: str
    type: str
    value: str
    placeholder: str
    autocomplete: str


def username_context(pool: UserPool, username: str) -> dict[str, str]:
    """Return what a page needs for its username field."""
    names = [_ATTRIBUTE_NAMES.get(name, name) for name in pool.username_attributes]
    label = " or ".join([names[0], *(name.lower() for name in names[1:])]) if names else "Username"
    only = pool.username_attributes[0] if len(names) == 1 else ""
    return {
        "username": username,
        "username_label": label,
        "username_type": _TYPES.get(only, "text"),
        "username_placeholder": _PLACEHOLDERS.get(only, label),
    }


def attribute_field(name: str, values: Mapping[str, str]) -> Field:
    """Return the input for a required attribute; ``values`` are what was typed before."""
    field = f"requiredAttributes[{name}]"
    plain = name.removeprefix("custom:").replace("_", " ")
    return Field(
        name=field,
        label=plain[:1].upper() + plain[1:],
        type=_TYPES.get(name, "text"),
        value=values.get(field, ""),
        placeholder=_PLACEHOLDERS.get(name, ""),
        autocomplete=_AUTOCOMPLETE.get(name, "off"),
    )


def typed_attributes(form: Mapping[str, str], *, blank: bool = False) -> dict[str, str]:
    """Return the attributes of a form by their own names; with ``blank`` also the empty ones."""
    prefix, suffix = "requiredAttributes[", "]"
    return {
        name[len(prefix) : -1]: value
        for name, value in form.items()
        if name.startswith(prefix) and name.endswith(suffix) and (value or blank)
    }


def password_rules(policy: PasswordPolicy) -> list[str]:
    """Say what a new password must contain."""
    rules = [
        (policy.require_lowercase, "a lower case letter"),
        (policy.require_uppercase, "an upper case letter"),
        (policy.require_symbols, "a special character, or a space inside"),
        (policy.require_numbers, "a number"),
        (True, f"at least {policy.minimum_length} characters"),
    ]
    return [text for wanted, text in rules if wanted]

"""Checking attributes against a pool's schema (COG-API-ATTR-006, COG-API-SIGNUP-005, -006)."""

import re
from collections.abc import Iterable, Mapping

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import InvalidParameterException, NotAuthorizedException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import UserPool

_PREFIX = "Attributes did not conform to the schema: "
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"-?[0-9]{1,300}")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_BIRTHDATE = re.compile(r"\d{4}-\d{2}-\d{2}")

# COG-SCO-012: never writable by a client.
_NEVER_WRITABLE = frozenset({"sub", "email_verified", "phone_number_verified", "identities"})


def is_email(text: str) -> bool:
    """Tell whether ``text`` has the form of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone_number(text: str) -> bool:
    """Tell whether ``text`` has the form of an E.164 number."""
    return _PHONE_NUMBER.fullmatch(text) is not None


def check_attributes(
    pool: UserPool, attributes: Mapping[str, str], *, admin: bool = False, prefix: str = ""
) -> None:
    """Refuse attributes that the schema does not know, or values that do not fit it.

    ``prefix`` goes before the administrator's text about an unknown one.
    """
    schema = {str(entry.get("Name")): entry for entry in pool.schema_attributes}
    for name, value in attributes.items():
        entry = schema.get(name)
        if entry is None:
            raise InvalidParameterException(
                f"{prefix}user.{name}: Attribute does not exist in the schema.\n"
                if admin
                else f"{_PREFIX}Type for attribute {{{name}}} could not be determined"
            )
        if name == "sub":
            raise InvalidParameterException(f"user.{name}: Attribute cannot be updated.\n")
        # An empty text removes an attribute (COG-API-ATTRV-004), so it has no form to check.
        if value:
            _check_value(name, value, entry)


def check_required(pool: UserPool, attributes: Mapping[str, str]) -> None:
    """Refuse a self-made user without a required attribute; all missing ones are named."""
    missing = missing_attributes(pool, attributes)
    if missing:
        raise InvalidParameterException(
            _PREFIX + "".join(f"{name}: The attribute is required\n" for name in missing)
        )


def missing_attributes(pool: UserPool, attributes: Mapping[str, str]) -> list[str]:
    """Return the required attributes that have no value, in the schema's order."""
    return [
        name
        for entry in pool.schema_attributes
        if entry.get("Required") is True
        and (name := str(entry.get("Name"))) != "sub"
        and not attributes.get(name)
    ]


def check_mutable(pool: UserPool, names: Iterable[str]) -> None:
    """Refuse a change of an immutable attribute (COG-API-SIGNUP-006)."""
    fixed = {entry.get("Name") for entry in pool.schema_attributes if entry.get("Mutable") is False}
    for name in names:
        if name in fixed:
            raise InvalidParameterException(f"user.{name}: Attribute cannot be updated.\n")


def check_writable(client: AppClient, names: Iterable[str]) -> None:
    """Refuse attributes that the client may not write (COG-API-SIGNUP-006, COG-SCO-012)."""
    allowed = client.write_attributes
    for name in names:
        if name in _NEVER_WRITABLE or name.startswith("dev:"):
            writable = False
        else:
            writable = allowed is None or name in allowed
        if not writable:
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")


def _check_value(name: str, value: str, entry: JsonObject) -> None:
    if name == "email" and not is_email(value):
        raise InvalidParameterException("Invalid email address format.")
    if name == "phone_number" and not is_phone_number(value):
        raise InvalidParameterException("Invalid phone number format.")
    problem = _problem(name, value, entry)
    if problem is not None:
        # The service's detail text is not known (COG-API-SIGNUP-005).
        raise InvalidParameterException(f"{_PREFIX}{name}: {problem}\n")


def _problem(name: str, value: str, entry: JsonObject) -> str | None:
    # JSON can carry half a surrogate pair; no token could.
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "Invalid characters"
    kind = entry.get("AttributeDataType")
    if kind == "Boolean" and value.lower() not in {"true", "false"}:
        return "Attribute does not conform to type Boolean"
    if kind == "DateTime" and not _DATE_TIME.fullmatch(value):
        return "Attribute does not conform to type DateTime"
    if kind == "Number":
        if not _NUMBER.fullmatch(value):
            return "Attribute does not conform to type Number"
        least, most = _bounds(entry, "NumberAttributeConstraints", "MinValue", "MaxValue")
        if not _within(int(value), least, most):
            return "Value is out of bounds"
    if kind == "String":
        least, most = _bounds(entry, "StringAttributeConstraints", "MinLength", "MaxLength")
        if not _within(len(value), least, most):
            return "String length is out of bounds"
        if name == "birthdate" and not _BIRTHDATE.fullmatch(value):
            return "Invalid date format, use YYYY-MM-DD"
    return None


def _bounds(
    entry: JsonObject, group: str, least: str, most: str
) -> tuple[float | None, float | None]:
    document = entry.get(group)
    if not isinstance(document, Mapping):
        return None, None
    return _number(document.get(least)), _number(document.get(most))


def _number(text: object) -> float | None:
    # Constraints are texts in the API's documents.
    try:
        return float(str(text)) if text is not None else None
    except ValueError:
        return None


def _within(value: int, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)

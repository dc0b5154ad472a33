"""Reading members of API documents: absent and wrongly typed members give an empty value."""

from collections.abc import Mapping

from cognito_mock.core.json_types import JsonObject


def section(document: JsonObject, name: str) -> JsonObject:
    """Return the object at ``name``."""
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def sections(document: JsonObject, name: str) -> list[JsonObject]:
    """Return the objects in the list at ``name``."""
    value = document.get(name)
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def strings(document: JsonObject, name: str) -> list[str]:
    """Return the strings in the list at ``name``."""
    value = document.get(name)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def string_map(document: JsonObject, name: str) -> dict[str, str]:
    """Return the string values of the object at ``name``."""
    return {key: v for key, v in section(document, name).items() if isinstance(v, str)}


def optional_text(document: JsonObject, name: str) -> str | None:
    """Return the string at ``name``."""
    value = document.get(name)
    return value if isinstance(value, str) else None


def text(document: JsonObject, name: str) -> str:
    """Return the string at ``name``, which is known to be there."""
    return optional_text(document, name) or ""


def optional_integer(document: JsonObject, name: str) -> int | None:
    """Return the whole number at ``name``."""
    value = document.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(document: JsonObject, name: str) -> bool:
    """Tell whether ``name`` is there and true."""
    return document.get(name) is True

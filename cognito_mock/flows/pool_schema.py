"""A pool's schema: the standard attributes, changed and extended as CreateUserPool asks."""

from collections.abc import Sequence

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows.members import flag, optional_text, section, sections, text

_MAXIMUM = 2048
_MOST_CUSTOM = 50
# COG-API-ATTR-001, order of COG-API-JSON-004; the bounds are the only thing that differs.
_TEXTS = {"MinLength": "0", "MaxLength": "2048"}
_STANDARD: dict[str, tuple[str, dict[str, str]]] = {
    "sub": ("String", {"MinLength": "1", "MaxLength": "2048"}),
    "name": ("String", _TEXTS),
    "given_name": ("String", _TEXTS),
    "family_name": ("String", _TEXTS),
    "middle_name": ("String", _TEXTS),
    "nickname": ("String", _TEXTS),
    "preferred_username": ("String", _TEXTS),
    "profile": ("String", _TEXTS),
    "picture": ("String", _TEXTS),
    "website": ("String", _TEXTS),
    "email": ("String", _TEXTS),
    "email_verified": ("Boolean", {}),
    "gender": ("String", _TEXTS),
    "birthdate": ("String", {"MinLength": "10", "MaxLength": "10"}),
    "zoneinfo": ("String", _TEXTS),
    "locale": ("String", _TEXTS),
    "phone_number": ("String", _TEXTS),
    "phone_number_verified": ("Boolean", {}),
    "address": ("String", _TEXTS),
    "updated_at": ("Number", {"MinValue": "0"}),
}
IDENTITIES: JsonObject = {
    "Name": "identities",
    "AttributeDataType": "String",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
    "StringAttributeConstraints": {},
}
_BOUNDS = {"String": "StringAttributeConstraints", "Number": "NumberAttributeConstraints"}


def schema_attributes(requested: JsonObject) -> list[JsonValue]:
    """Return ``SchemaAttributes`` for a request with or without ``Schema`` (COG-API-ATTR-003)."""
    standard: dict[str, JsonObject] = {name: _standard(name, {}) for name in _STANDARD}
    custom: dict[str, JsonObject] = {}
    for attribute in sections(requested, "Schema"):
        name = text(attribute, "Name")
        if name in _STANDARD:
            standard[name] = _standard(name, attribute)
            continue
        full_name = _full_name(attribute)
        if full_name in custom:
            # COG-API-MSG-010
            raise InvalidParameterException(
                f"Duplicate custom attribute names {full_name} are not allowed"
                " in a user pool schema."
            )
        custom[full_name] = custom_attribute(full_name, attribute)
    return [*standard.values(), *custom.values()]


def extended_schema(existing: Sequence[JsonObject], requested: JsonObject) -> list[JsonValue]:
    """Return the schema with the ``CustomAttributes`` of a request added (COG-API-ATTR-003)."""
    names = {attribute.get("Name") for attribute in existing}
    added: list[JsonObject] = []
    for attribute in sections(requested, "CustomAttributes"):
        full_name = _full_name(attribute)
        if full_name in names:
            raise InvalidParameterException(
                f"{full_name}: Existing attribute already has name {full_name}."
            )
        names.add(full_name)
        added.append(custom_attribute(full_name, attribute))
    custom = len(names - _STANDARD.keys() - {IDENTITIES["Name"]})
    if custom > _MOST_CUSTOM:
        raise InvalidParameterException(
            f"1 validation error detected: Value at 'customAttributes' failed to satisfy"
            f" constraint: Member must have length less than or equal to {_MOST_CUSTOM}"
        )
    return [*existing, *added]


def with_identities(existing: Sequence[JsonObject]) -> list[JsonValue]:
    """Return the schema of a pool that has an identity provider (COG-API-ATTR-002)."""
    others = [attribute for attribute in existing if attribute.get("Name") != IDENTITIES["Name"]]
    return [*others, IDENTITIES]


def custom_attribute(full_name: str, attribute: JsonObject) -> JsonObject:
    """Return one custom attribute as Describe lists it (COG-API-ATTR-005)."""
    if flag(attribute, "Required"):
        raise InvalidParameterException("Required custom attributes are not supported currently.")
    kind = optional_text(attribute, "AttributeDataType") or "String"
    document: dict[str, JsonValue] = {
        "Name": full_name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": flag(attribute, "DeveloperOnlyAttribute"),
        "Mutable": attribute.get("Mutable") is not False,
        "Required": False,
    }
    if kind in _BOUNDS:
        bounds = section(attribute, _BOUNDS[kind])
        _check_bounds(full_name, kind, bounds)
        document[_BOUNDS[kind]] = bounds
    return document


def _full_name(attribute: JsonObject) -> str:
    developer_only = flag(attribute, "DeveloperOnlyAttribute")
    return f"{'dev:' if developer_only else ''}custom:{text(attribute, 'Name')}"


def _standard(name: str, attribute: JsonObject) -> JsonObject:
    kind, bounds = _STANDARD[name]
    if (optional_text(attribute, "AttributeDataType") or kind) != kind or flag(
        attribute, "DeveloperOnlyAttribute"
    ):
        # COG-API-ATTR-004
        raise InvalidParameterException(
            "You can not change AttributeDataType or set developerOnlyAttribute"
            f" for standard schema attribute {name}"
        )
    mutable, required = attribute.get("Mutable"), attribute.get("Required")
    document: dict[str, JsonValue] = {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": mutable if isinstance(mutable, bool) else name != "sub",
        "Required": required if isinstance(required, bool) else name == "sub",
    }
    if kind in _BOUNDS:
        asked = section(attribute, _BOUNDS[kind])
        _check_bounds(name, kind, asked)
        document[_BOUNDS[kind]] = {**bounds, **asked}
    return document


def _check_bounds(name: str, kind: str, bounds: JsonObject) -> None:
    """COG-API-ATTR-004, COG-API-MSG-010."""
    what = "Length" if kind == "String" else "Value"
    lowest = _number(name, f"min{what}", optional_text(bounds, f"Min{what}"))
    highest = _number(name, f"max{what}", optional_text(bounds, f"Max{what}"))
    if kind == "String" and max(lowest or 0, highest or 0) > _MAXIMUM:
        raise InvalidParameterException(
            f"user.{name}: String attributes cannot have a length of more than 2048"
        )
    if lowest is None or highest is None or lowest <= highest:
        return
    compared = "shorter" if kind == "String" else "smaller"
    raise InvalidParameterException(
        f"Attribute {name} cannot have a max {what.lower()} {compared} than it's min {what.lower()}"
    )


def _number(name: str, what: str, written: str | None) -> float | None:
    if written is None:
        return None
    digits = written.removeprefix("-")
    # 18 digits are more than any limit and keep the conversion exact enough to compare.
    if not (digits.isascii() and digits.replace(".", "", 1).isdigit() and len(digits) <= 18):  # noqa: PLR2004
        raise InvalidParameterException(f"Invalid {what} for schema attribute {name}")
    return float(written)

"""Users as the operations show them (COG-API-ATTR-010, COG-API-JSON-007, -008)."""

from collections.abc import Collection

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.users import User
from cognito_mock.flows.members import optional_text, sections, text


def given_attributes(document: JsonObject, name: str) -> dict[str, str]:
    """Read a list of Name and Value; of two with the same name the last one counts."""
    attributes: dict[str, str] = {}
    for attribute in sections(document, name):
        value = optional_text(attribute, "Value")
        if value is None:
            # COG-API-SIGNUP-005
            raise InvalidParameterException(
                f"Attribute value for {text(attribute, 'Name')} must not be null"
            )
        attributes[text(attribute, "Name")] = value
    return attributes


def attribute_list(user: User, names: Collection[str] | None = None) -> list[JsonValue]:
    """Return the attributes as Name and Value, ``sub`` last; only ``names`` when given."""
    return [
        {"Name": name, "Value": value}
        for name, value in (*user.attributes.items(), ("sub", user.sub))
        if names is None or name in names
    ]


def listed_user(user: User, names: Collection[str] | None = None) -> JsonObject:
    """Return a user as AdminCreateUser, ListUsers and ListUsersInGroup show it."""
    return {"Attributes": attribute_list(user, names), **_state(user)}


def described_user(user: User) -> JsonObject:
    """Return a user as AdminGetUser shows it."""
    return {"UserAttributes": attribute_list(user), **_state(user), **mfa_members(user)}


def mfa_members(user: User) -> dict[str, JsonValue]:
    """Return the second factors; what there is none of is left out (COG-API-MFA-012, -014)."""
    legacy: list[JsonValue] = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    return {
        "MFAOptions": legacy if user.legacy_sms else None,
        "PreferredMfaSetting": user.mfa_preference,
        "UserMFASettingList": [*user.mfa_factors] or None,
    }


def _state(user: User) -> dict[str, JsonValue]:
    return {
        "Username": user.username,
        "UserCreateDate": user.created_at,
        "UserLastModifiedDate": user.modified_at,
        "Enabled": user.enabled,
        "UserStatus": user.status.value,
    }

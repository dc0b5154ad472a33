"""Everything that can be wrong in one place of an operation's input, by the service model."""

from botocore.model import ListShape, MapShape, StructureShape

from cognito_mock.idp_api.corrections import CORRECTIONS
from cognito_mock.idp_api.patterns import matcher

WRONG_TYPE = "wrong type"
NULL = "Member must not be null"
SHORT = "Member must have length greater than or equal to"
LONG = "Member must have length less than or equal to"
SMALL = "Member must have value greater than or equal to"
LARGE = "Member must have value less than or equal to"
OTHER = "Member must satisfy enum value set"
UNLIKE = "Member must satisfy regular expression pattern"
ODD_TEXTS = (" ", "\n", "a b", "ä/ö", "\x00")


def broken(shape, value, member=None):
    """Yield the rule that is broken, and the value with it broken, for each rule and place."""
    if shape.metadata.get("document"):
        return
    if isinstance(shape, StructureShape):
        yield from _structures(shape, value)
    elif isinstance(shape, ListShape):
        yield from _lists(shape, value)
    elif isinstance(shape, MapShape):
        yield WRONG_TYPE, "text"
    elif shape.type_name == "string":
        yield WRONG_TYPE, 5
        yield from _texts(shape, member)
    elif shape.type_name in {"integer", "long"}:
        yield WRONG_TYPE, "5"
        if "min" in shape.metadata:
            yield SMALL, shape.metadata["min"] - 1
        if "max" in shape.metadata and shape.metadata["max"] < 2**31 - 1:
            yield LARGE, shape.metadata["max"] + 1
    elif shape.type_name == "boolean":
        yield WRONG_TYPE, "true"


def _structures(shape, value):
    for name, inner in shape.members.items():
        if value.get(name) is not None:
            for rule, wrong in broken(inner, value[name], (shape.name, name)):
                yield rule, {**value, name: wrong}
        if name in shape.required_members:
            yield NULL, {other: kept for other, kept in value.items() if other != name}
            yield NULL, {**value, name: None}
    yield WRONG_TYPE, ["text"]


def _lists(shape, value):
    yield WRONG_TYPE, "text"
    if value:
        for rule, wrong in broken(shape.member, value[0]):
            # A bad text in a list is reported with the list's own value.
            yield rule, [wrong, *value[1:]]
        if "max" in shape.metadata:
            yield LONG, value[:1] * (shape.metadata["max"] + 1)
    if shape.metadata.get("min"):
        yield SHORT, []


def _texts(shape, member):
    limits = shape.metadata
    if "enum" in limits:
        yield OTHER, "NONSENSE"
    if limits.get("min"):
        yield SHORT, "x" * (limits["min"] - 1)
    if "max" in limits:
        yield LONG, "x" * (limits["max"] + 1)
    if "pattern" in limits and member not in CORRECTIONS:
        is_like = matcher(limits["pattern"])
        yield from ((UNLIKE, text) for text in ODD_TEXTS if not is_like(text))

"""The same calls to two services, and how their answers differ in shape."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import requests

from .script import Step

TARGET = "AWSCognitoIdentityProviderService"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request,"
    " SignedHeaders=host, Signature=0"
)
SUCCESS, ABSENT, EMPTY = "success", "absent", "empty body"
Shape = dict[str, str]
"""JSON types by path: ``{"": "object", "Users": "list", "Users[]": "object", …}``."""


@dataclass(frozen=True, order=True)
class Difference:
    """A member of one step's answer whose type differs, or, without a member, its outcome."""

    step: str
    member: str
    ours: str
    moto: str


class Service:
    """One of the two; remembers what later calls need."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._kept: dict[str, object] = {}

    def answer(self, step: Step) -> Shape | str:
        """Return the shape of the output, or the error's type."""
        response = requests.post(
            self._url,
            json.dumps(self._filled(step.members)),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"{TARGET}.{step.operation}",
                "Authorization": SIGNED,
            },
            timeout=30,
        )
        if response.status_code != 200:
            kind = response.json()["__type"]
            return kind if response.status_code == 400 else f"{kind} {response.status_code}"
        if not response.content:
            return {"": EMPTY}
        document = response.json()
        for name, path in step.keep.items():
            self._kept[name] = _at(document, path)
        return dict(_shape(document))

    def _filled(self, value: object) -> object:
        match value:
            case dict():
                return {name: self._filled(member) for name, member in value.items()}
            case list():
                return [self._filled(member) for member in value]
            case str():
                return self._kept.get(value.strip("{}"), value)
        return value


def differences(step: Step, ours: Shape | str, moto: Shape | str) -> Iterator[Difference]:
    """Yield how two answers differ; of a member that one side lacks, not also what is in it."""
    if isinstance(ours, str) or isinstance(moto, str):
        outcomes = [one if isinstance(one, str) else SUCCESS for one in (ours, moto)]
        if outcomes[0] != outcomes[1]:
            yield Difference(step.name, "", *outcomes)
        return
    told: list[str] = []
    for path in sorted(ours.keys() | moto.keys()):
        types = ours.get(path, ABSENT), moto.get(path, ABSENT)
        if types[0] == types[1] or any(path.startswith((f"{one}.", f"{one}[")) for one in told):
            continue
        told.append(path)
        yield Difference(step.name, path or "output", *types)


def _at(document: object, path: str) -> object:
    for name in path.split("."):
        document = document[name]
    return document


def _shape(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    types = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    yield path, types.get(type(value), "number")
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _shape(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for member in value:
            yield from _shape(member, f"{path}[]")

"""One call of an operation, as its function receives it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``input`` has passed the model's checks; required members are there."""

    services: Services
    region: str
    input: JsonObject


# Returns the members of the output; the renderer puts them in order and leaves None out.
Operation: TypeAlias = Callable[[Call], JsonObject]

"""Draw the same examples whatever else is imported.

Hypothesis mixes constants from the modules that happen to be loaded into its draws. A suite must
ask a subject the same questions in this process and behind a pipe, so its draws do without. The
means are Hypothesis's own internals: a release without them is used as it comes, and the questions
are then the same only from one process to the next of the same kind.
"""

import importlib
from functools import cached_property
from typing import Any, Final

BACKEND: Final = "cognito-conformance"
STANDARD: Final = "hypothesis"
"""The backend that every release has."""


def steady_provider(providers: Any, constants: Any) -> type | None:
    """Return a provider without other people's constants, or None if these modules lack a part."""
    base = getattr(providers, "HypothesisProvider", None)
    known = getattr(providers, "AVAILABLE_PROVIDERS", None)
    nothing = getattr(constants, "Constants", None)
    # Without the attribute there would be nothing to replace, or it goes by another name.
    if base is None or known is None or nothing is None or not hasattr(base, "_local_constants"):
        return None

    def without(_self: object) -> Any:
        return nothing(integers=set(), floats=set(), bytes=set(), strings=set())

    replaced = cached_property(without)
    replaced.__set_name__(base, "_local_constants")
    return type("SteadyProvider", (base,), {"_local_constants": replaced, "__module__": __name__})


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_providers: Final = _module("hypothesis.internal.conjecture.providers")

# A module's attribute, because Hypothesis imports a backend by its dotted name.
SteadyProvider: Final = steady_provider(_providers, _module("hypothesis.internal.constants_ast"))


def register() -> str:
    """Make the backend known to Hypothesis and return its name, or the standard one's."""
    if SteadyProvider is None:
        return STANDARD
    _providers.AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.SteadyProvider"
    return BACKEND

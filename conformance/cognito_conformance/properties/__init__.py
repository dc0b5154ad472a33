"""Generated cases: recipes drawn by Hypothesis whose verdict is known by construction.

Nothing here re-implements a verifier. A token that is valid by construction stays so under neutral
changes and stops being so under any single disqualifying one.
"""

from cognito_conformance.properties.claims import CLAIM_PROPERTIES
from cognito_conformance.properties.cookies import COOKIE_PROPERTIES
from cognito_conformance.properties.headers import HEADER_PROPERTIES
from cognito_conformance.properties.model import Property
from cognito_conformance.properties.strings import STRING_PROPERTIES

PROPERTIES: tuple[Property, ...] = (
    *CLAIM_PROPERTIES,
    *HEADER_PROPERTIES,
    *STRING_PROPERTIES,
    *COOKIE_PROPERTIES,
)

__all__ = ["PROPERTIES", "Property"]

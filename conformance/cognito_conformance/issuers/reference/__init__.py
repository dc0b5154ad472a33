"""A small, correct issuer in memory: what every saboteur is but for one method.

Made of many small methods on purpose, one for each thing that can be got wrong. It shares no code
with any subject of the suite, keeps nothing, and would be no use to anybody else.
"""

from cognito_conformance.issuers.reference.issuer import ReferenceIssuer

__all__ = ["ReferenceIssuer"]

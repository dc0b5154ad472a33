"""How the suite reaches an implementation: in this process, or over a pipe."""

from cognito_conformance.adapters.opening import open_subject
from cognito_conformance.adapters.subject import Answer, CookieAnswer, Subject

__all__ = ["Answer", "CookieAnswer", "Subject", "open_subject"]

"""The pages of a sign-in that is not over yet: each asks one thing.

The forms carry the challenge's session and the username; a session is a secret of this sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from cognito_mock.flows.mfa_factors import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA
from cognito_mock.hosted_ui.fields import attribute_field, password_rules
from cognito_mock.hosted_ui.qr_code import otpauth_address, qr_code
from cognito_mock.hosted_ui.visits import Visit

FACTOR_NAMES = {
    SMS_MFA: "Text message",
    SOFTWARE_TOKEN_MFA: "Authenticator app",
    EMAIL_OTP: "Email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a sign-in stands: whose it is, and the session that proves what was answered."""

    username: str
    session: str


def new_password_page(
    visit: Visit, step: Step, *, names: Sequence[str], error: str = ""
) -> Response:
    """Ask for a new password and for missing attributes (COG-API-NEWPWD-001)."""
    return visit.render(
        "change_password.html",
        step=step,
        error=error,
        fields=[attribute_field(name, visit.call.form) for name in names],
        rules=password_rules(visit.pool.password_policy),
    )


def code_page(
    visit: Visit, step: Step, *, factor: str, sent_to: str = "", error: str = ""
) -> Response:
    """Ask for the code of a second factor (COG-API-MFA-005).

    ``sent_to`` is the masked address, or the name of the device that shows the code.
    """
    return visit.render("mfa.html", step=step, factor=factor, sent_to=sent_to, error=error)


def choice_page(visit: Visit, step: Step, *, factors: Sequence[str], action: str) -> Response:
    """Ask which factor to use, or which to set up: one button each (COG-API-MFA-006)."""
    choices = [(factor, FACTOR_NAMES[factor]) for factor in factors if factor in FACTOR_NAMES]
    return visit.render("mfa_choice.html", step=step, choices=choices, action=action)


def token_page(visit: Visit, step: Step, *, secret: str, error: str = "") -> Response:
    """Show ``secret`` as text and as a QR code, and ask for its first code (COG-API-MFA-010)."""
    address = otpauth_address(issuer=visit.pool.name, username=step.username, secret=secret)
    return visit.render(
        "mfa_setup_token.html",
        step=step,
        error=error,
        secret=secret,
        spaced=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr_code=qr_code(address),
    )


def email_page(visit: Visit, step: Step, *, error: str = "") -> Response:
    """Ask for the address that codes are to go to (COG-API-MFA-007)."""
    return visit.render("mfa_setup_email.html", step=step, error=error, email=visit.field("email"))

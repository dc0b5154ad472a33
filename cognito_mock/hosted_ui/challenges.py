"""From the outcome of one step of a sign-in to the next page (COG-API-FSM-001)."""

import json
from collections.abc import Callable, Mapping

from starlette.responses import Response

from cognito_mock.core.errors import (
    CognitoError,
    NotAuthorizedException,
    PasswordResetRequiredException,
)
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import Challenge
from cognito_mock.flows.mfa_challenges import MFA_SETUP, SELECT_MFA_TYPE
from cognito_mock.flows.mfa_factors import EMAIL_OTP, SOFTWARE_TOKEN_MFA
from cognito_mock.flows.mfa_setup import associate_software_token
from cognito_mock.flows.new_password import NAME as NEW_PASSWORD_REQUIRED
from cognito_mock.flows.sign_in import answer_challenge
from cognito_mock.hosted_ui.challenge_pages import (
    Step,
    choice_page,
    code_page,
    email_page,
    new_password_page,
    token_page,
)
from cognito_mock.hosted_ui.sign_in_page import sign_in_page
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit

SET_UP_FACTORS = (SOFTWARE_TOKEN_MFA, EMAIL_OTP)
_NOTHING_TO_SET_UP = (
    "A second factor is required, and none can be set up here. Please contact your administrator."
)
# After these there is nothing left to answer: the sign-in begins anew.
_OVER = (NotAuthorizedException, PasswordResetRequiredException)


def proceed(visit: Visit, outcome: User | Challenge, *, username: str) -> Response:
    """Send a user to the client, or show what they are asked for next."""
    if isinstance(outcome, User):
        return visit.signed_in(outcome)
    step = Step(username=username, session=outcome.session)
    parameters = outcome.parameters
    if outcome.name == NEW_PASSWORD_REQUIRED:
        missing = json.loads(parameters["requiredAttributes"])
        names = [name.removeprefix("userAttributes.") for name in missing]
        return new_password_page(visit, step, names=names)
    if outcome.name == SELECT_MFA_TYPE:
        factors = json.loads(parameters["MFAS_CAN_CHOOSE"])
        return choice_page(visit, step, factors=factors, action="/mfa/select")
    if outcome.name == MFA_SETUP:
        return _ask_what_to_set_up(visit, step, json.loads(parameters["MFAS_CAN_SETUP"]))
    where = ("CODE_DELIVERY_DESTINATION", "FRIENDLY_DEVICE_NAME")
    sent_to = next((parameters[name] for name in where if name in parameters), "")
    return code_page(visit, step, factor=outcome.name, sent_to=sent_to)


def begin_set_up(visit: Visit, step: Step, factor: str) -> Response:
    """Show the page that sets ``factor`` up."""
    if factor == EMAIL_OTP:
        return email_page(visit, step)
    try:
        new = associate_software_token(visit.services, session=step.session)
    except CognitoError as error:
        return sign_in_page(visit, username=step.username, error=error.message)
    step = Step(username=step.username, session=new.session or "")
    return token_page(visit, step, secret=new.secret)


def answer(
    visit: Visit, challenge: str, responses: Mapping[str, str], again: Callable[[str], Response]
) -> Response:
    """Answer the challenge whose session the form holds; ``again`` shows the form with an error."""
    return attempt(visit, lambda: answer_of_form(visit, challenge, responses), again)


def answer_of_form(visit: Visit, challenge: str, responses: Mapping[str, str]) -> User | Challenge:
    """Answer the challenge whose session the form holds, or raise the API's error."""
    return answer_challenge(
        visit.services,
        client=visit.client,
        challenge_name=challenge,
        session=visit.field("session"),
        username=visit.field("username"),
        responses=responses,
    )


def attempt(
    visit: Visit, step: Callable[[], User | Challenge], again: Callable[[str], Response]
) -> Response:
    """Take a step of a sign-in and go on with its outcome."""
    username = visit.field("username")
    if not visit.form_is_ours:
        return sign_in_page(visit, username=username, error=STALE_FORM, status=403)
    try:
        outcome = step()
    except _OVER as error:
        return sign_in_page(visit, username=username, error=error.message)
    except CognitoError as error:
        return again(error.message)
    return proceed(visit, outcome, username=username)


def step_of_form(visit: Visit) -> Step:
    """Return where the form says that the sign-in stands."""
    return Step(username=visit.field("username"), session=visit.field("session"))


def _ask_what_to_set_up(visit: Visit, step: Step, offered: list[str]) -> Response:
    # A phone number is set up by an administrator: the challenge takes none (COG-API-MFA-007).
    factors = [factor for factor in SET_UP_FACTORS if factor in offered]
    if not factors:
        return sign_in_page(visit, username=step.username, error=_NOTHING_TO_SET_UP)
    if len(factors) == 1:
        return begin_set_up(visit, step, factors[0])
    return choice_page(visit, step, factors=factors, action="/mfa/setup")

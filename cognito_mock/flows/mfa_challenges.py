"""Asking for the second factor: the step M of a sign-in (COG-API-FSM-001, COG-API-MFA-002)."""

import json
from collections.abc import Sequence
from dataclasses import replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.grants import Message
from cognito_mock.core.ids import new_code
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.challenges import Challenge, add_session, proof_of
from cognito_mock.flows.housekeeping import tidy
from cognito_mock.flows.messages import deliver, mask, medium_of, post_mfa_code
from cognito_mock.flows.mfa_factors import (
    CONTACTS,
    asked_factors,
    factors_to_set_up,
    mfa_mode,
    must_set_up,
)
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

SELECT_MFA_TYPE = "SELECT_MFA_TYPE"
MFA_SETUP = "MFA_SETUP"


def second_factor(
    services: Services, *, pool: UserPool, client: AppClient, user: User
) -> Challenge | None:
    """Return what the user is asked for after the first factor; None if that was enough."""
    if mfa_mode(pool) == "OFF":
        return None
    factors = asked_factors(pool, user)
    messages: list[Message] = []
    with services.store.transaction() as tx:
        if len(factors) == 1:
            challenge, messages = ask_for_factor(
                tx, services, pool=pool, client=client, user=user, factor=factors[0]
            )
        elif factors:
            challenge = _question(tx, services, client=client, user=user, choice=factors)
        elif must_set_up(pool, user):
            challenge = _question(
                tx, services, client=client, user=user, set_up=factors_to_set_up(pool, user)
            )
        else:
            return None
    deliver(services, messages)
    tidy(services)
    return challenge


def ask_for_factor(
    tx: Transaction,
    services: Services,
    *,
    pool: UserPool,
    client: AppClient,
    user: User,
    factor: str,
    chosen: bool = False,
    new_contact: str | None = None,
) -> tuple[Challenge, list[Message]]:
    """Open the factor's challenge; the caller delivers the message after the transaction.

    ``chosen`` tells of an answer to SELECT_MFA_TYPE. ``new_contact`` is where the code goes when
    the user has no such attribute yet; a right code makes it theirs.
    """
    parameters = {"USER_ID_FOR_SRP": user.username}
    state = proof_of(user)
    messages = []
    attribute = CONTACTS.get(factor)
    if attribute is None:
        if chosen:
            parameters = {}  # COG-API-MFA-005
        if user.totp_name:
            parameters = {"FRIENDLY_DEVICE_NAME": user.totp_name, **parameters}
    else:
        code = new_code(services.entropy)
        if new_contact is not None:
            user = replace(user, attributes={**user.attributes, attribute: new_contact})
            state["set_up"] = factor
        contact = user.attributes[attribute]
        state |= {"code": code, "contact": contact}
        parameters = {
            "CODE_DELIVERY_DELIVERY_MEDIUM": medium_of(attribute),
            "CODE_DELIVERY_DESTINATION": mask(attribute, contact),
            **parameters,
        }
        messages = [post_mfa_code(tx, services, pool, user, attribute=attribute, code=code)]
    session = add_session(
        tx, services, client=client, username=user.username, challenge=factor, state=state
    )
    return Challenge(name=factor, session=session, parameters=parameters), messages


def _question(
    tx: Transaction,
    services: Services,
    *,
    client: AppClient,
    user: User,
    choice: Sequence[str] = (),
    set_up: Sequence[str] = (),
) -> Challenge:
    """COG-API-MFA-006: which factor, or which to set up."""
    name = SELECT_MFA_TYPE if choice else MFA_SETUP
    parameter = "MFAS_CAN_CHOOSE" if choice else "MFAS_CAN_SETUP"
    session = add_session(
        tx, services, client=client, username=user.username, challenge=name, state=proof_of(user)
    )
    listed = json.dumps([*choice, *set_up], separators=(",", ":"))
    return Challenge(
        name=name,
        session=session,
        parameters={parameter: listed, "USER_ID_FOR_SRP": user.username},
    )

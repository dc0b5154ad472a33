"""NEW_PASSWORD_REQUIRED: a temporary password is exchanged for the user's own (spec 3.8)."""

import json
from collections.abc import Mapping
from dataclasses import replace

from cognito_mock.core.attributes import readable_attributes
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    InvalidParameterException,
    NotAuthorizedException,
)
from cognito_mock.core.passwords import store_password
from cognito_mock.core.pools import UserPool
from cognito_mock.core.schema import check_attributes, check_writable, missing_attributes
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.challenges import (
    Challenge,
    invalid_session,
    live_session,
    open_session,
    proof_of,
    proven_user,
    use_up,
)
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.naming import claim_aliases
from cognito_mock.flows.password_rules import check_history, check_policy, next_history
from cognito_mock.flows.services import Services

NAME = "NEW_PASSWORD_REQUIRED"


def new_password_challenge(
    services: Services, *, pool: UserPool, client: AppClient, user: User
) -> Challenge:
    """Ask for a new password and the required attributes that are missing (COG-API-NEWPWD-001)."""
    missing = [f"userAttributes.{name}" for name in missing_attributes(pool, user.attributes)]
    return Challenge(
        name=NAME,
        session=open_session(
            services,
            client=client,
            username=user.username,
            challenge=NAME,
            state=proof_of(user),
        ),
        parameters={
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": _json(missing),
            "userAttributes": _json(readable_attributes(client, user)),
        },
    )


def set_new_password(
    services: Services,
    *,
    client: AppClient,
    session: str,
    username: str,
    new_password: str,
    attributes: Mapping[str, str],
) -> User:
    """Take the answer: the user becomes CONFIRMED (COG-API-NEWPWD-002 ... -005).

    The session is used up by success only; a refused password or attribute leaves it alive. The
    second factor is not asked for here: `sign_in.answer_challenge` does so.
    """
    with services.store.read() as tx:
        pool = get_pool(tx, client.pool_id)
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=NAME,
            session=session,
            username=username,
        )
        user = proven_user(tx, record)
    check_policy(pool, new_password)
    check_history(pool, user, new_password)
    _check_given(pool, client, user, attributes)
    stored = store_password(
        new_password, pool_name=pool.short_name, user_id=user.username, entropy=services.entropy
    )
    with services.store.transaction() as tx:
        record = live_session(
            tx,
            services,
            pool=pool,
            client=client,
            challenge=NAME,
            session=session,
            username=username,
        )
        # A password set meanwhile is not to be overwritten with what an older one allowed.
        current = proven_user(tx, record)
        if current.status is not UserStatus.FORCE_CHANGE_PASSWORD:
            raise invalid_session()
        changed = replace(
            current,
            status=UserStatus.CONFIRMED,
            password=stored,
            former_passwords=next_history(pool, current),
            attributes={**current.attributes, **attributes},
            modified_at=services.clock.now(),
        )
        claim_aliases(tx, pool, changed, force=False)
        tx.put(changed)
        use_up(tx, record)
    return changed


def _check_given(
    pool: UserPool, client: AppClient, user: User, attributes: Mapping[str, str]
) -> None:
    """COG-API-NEWPWD-003."""
    for name in attributes:
        if user.attributes.get(name):
            raise NotAuthorizedException(f"Cannot modify an already provided {name}")
    check_writable(client, attributes)
    check_attributes(pool, attributes)
    missing = missing_attributes(pool, {**user.attributes, **attributes})
    if missing:
        raise InvalidParameterException(f"Invalid attributes given, {missing[0]} is missing")


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

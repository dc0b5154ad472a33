"""What a pool sends when it has no words of its own."""

import pytest

from cognito_mock.core.pools import PoolDomain
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.sign_up import sign_up
from cognito_mock.flows.users import admin_create_user

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
EMAIL, PHONE = {"email": "ada@example.com"}, {"phone_number": "+15555550123"}


def join(world, attributes):
    sign_up(
        world.services,
        client_id=CLIENT_ID,
        username="ada",
        password="Passw0rd!x",
        attributes=attributes,
    )
    return list_messages(world.services)[-1]


@pytest.mark.parametrize(
    ("attributes", "body"),
    [
        (EMAIL, "Your confirmation code is {code}"),
        (PHONE, "Your verification code is {code}. "),
    ],
    ids=["e-mail", "SMS"],
)
def test_confirmation_code(world, attributes, body):
    """COG-API-JSON-003: the words differ by medium."""
    world.pool(AutoVerifiedAttributes=["email", "phone_number"])
    world.client()

    message = join(world, attributes)

    assert message.body == body.format(code=message.code)
    assert message.subject in {"Your verification code", ""}


def test_confirmation_link(world):
    """COG-API-JSON-003, COG-API-SIGNUP-011: the words in the markers are the link's."""
    world.pool(
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    )
    world.client()
    world.put(PoolDomain(domain="demo", pool_id=POOL_ID, settings={}))

    message = join(world, EMAIL)

    assert message.subject == "Your verification link"
    before, _, after = message.body.partition("<a ")
    assert before == "Please click the link below to verify your email address. "
    assert after.endswith(">Verify Email</a> ")


@pytest.mark.parametrize("medium", ["EMAIL", "SMS"])
def test_invitation(world, medium):
    """COG-API-JSON-003."""
    admin_create_user(
        world.services,
        pool_id=POOL_ID,
        username="ada",
        attributes={**EMAIL, **PHONE},
        temporary_password="Tempor4ry!",
        desired_delivery_mediums=[medium],
    )

    message = list_messages(world.services)[-1]
    assert message.body == "Your username is ada and temporary password is Tempor4ry!. "
    assert message.subject in {"Your temporary password", ""}

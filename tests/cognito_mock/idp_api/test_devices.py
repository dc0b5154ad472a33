"""Devices through boto3 (spec section 3.5)."""

import jwt
import pytest

from .live import PASSWORD

BAD = "InvalidParameterException"
UNKNOWN = ("ResourceNotFoundException", "Device does not exist.")
SECRET = {"PasswordVerifier": "dmVyaWZpZXI=", "Salt": "c2FsdA=="}


@pytest.fixture
def tracking(new_live):
    """A pool that remembers devices at once, and a user."""
    live = new_live(DeviceConfiguration={"ChallengeRequiredOnNewDevice": False})
    live.user()
    return live


def sign_in(live, **parameters):
    return live.idp.initiate_auth(
        ClientId=live.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD, **parameters},
    )["AuthenticationResult"]


def confirmed(live, name="laptop"):
    """Sign in on a new device and confirm it: the token and the key."""
    result = sign_in(live)
    token, key = result["AccessToken"], result["NewDeviceMetadata"]["DeviceKey"]
    answer = live.idp.confirm_device(
        AccessToken=token, DeviceKey=key, DeviceName=name, DeviceSecretVerifierConfig=SECRET
    )
    assert answer["UserConfirmationNecessary"] is False
    return token, key


def shown(device):
    return {attribute["Name"]: attribute["Value"] for attribute in device["DeviceAttributes"]}


def test_new_device_at_sign_in(tracking):
    """COG-API-DEV-001, COG-API-WIRE-037: a key each time, until one is confirmed and named."""
    first, second = (sign_in(tracking)["NewDeviceMetadata"] for _ in range(2))

    assert first["DeviceKey"].startswith("eu-central-1_")
    assert first["DeviceGroupKey"].startswith("-")
    assert first["DeviceKey"] != second["DeviceKey"]
    _, key = confirmed(tracking)
    assert "NewDeviceMetadata" not in sign_in(tracking, DEVICE_KEY=key)
    assert "NewDeviceMetadata" in sign_in(tracking, DEVICE_KEY=first["DeviceKey"])


def test_the_access_token_names_a_confirmed_device(tracking):
    """COG-TOK-068: in its place, also after a refresh; not a stranger's, nor one only given out."""
    given_out = sign_in(tracking)["NewDeviceMetadata"]["DeviceKey"]
    _, key = confirmed(tracking)
    tracking.user("karl")

    def device_of(result):
        read = jwt.decode(result["AccessToken"], options={"verify_signature": False})
        assert "device_key" not in read or list(read)[:2] == ["sub", "device_key"]
        return read.get("device_key")

    named = sign_in(tracking, DEVICE_KEY=key)
    refreshed = tracking.idp.initiate_auth(
        ClientId=tracking.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": named["RefreshToken"], "DEVICE_KEY": key},
    )["AuthenticationResult"]

    assert device_of(named) == device_of(refreshed) == key
    assert device_of(sign_in(tracking)) is None
    assert device_of(sign_in(tracking, DEVICE_KEY=given_out)) is None
    assert device_of(sign_in(tracking, USERNAME="karl", DEVICE_KEY=key)) is None


def test_no_device_without_tracking(live):
    """COG-API-DEV-001, -008."""
    live.user()
    result = sign_in(live)

    assert "NewDeviceMetadata" not in result
    assert live.refusal("list_devices", AccessToken=result["AccessToken"]) == (
        BAD,
        "Device tracking not currently enabled for this pool.",
    )


def test_remembered_device_does_not_replace_the_second_factor(tracking):
    """COG-API-DEV-006: without ChallengeRequiredOnNewDevice devices are tracked only."""
    _, key = confirmed(tracking)
    tracking.idp.set_user_pool_mfa_config(
        UserPoolId=tracking.pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )

    answer = tracking.idp.initiate_auth(
        ClientId=tracking.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD, "DEVICE_KEY": key},
    )

    assert answer["ChallengeName"] == "MFA_SETUP"


def test_refresh_brings_no_device(tracking):
    """COG-API-REFRESH-003."""
    token = sign_in(tracking)["RefreshToken"]

    refreshed = tracking.idp.initiate_auth(
        ClientId=tracking.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token},
    )

    assert "NewDeviceMetadata" not in refreshed["AuthenticationResult"]


@pytest.mark.parametrize("known", [False, True], ids=["just confirmed", "known at sign-in"])
def test_refresh_needs_the_key_of_its_device(tracking, known):
    """COG-API-DEV-009: by either operation; a device that is forgotten is asked for no more."""
    result = sign_in(tracking)
    key = result["NewDeviceMetadata"]["DeviceKey"]
    tracking.idp.confirm_device(AccessToken=result["AccessToken"], DeviceKey=key)
    if known:
        result = sign_in(tracking, DEVICE_KEY=key)
    token = result["RefreshToken"]
    client = {"ClientId": tracking.client_id}

    def by_flow(**device):
        parameters = {"REFRESH_TOKEN": token, **device}
        return {**client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}

    def by_operation(**device):
        return {**client, "RefreshToken": token, **device}

    invalid = ("NotAuthorizedException", "Invalid Refresh Token.")
    other = f"eu-central-1_{'0' * 8}-0000-4000-8000-{'0' * 12}"
    for wrong in ({}, {"DEVICE_KEY": other}):
        assert tracking.refusal("initiate_auth", **by_flow(**wrong)) == invalid
    for wrong in ({}, {"DeviceKey": other}):
        assert tracking.refusal("get_tokens_from_refresh_token", **by_operation(**wrong)) == invalid

    assert tracking.idp.initiate_auth(**by_flow(DEVICE_KEY=key))["AuthenticationResult"]
    refreshed = tracking.idp.get_tokens_from_refresh_token(**by_operation(DeviceKey=key))
    access = refreshed["AuthenticationResult"]["AccessToken"]
    tracking.idp.forget_device(AccessToken=access, DeviceKey=key)
    assert tracking.idp.get_tokens_from_refresh_token(**by_operation())


def test_confirmed_device_is_listed(tracking):
    """COG-API-DEV-007, COG-API-JSON-011: users see less than administrators."""
    token, key = confirmed(tracking)
    admin = {"UserPoolId": tracking.pool_id, "Username": "rosa"}

    (own,) = tracking.idp.list_devices(AccessToken=token)["Devices"]
    (seen,) = tracking.idp.admin_list_devices(**admin)["Devices"]
    one = tracking.idp.get_device(AccessToken=token, DeviceKey=key)["Device"]

    assert own["DeviceKey"] == key
    assert shown(own) == {
        "device_status": "valid",
        "device_name": "laptop",
        "last_ip_used": "127.0.0.1",
    }
    assert seen == one == tracking.idp.admin_get_device(**admin, DeviceKey=key)["Device"]
    assert shown(one)["dev:device_remembered_status"] == "remembered"
    assert shown(one)["dev:device_arn"].endswith(f"owner/rosa.{tracking.pool_id}/device/{key}")


def test_unconfirmed_device(tracking):
    """A key that was only given out is no device yet."""
    result = sign_in(tracking)
    device = {
        "AccessToken": result["AccessToken"],
        "DeviceKey": result["NewDeviceMetadata"]["DeviceKey"],
    }

    assert tracking.refusal("get_device", **device) == UNKNOWN
    assert (
        tracking.refusal("update_device_status", **device, DeviceRememberedStatus="remembered")
        == UNKNOWN
    )
    assert tracking.idp.list_devices(AccessToken=result["AccessToken"])["Devices"] == []


def test_user_is_asked_first(new_live):
    """COG-API-DEV-002: with DeviceOnlyRememberedOnUserPrompt it takes UpdateDeviceStatus."""
    live = new_live(DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": True})
    live.user()
    result = sign_in(live)
    device = {
        "AccessToken": result["AccessToken"],
        "DeviceKey": result["NewDeviceMetadata"]["DeviceKey"],
    }

    answer = live.idp.confirm_device(**device)

    assert answer["UserConfirmationNecessary"] is True
    status = "dev:device_remembered_status"
    assert shown(live.idp.get_device(**device)["Device"])[status] == "not_remembered"
    live.idp.update_device_status(**device, DeviceRememberedStatus="remembered")
    assert shown(live.idp.get_device(**device)["Device"])[status] == "remembered"


def test_refused_confirmation(tracking):
    """COG-API-DEV-008: a key that was not given out, and one that is confirmed."""
    token, key = confirmed(tracking)
    made_up = f"eu-central-1_{'0' * 8}-0000-4000-8000-{'0' * 12}"

    assert tracking.refusal("confirm_device", AccessToken=token, DeviceKey=made_up) == (
        BAD,
        "Invalid device key given.",
    )
    assert tracking.refusal("confirm_device", AccessToken=token, DeviceKey=key)[0] == (
        "DeviceKeyExistsException"
    )
    assert (
        shown(tracking.idp.get_device(AccessToken=token, DeviceKey=key)["Device"])["device_name"]
        == "laptop"
    )


def test_key_of_somebody_else(tracking):
    """A device belongs to one user."""
    _, key = confirmed(tracking)
    tracking.user("karl")
    karl = tracking.sign_in("karl")["AccessToken"]

    assert tracking.refusal("get_device", AccessToken=karl, DeviceKey=key) == UNKNOWN
    assert tracking.refusal("forget_device", AccessToken=karl, DeviceKey=key) == UNKNOWN
    assert tracking.idp.list_devices(AccessToken=karl)["Devices"] == []


@pytest.mark.parametrize("by_admin", [False, True], ids=["user", "administrator"])
def test_forgotten_device(tracking, by_admin):
    """COG-API-DEV-010: unknown from then on, also to a sign-in."""
    token, key = confirmed(tracking)

    if by_admin:
        tracking.idp.admin_forget_device(
            UserPoolId=tracking.pool_id, Username="rosa", DeviceKey=key
        )
    else:
        tracking.idp.forget_device(AccessToken=token, DeviceKey=key)

    assert tracking.refusal("get_device", AccessToken=token, DeviceKey=key) == UNKNOWN
    assert "NewDeviceMetadata" in sign_in(tracking, DEVICE_KEY=key)


def test_devices_in_pages(tracking):
    """COG-API-LIST-005: PaginationToken."""
    for _ in range(3):
        token, _ = confirmed(tracking)

    first = tracking.idp.list_devices(AccessToken=token, Limit=2)
    rest = tracking.idp.list_devices(AccessToken=token, PaginationToken=first["PaginationToken"])

    assert (len(first["Devices"]), len(rest["Devices"])) == (2, 1)
    assert "PaginationToken" not in rest


def test_devices_end_with_their_user(tracking):
    """A later user of the same name has none."""
    confirmed(tracking)
    admin = {"UserPoolId": tracking.pool_id, "Username": "rosa"}
    tracking.idp.admin_delete_user(**admin)
    tracking.user()

    assert tracking.idp.admin_list_devices(**admin)["Devices"] == []
    assert tracking.refusal("admin_list_devices", **{**admin, "Username": "x"}) == (
        "ResourceNotFoundException",
        "User does not exist.",
    )

"""Devices: ConfirmDevice, GetDevice, ListDevices, UpdateDeviceStatus, ForgetDevice; Admin forms."""

from cognito_mock.core.arns import device_arn
from cognito_mock.core.devices import Device
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows import devices
from cognito_mock.flows.devices import Owner, owner_by_name, owner_by_token
from cognito_mock.flows.members import optional_integer, optional_text, section, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

_MOST = 60


def confirm_device(call: Call) -> JsonObject:
    """COG-API-OP-ConfirmDevice."""
    config = section(call.input, "DeviceSecretVerifierConfig")
    necessary = devices.confirm_device(
        call.services,
        access_token=text(call.input, "AccessToken"),
        device_key=text(call.input, "DeviceKey"),
        verifier=text(config, "PasswordVerifier"),
        salt=text(config, "Salt"),
        name=optional_text(call.input, "DeviceName"),
    )
    return {"UserConfirmationNecessary": necessary}


def get_device(call: Call) -> JsonObject:
    """COG-API-OP-GetDevice and COG-API-OP-AdminGetDevice."""
    device = devices.get_device(
        call.services, owner=_owner(call), device_key=text(call.input, "DeviceKey")
    )
    return {"Device": _device(device, own=_own(device))}


def list_devices(call: Call) -> JsonObject:
    """COG-API-OP-ListDevices and COG-API-OP-AdminListDevices."""
    owner = _owner(call)
    listing = f"devices of {owner.username} of {owner.pool_id}"
    size = optional_integer(call.input, "Limit") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "PaginationToken"), listing=listing, now=now)
    found = devices.list_devices(call.services, owner=owner, limit=size + 1, after=after)
    shown = page(found, size=size, listing=listing, key=lambda device: device.key, now=now)
    # COG-API-DEV-007: administrators see more.
    listed = [
        _device(device, own=_own(device) if "UserPoolId" in call.input else {})
        for device in shown.items
    ]
    return {"Devices": listed, "PaginationToken": shown.token}


def update_device_status(call: Call) -> JsonObject:
    """COG-API-OP-UpdateDeviceStatus and COG-API-OP-AdminUpdateDeviceStatus."""
    devices.update_device_status(
        call.services,
        owner=_owner(call),
        device_key=text(call.input, "DeviceKey"),
        status=optional_text(call.input, "DeviceRememberedStatus"),
    )
    return {}


def forget_device(call: Call) -> JsonObject:
    """COG-API-OP-ForgetDevice and COG-API-OP-AdminForgetDevice."""
    devices.forget_device(
        call.services, owner=_owner(call), device_key=text(call.input, "DeviceKey")
    )
    return {}


def _owner(call: Call) -> Owner:
    pool_id = optional_text(call.input, "UserPoolId")
    if pool_id is None:
        return owner_by_token(call.services, text(call.input, "AccessToken"))
    return owner_by_name(call.services, pool_id=pool_id, username=text(call.input, "Username"))


def _device(device: Device, *, own: dict[str, str]) -> JsonObject:
    """COG-API-JSON-011."""
    shown: dict[str, str] = {"device_status": "valid"}
    if device.name is not None:
        shown["device_name"] = device.name
    shown.update({"last_ip_used": device.last_ip, **own})
    attributes: list[JsonValue] = [{"Name": n, "Value": v} for n, v in shown.items()]
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": attributes,
        "DeviceCreateDate": device.created_at,
        "DeviceLastModifiedDate": device.modified_at,
        "DeviceLastAuthenticatedDate": float(int(device.authenticated_at)),
    }


def _own(device: Device) -> dict[str, str]:
    """Return what is seen of one device, and by administrators (COG-API-DEV-007)."""
    return {
        "dev:device_arn": device_arn(device.pool_id, device.username, device.key),
        "dev:device_owner": f"{device.username}.{device.pool_id}",
        "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
    }


OPERATIONS = {
    "ConfirmDevice": confirm_device,
    "GetDevice": get_device,
    "AdminGetDevice": get_device,
    "ListDevices": list_devices,
    "AdminListDevices": list_devices,
    "UpdateDeviceStatus": update_device_status,
    "AdminUpdateDeviceStatus": update_device_status,
    "ForgetDevice": forget_device,
    "AdminForgetDevice": forget_device,
}

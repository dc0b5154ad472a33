"""Remembering devices: keys at sign-in, confirming, listing, forgetting (spec section 3.5).

The device's own challenges are not asked: a remembered device is known, not an excuse from MFA.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cognito_mock.core.attributes import ADMIN_SCOPE
from cognito_mock.core.devices import NEVER, Device, new_device_key, new_group_key
from cognito_mock.core.errors import (
    DeviceKeyExistsException,
    InvalidParameterException,
    ResourceNotFoundException,
)
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.access_tokens import open_access_token, session_grants
from cognito_mock.flows.lookups import find_user, get_client, get_pool
from cognito_mock.flows.members import flag, section
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_UNCONFIRMED_SECONDS = 24 * 3600
_UNKNOWN_IP = "127.0.0.1"
_PROMPT = "DeviceOnlyRememberedOnUserPrompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose devices are meant."""

    pool_id: str
    username: str


def owner_by_token(services: Services, access_token: str) -> Owner:
    """Return the token's user."""
    grant = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    return Owner(pool_id=grant.pool.id, username=grant.user.username)


def owner_by_name(services: Services, *, pool_id: str, username: str) -> Owner:
    """Return the user whom an administrator names."""
    with services.store.read() as tx:
        user = find_user(tx, get_pool(tx, pool_id), username)
    if user is None:
        # Some of the operations have no UserNotFoundException among their errors.
        raise ResourceNotFoundException("User does not exist.")
    return Owner(pool_id=pool_id, username=user.username)


def device_at_sign_in(
    services: Services,
    *,
    client_id: str,
    access_token: str,
    device_key: str | None,
    ip_address: str | None = None,
) -> Device | None:
    """Return a new device for a finished sign-in, None with a known one (COG-API-DEV-001)."""
    with services.store.read() as tx:
        pool = get_pool(tx, get_client(tx, client_id).pool_id)
    if not pool.tracks_devices:
        return None
    username = open_access_token(services, access_token).user.username
    now = services.clock.now()
    device = Device(
        pool_id=pool.id,
        username=username,
        key=new_device_key(services.entropy, pool.region),
        group_key=new_group_key(services.entropy),
        last_ip=ip_address or _UNKNOWN_IP,
        created_at=now,
        modified_at=now,
        authenticated_at=now,
        expires_at=now + _UNCONFIRMED_SECONDS,
    )
    with services.store.transaction() as tx:
        known = tx.get(Device, pool.id, username, device_key) if device_key else None
        if known is not None and known.confirmed:
            tx.put(replace(known, last_ip=device.last_ip, authenticated_at=now))
            return None
        tx.put(device)
    return device


def confirm_device(
    services: Services,
    *,
    access_token: str,
    device_key: str,
    verifier: str = "",
    salt: str = "",
    name: str | None = None,
) -> bool:
    """ConfirmDevice; tell whether the user has yet to say that it be remembered.

    (COG-API-DEV-002, -008.) The session is on this device from now on (COG-API-DEV-009).
    """
    session = open_access_token(services, access_token, required_scope=ADMIN_SCOPE)
    owner = Owner(pool_id=session.pool.id, username=session.user.username)
    now = services.clock.now()
    with services.store.transaction() as tx:
        pool = _tracking_pool(tx, owner)
        device = tx.get(Device, owner.pool_id, owner.username, device_key)
        if device is None or now >= device.expires_at:
            raise InvalidParameterException("Invalid device key given.")
        if device.confirmed:
            # The service's text is not known.
            raise DeviceKeyExistsException("Device already exists.")
        asks = flag(section(pool.settings, "DeviceConfiguration"), _PROMPT)
        tx.put(
            replace(
                device,
                confirmed=True,
                remembered=not asks,
                verifier=verifier,
                salt=salt,
                name=name,
                modified_at=now,
                expires_at=NEVER,
            )
        )
        for grant in session_grants(tx, owner.pool_id, owner.username, session.claims):
            tx.put(replace(grant, device_key=device_key))
    return asks


def get_device(services: Services, *, owner: Owner, device_key: str) -> Device:
    """GetDevice, AdminGetDevice."""
    with services.store.read() as tx:
        _tracking_pool(tx, owner)
        return _require(tx, owner, device_key)


def list_devices(
    services: Services, *, owner: Owner, limit: int, after: str | None = None
) -> Sequence[Device]:
    """Return at most ``limit`` confirmed devices whose keys follow ``after``."""
    with services.store.read() as tx:
        _tracking_pool(tx, owner)
        last = (owner.pool_id, owner.username, after) if after else None
        devices = tx.scan(Device, owner.pool_id, owner.username, after=last)
    return [device for device in devices if device.confirmed][:limit]


def update_device_status(
    services: Services, *, owner: Owner, device_key: str, status: str | None
) -> None:
    """UpdateDeviceStatus, AdminUpdateDeviceStatus (COG-API-DEV-010)."""
    with services.store.transaction() as tx:
        _tracking_pool(tx, owner)
        device = _require(tx, owner, device_key)
        if status is not None:
            remembered = status == "remembered"
            tx.put(replace(device, remembered=remembered, modified_at=services.clock.now()))


def forget_device(services: Services, *, owner: Owner, device_key: str) -> None:
    """ForgetDevice, AdminForgetDevice."""
    with services.store.transaction() as tx:
        _tracking_pool(tx, owner)
        _require(tx, owner, device_key)
        tx.delete(Device, owner.pool_id, owner.username, device_key)


def _tracking_pool(tx: Transaction, owner: Owner) -> UserPool:
    pool = get_pool(tx, owner.pool_id)
    if not pool.tracks_devices:
        # COG-API-DEV-008
        raise InvalidParameterException("Device tracking not currently enabled for this pool.")
    return pool


def _require(tx: Transaction, owner: Owner, device_key: str) -> Device:
    device = tx.get(Device, owner.pool_id, owner.username, device_key)
    if device is None or not device.confirmed:
        raise ResourceNotFoundException("Device does not exist.")
    return device

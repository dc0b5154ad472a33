"""What is derived from a pool: its certificate for SAML, the header of its import files."""

from cognito_mock.core.certificates import self_signed_certificate
from cognito_mock.core.errors import ResourceNotFoundException
from cognito_mock.core.pools import PoolKeys
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.services import Services


def signing_certificate(services: Services, *, pool_id: str) -> str:
    """GetSigningCertificate: base64 of an X.509 certificate (COG-API-RES-010)."""
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
        keys = tx.get(PoolKeys, pool_id)
    if keys is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return self_signed_certificate(keys.id_key, name=pool_id, since=pool.created_at)


def csv_header(services: Services, *, pool_id: str) -> list[str]:
    """GetCSVHeader: the columns of an import file, in order (COG-API-RES-010)."""
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
    names = [str(attribute.get("Name")) for attribute in pool.schema_attributes]
    custom = [name for name in names if ":" in name]
    standard = [name for name in names if ":" not in name and name not in ("sub", "identities")]
    return ["cognito:username", *standard, "cognito:mfa_enabled", *custom]

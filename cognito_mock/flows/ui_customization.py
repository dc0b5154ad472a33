"""The look of the classic hosted UI: a style sheet and a logo (COG-API-RES-007)."""

from base64 import b64decode

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.core.pools import PoolDomain
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import optional_text
from cognito_mock.flows.pool_documents import check_place, find_document, put_document
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_KIND = DocumentKind.UI_CUSTOMIZATION
_MOST_CSS = 3 * 1024
_MOST_IMAGE = 100 * 1024
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def set_ui_customization(
    services: Services,
    *,
    pool_id: str,
    client_id: str = ALL_CLIENTS,
    css: str | None = None,
    image: str | None = None,
) -> PoolDocument | None:
    """Replace style sheet and logo (base64), None takes both away; needs a domain."""
    if css is not None and len(css.encode()) > _MOST_CSS:
        # Here and below the service's texts are not known.
        raise InvalidParameterException("CSS is longer than 3 KB.")
    if image is not None:
        _check_image(image)
    with services.store.transaction() as tx:
        check_place(tx, pool_id, client_id)
        if not tx.find(PoolDomain, "pool", pool_id):
            raise InvalidParameterException(
                "There has to be an existing domain associated with this user pool"
            )
        content = {name: value for name, value in (("CSS", css), ("ImageFile", image)) if value}
        if not content:
            tx.delete(PoolDocument, pool_id, client_id, _KIND)
            return None
        return put_document(
            tx, services, pool_id=pool_id, client_id=client_id, kind=_KIND, content=content
        )


def get_ui_customization(
    services: Services, *, pool_id: str, client_id: str = ALL_CLIENTS
) -> PoolDocument | None:
    """Return what applies to the client, its own or the pool's."""
    with services.store.read() as tx:
        check_place(tx, pool_id, client_id)
        return ui_customization(tx, pool_id, client_id)


def ui_customization(tx: Transaction, pool_id: str, client_id: str) -> PoolDocument | None:
    """Return what the pages of the client look like; ``content`` has CSS and ImageFile."""
    return find_document(tx, pool_id=pool_id, client_id=client_id, kind=_KIND)


def logo(document: PoolDocument) -> tuple[str, bytes] | None:
    """Return media type and bytes of the logo."""
    written = optional_text(document.content, "ImageFile")
    if written is None:
        return None
    image = b64decode(written)
    return _media_type(image), image


def logo_url(services: Services, document: PoolDocument) -> str:
    """Return where the logo is found, on the pool's domain; a new logo has a new place."""
    with services.store.read() as tx:
        domains = tx.find(PoolDomain, "pool", document.pool_id)
        pool = get_pool(tx, document.pool_id)
    path = f"/{document.pool_id}/{document.client_id}/{int(document.modified_at)}"
    base = services.addresses.base_url
    if domains:
        domain = domains[0]
        base = services.addresses.domain_url(domain.domain, pool.region, custom=domain.custom)
    return f"{base}{path}/assets/images/image.jpg"


def _check_image(written: str) -> None:
    image = b64decode(written)
    if len(image) > _MOST_IMAGE:
        raise InvalidParameterException("ImageFile is longer than 100 KB.")
    if image:
        _media_type(image)


def _media_type(image: bytes) -> str:
    for signature, media_type in _SIGNATURES.items():
        if image.startswith(signature):
            return media_type
    raise InvalidParameterException("ImageFile is neither PNG nor JPEG.")

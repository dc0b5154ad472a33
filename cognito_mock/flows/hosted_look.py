"""What a pool's owner made of the pages' look (COG-PAG-020): addresses and contents."""

from dataclasses import dataclass

from cognito_mock.core.clients import AppClient
from cognito_mock.core.pool_documents import PoolDocument
from cognito_mock.flows.members import optional_text
from cognito_mock.flows.services import Services
from cognito_mock.flows.ui_customization import logo, ui_customization

CSS = "CSS/custom-css.css"
LOGO = "images/image.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Paths of a style sheet and of a logo, None where the pages keep their own."""

    css: str | None
    logo: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that a page refers to."""

    media_type: str
    content: bytes


def look_of(services: Services, client: AppClient) -> Look:
    """Return the client's own look, or the pool's."""
    with services.store.read() as tx:
        document = ui_customization(tx, client.pool_id, client.id)
    if document is None:
        return Look(css=None, logo=None)
    return Look(
        css=_path(document, CSS) if "CSS" in document.content else None,
        logo=_path(document, LOGO) if "ImageFile" in document.content else None,
    )


def find_asset(services: Services, *, pool_id: str, client_id: str, name: str) -> Asset | None:
    """Return what is behind the path of a look; ``client_id`` may stand for all clients."""
    with services.store.read() as tx:
        document = ui_customization(tx, pool_id, client_id)
    if document is None:
        return None
    if name == CSS:
        css = optional_text(document.content, "CSS")
        return Asset(media_type="text/css", content=css.encode()) if css else None
    image = logo(document)
    return Asset(media_type=image[0], content=image[1]) if image else None


def _path(document: PoolDocument, name: str) -> str:
    # The time is in the path, so that a new look is not hidden by a cached one.
    version = int(document.modified_at)
    return f"/{document.pool_id}/{document.client_id}/{version}/assets/{name}"

"""The sign-in page itself, to which every step of a sign-in can come back."""

from urllib.parse import urlencode

from starlette.responses import Response

from cognito_mock.hosted_ui.fields import username_context
from cognito_mock.hosted_ui.visits import Visit


def sign_in_page(
    visit: Visit,
    *,
    username: str = "",
    error: str = "",
    notice: str = "",
    unconfirmed: bool = False,
    status: int = 200,
) -> Response:
    """Render it; ``unconfirmed`` offers the page for the code of a sign-up."""
    # A copy is kept of what everybody sees first, and none of what somebody has typed.
    render = visit.render if username or unconfirmed else visit.render_for_many
    return render(
        "sign_in.html",
        status=status,
        error=error,
        notice=notice,
        unconfirmed=unconfirmed,
        confirm_query=_confirm_query(visit, username) if unconfirmed else "",
        local="COGNITO" in visit.client.identity_providers,  # COG-PAG-044
        sign_up_open=not visit.pool.admin_create_only,
        **username_context(visit.pool, username),
    )


def _confirm_query(visit: Visit, username: str) -> str:
    return urlencode({**visit.call.query, "username": username})

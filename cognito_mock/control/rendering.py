"""HTML of the mock's own pages: escaped, without scripts, never cached."""

from pathlib import Path

from starlette.responses import HTMLResponse, Response

from cognito_mock.control.sign_in_links import COOKIE, BrowserSecret
from cognito_mock.web.pages import environment

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action {forms};"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    # The callback's own address holds a code.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(
    template: str, *, status: int = 200, forms: bool = False, **context: object
) -> HTMLResponse:
    """Render a page; one with ``forms`` may send them here and nowhere else."""
    html = environment(_TEMPLATES).get_template(template).render(context)
    policy = _POLICY.format(forms="'self'" if forms else "'none'")
    headers = {**_HEADERS, "Content-Security-Policy": policy}
    if forms:
        # With no-referrer a browser says "Origin: null" of a form, and the guard refuses that.
        headers["Referrer-Policy"] = "same-origin"
    # A name made through JSON can hold lone surrogates, which UTF-8 cannot.
    return HTMLResponse(html.encode(errors="replace"), status, headers=headers)


def refusal(heading: str, message: str, *, status: int) -> HTMLResponse:
    """Say on a page why it is not the one that was asked for."""
    return page("refusal.html", status=status, heading=heading, message=message)


def keep(response: Response, secret: BrowserSecret) -> None:
    """Leave the browser its secret."""
    # Lax: the way back from the sign-in page is a top-level GET from, possibly, another host.
    response.set_cookie(COOKIE, secret.value, path="/", httponly=True, samesite="lax")

"""What every integration answers: one table for all of them.

Every application has the same routes: ``/me`` for any good token, ``/editors`` for the groups
"editors" or "staff", ``/owners`` for "owners", ``/orders`` for the scopes "orders/read" or
"orders/write", ``/refunds`` for "refunds/write" or "orders/refund". The token of the tests' pool
has the groups "editors" and "admins", and the scopes "openid" and "orders/read".
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..conftest import NOW  # noqa: TID252  (not a package that is installed)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Header lines (made with the fixture ``make_token``), and the answer to them."""

    id: str
    lines: Callable[..., list[tuple[str, str]]]
    path: str = "/me"
    status: int = 200
    challenge: str | None = None


def bearer(*args, **changes):
    """Make one header line with a token."""
    return lambda make: [("Authorization", "Bearer " + make(*args, **changes))]


def line(*values):
    """Make header lines with these values."""
    return lambda _make: [("Authorization", value) for value in values]


def invalid_token(description):
    return f'Bearer realm="api", error="invalid_token", error_description="{description}"'


MALFORMED_REQUEST = (
    'Bearer realm="api", error="invalid_request", '
    'error_description="Exactly one bearer token is needed, in the Authorization header"'
)
NO_SCOPE = (
    'Bearer realm="api", error="insufficient_scope", '
    'error_description="The token has none of the scopes that are needed", '
    'scope="orders/refund refunds/write"'
)
NO_GROUP = (
    'Bearer realm="api", error="insufficient_scope", '
    'error_description="The user is in none of the groups that are needed"'
)
BARE = 'Bearer realm="api"'

CASES = [
    # RFC 6750 §2.1.
    Case(id="good", lines=bearer()),
    Case(id="scheme-lower-case", lines=lambda make: [("authorization", f"bearer {make()}")]),
    Case(id="scheme-upper-case", lines=lambda make: [("AUTHORIZATION", f"BEARER {make()}")]),
    Case(id="several-spaces", lines=lambda make: [("Authorization", f"Bearer   {make()}")]),
    # RFC 6750 §3.1: no credentials, or of another scheme: no error code.
    Case(id="missing", lines=line(), status=401, challenge=BARE),
    Case(id="empty", lines=line(""), status=401, challenge=BARE),
    Case(id="other-scheme", lines=line("Basic YWRhOmxvdmVsYWNl"), status=401, challenge=BARE),
    Case(
        id="no-scheme",
        lines=lambda make: [("Authorization", make())],
        status=401,
        challenge=BARE,
    ),
    Case(
        id="token-in-query",  # RFC 6750 §2.3: not supported
        lines=line(),
        path="/me?access_token=eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        status=401,
        challenge=BARE,
    ),
    # RFC 6750 §3.1 invalid_request.
    Case(
        id="two-tokens",
        lines=lambda make: [("Authorization", f"Bearer {make()}")] * 2,
        status=400,
        challenge=MALFORMED_REQUEST,
    ),
    Case(
        id="two-tokens-in-one-line",
        lines=lambda make: [("Authorization", f"Bearer {make()}, Bearer {make()}")],
        status=400,
        challenge=MALFORMED_REQUEST,
    ),
    Case(
        id="token-after-other-scheme",
        lines=lambda make: [
            ("Authorization", "Basic YWRhOmxvdmVsYWNl"),
            ("Authorization", f"Bearer {make()}"),
        ],
        status=400,
        challenge=MALFORMED_REQUEST,
    ),
    Case(id="no-token", lines=line("Bearer"), status=400, challenge=MALFORMED_REQUEST),
    Case(id="two-words", lines=line("Bearer a b"), status=400, challenge=MALFORMED_REQUEST),
    Case(
        id="quoted",
        lines=lambda make: [("Authorization", f'Bearer "{make()}"')],
        status=400,
        challenge=MALFORMED_REQUEST,
    ),
    # RFC 6750 §3.1 invalid_token.
    Case(
        id="malformed",
        lines=line("Bearer not.a.token"),
        status=401,
        challenge=invalid_token("The token is malformed"),
    ),
    Case(
        id="script-in-token",
        lines=line("Bearer ////.script.alert+1"),
        status=401,
        challenge=invalid_token("The token is malformed"),
    ),
    Case(
        id="expired",
        lines=bearer(exp=NOW - 1),
        status=401,
        challenge=invalid_token("The token has expired"),
    ),
    Case(
        id="wrong-client",
        lines=bearer(client_id="another"),
        status=401,
        challenge=invalid_token("The token was issued for another client or resource"),
    ),
    Case(
        id="wrong-issuer",
        lines=bearer(iss="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other"),
        status=401,
        challenge=invalid_token("The token has another issuer"),
    ),
    Case(
        id="id-token",
        lines=bearer("id"),
        status=401,
        challenge=invalid_token("The token is of the wrong kind"),
    ),
    Case(
        id="unsigned",
        lines=bearer(_header={"alg": "none"}),
        status=401,
        challenge=invalid_token("The token is not signed with RS256"),
    ),
    Case(
        id="stranger-with-known-kid",
        lines=bearer(_key="stranger"),
        status=401,
        challenge=invalid_token("The token's signature is invalid"),
    ),
    Case(
        id="unknown-key",
        lines=bearer(_header={"kid": "unknown"}),
        status=401,
        challenge=invalid_token("The token is signed with a key that its issuer does not publish"),
    ),
    # Groups and scopes: one of them is enough; expired goes before.
    Case(id="one-of-the-groups", path="/editors", lines=bearer()),
    Case(id="one-of-the-scopes", path="/orders", lines=bearer()),
    Case(id="wrong-group", path="/owners", lines=bearer(), status=403, challenge=NO_GROUP),
    Case(id="wrong-scope", path="/refunds", lines=bearer(), status=403, challenge=NO_SCOPE),
    Case(
        id="no-groups",  # COG-TOK-020
        path="/editors",
        lines=bearer(_without=("cognito:groups",)),
        status=403,
        challenge=NO_GROUP,
    ),
    Case(
        id="scope-with-same-beginning",
        path="/orders",
        lines=bearer(scope="orders/reader"),
        status=403,
        challenge=NO_SCOPE.replace("orders/refund refunds/write", "orders/read orders/write"),
    ),
    Case(id="no-token-for-group", path="/owners", lines=line(), status=401, challenge=BARE),
    Case(
        id="expired-and-wrong-group",
        path="/owners",
        lines=bearer(exp=NOW - 1),
        status=401,
        challenge=invalid_token("The token has expired"),
    ),
]

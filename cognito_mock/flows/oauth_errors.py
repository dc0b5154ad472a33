"""How an OAuth request fails. Where the client is told decides the class.

Exception
├── PageError      shown on the pool's own error page: the redirect URI may not be the client's
├── RedirectError  told to the client by redirect: its redirect URI is registered
└── ProtocolError  the JSON answer of the token, userInfo and revocation endpoints
"""


class PageError(Exception):
    """The user sees ``text`` (COG-AUT-041..044); ``client_id`` is repeated in the page's address.

    ``in_place``: the servlet's own message for a missing parameter comes without a redirect.
    """

    def __init__(self, text: str, *, client_id: str | None = None, in_place: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.client_id = client_id
        self.in_place = in_place


def missing_parameter(name: str) -> PageError:
    """COG-AUT-044."""
    return PageError(f"Required String parameter '{name}' is not present", in_place=True)


def unknown_client() -> PageError:
    """COG-AUT-043."""
    return PageError("Client does not exist")


def redirect_mismatch(client_id: str) -> PageError:
    """COG-AUT-041."""
    return PageError("redirect_mismatch", client_id=client_id)


class RedirectError(Exception):
    """RFC 6749 §4.1.2.1 and §4.2.2.1, to a redirect URI that was checked."""

    def __init__(
        self,
        error: str,
        *,
        redirect_uri: str,
        description: str | None = None,
        state: str | None = None,
        in_fragment: bool = False,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.redirect_uri = redirect_uri
        self.description = description
        self.state = state
        self.in_fragment = in_fragment

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Description, state, error as observed (COG-AUT-047); else as COG-AUT-024 has it."""
        state = () if self.state is None else (("state", self.state),)
        if self.description is None:
            return (("error", self.error), *state)
        return (("error_description", self.description), *state, ("error", self.error))


class ProtocolError(Exception):
    """RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 6750 §3.1."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.description = description

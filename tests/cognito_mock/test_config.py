"""How a wrong start is refused."""

import pytest

from cognito_mock.config import ConfigError, MockConfig, check_database


@pytest.mark.parametrize("mode", ["local", "aws", "https://idp.example.com", "http://mock:9229/x"])
def test_issuer_modes(mode):
    """The two names and base URLs are accepted."""
    assert MockConfig(issuer_mode=mode).issuer_mode == mode


@pytest.mark.parametrize(
    "mode",
    [
        "",
        "Local",
        "ftp://x",
        "https://",
        "https://user:pw@x",
        "https://x?y",
        "https://x#y",
        "http://x:port",
        "http://[x",
    ],
)
def test_anything_else_is_no_issuer(mode):
    """What could not be the base of an ``iss`` is refused."""
    with pytest.raises(ConfigError):
        MockConfig(issuer_mode=mode)


def test_the_refusal_of_a_database_does_not_repeat_its_password():
    """Only the scheme is named."""
    with pytest.raises(ConfigError) as caught:
        check_database("mysql://root:hunter2@db/x")

    assert str(caught.value) == "unknown database 'mysql:'; use memory:"

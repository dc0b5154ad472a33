"""Pool ids, issuers and addresses."""

from typing import Any

import pytest

from cognito_verify import ConfigurationError
from cognito_verify.pool import check_issuer, check_local_pool_id, check_url, parse_user_pool_id

ISSUERS = {
    "us-east-1_Ab1": "cognito-idp.us-east-1.amazonaws.com",
    "us-gov-west-1_Ab1": "cognito-idp.us-gov-west-1.amazonaws.com",
    "mx-central-1_Ab1": "cognito-idp.mx-central-1.amazonaws.com",
    "ap-southeast-7_Ab1": "cognito-idp.ap-southeast-7.amazonaws.com",
    "cn-north-1_Ab1": "cognito-idp.cn-north-1.amazonaws.com.cn",
    "eusc-de-east-1_Ab1": "cognito-idp.eusc-de-east-1.amazonaws.eu",
}


@pytest.mark.parametrize(("user_pool_id", "host"), ISSUERS.items(), ids=list(ISSUERS))
def test_the_issuers_follow_from_the_id(user_pool_id: str, host: str) -> None:
    """COG-TOK-008 and COG-TOK-009, in every partition."""
    pool = parse_user_pool_id(user_pool_id)

    assert pool.issuer() == f"https://{host}/{user_pool_id}"
    assert pool.issuer("updated") == f"https://issuer-{host}/{user_pool_id}"
    assert pool.region == user_pool_id.partition("_")[0]


@pytest.mark.parametrize(
    "user_pool_id",
    [
        *("", "us-east-1", "us-east-1_", "_Ab1", "us-east_Ab1", "useast1_Ab1", "us-east-1_A b"),
        *("us-east-1_Ab1\n", "us-east-1_Ab1/x", "evil.com/us-east-1_Ab1", "US-EAST-1_Ab1"),
        *("us-east-1_Äb1", "us-east-\uff11_Ab1", None, 5, b"us-east-1_Ab1"),
    ],
    ids=repr,
)
def test_other_ids_are_refused(user_pool_id: Any) -> None:
    """An id becomes part of a host name, so it is looked at closely."""
    with pytest.raises(ConfigurationError):
        parse_user_pool_id(user_pool_id)


@pytest.mark.parametrize("user_pool_id", ["local_abc", "us-east-1_LocalPool", "x-1_y"])
def test_local_pools_need_no_region(user_pool_id: str) -> None:
    """A mock's pool ids may be simpler."""
    assert check_local_pool_id(user_pool_id) == user_pool_id


@pytest.mark.parametrize("user_pool_id", ["", "../x_y", "a_b/c", "a_b?c", "a"])
def test_a_local_pool_id_is_no_path(user_pool_id: str) -> None:
    """An id becomes part of a path."""
    with pytest.raises(ConfigurationError):
        check_local_pool_id(user_pool_id)


@pytest.mark.parametrize(
    "url",
    [
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
        "https://[2001:db8::1]:8443/x",
        "http://127.0.0.1:9229/us-east-1_LocalPool",
        "http://localhost:9229/us-east-1_LocalPool",
        "http://[::1]:9229/us-east-1_LocalPool",
        "http://app.auth.us-east-1.localhost:9229/x",
        "https://mock",
    ],
)
def test_safe_addresses_are_accepted(url: str) -> None:
    """Https anywhere, http on this machine."""
    assert check_issuer(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *("http://cognito-idp.eu-west-1.amazonaws.com/x", "http://127.0.0.1.evil.example/x"),
        *("http://localhost.evil.example/x", "http://notlocalhost/x", "ftp://localhost/x"),
        *("file:///etc/passwd", "data:application/json,{}", "//host/x", "/x", "", "https://", "x"),
        *("https://user@host/x", "https://a:b@localhost/x", "https://host/x#y", "https://host/x#"),
        *("https://host:port/x", "https://[host/x", "https://host/a b", "https://host/\n"),
        *("https://höst/x", None, 5, b"https://host/x"),
    ],
    ids=repr,
)
def test_other_addresses_are_refused(url: Any) -> None:
    """No local files, no plain text across a network, no credentials."""
    with pytest.raises(ConfigurationError):
        check_url(url, "the address")


@pytest.mark.parametrize("url", ["https://host/x/", "https://host/x?y", "https://host/"])
def test_an_issuer_that_cannot_match_is_refused(url: str) -> None:
    """Such an issuer would reject every token, which is hard to find out later."""
    assert check_url(url, "the address") == url
    with pytest.raises(ConfigurationError):
        check_issuer(url)

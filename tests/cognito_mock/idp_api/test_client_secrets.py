"""Two secrets of a client through boto3 (COG-API-CLI-010, COG-API-SECRET-005)."""

import pytest

OWN = "own0secret0of0the0caller0012345"


@pytest.fixture
def confidential(new_live):
    """A client with a generated secret."""
    live = new_live(client={"GenerateSecret": True})
    return live, {"UserPoolId": live.pool_id, "ClientId": live.client_id}


def ids(live, client):
    listed = live.idp.list_user_pool_client_secrets(**client)["ClientSecrets"]
    assert all(set(s) == {"ClientSecretId", "ClientSecretCreateDate"} for s in listed)
    return [secret["ClientSecretId"] for secret in listed]


def described_secret(live, client):
    return live.idp.describe_user_pool_client(**client)["UserPoolClient"]["ClientSecret"]


def refresh_error(live, secret):
    """What a refresh with this secret fails of: the made-up token, if the secret is good."""
    return live.refusal(
        "get_tokens_from_refresh_token",
        ClientId=live.client_id,
        ClientSecret=secret,
        RefreshToken="a.b.c.d.e",
    )[1]


def test_generated_secret_is_shown_once(confidential):
    """It comes with the answer, and listings have ids and dates only."""
    live, client = confidential
    first = described_secret(live, client)

    added = live.idp.add_user_pool_client_secret(**client)["ClientSecretDescriptor"]

    assert added["ClientSecretId"].startswith(f"{live.client_id}--")
    assert len(added["ClientSecretValue"]) == 52
    assert ids(live, client)[1:] == [added["ClientSecretId"]]
    for secret in (first, added["ClientSecretValue"]):
        assert refresh_error(live, secret) == "Invalid Refresh Token."


def test_own_secret_is_not_repeated(confidential):
    """The caller knows it already."""
    live, client = confidential

    added = live.idp.add_user_pool_client_secret(**client, ClientSecret=OWN)

    assert "ClientSecretValue" not in added["ClientSecretDescriptor"]
    assert refresh_error(live, OWN) == "Invalid Refresh Token."


def test_exchange(confidential):
    """After the first one is gone only the second one is good, and described."""
    live, client = confidential
    former = described_secret(live, client)
    live.idp.add_user_pool_client_secret(**client, ClientSecret=OWN)

    live.idp.delete_user_pool_client_secret(**client, ClientSecretId=ids(live, client)[0])

    assert described_secret(live, client) == OWN
    assert refresh_error(live, former).startswith("Unable to verify secret")


def test_third_secret(confidential):
    """COG-QUO-031: At most two."""
    live, client = confidential
    live.idp.add_user_pool_client_secret(**client)
    before = ids(live, client)

    refused = live.refusal("add_user_pool_client_secret", **client)

    assert refused[0] == "LimitExceededException"
    assert ids(live, client) == before


def test_last_secret_stays(confidential):
    """COG-TKE-006; and one that is not there cannot go."""
    live, client = confidential
    (only,) = ids(live, client)

    assert live.refusal("delete_user_pool_client_secret", **client, ClientSecretId=only)[0] == (
        "InvalidParameterException"
    )
    assert live.refusal("delete_user_pool_client_secret", **client, ClientSecretId="x")[0] == (
        "ResourceNotFoundException"
    )
    assert ids(live, client) == [only]


def test_public_client_gets_none(live):
    """Only confidential clients have secrets."""
    refused = live.refusal(
        "add_user_pool_client_secret", UserPoolId=live.pool_id, ClientId=live.client_id
    )

    assert refused[0] == "InvalidParameterException"

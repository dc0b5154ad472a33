"""Session settings through boto3 (COG-API-SESS-001, -002)."""


def test_settings_of_a_pool(live):
    """COG-API-SESS-001: no tracking and at most 20 sessions, until something else is set."""
    pool = {"UserPoolId": live.pool_id}
    wanted = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 3}}

    before = live.idp.get_user_pool_session_configuration(**pool)
    answer = live.idp.set_user_pool_session_configuration(**pool, **wanted)
    after = live.idp.get_user_pool_session_configuration(**pool)

    assert before.items() >= {"UserSessionTracking": "DISABLED"}.items()
    assert before["TokenSession"] == {"MaxPerUser": 20}
    for shown in (answer, after):
        del shown["ResponseMetadata"]
        assert shown == {**pool, **wanted}


def test_lite_pool(new_live):
    """COG-API-SESS-002; nothing is kept."""
    live = new_live(UserPoolTier="LITE")
    pool = {"UserPoolId": live.pool_id}
    wanted = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 3}}

    refused = live.refusal("set_user_pool_session_configuration", **pool, **wanted)

    assert refused[0] == "FeatureUnavailableInTierException"
    shown = live.idp.get_user_pool_session_configuration(**pool)
    assert shown["UserSessionTracking"] == "DISABLED"


def test_settings_of_a_client(live):
    """COG-API-SESS-001: an hour, until something else is set; of the pool's own clients only."""
    client = {"UserPoolId": live.pool_id, "ClientId": live.client_id}

    before = live.idp.get_user_pool_client_session_configuration(**client)["SSOSession"]
    live.idp.set_user_pool_client_session_configuration(
        **client, SSOSession={"MaxValidityMinutes": 0}
    )
    after = live.idp.get_user_pool_client_session_configuration(**client)["SSOSession"]

    assert (before, after) == ({"MaxValidityMinutes": 60}, {"MaxValidityMinutes": 0})
    unknown = {**client, "ClientId": "nobody"}
    assert live.refusal("get_user_pool_client_session_configuration", **unknown)[0] == (
        "ResourceNotFoundException"
    )

"""Tags through boto3 (COG-API-POOL-009)."""

import pytest

BAD = "InvalidParameterException"


@pytest.fixture
def arn(live):
    return live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["Arn"]


def tags(live, arn):
    return live.idp.list_tags_for_resource(ResourceArn=arn)["Tags"]


def test_tags_are_added_replaced_and_removed(live, arn):
    """COG-API-POOL-009: they are the ones that DescribeUserPool shows."""
    live.idp.tag_resource(ResourceArn=arn, Tags={"team": "a", "stage": "dev"})
    live.idp.tag_resource(ResourceArn=arn, Tags={"stage": "test"})
    assert tags(live, arn) == {"team": "a", "stage": "test"}

    live.idp.untag_resource(ResourceArn=arn, TagKeys=["team", "other"])

    assert tags(live, arn) == {"stage": "test"}
    described = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]
    assert described["UserPoolTags"] == {"stage": "test"}


def test_tags_of_creation(new_live):
    """UserPoolTags of CreateUserPool are listed."""
    live = new_live(UserPoolTags={"team": "a"})
    arn = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["Arn"]

    assert tags(live, arn) == {"team": "a"}


@pytest.mark.parametrize(
    "added",
    [{f"k{n}": "" for n in range(50)}, {"aws:team": "a"}],
    ids=["51 tags", "reserved key"],
)
def test_refused_tags(live, arn, added):
    """COG-API-POOL-009: none of them is added."""
    live.idp.tag_resource(ResourceArn=arn, Tags={"team": "a"})

    assert live.refusal("tag_resource", ResourceArn=arn, Tags=added)[0] == BAD
    assert tags(live, arn) == {"team": "a"}


def test_resource_that_is_no_pool(live, arn):
    """An ARN of something else, and of a pool that does not exist."""
    assert live.refusal("list_tags_for_resource", ResourceArn=arn.replace("userpool", "x"))[0] == (
        BAD
    )
    missing = arn.replace(live.pool_id, "eu-central-1_None")
    assert live.refusal("list_tags_for_resource", ResourceArn=missing) == (
        "ResourceNotFoundException",
        "User pool eu-central-1_None does not exist.",
    )

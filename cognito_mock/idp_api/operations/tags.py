"""TagResource, UntagResource, ListTagsForResource."""

from cognito_mock.core.arns import pool_id_of
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import tags
from cognito_mock.flows.members import string_map, strings, text
from cognito_mock.idp_api.call import Call


def tag_resource(call: Call) -> JsonObject:
    """COG-API-OP-TagResource."""
    pool_id = pool_id_of(text(call.input, "ResourceArn"))
    tags.tag_resource(call.services, pool_id=pool_id, tags=string_map(call.input, "Tags"))
    return {}


def untag_resource(call: Call) -> JsonObject:
    """COG-API-OP-UntagResource."""
    pool_id = pool_id_of(text(call.input, "ResourceArn"))
    tags.untag_resource(call.services, pool_id=pool_id, keys=strings(call.input, "TagKeys"))
    return {}


def list_tags_for_resource(call: Call) -> JsonObject:
    """COG-API-OP-ListTagsForResource."""
    pool_id = pool_id_of(text(call.input, "ResourceArn"))
    return {"Tags": tags.list_tags(call.services, pool_id=pool_id)}


OPERATIONS = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}

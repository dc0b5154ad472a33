"""Terms documents: CreateTerms, DescribeTerms ... DeleteTerms."""

from cognito_mock.core.branding import Terms
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.flows import terms
from cognito_mock.flows.members import optional_integer, optional_text, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

_MOST = 60


def create_terms(call: Call) -> JsonObject:
    """COG-API-OP-CreateTerms."""
    created = terms.create_terms(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )
    return {"Terms": _terms(created)}


def describe_terms(call: Call) -> JsonObject:
    """COG-API-OP-DescribeTerms."""
    found = terms.describe_terms(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        terms_id=text(call.input, "TermsId"),
    )
    return {"Terms": _terms(found)}


def describe_terms_by_client(call: Call) -> JsonObject:
    """COG-API-OP-DescribeTermsByClient."""
    found = terms.terms_of(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
        name=text(call.input, "TermsName"),
    )
    return {"Terms": _terms(found)}


def list_terms(call: Call) -> JsonObject:
    """COG-API-OP-ListTerms."""
    pool_id = text(call.input, "UserPoolId")
    listing = f"terms of {pool_id}"
    size = optional_integer(call.input, "MaxResults") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = terms.list_terms(call.services, pool_id=pool_id, limit=size + 1, after=after)
    shown = page(found, size=size, listing=listing, key=lambda t: t.id, now=now)
    return {"Terms": [_summary(t) for t in shown.items], "NextToken": shown.token}


def update_terms(call: Call) -> JsonObject:
    """COG-API-OP-UpdateTerms."""
    changed = terms.update_terms(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        terms_id=text(call.input, "TermsId"),
        request=call.input,
    )
    return {"Terms": _terms(changed)}


def delete_terms(call: Call) -> JsonObject:
    """COG-API-OP-DeleteTerms."""
    terms.delete_terms(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        terms_id=text(call.input, "TermsId"),
    )
    return {}


def _summary(found: Terms) -> dict[str, JsonValue]:
    return {
        "TermsId": found.id,
        "TermsName": found.name,
        "Enforcement": found.enforcement,
        "CreationDate": found.created_at,
        "LastModifiedDate": found.modified_at,
    }


def _terms(found: Terms) -> JsonObject:
    return {
        **_summary(found),
        "UserPoolId": found.pool_id,
        "ClientId": found.client_id,
        "TermsSource": found.source,
        "Links": found.links,
    }


OPERATIONS = {
    "CreateTerms": create_terms,
    "DescribeTerms": describe_terms,
    "DescribeTermsByClient": describe_terms_by_client,
    "ListTerms": list_terms,
    "UpdateTerms": update_terms,
    "DeleteTerms": delete_terms,
}

# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""Clients with a secret: COG-API-SECRET-*, COG-TKE-072."""

from cognito_conformance.issuers.checks.judging import denied, refused
from cognito_conformance.issuers.session import (
    Session,
    grant_of,
    guess,
    refresh_token_in,
    result_of,
)
from cognito_conformance.issuers.target import Client
from cognito_conformance.issuers.wire import Reply


def hash_lets_in(issuer: Session) -> None:
    result_of(issuer.password(client=issuer.confidential))


def missing_hash_refused(issuer: Session) -> None:
    client = Client(id=issuer.confidential.id)
    refused(issuer.password(client=client), "NotAuthorizedException")


def wrong_hash_refused(issuer: Session) -> None:
    client = Client(id=issuer.confidential.id, secret=guess())
    refused(issuer.password(client=client), "NotAuthorizedException")


def token_endpoint_lets_in(issuer: Session) -> None:
    grant_of(_refresh(issuer, issuer.confidential))


def token_endpoint_wrong_secret_refused(issuer: Session) -> None:
    denied(_refresh(issuer, Client(id=issuer.confidential.id, secret=guess())), "invalid_client")


def token_endpoint_missing_secret_refused(issuer: Session) -> None:
    denied(_refresh(issuer, Client(id=issuer.confidential.id)), "invalid_client")


def _refresh(issuer: Session, client: Client) -> Reply:
    token = refresh_token_in(result_of(issuer.password(client=issuer.confidential)))
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return issuer.token_endpoint(form, client=client)

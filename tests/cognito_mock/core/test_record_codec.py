"""Records as JSON and back."""

import json
import re
from pathlib import Path

import pytest

from cognito_mock import core
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.passwords import StoredPassword
from cognito_mock.core.pools import PoolKeys, SigningKey, UserPool
from cognito_mock.core.record_codec import (
    RecordError,
    from_document,
    record_kinds,
    to_document,
)
from cognito_mock.core.users import Membership, User, UserStatus

USER = User(
    pool_id="p",
    username="ada",
    sub="s",
    status=UserStatus.CONFIRMED,
    attributes={"email": "ada@example.com", "name": "\ud800"},
    password=StoredPassword(salt="00", digest="d", srp_salt="1", srp_verifier="2"),
    created_at=1.5,
    modified_at=2.0,
    mfa_factors=("SOFTWARE_TOKEN_MFA",),
)
GRANT = RefreshGrant(
    digest="d",
    pool_id="p",
    client_id="c",
    username="ada",
    sub="s",
    origin_jti="o",
    event_id=None,
    scopes=None,
    auth_time=1,
    issued_at=1.0,
    expires_at=2.0,
)


def test_every_kind_of_record_is_known():
    """Every dataclass with a table, under a name of its own, or snapshots would lose records."""
    source = Path(core.__file__).parent
    tables = re.findall(
        r"ClassVar\[Table\] = Table\(\s*\"([a-z_]+)\"",
        "".join(path.read_text("utf-8") for path in source.glob("*.py")),
    )

    assert sorted(tables) == [kind.TABLE.name for kind in record_kinds()]


@pytest.mark.parametrize(
    "record",
    [
        USER,
        GRANT,
        PoolKeys(
            pool_id="p",
            id_key=SigningKey(kid="1", pem="x"),
            access_key=SigningKey(kid="2", pem="y"),
            retired=(SigningKey(kid="3", pem="z"),),
        ),
        UserPool(
            id="p",
            name="n",
            settings={"a": [1, 2.5, None, {"b": True}]},
            created_at=0.0,
            modified_at=0.0,
        ),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_record_survives_the_way_through_json(record):
    """Nested records, tuples, enumerations and documents come back equal, and of the same types."""
    text = json.dumps(to_document(record))

    again = from_document(type(record), json.loads(text), "x")

    assert again == record
    assert repr(again) == repr(record)


def test_a_field_with_a_default_may_be_absent():
    """So a document that an older mock wrote is readable when a field is added."""
    document = to_document(USER)
    del document["totp_secret"], document["mfa_factors"]

    again = from_document(User, document, "x")

    assert (again.totp_secret, again.mfa_factors) == (None, ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": 1}, "x.username must be a string"),
        ({"username": None}, "x.username must be a string"),
        ({"enabled": 1}, "x.enabled must be true or false"),
        ({"failed_codes": True}, "x.failed_codes must be a whole number"),
        ({"failed_codes": 1.0}, "x.failed_codes must be a whole number"),
        ({"created_at": "now"}, "x.created_at must be a number"),
        ({"created_at": True}, "x.created_at must be a number"),
        ({"created_at": float("inf")}, "x.created_at is out of range"),
        ({"created_at": 10**400}, "x.created_at is out of range"),
        ({"status": "HAPPY"}, "x.status must be one of UNCONFIRMED, CONFIRMED"),
        ({"status": []}, "x.status must be one of"),
        ({"attributes": {"email": None}}, "x.attributes.email must be a string"),
        ({"attributes": []}, "x.attributes must be an object"),
        ({"password": {"salt": "00"}}, "x.password.digest is missing"),
        ({"mfa_factors": [1]}, r"x.mfa_factors\[0\] must be a string"),
        ({"mfa_factors": "SMS"}, "x.mfa_factors must be a list"),
        ({"more": 1}, "x has an unknown member 'more'"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(change, message):
    """Nothing is converted or guessed."""
    with pytest.raises(RecordError, match=message):
        from_document(User, {**to_document(USER), **change}, "x")


def test_a_missing_field_is_named():
    """One without a default."""
    with pytest.raises(RecordError, match=r"here\.group is missing"):
        from_document(Membership, {"pool_id": "p", "username": "u"}, "here")


def test_a_number_without_a_value_is_refused_in_documents_too():
    """``1e999`` is JSON that no answer could repeat."""
    document = {"id": "p", "name": "n", "created_at": 1, "modified_at": 1}

    with pytest.raises(RecordError, match=r"x.settings.a\[0\] is out of range"):
        from_document(UserPool, {**document, "settings": {"a": [float("inf")]}}, "x")

"""What a token must say, and in which order it is checked."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    ANY_CLIENT,
    ANY_TOKEN_USE,
    ClaimMalformed,
    ClientMismatch,
    CognitoVerifier,
    ConfigurationError,
    GroupMissing,
    IssuerMismatch,
    ScopeMissing,
    SignatureInvalid,
    TokenExpired,
    TokenNotYetValid,
    TokenUseMismatch,
    VerificationError,
)

NOW = 1_800_000_000
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


class TestTime:
    """RFC 7519 §4.1.4 to 4.1.6."""

    @pytest.mark.parametrize(
        ("now", "leeway"),
        [(99, 0), (99.999, 0), (0, 0), (109, 10), (109.9, 10)],
    )
    def test_token_is_accepted_before_its_expiry(
        self, now: float, leeway: float, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Until the very last moment."""
        token = make_token(exp=100, _without=("iat",))

        assert make_verifier(leeway=leeway).verify(token, now=now)

    @pytest.mark.parametrize(
        ("now", "leeway"),
        [(100, 0), (101, 0), (110, 10), (1e12, 10), (float("inf"), 0), (float("nan"), 0)],
    )
    def test_token_is_rejected_at_its_expiry_second(
        self, now: float, leeway: float, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-003: It is "on or after"; and a broken clock accepts nothing."""
        token = make_token(exp=100, _without=("iat",))

        with pytest.raises(TokenExpired) as caught:
            make_verifier(leeway=leeway).verify(token, now=now)

        assert caught.value.expired_at == 100
        assert caught.value.now == now or now != now  # noqa: PLR0124  (NaN)

    @pytest.mark.parametrize("exp", [-1, 0, -1e300, 1.5])
    def test_long_gone_expiry_is_rejected(
        self, exp: float, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Also before the epoch."""
        with pytest.raises((TokenExpired, ClaimMalformed)):
            make_verifier().verify(make_token(exp=exp))

    def test_fractional_expiry_counts(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """RFC 7519 §2 allows fractions."""
        token = make_token(exp=100.5, _without=("iat",))

        assert make_verifier().verify(token, now=100.4)
        with pytest.raises(TokenExpired):
            make_verifier().verify(token, now=100.5)

    @pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
    @pytest.mark.parametrize(
        "value",
        [
            *("1800003600", "", True, None, [1800003600], {"n": 1}),
            *(10**30, -(10**400), 10**400, 1e300, NOW * 1000),
        ],
        ids=lambda value: json.dumps(value)[:20],
    )
    def test_a_date_is_a_number_that_has_a_date(
        self, name: str, value: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """No strings, no booleans, nothing after the year 9999."""
        with pytest.raises(ClaimMalformed) as caught:
            make_verifier().verify(make_token(_claims={name: value}))

        assert caught.value.claim == name
        assert caught.value.code == "malformed"

    @pytest.mark.parametrize("literal", ["1e400", "NaN", "Infinity", "-1e400"])
    def test_an_endless_expiry_is_malformed(
        self, literal: str, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """A literal that becomes infinity is refused before it is compared."""
        token = make_token(_payload=b'{"exp":' + literal.encode() + b"}")

        with pytest.raises(VerificationError) as caught:
            make_verifier().verify(token)

        assert caught.value.code == "malformed"

    def test_a_token_without_expiry_is_rejected(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Cognito always sets it (COG-TOK-024)."""
        with pytest.raises(ClaimMalformed) as caught:
            make_verifier().verify(make_token(_without=("exp",)))

        assert caught.value.claim == "exp"

    @pytest.mark.parametrize(("nbf", "leeway"), [(NOW, 0), (NOW - 1, 0), (NOW + 10, 10)])
    def test_token_is_accepted_from_its_first_moment(
        self, nbf: float, leeway: float, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """It is "before which": equality is good."""
        assert make_verifier(leeway=leeway).verify(make_token(nbf=nbf))

    @pytest.mark.parametrize(("nbf", "leeway"), [(NOW + 1, 0), (NOW + 0.5, 0), (NOW + 11, 10)])
    def test_token_is_rejected_before_its_first_moment(
        self, nbf: float, leeway: float, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """RFC 7519 §4.1.5."""
        with pytest.raises(TokenNotYetValid) as caught:
            make_verifier(leeway=leeway).verify(make_token(nbf=nbf))

        assert (caught.value.not_before, caught.value.now) == (nbf, NOW)
        assert caught.value.code == "not_yet_valid"

    def test_a_future_issue_date_is_no_reason(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """RFC 7519 §4.1.6 gives ``iat`` no such meaning; AWS's clock may be ahead."""
        assert make_verifier().verify(make_token(iat=NOW + 1000))


class TestIssuer:
    """AWS step 3.3: exactly this pool."""

    @pytest.mark.parametrize(
        "issuer",
        [
            *(ISSUER[:-1], ISSUER + "x", ISSUER + "/", ISSUER.upper(), ISSUER.lower(), "", " "),
            ISSUER.replace("https", "http"),
            ISSUER.replace("eu-west-1.", "us-east-1."),
            ISSUER.replace("amazonaws.com", "amazonaws.com.evil.example"),
            ISSUER.replace("https://", "https://evil@"),
            ISSUER.replace("https://", "https://issuer-"),
            *(ISSUER + "#", ISSUER + "?", ISSUER.replace(".com", ".com:443"), f" {ISSUER}"),
            "https://cognito-identity.amazonaws.com",
            *([ISSUER], ["evil", ISSUER], {ISSUER: 1}, None, 5, True),
        ],
        ids=lambda value: json.dumps(value)[-30:],
    )
    def test_another_issuer_is_rejected(
        self, issuer: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-005: Equal, or not."""
        with pytest.raises(IssuerMismatch) as caught:
            make_verifier().verify(make_token(iss=issuer))

        assert caught.value.actual == issuer
        assert list(caught.value.expected) == [ISSUER]

    def test_a_missing_issuer_is_rejected(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """There is always one (COG-TOK-024)."""
        with pytest.raises(IssuerMismatch):
            make_verifier().verify(make_token(_without=("iss",)))


class TestTokenUse:
    """AWS step 3.4, RFC 8725 §3.12."""

    @pytest.mark.parametrize(("wanted", "presented"), [("id", "access"), ("access", "id")])
    def test_the_other_kind_is_rejected(
        self, wanted: str, presented: str, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-006: An id token is no access token."""
        with pytest.raises(TokenUseMismatch) as caught:
            make_verifier(token_use=wanted).verify(make_token(presented))

        assert caught.value.actual == presented
        assert caught.value.code == "token_use"

    @pytest.mark.parametrize("use", ["id", "access"])
    def test_either_is_accepted_if_asked_for(
        self, use: str, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Each with its own client claim."""
        assert make_verifier(token_use=ANY_TOKEN_USE).verify(make_token(use)).token_use == use

    @pytest.mark.parametrize(
        "value", ["refresh", "ID", "Access", "", ["access"], None, 1], ids=json.dumps
    )
    @pytest.mark.parametrize("wanted", ["access", ANY_TOKEN_USE], ids=str)
    def test_other_values_are_rejected(
        self, value: object, wanted: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Also by a verifier that takes both kinds."""
        with pytest.raises(TokenUseMismatch):
            make_verifier(token_use=wanted).verify(make_token(token_use=value))

    def test_a_missing_use_is_rejected(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """Nothing is assumed."""
        with pytest.raises(TokenUseMismatch):
            make_verifier(token_use=ANY_TOKEN_USE).verify(make_token(_without=("token_use",)))


class TestClient:
    """AWS step 3.2: ``aud`` of an id token, ``client_id`` of an access token."""

    @pytest.mark.parametrize(("use", "claim"), [("id", "aud"), ("access", "client_id")])
    @pytest.mark.parametrize(
        "value",
        [
            *("other", CLIENT[:-1], CLIENT + "x", CLIENT[1:], CLIENT.lower(), "", f" {CLIENT}"),
            *([CLIENT], [CLIENT, "other"], [], {CLIENT: 1}, None, 5, True),
        ],
        ids=json.dumps,
    )
    def test_another_client_is_rejected(
        self, use: str, claim: str, value: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-004: One string, equal to the configured one."""
        with pytest.raises(ClientMismatch) as caught:
            make_verifier(token_use=use).verify(make_token(use, _claims={claim: value}))

        assert (caught.value.claim, caught.value.actual) == (claim, value)
        assert caught.value.code == "audience"

    @pytest.mark.parametrize(
        "names", [("id", "aud", "client_id"), ("access", "client_id", "aud")], ids=str
    )
    @pytest.mark.parametrize("client_id", [CLIENT, ANY_CLIENT], ids=str)
    def test_the_other_claim_does_not_stand_in(
        self,
        names: tuple[str, str, str],
        client_id: object,
        make_token: Make,
        make_verifier: MakeVerifier,
    ) -> None:
        """COG-VER-053: a resource is no client."""
        use, claim, other = names
        verifier = make_verifier(token_use=use, client_id=client_id)

        with pytest.raises(ClientMismatch):
            verifier.verify(make_token(use, _claims={other: CLIENT}, _without=(claim,)))

    @pytest.mark.parametrize(
        "client_id",
        [("x", CLIENT), [CLIENT, "x"], {CLIENT, "x"}, ANY_CLIENT],
        ids=["tuple", "list", "set", "any"],
    )
    @pytest.mark.parametrize("use", ["id", "access"])
    def test_one_of_several_clients_is_accepted(
        self, client_id: object, use: str, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Any collection will do."""
        verifier = make_verifier(token_use=use, client_id=client_id)

        assert verifier.verify(make_token(use)).client_id == CLIENT

    @pytest.mark.parametrize("value", [[CLIENT], "", None, 5], ids=json.dumps)
    def test_any_client_is_still_a_client(
        self, value: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """A token that names no client is not Cognito's."""
        with pytest.raises(ClientMismatch):
            make_verifier(client_id=ANY_CLIENT).verify(make_token(client_id=value))

    def test_a_resource_is_no_reason(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """COG-TOK-061: an access token may be bound to a resource."""
        assert make_verifier().verify(make_token(aud="https://api.example"))


class TestAuthorization:
    """Scopes and groups: one of the required ones, compared as whole names."""

    @pytest.mark.parametrize(
        "scopes",
        ["orders/read", ["orders/read"], {"x", "openid"}],
        ids=["text", "list", "set"],
    )
    def test_a_granted_scope_is_enough(
        self, scopes: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Any of the required ones."""
        assert make_verifier(scopes=scopes).verify(make_token())

    @pytest.mark.parametrize(
        "scope",
        [
            *("", "orders", "orders/readwrite", "x/orders/read", "ORDERS/READ", "orders/read,x"),
            *("orders/read\tx", ["orders/read"], {"orders/read": 1}, None, 5),
        ],
        ids=json.dumps,
    )
    def test_no_scope_but_the_whole_scope_will_do(
        self, scope: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-007, COG-VER-054."""
        with pytest.raises(ScopeMissing) as caught:
            make_verifier(scopes=["orders/read"]).verify(make_token(scope=scope))

        assert list(caught.value.required) == ["orders/read"]
        assert caught.value.code == "scope"

    def test_an_id_token_has_no_scopes(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """Not even if a trigger writes some into it."""
        with pytest.raises(ScopeMissing):
            make_verifier(token_use="id", scopes=["a"]).verify(make_token("id", scope="a"))

    @pytest.mark.parametrize("use", ["id", "access"])
    @pytest.mark.parametrize("groups", ["admins", ["x", "editors"]], ids=str)
    def test_one_group_is_enough(
        self, use: str, groups: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Any of the required ones."""
        assert make_verifier(token_use=use, groups=groups).verify(make_token(use))

    @pytest.mark.parametrize(
        "groups",
        [
            *([], ["admin"], ["administrators"], ["Admins"], ["admins", 5], [["admins"]]),
            *("admins", "admins,x", {"admins": 1}, None),
        ],
        ids=json.dumps,
    )
    def test_no_group_but_the_whole_group_will_do(
        self, groups: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """COG-VER-007: COG-TOK-020: a list of strings."""
        with pytest.raises(GroupMissing) as caught:
            make_verifier(groups=["admins"]).verify(make_token(_claims={"cognito:groups": groups}))

        assert list(caught.value.required) == ["admins"]
        assert caught.value.code == "group"

    def test_missing_groups_are_none(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """A user in no group has no such claim."""
        token = make_token(_without=("cognito:groups",))

        assert make_verifier().verify(token).groups == ()
        with pytest.raises(GroupMissing):
            make_verifier(groups=["admins"]).verify(token)


@pytest.mark.parametrize("sub", [None, 5, ["x"], {}], ids=json.dumps)
def test_the_subject_is_a_string(
    sub: object, make_token: Make, make_verifier: MakeVerifier
) -> None:
    """RFC 7519 §4.1.2: applications key on it."""
    with pytest.raises(ClaimMalformed) as caught:
        make_verifier().verify(make_token(sub=sub))

    assert caught.value.claim == "sub"


WRONG: list[tuple[dict[str, Any], type[VerificationError]]] = [
    ({"iss": "x"}, IssuerMismatch),
    ({"token_use": "id"}, TokenUseMismatch),
    ({"client_id": "x"}, ClientMismatch),
    ({"sub": 5}, ClaimMalformed),
    ({"scope": "x"}, ScopeMissing),
    ({"cognito:groups": []}, GroupMissing),
    ({"iat": "x"}, ClaimMalformed),
    ({"nbf": NOW + 10}, TokenNotYetValid),
    ({"exp": NOW}, TokenExpired),
]


@pytest.mark.parametrize("position", range(len(WRONG)))
def test_the_first_of_all_mistakes_is_reported(
    position: int, make_token: Make, make_verifier: MakeVerifier
) -> None:
    """The order is fixed, and expiry is last: "expired" means otherwise perfectly good."""
    changes = {name: value for change, _ in WRONG[position:] for name, value in change.items()}
    verifier = make_verifier(scopes=["openid"], groups=["admins"])

    with pytest.raises(WRONG[position][1]) as caught:
        verifier.verify(make_token(_claims=changes))

    assert type(caught.value) is WRONG[position][1]


def test_a_forged_token_is_forged_before_it_is_expired(
    make_token: Make, make_verifier: MakeVerifier
) -> None:
    """CVE-2024-51744: nobody is invited to refresh a forgery."""
    header, payload, _ = make_token(exp=5).split(".")
    signature = make_token().split(".")[2]

    with pytest.raises(SignatureInvalid):
        make_verifier().verify(f"{header}.{payload}.{signature}")


@pytest.mark.parametrize(
    "changes",
    [
        *({"client_id": value} for value in ("", [], [""], [5], 5, None, ["a", None])),
        *({"token_use": value} for value in (None, "", "refresh", "ID", ["id"], True)),
        *({"leeway": value} for value in (-1, float("nan"), float("inf"), True, "5", None, 3601)),
        *({"groups": value} for value in ([""], [5], 5, [])),
        *({"scopes": value} for value in ([""], [None], 5, "")),
    ],
    ids=str,
)
def test_a_careless_configuration_is_refused(
    changes: dict[str, Any], make_verifier: MakeVerifier
) -> None:
    """Not to check something takes an explicit word."""
    with pytest.raises(ConfigurationError):
        make_verifier(**changes)


@pytest.mark.parametrize("missing", ["client_id", "token_use"])
def test_what_to_accept_must_be_said(missing: str) -> None:
    """There is no default for what matters."""
    settings: dict[str, Any] = {
        "user_pool_id": "us-east-1_Ab1",
        "client_id": "c",
        "token_use": "id",
        "jwks": {"keys": [{}]},
    }
    del settings[missing]

    with pytest.raises(TypeError, match=missing):
        CognitoVerifier(**settings)

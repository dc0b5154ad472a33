"""What one call or one verifier may ask for in addition."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    Claims,
    ClientMismatch,
    CognitoVerifier,
    ConfigurationError,
    CustomCheckFailed,
    GroupMissing,
    ScopeMissing,
    VerificationError,
)

NOW = 1_800_000_000
API = "https://api.example/orders"
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


class TestOverrides:
    """``verify(token, groups=..., scopes=...)``."""

    def test_one_call_can_ask_for_more(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """A route for administrators behind the verifier of all routes."""
        verifier = make_verifier()

        assert verifier.verify(make_token(), groups=["admins"], scopes="openid")
        with pytest.raises(GroupMissing):
            verifier.verify(make_token(), groups="owners")
        with pytest.raises(ScopeMissing):
            asyncio.run(verifier.verify_async(make_token(), scopes=["orders/write"]))
        assert verifier.verify(make_token())

    def test_one_call_can_ask_for_something_else(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """The verifier's own groups or scopes are replaced, one without the other."""
        both = make_verifier(groups=["owners"], scopes=["orders/write"])
        owners = make_verifier(groups=["owners"])

        with pytest.raises(ScopeMissing):
            both.verify(make_token(), groups=["admins"])
        with pytest.raises(GroupMissing):
            owners.verify(make_token(), scopes=["orders/read"])
        assert owners.verify(make_token(), groups=["admins"])

    @pytest.mark.parametrize("names", [[], (), set(), "", [""], [5], 5], ids=repr)
    def test_careless_names_are_a_mistake(
        self, names: Any, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Nobody is in one of no groups: a list that came out empty is no open door."""
        verifier = make_verifier(cache=8)
        assert verifier.verify(make_token())

        for what in ("groups", "scopes", "resources"):
            with pytest.raises(ConfigurationError):
                make_verifier(**{what: names})
        for what in ("groups", "scopes"):
            with pytest.raises(ConfigurationError):
                verifier.verify(make_token(), **{what: names})
            with pytest.raises(ConfigurationError):
                asyncio.run(verifier.verify_async(make_token(), **{what: names}))


class TestResources:
    """RFC 8707: an access token for one API is no token for another (COG-TOK-061)."""

    @pytest.mark.parametrize("resources", [API, [API, "x"], {API}], ids=str)
    def test_a_bound_token_is_accepted(
        self, resources: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """By the API it is for."""
        assert make_verifier(resources=resources).verify(make_token(aud=API))

    @pytest.mark.parametrize(
        "aud", [API + "/", API[:-1], "", [API], None, {API: 1}, "1h57kf5cpq17m0eml12EXAMPLE"]
    )
    def test_another_resource_is_rejected(
        self, aud: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """One string, equal."""
        with pytest.raises(ClientMismatch) as caught:
            make_verifier(resources=[API]).verify(make_token(aud=aud))

        assert (caught.value.claim, caught.value.actual) == ("aud", aud)

    def test_an_unbound_token_is_rejected(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """If a resource is asked for."""
        with pytest.raises(ClientMismatch):
            make_verifier(resources=[API]).verify(make_token())

    def test_an_id_token_has_no_resource(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Its ``aud`` is the client."""
        assert make_verifier(token_use="id", resources=[API]).verify(make_token("id"))


async def accepts(_claims: Claims) -> bool:
    return True


async def refuses(_claims: Claims) -> bool:
    return False


class TestCustomCheck:
    """The application's own rule, asked last."""

    def test_it_sees_the_verified_claims(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """As the caller will."""
        seen: list[Claims] = []

        def check(claims: Claims) -> bool:
            seen.append(claims)
            return claims.username == "ada"

        assert make_verifier(custom_check=check).verify(make_token()) is seen[0]

    @pytest.mark.parametrize("verdict", [False, None, 1, "yes", [True]], ids=repr)
    def test_only_true_accepts(
        self, verdict: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """A check that forgets to answer accepts nobody."""
        verifier = make_verifier(custom_check=lambda _: verdict)

        with pytest.raises(CustomCheckFailed) as caught:
            verifier.verify(make_token())
        with pytest.raises(CustomCheckFailed):
            asyncio.run(verifier.verify_async(make_token()))
        assert caught.value.code == "other"

    def test_it_can_say_why(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """By raising the error itself."""

        def check(_claims: Claims) -> bool:
            raise CustomCheckFailed("wrong tenant")

        with pytest.raises(CustomCheckFailed, match="wrong tenant"):
            make_verifier(custom_check=check).verify(make_token())

    def test_it_may_be_async(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """For `verify_async`."""
        token = make_token()

        assert asyncio.run(make_verifier(custom_check=accepts).verify_async(token))
        with pytest.raises(CustomCheckFailed):
            asyncio.run(make_verifier(custom_check=refuses).verify_async(token))

    def test_async_is_a_mistake_in_sync(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """A coroutine is true, but it is no answer."""
        with pytest.raises(ConfigurationError, match="verify_async"):
            make_verifier(custom_check=accepts).verify(make_token())

    def test_any_awaitable_is_a_mistake_in_sync(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Not only coroutines."""

        class Later:
            def __await__(self) -> Any:
                raise AssertionError

        with pytest.raises(ConfigurationError):
            make_verifier(custom_check=lambda _: Later()).verify(make_token())

    @pytest.mark.parametrize(
        "changes",
        [{"exp": 5}, {"client_id": "x"}, {"nbf": NOW + 5}, {"_key": "stranger"}, {"iss": "x"}],
        ids=json.dumps,
    )
    def test_it_is_not_asked_about_bad_tokens(
        self, changes: dict[str, Any], make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """It runs only after everything else is good, expiry too."""

        def check(_claims: Claims) -> bool:
            raise AssertionError

        with pytest.raises(VerificationError):
            make_verifier(custom_check=check).verify(make_token(**changes))

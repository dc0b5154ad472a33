"""What only Django REST framework has: anonymous requests, users, permissions."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import RequestFactory
from django.test.utils import override_settings
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import (
    AllowAny,
    DjangoModelPermissionsOrAnonReadOnly,
    IsAdminUser,
    IsAuthenticated,
)
from rest_framework.response import Response
from rest_framework.views import APIView

from cognito_verify import ConfigurationError
from cognito_verify.web.django_rest import (
    CognitoAuthentication,
    claims_of,
    requires,
)


@pytest.fixture(autouse=True)
def _settings(make_verifier):
    with override_settings(COGNITO_VERIFY={"VERIFIER": make_verifier(), "REALM": "shop"}):
        yield


def get(*permissions, token=None, authentication=CognitoAuthentication):
    class Me(APIView):
        authentication_classes = (authentication,)
        permission_classes = permissions

        def get(self, request):
            return Response({"user": str(request.user), "auth": request.auth is not None})

    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    answer = Me.as_view()(RequestFactory().get("/", headers=headers))
    answer.render()
    return answer.status_code, json.loads(answer.content), dict(answer.headers)


def test_a_view_for_all_also_serves_those_without_a_token():
    """That is what a permission is for."""
    assert get(AllowAny)[:2] == (200, {"user": "AnonymousUser", "auth": False})


def test_a_bad_token_is_refused_even_there():
    """Who brings a token wants to be somebody."""
    status, body, headers = get(AllowAny, token="a.b.c")

    assert status == 401
    assert body == {"detail": "The token is malformed"}
    assert headers["WWW-Authenticate"].startswith('Bearer realm="shop", error="invalid_token"')


def test_the_user_is_the_tokens(make_token):
    """Named as in the pool; not in a database."""
    assert get(IsAuthenticated, token=make_token())[:2] == (200, {"user": "ada", "auth": True})


def test_claims_are_typed_and_never_missing(make_token):
    """A view without the permission is a mistake of the program."""

    class Me(APIView):
        authentication_classes = (CognitoAuthentication,)
        permission_classes = ()

        def get(self, request):
            return Response({"sub": claims_of(request).sub})

    def ask(**headers):
        return Me.as_view()(RequestFactory().get("/", headers=headers))

    assert ask(authorization=f"Bearer {make_token()}").data["sub"].startswith("7c1de2aa")
    with pytest.raises(ConfigurationError):
        ask()


def test_a_machine_is_named_by_its_sub(make_token):
    """COG-TOK-082: it has no username."""
    token = make_token(sub="machine-client", _without=("username",))

    assert get(IsAuthenticated, token=token)[1]["user"] == "machine-client"


def test_permissions_can_be_combined(make_token):
    """With the framework's own operators."""
    token = make_token()

    assert get(IsAuthenticated & requires(groups="admins"), token=token)[0] == 200
    assert get(IsAuthenticated & requires(groups="owners"), token=token)[0] == 403


def test_one_of_several_permissions_may_do(make_token):
    """The one that does not is no refusal by itself."""
    token = make_token()
    owners, admins = requires(groups="owners"), requires(groups="admins")

    assert get(owners | admins, token=token)[0] == 200
    assert get(owners | IsAuthenticated, token=token)[0] == 200
    assert get(~owners, token=token)[0] == 200
    assert get(~admins, token=token)[0] == 403
    assert get(owners | requires(scopes="email"), token=token)[0] == 403
    assert get(owners | admins)[0] == 401


@pytest.mark.parametrize("with_token", [False, True])
def test_a_user_of_another_kind_has_no_groups(make_token, with_token):
    """Whoever the framework has taken the caller for, it was not by the token."""

    class Session(CognitoAuthentication):
        def authenticate(self, request):
            return "somebody", None

    token = make_token() if with_token else None

    assert get(requires(groups="admins"), token=token, authentication=Session)[0] == 403


def test_a_subclass_may_look_up_users_and_refuse_them(make_token):
    """Say, who has been locked out of the application."""

    class Locked(CognitoAuthentication):
        def user_of(self, claims):
            raise AuthenticationFailed(f"{claims.username} is locked out")

    status, body, headers = get(IsAuthenticated, token=make_token(), authentication=Locked)

    assert (status, body) == (401, {"detail": "ada is locked out"})
    assert headers["WWW-Authenticate"] == 'Bearer realm="shop"'


def test_permissions_ask_the_token_that_says_who_it_is(make_verifier, make_token):
    """Not another one that the request brings along, for an authentication of another kind."""

    class Forwarded(CognitoAuthentication):
        def authenticate(self, request):
            claims = make_verifier().verify(request.headers["X-Token"])
            return self.user_of(claims), claims

    class Me(APIView):
        authentication_classes = (Forwarded,)
        permission_classes = (requires(groups="owners"),)

        def get(self, request):
            return Response({"user": str(request.user)})

    owner = make_token(_claims={"cognito:groups": ["owners"]})
    editor = make_token()

    def ask(x_token, token):
        headers = {"X-Token": x_token, "authorization": f"Bearer {token}"}
        return Me.as_view()(RequestFactory().get("/", headers=headers)).status_code

    assert ask(editor, owner) == 403
    assert ask(owner, editor) == 200


@pytest.mark.parametrize("permission", [IsAdminUser, DjangoModelPermissionsOrAnonReadOnly])
def test_permissions_of_django_are_not_granted_by_a_token(make_token, permission):
    """They are refused, and not an error: groups of the pool are no permissions of Django."""

    class Things(APIView):
        authentication_classes = (CognitoAuthentication,)
        queryset = ContentType.objects.none()

        def post(self, request):
            return Response({"module": request.user.has_module_perms("shop")})

    def ask(wanted):
        headers = {"authorization": f"Bearer {make_token()}"}
        view = Things.as_view(permission_classes=(wanted,))
        return view(RequestFactory().post("/", headers=headers))

    assert ask(permission).status_code == 403
    assert ask(permission | requires(groups="admins")).data == {"module": False}


def test_a_cached_page_is_one_users(make_token):
    """``cache_page`` keeps one answer for each token. RFC 9110 §12.5.5."""

    @method_decorator(cache_page(60), name="dispatch")
    class Me(APIView):
        authentication_classes = (CognitoAuthentication,)
        permission_classes = (IsAuthenticated,)

        def get(self, request):
            return Response({"user": str(request.user)})

    def ask(**headers):
        answer = Me.as_view()(RequestFactory(SERVER_NAME="127.0.0.1").get("/", headers=headers))
        answer.render()
        return json.loads(answer.content).get("user")

    tokens = [f"Bearer {make_token(username=name)}" for name in ("ada", "grace")]
    cache.clear()
    users = [ask(authorization=token) for token in tokens * 2]
    stranger = ask()
    cache.clear()

    assert users == ["ada", "grace"] * 2
    assert stranger is None

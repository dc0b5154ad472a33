"""A shop in Django: one view of each kind."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cognito_verify.web.django import claims_of, cognito_required, visitor_of
from cognito_verify.web.django_rest import claims_of as rest_claims_of
from cognito_verify.web.django_rest import requires

ORDERS = {1: "A slide rule", 2: "A box of punched cards"}


def index(request: HttpRequest) -> HttpResponse:
    """For all; those with a token are greeted by name."""
    claims = visitor_of(request).claims
    return HttpResponse(
        format_html("<h1>Hello, {}</h1>", claims.username if claims else "stranger")
    )


@cognito_required()
def me(request: HttpRequest) -> JsonResponse:
    """Anybody with a token, in a synchronous view."""
    claims = claims_of(request)
    return JsonResponse({"username": claims.username, "groups": claims.groups})


@cognito_required(scopes=["orders/read", "orders/write"])
async def orders(_request: HttpRequest) -> JsonResponse:
    """A machine with one of the scopes, in an asynchronous view."""
    return JsonResponse(ORDERS)


class Order(APIView):
    """A user in the group, with Django REST framework."""

    permission_classes = [requires(groups=["admins"])]  # noqa: RUF012  (as the framework has it)

    def delete(self, request: Request, number: int) -> Response:
        if number not in ORDERS:
            raise NotFound
        print(f"{rest_claims_of(request).sub} cancels order {number}")
        return Response(status=204)

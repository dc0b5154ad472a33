"""A Django site in one file: its settings, a view behind `cognito_verify`, its address."""

from django.contrib.auth import get_user_model
from django.http import JsonResponse
from django.urls import path

from cognito_verify.web.django import claims_of, cognito_required

SECRET_KEY = "nobody's"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
ROOT_URLCONF = "django_shop"
STATIC_URL = "static/"


@cognito_required()
def me(request):
    """Remember the visitor in the database."""
    username = claims_of(request).username
    _row, created = get_user_model().objects.get_or_create(username=username)
    return JsonResponse({"username": username, "created": created})


urlpatterns = [path("me", me)]

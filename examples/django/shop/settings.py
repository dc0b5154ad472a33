"""The least that a Django project needs, and the pool."""

import os

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for this machine")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cognito_verify.web.django.CognitoMiddleware",
]
USE_TZ = True

COGNITO_VERIFY = {
    "USER_POOL_ID": os.environ.get("COGNITO_USER_POOL_ID"),
    "ISSUER": os.environ.get("COGNITO_ISSUER"),
    "CLIENT_ID": os.environ["COGNITO_CLIENT_IDS"].split(","),
    "TOKEN_USE": "access",
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["cognito_verify.web.django_rest.CognitoAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

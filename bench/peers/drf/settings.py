"""Settings of the Django project; `DATABASE_URL` and `JWT_SECRET` come from the environment."""

import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

JWT_SECRET = os.environ["JWT_SECRET"]


def _database(url: str) -> dict:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path.removeprefix("/"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": parts.username,
        "HOST": parse_qs(parts.query).get("host", [parts.hostname])[0],
    }


SECRET_KEY = JWT_SECRET
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.drf.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "django_filters",
    "bench.peers.drf.apps.CinemaConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
]
DATABASES = {"default": _database(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": None}}
AUTH_USER_MODEL = "cinema.User"
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = False
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "bench.peers.drf.pagination.Pagination",
}
SIMPLE_JWT = {"SIGNING_KEY": JWT_SECRET, "ALGORITHM": "HS256", "ACCESS_TOKEN_LIFETIME": timedelta(days=1)}

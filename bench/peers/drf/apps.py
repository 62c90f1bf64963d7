"""The Django application."""

from django.apps import AppConfig


class CinemaConfig(AppConfig):
    """Tables of cinema's, seen by Django."""

    name = "bench.peers.drf"
    label = "cinema"
    default_auto_field = "django.db.models.BigAutoField"

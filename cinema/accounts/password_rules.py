"""Placeholder until the real module arrives."""

from cinema.core.errors import Invalid


def check_new_password(password, *, least, own, field="password"):
    if len(password) < least:
        raise Invalid.field(field, "too-short", f"needs at least {least} characters")

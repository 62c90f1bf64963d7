"""What is wrong with a field, as a sentence."""

from cinema.core.errors import FieldError


def sentence(error: FieldError) -> str:
    """`is required` → `Is required.`"""
    return f"{error.message[:1].upper()}{error.message[1:]}."

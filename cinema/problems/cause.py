"""What a catalogue entry holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """A way to be refused.

    `code` and `status` are those of the problem document. `title` is a few words without a full stop; `cause` says in
    a sentence or two why it happens, `cure` what a client, or the person in front of it, can do.
    """

    code: str
    status: int
    title: str
    cause: str
    cure: str

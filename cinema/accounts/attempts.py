"""Placeholder until the real module arrives."""


class Attempt: ...


class Attempts:
    def __init__(self, database, on): ...
    def enter(self, address, login, user_id, now, *, familiar):
        return Attempt()

    def succeeded(self, db, attempt, now): ...

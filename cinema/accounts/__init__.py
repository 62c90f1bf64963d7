"""Accounts: users, passwords, access tokens, roles, and the security policy."""

from typing import Any

from cinema.accounts.policy import SecurityPolicy, challenge
from cinema.accounts.roles import RoleBook
from cinema.accounts.settings import AccountSettings
from cinema.accounts.tokens import AccessTokens
from cinema.core.settings import read


def includeme(config: Any) -> None:
    """Reads the settings, loads the roles, installs the security policy."""
    registry = config.registry
    registry.accounts = settings = read(AccountSettings, registry.settings)
    registry.tokens = AccessTokens(registry.secret, settings.issuer, settings.access_token_minutes)
    with registry.database.readers.connect() as connection:
        roles = RoleBook.load(connection)
    registry.policy = SecurityPolicy(registry.tokens, roles)
    registry.challenge = challenge
    config.set_security_policy(registry.policy)
    config.scan(".views")

"""Accounts: users, passwords, sessions, tokens, roles, and the security policy."""

from typing import Any

from cinema.accounts.access_events import Happened
from cinema.accounts.attempts import Attempts
from cinema.accounts.knowledge import Knowledge
from cinema.accounts.policy import SecurityPolicy, challenge
from cinema.accounts.settings import AccountSettings
from cinema.accounts.tokens import AccessTokens
from cinema.core.secrets import derive
from cinema.core.settings import read


def includeme(config: Any) -> None:
    """Reads the settings, learns what tokens are out, installs the security policy."""
    registry = config.registry
    registry.accounts = settings = read(AccountSettings, registry.settings)
    registry.knowledge = knowledge = Knowledge(
        registry.database, registry.secret, settings.access_lifetime, lambda: registry.clock()
    )
    registry.tokens = AccessTokens(lambda: knowledge.keys, settings.issuer, settings.access_lifetime)
    registry.policy = SecurityPolicy(registry.tokens, knowledge)
    registry.refresh_key = derive(registry.secret, "refresh-token")
    registry.attempts = Attempts(registry.database, on=settings.login_limits)
    registry.challenge = challenge
    registry.before_transaction = knowledge.require_fresh
    config.set_security_policy(registry.policy)
    config.add_listener(knowledge.hear, Happened)
    config.scan(".views")

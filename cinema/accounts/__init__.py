"""Accounts: users, passwords, sessions, tokens, roles, and the security policy."""

from datetime import timedelta
from typing import Any

from cinema.accounts.access_events import Happened
from cinema.accounts.api_keys import ApiKeys
from cinema.accounts.attempts import Attempts
from cinema.accounts.knowledge import Knowledge
from cinema.accounts.limiting import caller_key
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
    keys = ApiKeys(registry.database, settings.key_lease.idle)
    registry.policy = SecurityPolicy(registry.tokens, keys, knowledge)
    registry.refresh_key = derive(registry.secret, "refresh-token")
    registry.attempts = Attempts(registry.database, on=settings.login_limits)
    registry.challenge = challenge
    registry.caller_key = caller_key
    registry.before_transaction = knowledge.require_fresh
    config.add_directive("allow_token_lifetime", allow_token_lifetime)
    config.set_security_policy(registry.policy)
    config.add_listener(knowledge.hear, Happened)
    config.scan(".views")


def allow_token_lifetime(config: Any, lifetime: timedelta) -> None:
    """Directive `config.allow_token_lifetime(lifetime)`: access tokens may live that long, if not longer already."""
    tokens = config.registry.tokens
    tokens.longest = max(tokens.longest, lifetime)
    config.registry.knowledge.remember_for(lifetime)

"""How many examples a property test tries: few in `make test`, other ones each time; many in `make test-long`."""

import os

from hypothesis import HealthCheck, settings

_MANY = int(os.environ.get("CINEMA_TEST_EXAMPLES", "0"))


def examples(few: int) -> settings:
    """Settings for `few` examples, or as many as CINEMA_TEST_EXAMPLES says; without a clock."""
    return settings(max_examples=max(few, _MANY), deadline=None, suppress_health_check=list(HealthCheck))

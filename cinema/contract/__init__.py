"""The contract: what there is to call, read from the views themselves, as OpenAPI and as pages for people."""

from typing import Any

from cinema.contract.document import document
from cinema.contract.operations import operations
from cinema.core.rendering import dumps


def includeme(config: Any) -> None:
    """Registers the views, and the directive that writes the contract down once everything else is registered."""
    config.add_directive("write_contract", write_contract)
    config.scan(".views")


def write_contract(config: Any) -> None:
    """Directive `config.write_contract()`: reads every view there is."""
    config.commit()
    registry = config.registry
    registry.operations = operations(registry)
    registry.contract = dumps(document(registry.operations))

"""The examples of bodies in the contract fit their own schemas."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from cinema.contract.operations import in_currency


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation that takes a body, and what is said of that."""
    for path in document["paths"].values():
        for operation in path.values():
            if "requestBody" in operation:
                yield operation["operationId"], operation["requestBody"]["content"]["application/json"]


def test_every_body_has_an_example_that_fits_it(everything_on: Any) -> None:
    found = dict(bodies(json.loads(everything_on.registry.contract)))
    assert len(found) > 60
    for name, content in found.items():
        assert "example" in content, name
        jsonschema_rs.validator_for(content["schema"], validate_formats=True).validate(content["example"])


def test_examples_cost_what_this_cinema_takes() -> None:
    price = {"amount": "9.50", "currency": "EUR"}
    assert in_currency({"seats": [price], "price": price, "title": "EUR"}, "CHF") == {
        "seats": [price | {"currency": "CHF"}],
        "price": price | {"currency": "CHF"},
        "title": "EUR",
    }

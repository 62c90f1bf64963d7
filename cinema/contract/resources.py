"""Where the contract lives: `openapi.json`, `docs`."""

from cinema.contract.assets import ASSETS
from cinema.core.request import Request
from cinema.core.resources import Node, Parameter, Resource


class OpenApi(Resource):
    """openapi.json"""


class Docs(Resource):
    """docs"""


class Errors(Resource):
    """docs/errors"""


class AccessMatrix(Resource):
    """docs/access"""


class StaticFile(Resource):
    """docs/static/{file}. Raises KeyError, so 404, for whatever is not shipped."""

    parameter = Parameter("file", {"type": "string", "enum": list(ASSETS)}, "docs.css")

    def __init__(self, request: Request, parent: Resource | None, name: str, node: Node) -> None:
        super().__init__(request, parent, name, node)
        self.asset = ASSETS[name]

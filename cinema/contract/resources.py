"""Where the contract lives: `openapi.json`, `docs`."""

from cinema.core.resources import Resource


class OpenApi(Resource):
    """openapi.json"""


class Front(Resource):
    """the root: leads to the documentation"""


class Docs(Resource):
    """docs"""


class Errors(Resource):
    """docs/errors"""


class AccessMatrix(Resource):
    """docs/access"""

"""Lists by cursor."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class Pagination(CursorPagination):
    """`{"items": […], "next": url or null}`."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = "id"

    def get_paginated_response(self, data):
        """The envelope."""
        return Response({"items": data, "next": self.get_next_link()})


class ByStart(Pagination):
    """The same, in the order of start."""

    ordering = ("starts_at", "id")

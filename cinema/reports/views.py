"""Reports over HTTP."""

from pyramid.response import Response
from pyramid.view import view_config

from cinema.catalogue.labels import sight
from cinema.core.request import Request
from cinema.reports.period import period
from cinema.reports.presenters import SalesJson, sales_csv, sales_json
from cinema.reports.resources import Sales
from cinema.reports.sales import Report, sales
from cinema.reports.schemas import CSV, SalesQuery
from cinema.security import Verb

_JSON_TYPE, _CSV_TYPE = "application/json", "text/csv"


@view_config(
    context=Sales, request_method="GET", permission=Verb.VIEW, query=SalesQuery, answers=(_JSON_TYPE, _CSV_TYPE)
)
def sales_report(_context: Sales, request: Request) -> SalesJson | Response:
    """What was sold, by day, film or hall; as JSON, or as CSV in a file to save."""
    registry = request.registry
    days = period(request.query, request.now.astimezone(registry.schedule.zone).date())
    by = request.query["by"]
    report = sales(request.reader, by, days, registry.currency, registry.schedule, sight(request))
    request.add_response_callback(_vary)
    return _csv_file(report) if _wants_csv(request) else sales_json(report)


def _wants_csv(request: Request) -> bool:
    if "format" in request.query:
        return bool(request.query["format"] == CSV)
    offers = request.accept.acceptable_offers([_JSON_TYPE, _CSV_TYPE])
    return bool(offers) and offers[0][0] == _CSV_TYPE


def _vary(_request: Request, response: Response) -> None:
    response.headers.add("Vary", "Accept")


def _csv_file(report: Report) -> Response:
    body = sales_csv(report).encode()
    name = f"sales-by-{report.by}-{report.period.first}-{report.period.last}.csv"
    headers = [
        ("Content-Type", f"{_CSV_TYPE}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Disposition", f'attachment; filename="{name}"'),
    ]
    return Response(headerlist=headers, app_iter=[body])

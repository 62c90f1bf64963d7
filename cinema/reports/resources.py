"""Where reports live: `reports/…`."""

from cinema.core.resources import Resource
from cinema.security import Permission, Verb, one_verb_acl


class Sales(Resource):
    """reports/sales"""

    __acl__ = one_verb_acl(Permission.REPORTS_VIEW, Verb.VIEW)

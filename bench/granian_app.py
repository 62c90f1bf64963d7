"""cinema as `pserve` makes it, granian: `granian --interface wsgi bench.granian_app:app`. `INI` names the file."""

import os

from pyramid.paster import get_app, setup_logging

setup_logging(os.environ["INI"])
app = get_app(os.environ["INI"])

"""The Django REST framework application: `gunicorn bench.peers.drf.wsgi`."""

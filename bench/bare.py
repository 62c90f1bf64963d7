"""`python -m bench.bare PORT FILE STATUS`: waitress that answers the bytes of FILE, whatever is asked."""

import logging
import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from waitress import serve

from bench.servers import THREADS


def main() -> None:
    """Serves until it is stopped."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # the client keeps it full on purpose
    body = Path(sys.argv[2]).read_bytes()
    status = HTTPStatus(int(sys.argv[3]))
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]

    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(f"{status} {status.phrase}", headers)
        return [body]

    serve(answer, listen=f"127.0.0.1:{sys.argv[1]}", threads=THREADS)


if __name__ == "__main__":
    main()

"""The files that the pages are made of: read once, and no others are served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "txt": "text/plain"}
_FOLDER = files(__package__) / "static"


@dataclass(frozen=True)
class Asset:
    """A file as it is served. `etag` is a digest of its content."""

    content: bytes
    content_type: str
    etag: str


def _read() -> Iterator[tuple[str, Asset]]:
    for folder in (_FOLDER, _FOLDER / "swagger-ui"):
        for file in folder.iterdir():
            content_type = _TYPES.get(file.name.rpartition(".")[2])
            if content_type is not None:
                yield file.name, _asset(file, content_type)


def _asset(file: Any, content_type: str) -> Asset:
    content = file.read_bytes()
    return Asset(content, content_type, sha256(content).hexdigest()[:32])


ASSETS: Mapping[str, Asset] = MappingProxyType(dict(sorted(_read())))
"""What lies below `docs/static`, by name."""

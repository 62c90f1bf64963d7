"""The lines of a file, plain or gzipped, one at a time."""

import gzip
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Generator, Iterator
from io import BufferedReader
from pathlib import Path

LONGEST = 2**20
"""A line of this many bytes is no line of a table."""

_GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1
_STRIDE = 1000  # lines between two reports of progress


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why, in one line."""


def read_lines(path: Path, progress: Callable[[int], object]) -> Generator[str]:
    """The physical lines of `path` with their ends; they end at line feeds and nowhere else.

    Bytes that are not UTF-8 become lone surrogates, so that whoever reads the line can name it. `progress` is
    told now and then how many bytes of the file are read. Raises Unreadable.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_raw_lines(file), 1):
                if len(line) == LONGEST:
                    raise Unreadable(f"{path}: line {number} is longer than {LONGEST} bytes")
                if number % _STRIDE == 0 and file.seekable():
                    progress(file.tell())
                yield line.decode(errors="surrogateescape")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unreadable(f"cannot read {path}: {reason}") from None


def _raw_lines(file: BufferedReader) -> Iterator[bytes]:
    zipped = file.peek(len(_GZIP)).startswith(_GZIP)
    stream = gzip.GzipFile(fileobj=file) if zipped else file
    line = stream.readline(LONGEST).removeprefix(BOM_UTF8)
    while line:
        yield line
        line = stream.readline(LONGEST)

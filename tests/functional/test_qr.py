"""The QR codes of tickets: what is in them, who gets them, and that anybody can verify them offline."""

import base64
import json
import re
import struct
import subprocess
import sys
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from cinema.core.secrets import derive
from tests.app import Cinema, Person, seats
from tests.conftest import SECRET

DOCUMENT = Path(__file__).parents[2] / "docs" / "tickets.md"
SVG, PNG = "image/svg+xml", "image/png"
QUIET = 4  # modules of white round a QR code (ISO/IEC 18004)
Matrix = list[list[int]]


# -- what the documentation says ------------------------------------------------------------------------------


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(ticket: Any, secret: bytes = SECRET.encode(), **altered: Any) -> str:
    """The signed code of a ticket, made as docs/tickets.md says."""
    starts_at = int(datetime.fromisoformat(ticket["screening"]["starts_at"]).timestamp())
    values = {
        "id": ticket["id"],
        "screening": ticket["screening"]["id"],
        "row": ticket["row"],
        "seat": ticket["seat"],
    }
    values |= {"starts_at": starts_at, "code": ticket["code"]} | altered
    head = f"cinema1.{encoded(json.dumps(list(values.values()), separators=(',', ':')).encode())}"
    key = Ed25519PrivateKey.from_private_bytes(derive(secret, "ticket-signature"))
    return f"{head}.{encoded(key.sign(head.encode()))}"


def bought(person: Person, screening: int, *places: tuple[int, int]) -> list[Any]:
    """Paid tickets."""
    order = person.post("/orders", {"screening": screening, "seats": seats(*places)})
    tickets: list[Any] = person.post(f"/orders/{order['id']}/pay", status=200)["tickets"]
    return tickets


def picture(person: Person, ticket: Any, accept: str | None = None) -> Any:
    headers = {} if accept is None else {"Accept": accept}
    return person.call("GET", f"/tickets/{ticket['id']}/qr", status=200, headers=headers)


# -- reading pictures ----------------------------------------------------------------------------------------


def modules_of_png(png: bytes) -> Matrix:
    """The black (1) and white (0) modules of a one-bit picture, without the quiet zone, which has to be white."""
    chunks, place = {}, 8
    while place < len(png):
        [length], kind = struct.unpack(">I", png[place : place + 4]), png[place + 4 : place + 8]
        chunks[kind] = png[place + 8 : place + 8 + length]
        place += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (1, 0), "grey, one bit a pixel"
    raw, stride = zlib.decompress(chunks[b"IDAT"]), (width + 7) // 8 + 1
    lines: list[bytes] = [bytes(stride - 1)]
    for start in range(0, height * stride, stride):
        line = raw[start + 1 : start + stride]
        assert raw[start] in (0, 2), "as it is, or what it has more than the line above"
        lines.append(line if raw[start] == 0 else bytes((x + y) % 256 for x, y in zip(line, lines[-1], strict=True)))
    pixels = [[1 - (line[x // 8] >> (7 - x % 8) & 1) for x in range(width)] for line in lines[1:]]
    scale = pixels[QUIET * next(s for s in range(1, 50) if any(pixels[QUIET * s]))].index(1) // QUIET
    return framed([row[::scale] for row in pixels[::scale]])


def modules_of_svg(svg: str) -> Matrix:
    """The same, of the picture's strokes."""
    [side] = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    drawn = [[0] * int(side) for _line in range(int(side))]
    [path] = re.findall(r'stroke="#000" d="([^"]+)"', svg)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        given = [float(number) for number in numbers.split()]
        if command == "h":
            drawn[int(y)][int(x) : int(x + given[0])] = [1] * int(given[0])
            x += given[0]
        else:
            x, y = given if command == "M" else (x + given[0], y + given[1])
    return framed(drawn)


def framed(pixels: Matrix) -> Matrix:
    inner = [row[QUIET:-QUIET] for row in pixels[QUIET:-QUIET]]
    assert sum(map(sum, inner)) == sum(map(sum, pixels)), "the quiet zone is white"
    return inner


def modules(text: str) -> Matrix:
    """Those that a QR code of this text has."""
    return [list(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]


# -- tests ---------------------------------------------------------------------------------------------------


def test_the_picture_holds_the_signed_code(cinema: Cinema) -> None:
    [ticket, other] = bought(cinema.member, cinema.screening(), (1, 2), (1, 3))
    svg, png = picture(cinema.member, ticket), picture(cinema.member, ticket, PNG)
    assert (svg.content_type, png.content_type) == (SVG, PNG)
    assert modules_of_svg(svg.text) == modules_of_png(png.body) == modules(signed(ticket))
    assert modules_of_svg(picture(cinema.member, other).text) == modules(signed(other)) != modules(signed(ticket))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, SVG),
        ("*/*", SVG),
        ("image/*", SVG),
        ("image/png", PNG),
        ("image/png;q=0.5, image/svg+xml;q=0.4", PNG),
        ("image/png;q=0.4, image/svg+xml", SVG),
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", SVG),
        ("image/png,image/*;q=0.8", PNG),
        ("application/json", SVG),
        ("image/png;q=0", SVG),
        ("not a type", SVG),
    ],
)
def test_whoever_prefers_png_gets_it_and_everybody_else_svg(cinema: Cinema, accept: str | None, kind: str) -> None:
    [ticket] = bought(cinema.member, cinema.screening(), (1, 1))
    answer = picture(cinema.member, ticket, accept)
    assert answer.headers["Content-Type"].split(";")[0] == kind
    assert answer.body.startswith(b"<svg" if kind == SVG else b"\x89PNG")
    assert "Accept" in answer.headers.getall("Vary")
    assert "private" in answer.headers["Cache-Control"]


def test_only_a_valid_ticket_has_a_picture(cinema: Cinema) -> None:
    screening = cinema.screening()
    order = cinema.member.post("/orders", {"screening": screening, "seats": seats((1, 1))})
    path = f"/tickets/{order['tickets'][0]['id']}/qr"

    def refused() -> tuple[str, str]:
        problem = cinema.member.get(path, 409)
        return problem["code"], problem["state"]

    assert refused() == ("ticket-not-valid", "held")
    cinema.later(minutes=15)
    assert refused() == ("ticket-not-valid", "void")
    cinema.member.post(f"/orders/{order['id']}/pay", status=200)
    cinema.member.call("GET", path, status=200)
    cinema.admin.post(f"/orders/{order['id']}/refund", status=200)
    assert refused() == ("ticket-not-valid", "void")
    [used] = bought(cinema.member, screening, (1, 2))
    cinema.admin.post("/tickets/check-in", {"code": used["code"], "nonce": "the first scan"}, 200)
    path = f"/tickets/{used['id']}/qr"
    assert refused() == ("ticket-not-valid", "used")


def test_the_owner_and_the_staff_get_it_and_nobody_else(cinema: Cinema) -> None:
    [ticket] = bought(cinema.member, cinema.screening(), (1, 1))
    assert picture(cinema.admin, ticket).body == picture(cinema.member, ticket).body
    path = f"/tickets/{ticket['id']}/qr"
    cinema.stranger.get(path, 401)
    cinema.stranger.get("/tickets/1000000000/qr", 401)
    for hidden in (path, "/tickets/1000000000/qr"):
        assert cinema.other.get(hidden, 404)["code"] == "not-found"
    assert "GET" in cinema.member.call("POST", path, {}, 405).headers["Allow"]
    cinema.member.get(f"{path}?size=3", 400)


def test_a_picture_takes_two_statements(cinema: Cinema) -> None:
    [ticket] = bought(cinema.member, cinema.screening(), (1, 1))
    with cinema.statements() as seen:
        picture(cinema.member, ticket)
    assert len(seen) <= 2


# -- the key, and verifying without the server -----------------------------------------------------------------


def test_everybody_gets_the_key_in_both_forms(cinema: Cinema) -> None:
    answer = cinema.stranger.get("/tickets/public-key")
    assert cinema.member.get("/tickets/public-key") == answer
    key = load_pem_public_key(answer["pem"].encode())
    assert encoded(key.public_bytes(Encoding.Raw, PublicFormat.Raw)) == answer["public_key"]
    private = Ed25519PrivateKey.from_private_bytes(derive(SECRET.encode(), "ticket-signature"))
    assert key == private.public_key()
    assert answer["algorithm"] == "Ed25519"
    assert re.fullmatch("[0-9a-f]{12}", answer["key_id"])
    refused = cinema.admin.call("POST", "/tickets/public-key", {}, 405)
    assert "GET" in refused.headers["Allow"]


def test_the_key_takes_no_statement(cinema: Cinema) -> None:
    with cinema.statements() as seen:
        cinema.stranger.get("/tickets/public-key")
    assert seen == []


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script of docs/tickets.md."""
    [source] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in source.splitlines() if line]) <= 12
    path = tmp_path / "verify.py"
    path.write_text(source, encoding="utf-8")
    return path


def verify(script: Path, key: str, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, key, code], capture_output=True, text=True, timeout=60)


def test_the_script_of_the_documentation_tells_a_real_code_from_others(cinema: Cinema, script: Path) -> None:
    [ticket] = bought(cinema.member, cinema.screening(), (2, 3))
    key = cinema.stranger.get("/tickets/public-key")["public_key"]
    code = signed(ticket)
    assert modules_of_svg(picture(cinema.member, ticket).text) == modules(code)
    said = verify(script, key, code)
    assert said.returncode == 0, said.stderr
    for part in (f"'ticket': {ticket['id']},", "'row': 2, 'seat': 3,", f"'code': '{ticket['code']}'"):
        assert part in said.stdout
    head, payload, signature = code.split(".")
    better_seat = signed(ticket, seat=4).split(".")[1]
    for wrong in (
        signed(ticket, secret=b"somebody else's secret"),
        f"{head}.{better_seat}.{signature}",
        f"cinema2.{payload}.{signature}",
        f"{head}.{payload}.{signature[:-4]}",
        f"{head}.{payload}.",
        ticket["code"],
    ):
        said = verify(script, key, wrong)
        assert (said.returncode, said.stdout) == (1, "")
        assert said.stderr == "not a ticket of this cinema\n"

"""QR codes (ISO/IEC 18004), as pictures."""

from io import BytesIO

import segno

SVG, PNG = "image/svg+xml", "image/png"
_PIXELS = 8  # so that a PNG of a ticket's code is some 500 pixels wide
_ERROR_LEVEL = "m"  # a seventh of the picture may be damaged


def draw(text: str, kind: str) -> bytes:
    """A picture of `kind`, SVG or PNG, that holds `text`: black on white, with the quiet zone that scanners need."""
    code = segno.make_qr(text, error=_ERROR_LEVEL, boost_error=False)
    picture = BytesIO()
    if kind == PNG:
        code.save(picture, kind="png", scale=_PIXELS, light="white")
    else:
        code.save(picture, kind="svg", xmldecl=False, omitsize=True, light="white", svgclass=None, lineclass=None)
    return picture.getvalue()

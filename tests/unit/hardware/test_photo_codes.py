"""A photo of a delivery: the codes in it, or a sentence why it cannot be read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings, strategies as st
from PIL import Image

from desktop_app.domain.scan_codes import ScanKind, parse_scan
from desktop_app.hardware.photo_codes import MAX_BYTES, PictureRefused, read_codes

PICTURES = Path(__file__).resolve().parents[2] / "data" / "barcode_images"


def png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def symbol(text: str, kind: zxingcpp.BarcodeFormat, scale: int = 3) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, kind)
    return Image.fromarray(
        zxingcpp.write_barcode_to_image(barcode, scale=scale, add_quiet_zones=True)
    )


def on_ground(*symbols: Image.Image) -> Image.Image:
    ground = Image.new("L", (900, 300 * len(symbols) + 60), 230)
    for place, picture in enumerate(symbols):
        ground.paste(picture, (60, 40 + 300 * place))
    return ground


def test_photographs_of_the_public_set() -> None:
    (ean,) = read_codes((PICTURES / "ean13.webp").read_bytes())
    assert (ean.text, ean.symbology) == ("8480017507990", "]E0")
    for name, symbology in (("gs1-datamatrix.png", "]d2"), ("gs1-qr.png", "]Q3")):
        (code,) = read_codes((PICTURES / name).read_bytes())
        assert code.symbology == symbology
        scan = parse_scan(code.announced)
        assert (scan.kind, scan.code, scan.lot) == (ScanKind.GS1, "09504000059101", "1234567p")


def test_a_doubtful_article_number_is_left_out() -> None:
    assert read_codes((PICTURES / "striped-upca.webp").read_bytes()) == ()
    texts = [code.text for code in read_codes((PICTURES / "two-readings.webp").read_bytes())]
    assert texts == ["5030159003930"]


def test_several_codes_from_top_to_bottom_with_their_places() -> None:
    first = symbol("B.A-01-02", zxingcpp.BarcodeFormat.Code128)
    second = symbol("账实通 K.BX-1", zxingcpp.BarcodeFormat.QRCode)
    codes = read_codes(png(on_ground(first, second)))
    assert [code.text for code in codes] == ["B.A-01-02", "账实通 K.BX-1"]
    assert 40 <= codes[0].corners[0][1] <= 240 < codes[1].corners[0][1]
    assert codes[0].symbology == "]C0"


def test_turned_faint_and_transparent_pictures() -> None:
    bars = on_ground(symbol("6901234567892", zxingcpp.BarcodeFormat.EAN13))
    for picture in (
        bars.rotate(90, expand=True),
        bars.rotate(17, expand=True, fillcolor=230),
        bars.point(lambda dot: 110 + dot // 8),
        bars.resize((bars.width // 2, bars.height // 2)),
    ):
        assert [code.text for code in read_codes(png(picture))] == ["6901234567892"]
    clear = Image.new("RGBA", bars.size, (0, 0, 0, 0))
    clear.paste("black", (0, 0), bars.point(lambda dot: 255 if dot < 128 else 0))
    assert [code.text for code in read_codes(png(clear))] == ["6901234567892"]


def test_nothing_in_the_picture() -> None:
    assert read_codes(png(Image.new("RGB", (640, 480), "grey"))) == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a picture"),
        (b"%PDF-1.7 ...", "not a picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "not a picture"),
        (b"x" * (MAX_BYTES + 1), "larger than 24 MB"),
        (b"GIF89a" + b"\xff\xff\xff\xff" + b"\0" * 40, "not a picture"),
    ],
)
def test_hostile_bytes_are_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(PictureRefused, match=says):
        read_codes(content)


def test_a_picture_that_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = png(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    with pytest.raises(PictureRefused, match="40 million dots"):
        read_codes(bomb)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_pictures_never_raise_anything_else(data: st.DataObject) -> None:
    content = bytearray((PICTURES / "ean13.webp").read_bytes())
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_codes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    except PictureRefused as error:
        assert str(error)

"""Every layout against its golden text, its bar codes read back by an independent reader.

``STOCKPROOF_GOLDEN=write`` writes the golden files anew; look at the difference before
committing them.
"""

from __future__ import annotations

import dataclasses
import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from desktop_app.core.i18n import use_language
from desktop_app.core.paths import resources_dir
from desktop_app.domain.scan_codes import ScanKind, parse_scan
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.registry import LAYOUTS, render
from desktop_app.reporting.snapshots import BlindLine, BlindSheetSnapshot
from tests.golden.paper_samples import (
    LONG_CODE,
    LONG_NAME,
    SAMPLES,
    delivery_note,
    pick_list,
)

HERE = Path(__file__).parent
LABEL_DPI = 203


@pytest.fixture(params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param, resources_dir() / "translations")
    yield request.param
    use_language("en", resources_dir() / "translations")


def pdf_of(sample: str) -> bytes:
    layout, snapshot, options = SAMPLES[sample]
    return render(layout, snapshot, options)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\f\n".join(page.extract_text() for page in pages) + "\n"


def pictures(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Each page as a grey picture, drawn by Qt's PDF reader."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sheet.pdf"
        file.write_bytes(pdf)
        document = QPdfDocument()
        document.load(str(file))
        drawn = [_picture(document, page, dpi) for page in range(document.pageCount())]
        document.close()
    return drawn


def _picture(document: QPdfDocument, page: int, dpi: int) -> Image.Image:
    size = document.pagePointSize(page)
    wanted = QSize(round(size.width() * dpi / 72), round(size.height() * dpi / 72))
    drawn = document.render(page, wanted).convertToFormat(QImage.Format.Format_RGBA8888)
    picture = Image.frombytes("RGBA", (drawn.width(), drawn.height()), bytes(drawn.constBits()))
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L")


def codes_on(pdf: bytes, dpi: int = 300) -> list[set[str]]:
    return [
        {found.text for found in zxingcpp.read_barcodes(picture)} for picture in pictures(pdf, dpi)
    ]


@pytest.mark.parametrize("sample", SAMPLES)
def test_text_is_as_agreed(sample: str, language: str) -> None:
    text = text_of(pdf_of(sample))
    golden = HERE / language / f"{sample}.txt"
    if os.environ.get("STOCKPROOF_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_content_gives_the_same_bytes(sample: str) -> None:
    assert pdf_of(sample) == pdf_of(sample)


def test_every_layout_has_a_sample_and_prints_on_each_of_its_papers() -> None:
    assert {layout for layout, _, _ in SAMPLES.values()} == {layout.id for layout in LAYOUTS}
    for layout, snapshot, options in SAMPLES.values():
        for paper in LAYOUTS[layout].papers:
            pdf = render(layout, snapshot, dataclasses.replace(options, paper=paper))
            assert pdf.startswith(b"%PDF-")


def test_fonts_are_embedded() -> None:
    reader = PdfReader(io.BytesIO(pdf_of("delivery_note")))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object().get("/FontDescriptor")
            if descriptor is not None:
                assert "/FontFile2" in descriptor.get_object()
                assert "NotoSansSC" in font.get_object()["/BaseFont"]


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ("pick_list", "JH-20260105-0007"),
        ("blind_sheet", "PD-20260105-0001"),
        ("delivery_note", "XSC-20260105-0009"),
        ("delivery_note_a4", "XSC-20260105-0009"),
        ("delivery_note_third", "XSC-20260105-0009"),
        ("order", "CGD-20260105-0003"),
    ],
)
def test_number_scans_from_every_page(sample: str, code: str) -> None:
    for found in codes_on(pdf_of(sample)):
        assert code in found
    assert parse_scan(code).kind is ScanKind.DOCUMENT


@pytest.mark.parametrize("size", ["60x40", "40x30"])
def test_labels_scan_at_the_printer_s_own_resolution(size: str) -> None:
    pages = codes_on(pdf_of(f"item_labels_{size}"), LABEL_DPI)
    first, ean, long_code, copy, uncoded = pages
    assert "I.84029G" in first
    assert "6921111111116" in ean
    assert long_code == copy == {f"L.{LONG_CODE}..B9"}
    assert uncoded == set()
    if size == "60x40":
        assert "L.84029G..260101A..120" in first


def test_bin_labels_and_day_seal_scan() -> None:
    first, second = codes_on(pdf_of("bin_labels"))
    assert {"X.W1-7K2Q", "P.LI4", "B.W1-A-01-01"} <= first
    assert "B.W1-VERY-LONG-RACK-NAME-A-01-02-03" in first
    assert second == {"B.W1-A-12-01", "B.W1-A-13-01", "B.W1-A-14-01"}
    (seal,) = codes_on(pdf_of("day_sheet"))
    assert any(text.startswith("S.20260105.9f86d081") for text in seal)


def test_pick_list_follows_the_route_whatever_the_order() -> None:
    walked = sorted(pick_list().lines, key=lambda line: line.walk)
    text = text_of(pdf_of("pick_list"))
    places = [text.index(line.bin) for line in walked]
    assert places == sorted(places)
    assert text.count("□") == len(walked)


def test_blind_sheet_cannot_tell_what_the_books_say() -> None:
    names = {
        field.name for kind in (BlindLine, BlindSheetSnapshot) for field in dataclasses.fields(kind)
    }
    forbidden = ("book", "qty", "system", "cost", "price", "amount", "difference", "last")
    assert not [name for name in names if any(word in name for word in forbidden)]


def test_long_names_are_printed_whole(language: str) -> None:
    for sample in ("pick_list", "blind_sheet", "delivery_note", "order"):
        assert LONG_NAME in text_of(pdf_of(sample)).replace("\n", "")


def test_nothing_leaves_the_sheet_or_the_margins() -> None:
    for sample in SAMPLES:
        if sample == "paper_test":  # it is there to show what is cut
            continue
        for picture in pictures(pdf_of(sample), 60):
            edge = [
                picture.crop(box)
                for box in (
                    (0, 0, picture.width, 2),
                    (0, picture.height - 2, picture.width, picture.height),
                    (0, 0, 2, picture.height),
                    (picture.width - 2, 0, picture.width, picture.height),
                )
            ]
            assert all(strip.getextrema()[0] > 128 for strip in edge), sample


def test_totals_words_and_signatures_share_a_page() -> None:
    use_language("zh_CN", resources_dir() / "translations")
    try:
        for lines in range(1, 30):
            pages = text_of(render("delivery_note", delivery_note(lines))).split("\f")
            with_words = [page for page in pages if "合计金额（大写）" in page]
            assert with_words == pages[-1:]
            assert all("收货人（签章）" in page for page in pages)
            assert "累计欠款" in pages[-1]
    finally:
        use_language("en", resources_dir() / "translations")


def test_a_long_note_carries_its_total_from_page_to_page() -> None:
    """What 过次页 says at the foot of a sheet, 承前页 says at the head of the next."""
    use_language("zh_CN", resources_dir() / "translations")
    try:
        for lines in range(1, 40):
            pages = text_of(render("delivery_note", delivery_note(lines))).split("\f")
            rows = [page.replace("\n", " ") for page in pages]
            over = [re.findall(r"过次页 ([\d,]+) ([\d,.]+)", page) for page in rows]
            forward = [re.findall(r"承前页 ([\d,]+) ([\d,.]+)", page) for page in rows]
            assert len(over[-1]) == 0 == len(forward[0])
            assert all(len(page) == 1 for page in over[:-1])
            for carried, brought in zip(over, forward[1:], strict=False):
                assert brought in (carried, [])  # none on a page that only has the foot
            assert "合计" in pages[-1]
            assert f"第 {len(pages)}/{len(pages)} 页" in pages[-1]
        third = text_of(render("delivery_note", delivery_note(9), PrintOptions(paper="241_third")))
        assert third.count("过次页") == third.count("\f") > 0
    finally:
        use_language("en", resources_dir() / "translations")


def test_prices_off_means_no_money_at_all() -> None:
    text = text_of(pdf_of("delivery_note_no_prices"))
    for forbidden in ("12.50", "125.00", "2,625", "人民币", "9,705", "1,705", "1,000"):
        assert forbidden not in text
    order = text_of(render("order", SAMPLES["order"][1], PrintOptions(show_prices=False)))
    assert "31.25" not in order
    assert "人民币" not in order


def test_marks_of_draft_and_reprint() -> None:
    text = text_of(pdf_of("delivery_note_no_prices"))
    assert "DRAFT" in text
    assert "REPRINT 2" in text
    assert "XSC-20260105-0009*" in text


def test_wrong_snapshot_or_paper_is_refused() -> None:
    with pytest.raises(TypeError, match="PickListSnapshot"):
        render("pick_list", delivery_note())
    with pytest.raises(ValueError, match="label_60x40"):
        render("pick_list", pick_list(), PrintOptions(paper="label_60x40"))

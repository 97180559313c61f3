"""One label for each bar code, with Chinese beside it, and what a scanner must read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import zxingcpp
from PIL import Image

from desktop_app.domain.label_bitmap import Bitmap, Symbology
from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind, Text
from desktop_app.reporting.labels.render import to_image

WIDTH, HEIGHT = Decimal(70), Decimal(50)
CHINESE = "不锈钢合页 镀镍 数量 120 片"


@dataclass(frozen=True)
class Sample:
    """``identifier`` is the AIM symbology identifier the reader must give."""

    symbology: Symbology
    data: str
    read: str
    identifier: str


SAMPLES = (
    Sample(Symbology.CODE128, "I.JL-0123-NI", "I.JL-0123-NI", "]C0"),
    Sample(Symbology.EAN13, "6901234567892", "6901234567892", "]E0"),
    Sample(Symbology.GS1_128, "(01)06901234567892(10)A7", "(01)06901234567892(10)A7", "]C1"),
    Sample(Symbology.DATAMATRIX, "L.JL-0123..260115A..12.5", "L.JL-0123..260115A..12.5", "]d1"),
    Sample(
        Symbology.GS1_DATAMATRIX,
        "(01)06901234567892(17)261231(10)AB12",
        "(01)06901234567892(17)261231(10)AB12",
        "]d2",
    ),
    Sample(Symbology.QR, "批次 260115A|JL-0123", "批次 260115A|JL-0123", "]Q1"),
)


def design_of(sample: Sample) -> LabelDesign:
    """A 70 × 50 label: the Chinese above, the code below, and more Chinese right of it."""
    side = Decimal(30) if sample.symbology.is_matrix else Decimal(68)
    return LabelDesign(
        LabelKind.ITEM,
        "",
        WIDTH,
        HEIGHT,
        (
            Text("{name}", Decimal(2), Decimal(1), Decimal(66), Decimal(6), Decimal(12), bold=True),
            Barcode(sample.symbology, "{code}", Decimal(1), Decimal(8), side, Decimal(30)),
            Text("{name}", Decimal(2), Decimal(40), Decimal(66), Decimal(8), Decimal(9), wrap=True),
        ),
    )


def fields_of(sample: Sample) -> dict[str, str]:
    """The fields of :func:`design_of`; a GS1 text is given in parts, as real labels do."""
    return {"name": CHINESE, "code": sample.data}


def gs1_design(sample: Sample) -> LabelDesign:
    """The same with the GS1 text in the template: brackets cannot come from a field."""
    design = design_of(sample)
    code = design.elements[1]
    assert isinstance(code, Barcode)
    fixed = Barcode(sample.symbology, sample.data, code.x, code.y, code.w, code.h)
    return design.with_element(1, fixed)


def label_of(sample: Sample) -> tuple[LabelDesign, dict[str, str]]:
    """Design and fields of a sample."""
    design = gs1_design(sample) if sample.symbology.is_gs1 else design_of(sample)
    return design, fields_of(sample)


def read_codes(image: Image.Image) -> list[tuple[str, str]]:
    """(text, symbology identifier) of every code zxing-cpp finds."""
    found = zxingcpp.read_barcodes(image.convert("L"), text_mode=zxingcpp.TextMode.HRI)
    return [(code.text, code.symbology_identifier) for code in found]


def read_bitmap(bitmap: Bitmap) -> list[tuple[str, str]]:
    """The codes on a label."""
    return read_codes(to_image(bitmap))

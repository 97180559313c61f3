"""Codes on labels are read back from the bytes that go to the printer."""

from __future__ import annotations

import pytest

from desktop_app.hardware.labels.language import LabelJob
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.reporting.labels.render import render
from tests.unit.labels.sample_labels import (
    CHINESE,
    HEIGHT,
    SAMPLES,
    WIDTH,
    Sample,
    label_of,
    read_bitmap,
)

LANGUAGE_IDS = [language.id for language in LANGUAGES]
_NAMES = [sample.symbology.value for sample in SAMPLES]


def _profile(language: str, dpi: int, **changes: object) -> PrinterProfile:
    return PrinterProfile(language=language, dpi=dpi, width_mm=WIDTH, height_mm=HEIGHT, **changes)


@pytest.mark.parametrize("compress", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("sample", SAMPLES, ids=_NAMES)
@pytest.mark.parametrize("language_id", LANGUAGE_IDS)
def test_every_code_is_read_from_the_bytes_of_every_language(
    language_id: str, sample: Sample, dpi: int, compress: bool
) -> None:
    design, fields = label_of(sample)
    drawn = render(design, fields, dpi=dpi)
    assert drawn.warnings == ()
    profile = _profile(language_id, dpi, compress=compress)
    printer = SimulatedPrinter(language_id, dpi=dpi)
    printer.receive(LANGUAGES[language_id].encode(LabelJob(drawn.bitmap, profile)))
    printer.end_of_job()
    assert printer.printed_count == 1
    label = printer.labels[0]
    # What came out is the preview, dot for dot (receipt printers round the width up to bytes).
    assert label.rows == drawn.bitmap.rows
    assert read_bitmap(label) == [(sample.read, sample.identifier)]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("sample", SAMPLES, ids=_NAMES)
@pytest.mark.parametrize("language_id", ["tspl", "zpl", "epl"])
def test_codes_the_printer_draws_itself_read_the_same(
    language_id: str, sample: Sample, dpi: int
) -> None:
    language = LANGUAGES[language_id]
    profile = _profile(language_id, dpi, native_codes=True)
    design, fields = label_of(sample)
    drawn = render(design, fields, dpi=dpi, native=language.drawer(profile))
    # Chinese in a QR code stays in the picture: the printer's own character set is not ours.
    own = sample.symbology in language.native and sample.data.isascii()
    assert len(drawn.native) == own
    printer = SimulatedPrinter(language_id, dpi=dpi)
    printer.receive(language.encode(LabelJob(drawn.bitmap, profile, 1, drawn.native)))
    assert read_bitmap(printer.labels[0]) == [(sample.read, sample.identifier)]


def test_chinese_stands_beside_the_code() -> None:
    design, fields = label_of(SAMPLES[0])
    with_words = render(design, fields)
    without = render(design, {**fields, "name": ""})
    assert fields["name"] == CHINESE
    words = sum(map(int.bit_count, with_words.bitmap.rows)) - sum(
        map(int.bit_count, without.bitmap.rows)
    )
    assert words > 4_000


@pytest.mark.parametrize("language_id", LANGUAGE_IDS)
def test_upside_down_and_copies(language_id: str) -> None:
    design, fields = label_of(SAMPLES[0])
    drawn = render(design, fields)
    profile = _profile(language_id, 203, upside_down=True)
    printer = SimulatedPrinter(language_id)
    printer.receive(LANGUAGES[language_id].encode(LabelJob(drawn.bitmap, profile, 3)))
    printer.end_of_job()
    assert printer.printed_count == 3
    label = printer.labels[0]
    # The first dot of the label comes out last.
    for x, y in ((0, 0), (100, 100), (333, 20), (559, 399)):
        assert label.is_black(x, y) == drawn.bitmap.is_black(559 - x, 399 - y)
    assert read_bitmap(label) == [(SAMPLES[0].read, SAMPLES[0].identifier)]

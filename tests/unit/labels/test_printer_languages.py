"""What each language sends and understands: settings, escapes, statuses, hostile replies."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.core.errors import UserError
from desktop_app.domain.label_bitmap import Bitmap, PlacedSymbol, Symbology
from desktop_app.hardware.labels.language import LabelJob, cropped, shifted, upside_down
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import Media, PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus
from desktop_app.hardware.simulators.printer import SimulatedPrinter

LANGUAGE_IDS = [language.id for language in LANGUAGES]
SMALL = Bitmap(13, 3, bytes.fromhex("800800080ff8"))
_SMALL_PROFILE = PrinterProfile(width_mm=Decimal(20), height_mm=Decimal(10))


def _bytes(language: str, **changes: object) -> bytes:
    profile = replace(_SMALL_PROFILE, language=language, **changes)
    return LANGUAGES[language].encode(LabelJob(SMALL, profile, 2))


def _printed(language: str, data: bytes) -> list[Bitmap]:
    printer = SimulatedPrinter(language)
    printer.receive(data)
    printer.end_of_job()
    return list(printer.labels)


def test_tspl_says_its_size_in_decimals_and_black_as_zero() -> None:
    data = _bytes("tspl", width_mm=Decimal("40.5"), darkness=99, speed=4)
    head, _, rest = data.partition(b"BITMAP 0,0,2,3,0,")
    assert head == (
        b"SIZE 40.5 mm,10 mm\r\nGAP 2 mm,0 mm\r\nDENSITY 15\r\nSPEED 4\r\n"
        b"DIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
    )
    assert rest[:6] == bytes.fromhex("7ff7fff7f007")
    assert rest[6:] == b"\r\nPRINT 1,2\r\n"


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (
            Media.GAP,
            {
                "tspl": b"GAP 3 mm",
                "zpl": b"^MNY",
                "epl": b"Q80,24",
                "cpcl": b"GAP-SENSE",
                "escpos": b"\x1d\x0c",
            },
        ),
        (
            Media.BLACK_MARK,
            {
                "tspl": b"BLINE 3 mm",
                "zpl": b"^MNM",
                "epl": b"Q80,B24",
                "cpcl": b"BAR-SENSE",
                "escpos": b"\x1d\x0c",
            },
        ),
        (
            Media.CONTINUOUS,
            {
                "tspl": b"GAP 0,0",
                "zpl": b"^MNN",
                "epl": b"Q27,0",
                "cpcl": b"PRINT\r\n",
                "escpos": b"\x1bJ\x18",
            },
        ),
    ],
)
def test_every_language_is_told_how_labels_are_divided(
    media: Media, expected: dict[str, bytes]
) -> None:
    for language, part in expected.items():
        assert part in _bytes(language, media=media, gap_mm=Decimal(3))


@pytest.mark.parametrize(
    ("feed", "tspl", "zpl"),
    [("1.5", b"OFFSET 1.5 mm\r\n", b"~TA012\n"), ("-0.5", b"OFFSET -0.5 mm\r\n", b"~TA-04\n")],
)
def test_the_paper_stops_where_it_is_torn_off(feed: str, tspl: bytes, zpl: bytes) -> None:
    assert tspl in _bytes("tspl", feed_mm=Decimal(feed))
    assert zpl in _bytes("zpl", feed_mm=Decimal(feed))
    for language, part in (("tspl", b"OFFSET"), ("zpl", b"~TA")):
        assert part not in _bytes(language)
        moved = _bytes(language, feed_mm=Decimal(feed))
        assert _printed(language, moved) == _printed(language, _bytes(language))
    assert b"~TA120\n" in _bytes("zpl", feed_mm=Decimal(15), dpi=300)


@pytest.mark.parametrize("language", LANGUAGE_IDS)
@pytest.mark.parametrize(("x", "y"), [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1)])
def test_offsets_move_the_picture_either_way(language: str, x: int, y: int) -> None:
    """1/8 mm is one dot; a picture bigger than its shift keeps its shape."""
    profile = replace(
        _SMALL_PROFILE, language=language, offset_x_mm=Decimal(x) / 8, offset_y_mm=Decimal(y) / 8
    )
    label = _printed(language, LANGUAGES[language].encode(LabelJob(SMALL, profile)))[0]
    for row in range(3):
        for column in range(13):
            source_x, source_y = column - x, row - y
            inside = 0 <= source_x < 13 and 0 <= source_y < 3
            black = inside and SMALL.is_black(source_x, source_y)
            assert label.is_black(column, row) == black


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_picture_larger_than_the_label_does_not_spill_onto_the_next(language: str) -> None:
    big = Bitmap(400, 300, b"\xff" * 50 * 300)
    profile = replace(_SMALL_PROFILE, language=language)
    label = _printed(language, LANGUAGES[language].encode(LabelJob(big, profile)))[0]
    assert (label.width, label.height) == (160, 80)


@given(st.integers(1, 40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_turning_twice_and_shifting_back_changes_nothing(w: int, h: int, chance: object) -> None:
    raw = bytes(chance.randrange(256) for _ in range((w + 7) // 8 * h))  # type: ignore[attr-defined]
    bitmap = cropped(Bitmap((w + 7) // 8 * 8, h, raw), w, h)
    assert upside_down(upside_down(bitmap)) == bitmap
    wide = Bitmap(bitmap.row_bytes * 8, h, bitmap.rows)
    assert cropped(shifted(shifted(wide, 0, 0), 0, 0), w, h) == bitmap
    turned = upside_down(bitmap)
    assert all(
        turned.is_black(x, y) == bitmap.is_black(w - 1 - x, h - 1 - y)
        for y in range(h)
        for x in range(w)
    )


_PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24)
_HOSTILE = st.one_of(
    _PRINTABLE,
    st.sampled_from(
        [
            '"\r\nPRINT 1,99',
            '"PRINT 1,99',
            "^FS^PQ99^XZ",
            "^XZ^XA^PQ99",
            '\\["]"',
            '\\"',
            "~JA",
            'x"\nP99',
            "\\",
            '"',
            ">:A",
            "_5E",
            "__",
            "\\[R]PRINT 1,99",
            "{B",
            "!104",
        ]
    ),
)


@given(
    _HOSTILE,
    st.sampled_from(["tspl", "zpl", "epl"]),
    st.sampled_from([Symbology.CODE128, Symbology.QR]),
)
@settings(max_examples=200, deadline=None)
def test_no_text_in_a_code_can_become_a_command(text: str, name: str, symbology: Symbology) -> None:
    language = LANGUAGES[name]
    symbol = PlacedSymbol(symbology, text, 20, 20, 2, 200, 60)
    profile = PrinterProfile(name, native_codes=True, width_mm=Decimal(100), height_mm=Decimal(40))
    job = LabelJob(Bitmap.blank(16, 8), profile, 1, (symbol,))
    if not language.draws(symbol):
        with pytest.raises(ValueError, match="cannot draw"):
            language.encode(job)
        return
    data = language.encode(job)
    printer = SimulatedPrinter(name)
    printer.receive(data)
    assert printer.printed_count == 1
    # The same label with harmless text of the same kind has the same commands.
    harmless = replace(symbol, data="A" * len(text))
    plain = language.encode(replace(job, symbols=(harmless,)))
    signs = (b"^", b"~") if name == "zpl" else (b"\n",)
    for sign in signs:
        assert data.count(sign) == plain.count(sign)
    escapes = {"tspl": rb'\\\["\]', "epl": rb"\\.", "zpl": rb"_[0-9A-F]{2}"}[name]
    assert re.sub(escapes, b"", data).count(b'"') == plain.count(b'"')


def test_a_turned_or_chinese_code_stays_in_the_picture() -> None:
    symbol = PlacedSymbol(Symbology.QR, "JL", 1, 1, 3, 63, 63)
    for name in ("tspl", "zpl", "epl"):
        assert LANGUAGES[name].draws(symbol)
        assert not LANGUAGES[name].draws(replace(symbol, turn=90))
        assert not LANGUAGES[name].draws(replace(symbol, data="合页"))
        assert not LANGUAGES[name].draws(replace(symbol, data="a\r\nPRINT 1,9"))
    for name in ("cpcl", "escpos"):
        assert not LANGUAGES[name].draws(symbol)


HS_READY = (
    b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02000,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
)
S = PrinterState
TRANSCRIPTS: list[tuple[str, str, bytes, PrinterState]] = [
    ("tspl", "", b"\x00", S.READY),
    ("tspl", "", b"\x01", S.HEAD_OPEN),
    ("tspl", "", b"\x02", S.ERROR),
    ("tspl", "", b"\x04", S.PAPER_OUT),
    ("tspl", "", b"\x05", S.HEAD_OPEN),
    ("tspl", "", b"\x08", S.RIBBON_OUT),
    ("tspl", "", b"\x10", S.PAUSED),
    ("tspl", "", b"\x20", S.BUSY),
    ("tspl", "", b"\x80", S.ERROR),
    ("tspl", "", b"", S.UNKNOWN),
    ("tspl", "tspl_block", b"\x02@@@@\x03\r\n", S.READY),
    ("tspl", "tspl_block", b"\x02`@@@\x03\r\n", S.PAUSED),
    ("tspl", "tspl_block", b"\x02P@@@\x03\r\n", S.BUSY),
    ("tspl", "tspl_block", b"\x02E@@A\x03\r\n", S.PAPER_OUT),
    ("tspl", "tspl_block", b"\x02E@@D\x03\r\n", S.RIBBON_OUT),
    ("tspl", "tspl_block", b"\x02E@@`\x03\r\n", S.HEAD_OPEN),
    ("tspl", "tspl_block", b"\x02E@H@\x03\r\n", S.ERROR),
    ("tspl", "tspl_block", b"\x02E@@", S.UNKNOWN),
    ("tspl", "tspl_block", b"\x02z@@@\x03\r\n", S.UNKNOWN),
    ("zpl", "", HS_READY, S.READY),
    ("zpl", "", HS_READY.replace(b"030,0,0", b"030,1,0"), S.PAPER_OUT),
    ("zpl", "", HS_READY.replace(b"030,0,0", b"030,0,1"), S.PAUSED),
    ("zpl", "", HS_READY.replace(b"000,0,0,0,1,2", b"000,0,1,0,1,2"), S.HEAD_OPEN),
    ("zpl", "", HS_READY.replace(b"000,0,0,0,1,2", b"000,0,0,1,1,2"), S.RIBBON_OUT),
    ("zpl", "", HS_READY.replace(b"00000000", b"00000007"), S.BUSY),
    ("zpl", "", b"", S.UNKNOWN),
    ("zpl", "", HS_READY[:50], S.UNKNOWN),
    ("epl", "", b"00\r\n", S.READY),
    ("epl", "", b"07\r\n", S.PAPER_OUT),
    ("epl", "", b"07P012\r\n", S.PAPER_OUT),
    ("epl", "", b"11\r\n", S.HEAD_OPEN),
    ("epl", "", b"12\r\n", S.PAUSED),
    ("epl", "", b"07,11\r\n", S.HEAD_OPEN),
    ("epl", "", b"50\r\n", S.BUSY),
    ("epl", "", b"82\r\n", S.ERROR),
    ("epl", "", b"\x11", S.UNKNOWN),
    ("cpcl", "", b"\x00", S.READY),
    ("cpcl", "", b"\x01", S.BUSY),
    ("cpcl", "", b"\x02", S.PAPER_OUT),
    ("cpcl", "", b"\x04", S.HEAD_OPEN),
    ("cpcl", "", b"\x10", S.READY),
    ("cpcl", "", b"\xff", S.UNKNOWN),
    ("escpos", "", b"\x12\x12", S.READY),
    ("escpos", "", b"\x16\x12", S.HEAD_OPEN),
    ("escpos", "", b"\x32\x72", S.PAPER_OUT),
    ("escpos", "", b"\x52\x12", S.ERROR),
    ("escpos", "", b"\x12", S.UNKNOWN),
    ("escpos", "", b"\x00\x00", S.UNKNOWN),
    ("escpos", "epson_loose", b"\x00\x00", S.READY),
    ("escpos", "epson_loose", b"\x04\x00", S.HEAD_OPEN),
    ("escpos", "hwasung", b"\x00", S.READY),
    ("escpos", "hwasung", b"\x01", S.PAPER_OUT),
    ("escpos", "hwasung", b"\x02", S.HEAD_OPEN),
    ("escpos", "hwasung", b"\x10", S.BUSY),
    ("escpos", "hwasung", b"\x40", S.UNKNOWN),
]


def _status(language: str, reply: bytes, layout: str = "") -> PrinterStatus:
    profile = PrinterProfile(language, status_layout=layout)
    return LANGUAGES[language].parse_status(reply, profile)


@pytest.mark.parametrize(("language", "layout", "reply", "expected"), TRANSCRIPTS)
def test_replies_are_understood(
    language: str, layout: str, reply: bytes, expected: PrinterState
) -> None:
    status = _status(language, reply, layout)
    assert status.state is expected
    assert status.raw == reply
    assert status.can_print == (expected in (S.READY, S.BUSY))
    assert str(status.sentence)


def test_labels_still_to_come_are_told() -> None:
    busy = _status("zpl", HS_READY.replace(b"00000000", b"00000007"))
    assert (busy.remaining, busy.is_idle) == (7, False)
    assert _status("zpl", HS_READY).is_idle
    assert _status("epl", b"07P012\r\n").remaining == 12


def test_hints_do_not_stop_printing() -> None:
    low = _status("escpos", b"\x12\x1e")
    assert low.can_print
    assert [str(note) for note in low.notes] == ["The paper is nearly used up."]
    assert _status("cpcl", b"\x08").notes
    assert _status("tspl", b"\x02@A@@\x03\r\n", "tspl_block").notes


@given(st.binary(max_size=300), st.sampled_from(LANGUAGE_IDS), st.integers(0, 2))
def test_no_reply_can_break_the_reading(reply: bytes, name: str, layout: int) -> None:
    language = LANGUAGES[name]
    layouts = language.status_layouts
    profile = PrinterProfile(name, status_layout=layouts[layout % len(layouts)])
    status = language.parse_status(reply, profile)
    assert status.raw == reply
    language.reply_complete(reply, profile)
    if not reply:
        assert status.state is S.UNKNOWN


@pytest.mark.parametrize("name", LANGUAGE_IDS)
def test_a_silent_printer_is_not_asked(name: str) -> None:
    assert LANGUAGES[name].status_queries(PrinterProfile(name, silent=True)) == ()
    assert LANGUAGES[name].status_queries(PrinterProfile(name))


def test_profiles_come_back_as_they_were() -> None:
    profile = PrinterProfile(
        "zpl",
        300,
        Decimal("100"),
        Decimal("150.5"),
        Media.BLACK_MARK,
        Decimal(3),
        True,
        12,
        None,
        Decimal("-0.3"),
        Decimal("1.25"),
        compress=True,
        chunk_bytes=512,
    )
    assert PrinterProfile.from_json(profile.to_json()) == profile
    assert PrinterProfile.from_json({"language": "epl", "later": 1}).language == "epl"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dpi": 5},
        {"dpi": "x"},
        {"width_mm": 4.5},
        {"media": "cloth"},
        {"cut": "yes"},
        {"offset_x_mm": "NaN"},
        {"darkness": 99},
        {"language": 4},
        {"speed": True},
    ],
)
def test_a_wrong_profile_names_its_entry(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError) as refused:
        PrinterProfile.from_json(wrong)
    assert "Printer profile" in str(refused.value)


def test_copies_are_counted_by_the_printer_within_reason() -> None:
    with pytest.raises(ValueError, match="copies"):
        LabelJob(SMALL, _SMALL_PROFILE, 0)


@pytest.mark.parametrize("language", LANGUAGE_IDS)
def test_a_language_names_what_it_cannot_tell_the_printer(language: str) -> None:
    """Every number it does not name changes the bytes."""
    chosen = LANGUAGES[language]
    for name, value in (("feed_mm", Decimal(1)), ("darkness", 2), ("speed", 2)):
        vain = name in chosen.unheeded(PrinterProfile(language=language, **{name: value}))
        assert vain == (_bytes(language, **{name: value}) == _bytes(language))
    assert chosen.unheeded(PrinterProfile(language=language)) == ()

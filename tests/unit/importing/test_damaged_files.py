"""Files that are broken, disguised or hostile: one clear sentence, at once, without eating memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from desktop_app.exchange.importing.cells import RawRow, UnreadableFile
from desktop_app.exchange.importing.sources import open_source
from tests.unit.importing.making import MAIN, cell, make_csv, make_xls, make_xlsx, rows_xml


def read(path: Path) -> list[RawRow]:
    with open_source(path) as source:
        return list(source.rows(source.sheets[0].name))


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "{" not in sentence
    return sentence


@pytest.fixture
def good(tmp_path: Path) -> Path:
    rows = rows_xml([[f"A{n}", n, n / 7, "text " * 5] for n in range(3000)])
    return make_xlsx(tmp_path / "good.xlsx", rows)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_off(tmp_path: Path, good: Path, share: float) -> None:
    data = good.read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(data[: int(len(data) * share)])
    assert "not complete" in refusal(path)


def test_no_byte_changed_inside_goes_unnoticed(tmp_path: Path, good: Path) -> None:
    data = good.read_bytes()
    whole = [tuple(c.text for c in row.cells) for row in read(good)]
    with zipfile.ZipFile(good) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    for offset in range(0, 40_000, 2_500):
        path = tmp_path / "bent.xlsx"
        at = start + offset % (len(data) - start - 1500)
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :])
        try:
            assert [tuple(c.text for c in row.cells) for row in read(path)] == whole
        except UnreadableFile as refused:
            assert "bent.xlsx" in str(refused)


def test_every_kind_of_noise_is_refused_or_read_but_never_crashes(
    tmp_path: Path, good: Path
) -> None:
    old = make_xls(tmp_path / "a.xls", [(r, 0, f"x{r}") for r in range(200)], ["0"])
    for made in (good, old):
        data = made.read_bytes()
        for at in range(0, min(len(data), 4000), 61):
            path = tmp_path / "noise.bin"
            path.write_bytes(data[:at] + b"\xff\x00\x7f" + data[at + 3 :])
            try:
                read(path)
            except UnreadableFile as refused:
                assert "noise.bin" in str(refused)


def test_protected_by_a_password(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000)
    assert "password" in refusal(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            block = b" " * 1_000_000
            for _ in range(150):
                part.write(block)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(packed.getvalue())
    tracemalloc.start()
    try:
        assert "143 MB" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    path = make_xlsx(tmp_path / "laugh.xlsx", "<row><c><v>1</v></c></row>", declaration=bomb)
    assert "no Excel file" in refusal(path)


def test_one_endless_row_is_given_up(tmp_path: Path) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{"x" * 30_000}{n}</t></is></c>' for n in range(320))
    path = make_xlsx(tmp_path / "wide.xlsx", f"<row>{cells}</row>")
    assert "no Excel file" in refusal(path)


def test_too_many_columns(tmp_path: Path) -> None:
    row = f'<row r="1">{cell("A1", 1)}{cell("XFD1", 2)}</row>'
    assert "beyond column" in refusal(make_xlsx(tmp_path / "wide.xlsx", row))
    text = make_csv(tmp_path / "wide.csv", ",".join("x" * 1001) + "\n")
    assert "beyond column" in refusal(text)


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    rows = rows_xml([["货号", "数量"], ["A1", 5]])
    empty = "".join(
        f'<row r="{n}" spans="1:2" ht="15"><c r="A{n}" s="0"/></row>' for n in range(3, 100_003)
    )
    path = make_xlsx(tmp_path / "empty.xlsx", rows + empty)
    assert [row.row_no for row in read(path)] == [1, 2]
    # Something after the gap is still found.
    path = make_xlsx(tmp_path / "gap.xlsx", rows + empty + rows_xml([["A2", 7]], 400_000))
    assert [row.row_no for row in read(path)] == [1, 2, 400_000]


def test_memory_is_flat_however_long_the_table(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        rows = rows_xml([[n, f"name {n}", n / 3] for n in range(count)])
        path = make_xlsx(tmp_path / f"{count}.xlsx", rows)
        del rows
        tracemalloc.start()
        try:
            with open_source(path) as source:
                for _ in source.rows("商品"):
                    pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8_000) < peak(2_000) * 2 + 8_000_000


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
        ("photo.csv", b"\xff\xd8\xff\xe0" + b"\0" * 50, "a picture"),
        ("offer.xls", b"%PDF-1.7 ...", "a PDF"),
        ("all.xlsx", b"Rar!\x1a\x07", "an archive"),
        ("run.xls", b"MZ\x90\x00\x03", "a program"),
        ("nothing.xlsx", b"", "empty"),
        ("blank.csv", b"\xef\xbb\xbf  \r\n", "empty"),
        ("zeros.csv", b"\0" * 10_000, "empty"),
        ("noise.csv", bytes(range(256)) * 40, "not a text or Excel file"),
        ("old.xls", b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "Excel 2003"),
        ("web.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web archive"),
        ("page.xls", b"<html><body>Please log in</body></html>", "without a table"),
        ("line.csv", b"x" * 1_200_000, "million characters"),
    ],
)  # fmt: skip
def test_disguised_files(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert word in refusal(path)


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("word/document.xml", "Word document"),
        ("xl/workbook.bin", ".xlsb"),
        ("notes.txt", "an archive"),
    ],
)
def test_other_things_in_a_zip(tmp_path: Path, part: str, word: str) -> None:
    path = tmp_path / "thing.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, b"x")
        if part != "notes.txt":
            archive.writestr("[Content_Types].xml", b"<Types/>")
    assert word in refusal(path)


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><sheetData><row><c><v>1</v></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c><v>1</v></c></row>",
        f'<worksheet xmlns="{MAIN}"><sheetViews/></worksheet>',
        "not xml at all",
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="?1"><v>1</v></c></row></sheetData></worksheet>',
    ],
)
def test_wrong_sheet_xml(tmp_path: Path, sheet: str) -> None:
    assert "damaged" in refusal(make_xlsx(tmp_path / "wrong.xlsx", "", sheet=sheet))


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    assert "not there" in refusal(tmp_path / "gone.xlsx")
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    assert "cannot be" in refusal(folder)

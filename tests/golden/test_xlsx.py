"""The Excel file cell by cell, and what happens when it cannot be written."""

from __future__ import annotations

import errno
import json
import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from desktop_app.core.errors import DiskFull
from desktop_app.exchange.xlsx import FileNotWritable, XlsxColumn, XlsxKind, write_table

HERE = Path(__file__).parent
COLUMNS = (
    XlsxColumn("编码", XlsxKind.CODE, 12),
    XlsxColumn("名称", XlsxKind.TEXT, 30),
    XlsxColumn("数量", XlsxKind.QUANTITY, 12, key="qty"),
    XlsxColumn("单价", XlsxKind.PRICE, 10),
    XlsxColumn("金额", XlsxKind.MONEY, 12, key="amount"),
    XlsxColumn("日期", XlsxKind.DATE, 11),
    XlsxColumn("时间", XlsxKind.TIMESTAMP, 16),
    XlsxColumn("启用", XlsxKind.YES_NO, 6),
    XlsxColumn("差异率", XlsxKind.PERCENT, 8),
    XlsxColumn("序号", XlsxKind.INTEGER, 6),
)
AT = datetime(2026, 1, 5, 9, 30)
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "00123",
        "铝合金拉手",
        Decimal("12.500000"),
        Decimal("3.1250"),
        Decimal("39.06"),
        date(2026, 1, 5),
        AT,
        True,
        Decimal("0.0125"),
        1,
    ),
    ("=1+1", "+86 138", Decimal(-3), None, Decimal("-9.38"), None, None, False, None, 2),
    ("@SUM(A1)", "-lead\x0bing", None, Decimal(0), None, date(1999, 12, 31), None, None, None, 3),
    (
        "6921111111116",
        "  two\nlines  ",
        Decimal("123456789012.123456"),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    ),
)


def cells(file: Path) -> list[list[Any]]:
    sheet = load_workbook(file).active
    assert sheet is not None
    return [
        [
            [
                cell.value if not isinstance(cell.value, datetime) else cell.value.isoformat(),
                cell.data_type,
                cell.number_format,
                bool(cell.quotePrefix),
                bool(cell.font.b),
            ]
            if cell.value is not None
            else None
            for cell in row
        ]
        for row in sheet.iter_rows()
    ]


def test_cells_are_as_agreed(tmp_path: Path) -> None:
    file = tmp_path / "库存.xlsx"
    count = write_table(
        file,
        "库存: 一号仓/A区",
        COLUMNS,
        iter(ROWS),
        {"qty": Decimal("9.5"), "amount": Decimal("29.68")},
        ("仓库：一号仓", "=筛选"),
    )
    assert count == len(ROWS)
    golden = HERE / "table_xlsx.json"
    found = json.dumps(cells(file), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("STOCKPROOF_GOLDEN") == "write":
        golden.write_text(found, encoding="utf-8", newline="\n")
    assert found == golden.read_text(encoding="utf-8")
    sheet = load_workbook(file).active
    assert sheet is not None
    assert sheet.title == "库存  一号仓 A区"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["B"].width == 32


def test_numbers_stand_in_the_file_digit_by_digit(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    write_table(file, "a", COLUMNS, ROWS)
    xml = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>123456789012.123456</v>" in xml
    assert "<f>" not in xml


def test_time_with_a_zone_becomes_local_time(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    write_table(file, "a", (XlsxColumn("t", XlsxKind.TIMESTAMP),), [(at,)])
    sheet = load_workbook(file).active
    assert sheet is not None
    assert sheet["A2"].value == at.astimezone().replace(tzinfo=None)


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    columns = (XlsxColumn("n", XlsxKind.INTEGER, key="n"),)
    count = write_table(file, "流水", columns, ((n,) for n in range(25)), {"n": 300}, sheet_rows=11)
    assert count == 25
    sheets = load_workbook(file).worksheets
    assert [sheet.title for sheet in sheets] == ["流水", "流水 (2)", "流水 (3)"]
    numbers = [row[0] for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert numbers == [*range(25), 300]


def test_an_empty_table_still_has_its_heading(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    assert write_table(file, "", COLUMNS, ()) == 0
    assert len(cells(file)) == 1


def test_a_cancelled_export_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"old")

    def rows() -> Iterator[tuple[Any, ...]]:
        yield ROWS[0]
        raise KeyError("cancelled")

    with pytest.raises(KeyError):
        write_table(file, "a", COLUMNS, rows())
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.xlsx"]


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (PermissionError(errno.EACCES, "denied"), FileNotWritable, "Close it in Excel"),
        (OSError(errno.ENOSPC, "full"), DiskFull, "no room left"),
        (OSError(errno.EIO, "Input/output error"), FileNotWritable, "Input/output error"),
    ],
)
def test_refusals_are_told_plainly(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: OSError,
    error: type[Exception],
    said: str,
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise fault

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(error, match=said):
        write_table(file, "a", COLUMNS, ROWS)
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.xlsx"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritable, match="does not exist"):
        write_table(tmp_path / "gone" / "a.xlsx", "a", COLUMNS, ROWS)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_table(tmp_path / "a.xlsx", "a", COLUMNS, (ROWS[0] for _ in range(count)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small, large = peak(200), peak(2000)
    assert large < small * 2

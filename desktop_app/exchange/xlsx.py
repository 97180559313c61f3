"""Rows to an Excel file, streamed: memory does not grow with the number of rows.

Numbers are written as numbers from the exact Decimal (Excel itself keeps 15 digits), days
as days, codes as text so that leading zeros stay. Text that begins like a formula is
marked as text (quote prefix), so that neither Excel nor a later save as CSV runs it. The
file appears whole or not at all: it is written beside its place and then moved there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop_app.core.errors import DiskFull, EnvironmentFault
from desktop_app.core.i18n import N_

EXCEL_ROWS = 1_048_576
"""Rows of one sheet; more rows go on in a second sheet with the same heading."""


class XlsxKind(StrEnum):
    """What a column holds, and so its number format and alignment."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIMESTAMP = "timestamp"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class XlsxColumn:
    """One column: heading, kind and width in characters. ``key`` names it for totals."""

    title: str
    kind: XlsxKind = XlsxKind.TEXT
    width: float = 14
    key: str = ""


class FileNotWritable(EnvironmentFault):
    """The file is open in another program, or this user may not write there."""

    code = "file.not_writable"


def write_table(
    file: Path,
    sheet_title: str,
    columns: Sequence[XlsxColumn],
    rows: Iterable[tuple[Any, ...]],
    totals: Mapping[str, Any] | None = None,
    subtitle_lines: Sequence[str] = (),
    *,
    sheet_rows: int = EXCEL_ROWS,
) -> int:
    """Write ``rows`` to ``file`` and return how many there were.

    Each row has one value per column; None leaves a cell empty. ``totals`` maps a
    column's ``key`` to the value of the last row. ``subtitle_lines`` (filters, time,
    person) stand above the heading. After ``sheet_rows`` rows another sheet is begun.
    Raises FileNotWritable or DiskFull, and whatever
    ``rows`` raises (a cancelled export); the old file then stays as it was.
    """
    # openpyxl takes 0.3 s to import: not before somebody exports.
    from desktop_app.exchange.xlsx_book import write_book

    file = Path(file)
    with _told(file):
        beside = _temporary(file)
        try:
            count = write_book(
                beside, sheet_title, columns, rows, totals, subtitle_lines, sheet_rows
            )
            os.replace(beside, file)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    return count


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """Turn the system's refusals into sentences."""
    try:
        yield
    except PermissionError as fault:
        raise FileNotWritable(
            N_("{file} cannot be written. Close it in Excel, or choose another folder."),
            file=file.name,
        ) from fault
    except FileNotFoundError as fault:
        raise FileNotWritable(
            N_("The folder {folder} does not exist (any more)."), folder=str(file.parent)
        ) from fault
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                N_("There is no room left for {file}. Free some space and export again."),
                file=file.name,
            ) from fault
        raise FileNotWritable(
            N_("{file} cannot be written: {reason}"), file=file.name, reason=fault.strerror
        ) from fault


def _temporary(file: Path) -> Path:
    handle, name = tempfile.mkstemp(suffix=".xlsx.part", prefix=".", dir=file.parent)
    os.close(handle)
    # mkstemp makes the file private; a file on a shared folder is for colleagues as well.
    os.chmod(name, 0o666 & ~_umask())
    return Path(name)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask

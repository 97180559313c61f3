"""The open online_retail order lines in the compact form that ships with the project.

``python -m benchmarks.retail_data SOURCE.csv.gz`` makes the shipped file again from the
public one (columns InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID).
In the shipped file an empty invoice, date and customer mean "as in the line above".
"""

from __future__ import annotations

import csv
import gzip
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from pathlib import Path

SHIPPED = Path(__file__).with_name("data") / "online_retail_orders.csv.xz"
HEADING = ("invoice", "date", "customer", "code", "quantity", "price")


class Nature(StrEnum):
    """What a document of the set is to a warehouse."""

    SALE = "sale"
    RETURN = "return"
    WRITE_OFF = "write-off"
    FOUND = "found"


@dataclass(frozen=True)
class RetailLine:
    """``quantity`` is signed as in the source; codes differ by case and stay so."""

    code: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class RetailDocument:
    """All lines of one invoice number; ``customer`` is "" where the source has none."""

    invoice: str
    at: datetime
    customer: str
    lines: tuple[RetailLine, ...]

    @property
    def nature(self) -> Nature:
        """C… is a return; less without C is a write-off; more for nothing to nobody was found."""
        if self.invoice.startswith("C"):
            return Nature.RETURN
        if all(line.quantity < 0 for line in self.lines):
            return Nature.WRITE_OFF
        if not self.customer and all(line.price == 0 for line in self.lines):
            return Nature.FOUND
        return Nature.SALE


def documents(file: Path = SHIPPED) -> Iterator[RetailDocument]:
    """Every document in the order of the source, which is the order of time."""
    invoice = at = customer = ""
    found: list[RetailLine] = []
    with lzma.open(file, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["invoice"]:
                if found:
                    yield _document(invoice, at, customer, found)
                invoice, at, customer, found = row["invoice"], row["date"], row["customer"], []
            found.append(RetailLine(row["code"], Decimal(row["quantity"]), Decimal(row["price"])))
    yield _document(invoice, at, customer, found)


def _document(invoice: str, at: str, customer: str, lines: list[RetailLine]) -> RetailDocument:
    return RetailDocument(invoice, datetime.fromisoformat(at), customer, tuple(lines))


def convert(source: Path, target: Path = SHIPPED) -> int:
    """Write the compact file; lines of one invoice are brought together. Returns its lines."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first: dict[str, int] = {}
    for n, row in enumerate(rows):
        first.setdefault(row["InvoiceNo"], n)
    rows.sort(key=lambda row: first[row["InvoiceNo"]])
    with lzma.open(target, "wt", encoding="utf-8", newline="", preset=9) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADING)
        for _, group in groupby(rows, key=lambda row: row["InvoiceNo"]):
            for n, row in enumerate(group):
                head = (
                    (row["InvoiceNo"], row["InvoiceDate"], row["CustomerID"])
                    if n == 0
                    else ("", "", "")
                )
                price = f"{Decimal(row['UnitPrice']).normalize():f}"
                writer.writerow((*head, row["StockCode"], row["Quantity"], price))
    return len(rows)


if __name__ == "__main__":
    print(convert(Path(sys.argv[1])))

"""The demo day as a user starts it: one command, everything left in one folder."""

from __future__ import annotations

import csv
import json
import os
import struct
import subprocess
import sys
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from desktop_app.app.demo import day_count, day_sales
from desktop_app.views.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
DIALOGS = {"first-start", "login"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run of the command left behind."""
    folder = tmp_path_factory.mktemp("demo")
    run = subprocess.run(
        [sys.executable, "-m", "desktop_app", "demo", "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    return folder


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


def facts(summary: dict[str, Any], step: str) -> dict[str, Any]:
    return next(found["facts"] for found in summary["steps"] if found["name"] == step)


def test_all_went_as_it_should(summary: dict[str, Any]) -> None:
    assert (summary["result"], summary["problems"]) == ("ok", [])
    assert summary["ledger"]["ledger_differences"] == []
    assert all(step["seconds"] > 0 for step in summary["steps"])


def test_every_file_of_the_summary_is_there_and_filled(out: Path, summary: dict[str, Any]) -> None:
    there = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert there == {*summary["files"], "summary.json"}
    assert [name for name in there if (out / name).stat().st_size < 500] == []
    assert all(
        (out / name).read_bytes().startswith(b"%PDF") for name in there if name.endswith(".pdf")
    )
    assert {Path(name).stem for name in there if name.endswith(".pdf")} >= {
        "item-labels",
        "pick-list",
        "delivery-note",
        "blind-count-sheet",
        "purchase-order",
    }


def test_every_screen_has_a_picture_of_the_right_size(out: Path) -> None:
    pictures = {
        path.stem: struct.unpack(">II", path.read_bytes()[16:24])
        for path in (out / "pictures").glob("*.png")
    }
    assert {
        name: size for name, size in pictures.items() if size != (1366, 768) and name not in DIALOGS
    } == {}
    wanted = {action.id.replace(":", "-") for action in ACTIONS if action.is_listed()}
    assert wanted - set(pictures) == set()
    assert {
        "palette",
        "why-item",
        "bin-at-a-minute",
        "count-review",
        "day-receiving",
        "day-picking",
        "day-picking-refused",
        "day-counting",
        *DIALOGS,
    } <= set(pictures)


def test_what_left_the_house_is_what_the_orders_said(summary: dict[str, Any]) -> None:
    with (ROOT / "resources" / "demo" / "order_lines.csv").open(encoding="utf-8") as file:
        orders = [list(rows) for _, rows in groupby(csv.DictReader(file), lambda row: row["order"])]
    taken = orders[: day_sales.ORDERS]
    assert facts(summary, "sales_orders") == {
        "orders": len(taken),
        "lines": sum(map(len, taken)),
        "pieces": sum(int(row["quantity"]) for rows in taken for row in rows),
    }
    ordered = sum(int(row["quantity"]) for rows in taken[: -day_sales.LEFT_OPEN] for row in rows)
    gone = Decimal(summary["ledger"]["moved"]["customer"]["in"])
    assert 0 < gone < ordered  # one parcel was shipped in part on purpose
    documents = summary["ledger"]["documents"]
    assert documents["sales_order"]["part"] == facts(summary, "pick_verify_ship")["part_shipped"]
    assert documents["shipment"]["shipped"] == day_sales.ORDERS - day_sales.LEFT_OPEN


def test_the_ledger_adds_up(summary: dict[str, Any]) -> None:
    moved = {
        kind: {side: Decimal(qty) for side, qty in sums.items()}
        for kind, sums in summary["ledger"]["moved"].items()
    }
    assert sum(sums["left"] for sums in moved.values()) == 0
    physical = ("bin", "receiving", "staging", "hold", "transit", "subcontractor", "production")
    assert sum(moved[kind]["left"] for kind in physical) == Decimal(summary["ledger"]["on_hand"])
    assert all(moved[kind]["left"] >= 0 for kind in physical)
    assert moved["transit"]["left"] == Decimal(facts(summary, "transfer")["in_transit_disputed"])
    assert summary["ledger"]["rows"]["stock_move"] > 500


def test_the_count_found_what_was_hidden(summary: dict[str, Any]) -> None:
    found = facts(summary, "blind_count")
    assert found["differences"] == {
        str(line): str(qty) + ".000000" for line, qty in day_count.WRONG.items()
    }
    assert Decimal(found["ira_exact"]) == 1 - Decimal(len(day_count.WRONG)) / int(found["n"])
    assert Decimal(found["val_gap_abs"]) > 0


def test_refusals_name_person_and_reason(summary: dict[str, Any]) -> None:
    refused = {(row["who"], row["tried"]): row["sentence"] for row in summary["refused"]}
    assert {
        ("pandian1", "read balances while counting"),
        ("cangku", "read costs"),
        ("cangku", "pick a wrong item"),
        ("cangku", "leave by the wrong door"),
        ("cangku", "ship before anything was picked"),
        ("cangku", "seal a day"),
        ("xiaoshou", "lock the same goods from SALES-2"),
    } <= set(refused)
    assert all(refused.values())
    assert "XSD-" in refused["xiaoshou", "lock the same goods from SALES-2"]


def test_lists_are_in_excel_as_counted(out: Path, summary: dict[str, Any]) -> None:
    for name, rows in facts(summary, "excel")["rows"].items():
        book = load_workbook(out / "xlsx" / f"{name}.xlsx", read_only=True)
        assert sum(1 for _ in book.active.iter_rows()) >= rows + 1
        book.close()

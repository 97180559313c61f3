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
import zxingcpp
from openpyxl import load_workbook
from PIL import Image

from desktop_app.app.demo import day_count, day_devices, day_sales, day_tables
from desktop_app.views.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
DIALOGS = {"first-start", "first-start-server", "login"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run of the command left behind."""
    folder = tmp_path_factory.mktemp("demo")
    run = subprocess.run(
        [sys.executable, "-m", "desktop_app", "demo", "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
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
        "label-sheet-A4",
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
        "import-columns",
        "import-rows",
        "own-field-formula",
        "document-own-fields",
        "label-print",
        "label-designer",
        "label-queue-job",
        "device-scale-test",
        "device-printer-test",
        "device-scale-log",
        "master-family",
        "master-warehouse-map",
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


def test_a_shops_own_table_came_in_without_its_wrong_cells(
    out: Path, summary: dict[str, Any]
) -> None:
    told = facts(summary, "import")
    assert [cell.split(":")[0] for cell in told["refused_cells"]] == ["safety_stock", "barcode"]
    assert told["taken_in"] == {"new": 3, "changed": 1, "same": 0, "refused": 1}
    assert told["taken_back"]["new"] == len(day_tables.CATALOGUE)
    book = load_workbook(out / "import" / "退回的行.xlsx", read_only=True)
    assert any("00920" in row for row in book.active.iter_rows(values_only=True))
    book.close()
    items = load_workbook(out / "xlsx" / "item.xlsx", read_only=True)
    rows = list(items.active.iter_rows(values_only=True))
    items.close()
    head = next(row for row in rows if day_tables.FIELDS[0].title in row)
    hinge = next(row for row in rows if day_tables.HINGE in row)
    shown = {title: hinge[head.index(title)] for title in ("产地", "箱重 kg")}
    assert shown == {"产地": "浙江金华", "箱重 kg": pytest.approx(0.922)}


def test_every_label_came_out_once_though_the_paper_ran_out(
    out: Path, summary: dict[str, Any]
) -> None:
    told = facts(summary, "labels")
    assert told["printed"] == day_devices.LABELS
    assert told["told"] == ["ready", "paper_out", "ready"]
    assert "uncertain" in told["after_the_break"]
    code = zxingcpp.read_barcode(Image.open(out / "labels" / "label-203dpi.png"))
    assert code is not None and code.text == f"I.{day_tables.HINGE}"
    assert str(day_devices.IN_THE_HEAP) in facts(summary, "scale")["heap"]


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
        ("cangku", "declare a field of the company's own"),
        ("xiaoshou", "print on another PC's printer"),
        ("xiaoshou", "lock the same goods from SALES-2"),
    } <= set(refused)
    assert all(refused.values())
    assert "XSD-" in refused["xiaoshou", "lock the same goods from SALES-2"]


def test_lists_are_in_excel_as_counted(out: Path, summary: dict[str, Any]) -> None:
    for name, rows in facts(summary, "excel")["rows"].items():
        book = load_workbook(out / "xlsx" / f"{name}.xlsx", read_only=True)
        assert sum(1 for _ in book.active.iter_rows()) >= rows + 1
        book.close()

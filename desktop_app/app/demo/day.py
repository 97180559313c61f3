"""One day of the demo company, step by step, through the services and the real screens."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from pathlib import Path

from desktop_app.core.i18n import tr
from desktop_app.runtime.translator import speak

if not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from desktop_app.app.demo import (
    day_count,
    day_money,
    day_purchase,
    day_sales,
    day_shapes,
    day_why,
)
from desktop_app.app.demo.record import LogCollector, Record
from desktop_app.app.demo.world import World, demo_world

STEPS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("purchase_and_receive", day_purchase.play),
    ("sales_orders", day_sales.take_orders),
    ("deposit", day_sales.deposit_and_quarrel),
    ("pick_verify_ship", day_sales.ship_orders),
    ("blind_count", day_count.play),
    ("why", day_why.ask_why),
    ("reversal", day_why.reverse_a_receipt),
    ("transfer", day_shapes.transfer),
    ("production", day_shapes.production),
    ("outsourcing", day_shapes.outsource),
    ("costs", day_money.value),
    ("seal_and_verify", day_money.seal),
    ("excel", day_money.take_away),
)


def run_demo(out: Path, language: str) -> int:
    """Play the day into ``out``; 0 when everything was as it should be."""
    record = Record(out.absolute())
    record.out.mkdir(parents=True, exist_ok=True)
    speak(language)
    logs = LogCollector()
    logging.getLogger().addHandler(logs)
    try:
        with demo_world(record) as world:
            play(world)
    except Exception:  # noqa: BLE001
        traceback.print_exc()
        return 1
    print(logs.lines)
    return 0


def play(world: World) -> None:
    for name, step in STEPS:
        with world.record.step(name):
            step(world)

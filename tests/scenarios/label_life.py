"""What tests of label printing share: a design, a printer on a loopback port, its server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.domain.label_design import LabelDesign, LabelKind, Text
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.transports.tcp import TcpTransport
from desktop_app.hardware.transports.transport import Transport
from desktop_app.reporting.labels.render import render
from desktop_app.services import devices, print_queue
from desktop_app.services.label_server import LabelServer
from desktop_app.services.print_queue import PrintOrder

HOME = "PC-1"
DESIGN = LabelDesign(
    LabelKind.ITEM,
    "small",
    Decimal(40),
    Decimal(30),
    (
        Text("{name}", Decimal(2), Decimal(2), Decimal(36), Decimal(10)),
        Text("{copy}", Decimal(2), Decimal(16), Decimal(36), Decimal(10)),
    ),
)


def add_printer(database: Any, name: str = "Desk", workstation: str = HOME) -> int:
    """A label printer of a PC."""
    values = {"kind": "printer", "name": name, "workstation": workstation, "settings": {}}
    return int(database.run(devices.save, values))


def enqueue(database: Any, printer_id: int, *names: str) -> int:
    """Labels with one word each; the job's id."""
    labels = tuple({"name": name} for name in names)
    order = PrintOrder(printer_id, "Hinges", to_json(DESIGN), labels)
    return int(database.run(print_queue.enqueue, order))


def profile_of(printer: SimulatedPrinter) -> PrinterProfile:
    """How the program is told to speak to a simulated printer."""
    return PrinterProfile(
        language=printer.language, dpi=printer.dpi, width_mm=Decimal(40), height_mm=Decimal(30)
    )


def tcp(port: int, *, send_timeout_s: float = 2.0) -> TcpTransport:
    """A line to a printer on a loopback port."""
    return TcpTransport("127.0.0.1", port, send_timeout_s=send_timeout_s)


def label_server(
    database: Any,
    printer_id: int,
    printer: SimulatedPrinter,
    transport: Transport,
    told: Callable[[PrinterState], None] = lambda _state: None,
    *,
    profile: PrinterProfile | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> LabelServer:
    """The printer's server; its waits are real, but short."""
    return LabelServer(
        database, printer_id, LANGUAGES[printer.language], profile or profile_of(printer),
        transport, lambda state, _sentence: told(state), stopped,
        lambda seconds: threading.Event().wait(min(seconds, 0.02)) and None,
    )  # fmt: skip


def label_bytes(printer: SimulatedPrinter, name: str) -> int:
    """How many bytes one label is."""
    server = label_server(None, 0, printer, tcp(1))
    queued = print_queue.QueuedLabel(0, 0, 1, {"name": name}, to_json(DESIGN), "")
    return len(server._bytes(queued))


def drawn(printer: SimulatedPrinter, name: str, copy: str = "") -> bytes:
    """The dots one label must have on the paper."""
    return ink(render(DESIGN, {"name": name, "copy": copy}, dpi=printer.dpi).bitmap)


def ink(bitmap: Bitmap) -> bytes:
    """The dots without the white around them: languages and heads pad to whole bytes."""
    rows = [bitmap.row(y).rstrip(b"\0") for y in range(bitmap.height)]
    while rows and not rows[-1]:
        rows.pop()
    return b"\n".join(rows)


def on_paper(printer: SimulatedPrinter) -> list[bytes]:
    """What came out, in order."""
    return [ink(bitmap) for bitmap in printer.labels]


def wait_for_paper(printer: SimulatedPrinter, labels: int) -> None:
    """A printer that confirms nothing is still busy with what was sent a moment ago."""
    end = time.monotonic() + 20
    while printer.printed_count < labels:
        assert time.monotonic() < end, f"{printer.printed_count} of {labels} labels came out"
        time.sleep(0.01)


def states(database: Any, job_id: int | None = None) -> list[str]:
    """The states of labels in order, of one job or of all."""
    return [
        row[0]
        for row in database.run(
            lambda u: u.execute(
                "SELECT state FROM print_label WHERE %s::bigint IS NULL OR job_id = %s"
                " ORDER BY job_id, seq",
                (job_id, job_id),
            ).fetchall()
        )
    ]


def asked_about(database: Any) -> list[tuple[int, str]]:
    """(label, name) of those somebody has to look for at the printer."""
    return [
        (int(label), str(name))
        for label, name in database.run(
            lambda u: u.execute(
                "SELECT id, fields->>'name' FROM print_label WHERE state = 'uncertain'"
                " ORDER BY job_id, seq"
            ).fetchall()
        )
    ]

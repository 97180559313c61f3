"""Labels: asked for once, printed once; what may have printed is asked, never guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from desktop_app.core.errors import InvalidInput, PermissionDenied, RuleRefused
from desktop_app.domain.label_design import LabelDesign, LabelKind, Text
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.transports.failures import unplugged
from desktop_app.hardware.transports.transport import Transport
from desktop_app.services import print_queue
from desktop_app.services.label_server import LabelServer
from desktop_app.services.print_queue import PrintOrder

DESIGN = to_json(
    LabelDesign(
        LabelKind.ITEM,
        "small",
        Decimal(40),
        Decimal(30),
        (Text("{name}", Decimal(2), Decimal(2), Decimal(36), Decimal(10)),),
    )
)


class Printer(Transport):
    """A TSPL printer on a desk: answers its status, breaks when told to."""

    address = "printer"

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.status = [b"\x00"]
        self.break_at: tuple[int, int] | None = None
        self.plugged = True
        self._asked = b""

    def open(self) -> None:
        if not self.plugged:
            raise unplugged(self.address)

    def read(self, timeout_s: float) -> bytes:
        found, self._asked = self._asked, b""
        return found

    def write(self, data: bytes) -> None:
        if data.startswith(b"\x1b!"):
            self._asked = self.status.pop(0) if len(self.status) > 1 else self.status[0]
            return
        if self.break_at is not None and self.break_at[0] == len(self.printed):
            raise unplugged(self.address, sent=self.break_at[1])
        self.printed.append(data)

    def close(self) -> None:
        pass


def device(uow, workstation: str = "PC-1") -> int:
    return int(
        uow.scalar(
            "INSERT INTO device (kind, name, workstation) VALUES ('printer', 'TSC', %s) RETURNING id",
            (workstation,),
        )
    )


def order(device_id: int, *names: str, **given: Any) -> PrintOrder:
    return PrintOrder(device_id, "Hinges", DESIGN, tuple({"name": n} for n in names), **given)


def server(database: Any, device_id: int, printer: Printer, told: list[Any] | None = None) -> Any:
    heard = told if told is not None else []
    return LabelServer(
        database, device_id, LANGUAGES["tspl"], PrinterProfile(), printer,
        lambda state, sentence: heard.append(state), lambda: False, lambda seconds: None,
    )  # fmt: skip


def states(database: Any) -> list[str]:
    return [
        row[0]
        for row in database.run(
            lambda uow: uow.execute("SELECT state FROM print_label ORDER BY job_id, seq").fetchall()
        )
    ]


@pytest.fixture
def home(database: Any) -> Any:
    """The PC the printer hangs on."""
    return database.as_user("storekeeper", workstation="PC-1")


def test_labels_asked_for_at_another_pc_are_printed_where_the_printer_is(
    database: Any, home: Any
) -> None:
    printer_id = home.run(device)
    office = database.as_user("sales", workstation="PC-9")
    wanted = order(printer_id, "镀镍铰链", "镀铬铰链")
    job = office.run(print_queue.enqueue, wanted)
    assert office.run(print_queue.enqueue, wanted) == job
    with pytest.raises(RuleRefused, match="PC its printer hangs on"):
        office.run(print_queue.claim, printer_id, 5)
    printer = Printer()
    done = server(home, printer_id, printer).serve()
    assert (done.sent, done.trouble) == (2, None)
    assert len(printer.printed) == 2 and states(database) == ["confirmed", "confirmed"]
    assert server(home, printer_id, printer).serve().sent == 0


def test_out_of_paper_before_the_start_leaves_the_labels_waiting(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a"))
    printer, told = Printer(), []
    printer.status = [b"\x04"]
    done = server(home, printer_id, printer, told).serve()
    assert done.state is PrinterState.PAPER_OUT and told == [PrinterState.PAPER_OUT]
    assert states(database) == ["queued"] and printer.printed == []


def test_paper_put_in_meanwhile_goes_on_and_confirms(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a", "b", "c"))
    printer = Printer()
    printer.status = [b"\x00", b"\x20", b"\x04", b"\x04", b"\x20", b"\x00"]
    assert server(home, printer_id, printer).serve().trouble is None
    assert states(database) == ["confirmed"] * 3 and len(printer.printed) == 3


def test_a_break_in_mid_label_is_asked_about_and_the_rest_waits(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, *"abcd"))
    printer = Printer()
    printer.break_at = (1, 900)
    done = server(home, printer_id, printer).serve()
    assert done.sent == 1 and done.trouble is not None
    assert states(database) == ["uncertain", "uncertain", "queued", "queued"], (
        "nobody can tell whether the first one still lay in the printer's memory"
    )
    printer.break_at = None
    assert server(home, printer_id, printer).serve().sent == 0, "it waits for the answer"
    first, second = (
        row[0]
        for row in database.run(
            lambda u: u.execute("SELECT id FROM print_label ORDER BY seq LIMIT 2").fetchall()
        )
    )
    home.run(print_queue.answer, [first], came_out=True)
    home.run(print_queue.answer, [second], came_out=False)
    assert server(home, printer_id, printer).serve().sent == 3
    assert states(database) == ["confirmed"] * 4


def test_nothing_sent_is_simply_sent_later(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a", "b"))
    printer = Printer()
    printer.break_at = (0, 0)
    server(home, printer_id, printer).serve()
    assert states(database) == ["queued", "queued"]
    printer.plugged = False
    assert server(home, printer_id, printer).serve().state is PrinterState.UNKNOWN
    printer.plugged, printer.break_at = True, None
    assert server(home, printer_id, printer).serve().sent == 2


def test_a_crash_while_sending_is_asked_about(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a"))
    home.run(print_queue.claim, printer_id, 5)
    assert server(home, printer_id, Printer()).recover() == 1
    assert states(database) == ["uncertain"]


def test_a_design_that_cannot_be_drawn_fails_alone(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    broken = PrintOrder(printer_id, "x", {"format": 1}, ({"name": "a"},))
    home.run(print_queue.enqueue, broken)
    home.run(print_queue.enqueue, order(printer_id, "good"))
    server(home, printer_id, Printer()).serve()
    assert states(database) == ["failed", "confirmed"]
    assert home.run(print_queue.retry, 1) == 1


def test_printing_again_is_marked_and_needs_a_reason(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    job = home.run(print_queue.enqueue, order(printer_id, "a", "b"))
    with pytest.raises(InvalidInput, match="reason"):
        home.run(print_queue.reprint, job, [1], " ", uuid4())
    again = home.run(print_queue.reprint, job, [2], "torn", uuid4())
    kept = database.run(
        lambda u: u.execute(
            "SELECT j.copy_of_id, j.reason, l.fields FROM print_job j JOIN print_label l"
            " ON l.job_id = j.id WHERE j.id = %s",
            (again,),
        ).fetchone()
    )
    assert kept == (job, "torn", {"name": "b", "copy": "Copy"})


def test_every_step_of_a_label_is_on_record(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a"))
    server(home, printer_id, Printer()).serve()
    steps = database.run(
        lambda u: u.execute(
            "SELECT from_state, to_state, actor, workstation FROM print_event ORDER BY id"
        ).fetchall()
    )
    assert [step[:2] for step in steps] == [
        ("queued", "sending"), ("sending", "sent"), ("sent", "confirmed"),
    ]  # fmt: skip
    assert steps[0][2:] == ("storekeeper", "PC-1")


def test_plain_sql_cannot_print_twice_or_hide_a_print(database: Any, home: Any) -> None:
    printer_id = home.run(device)
    home.run(print_queue.enqueue, order(printer_id, "a"))
    server(home, printer_id, Printer()).serve()
    with psycopg.connect(database.dsn("storekeeper"), autocommit=True) as connection:
        connection.execute("SELECT set_config('stockproof.workstation', 'PC-1', false)")
        for attempt in (
            "UPDATE print_label SET state = 'queued'",
            "DELETE FROM print_label",
            "DELETE FROM print_event",
            "INSERT INTO print_event (label_id, from_state, to_state) VALUES (1, 'a', 'b')",
            "UPDATE print_job SET reason = 'x'",
            "UPDATE print_label SET fields = '{}'",
            "DELETE FROM device",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(attempt)
    with pytest.raises(PermissionDenied):
        database.as_user("counter").run(print_queue.enqueue, order(printer_id, "a"))
    assert states(database) == ["confirmed"]


def test_a_scale_check_is_judged_by_the_database(database: Any, home: Any) -> None:
    scale = home.run(device)
    for shown in (999, 1003):
        home.run(
            lambda u, value=shown: u.execute(
                "INSERT INTO scale_check (device_id, test_weight_g, shown_g, tolerance_g, passed)"
                " VALUES (%s, 1000, %s, 2, true)",
                (scale, value),
            )
        )
    found = database.run(
        lambda u: u.execute("SELECT passed FROM scale_check ORDER BY id").fetchall()
    )
    assert found == [(True,), (False,)]

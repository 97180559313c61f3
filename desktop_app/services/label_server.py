"""Serves the queue of one printer on the PC it hangs on: status, send, wait, confirm.

The loop belongs to a thread of the program (``runtime``); here is what one round does, with the
database and the transport given, so that a test runs it against a simulated printer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from desktop_app.core import clock
from desktop_app.core.errors import AppError
from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.domain.label_fields import DARKNESS
from desktop_app.domain.label_json import from_json
from desktop_app.hardware.labels.language import LabelJob, LabelLanguage
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus, unknown
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.transport import Transport
from desktop_app.reporting.labels.render import render
from desktop_app.services import print_queue
from desktop_app.services.print_queue import Pending, QueuedLabel
from desktop_app.services.printer_seat import printer_seat

BATCH = 5
"""Labels sent before the printer is asked again: what at most becomes uncertain at once."""
REPLY_S = 1.5
SILENCE_S = 20.0
"""A printer that says nothing for so long may have lost what it was sent."""
POLL_S = 0.15
_SILENT = N_("The printer fell silent after these labels were sent.")
_CAME_BACK = N_("The printer was silent for a while: was it switched off? It forgets labels then.")
_CLOSED = N_("The program was closed before the printer confirmed these labels.")
_log = get_logger("services.label_server")


class Access(Protocol):
    """What is needed of ``database.unit_of_work.Database``."""

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run in one committed transaction."""
        ...

    def connect(self) -> Any:
        """A connection of its own."""
        ...


@dataclass(frozen=True)
class Round:
    """What one round did: labels ``sent``, and what the person should know (None: all well)."""

    sent: int
    trouble: Message | None = None
    state: PrinterState = PrinterState.READY


class LabelServer:
    """The queue of one printer.

    ``told(state, sentence)`` is called whenever the printer's state is known anew; ``stopped()``
    is asked in every wait, and ends it.
    """

    def __init__(
        self,
        database: Access,
        device_id: int,
        language: LabelLanguage,
        profile: PrinterProfile,
        transport: Transport,
        told: Callable[[PrinterState, Message], None],
        stopped: Callable[[], bool],
        wait: Callable[[float], None],
    ) -> None:
        self._database = database
        self._device_id = device_id
        self._language = language
        self._profile = profile
        self._transport = transport
        self._told = told
        self._stopped = stopped
        self._wait = wait

    @property
    def answers(self) -> bool:
        """The printer can be asked; one that cannot only ever gets ``sent``, never confirmed."""
        return self._transport.bidirectional and not self._profile.silent

    def recover(self) -> int:
        """Ask about what nobody follows any more. :meth:`serve` does so by itself."""
        return int(self._database.run(print_queue.recover, self._device_id))

    def pending(self) -> Pending:
        """What there is to do."""
        found: Pending = self._database.run(print_queue.pending, self._device_id)
        return found

    def serve(self) -> Round:
        """Print what waits, at most one batch. Nothing is taken from the queue while the printer
        is not ready, so a job waits rather than fails. What an interrupted round left behind,
        in this program or another, is asked about first.
        """
        pending = self.pending()
        if not pending.queued and not pending.hanging:
            return self._at_the_printer(self._look) if self.answers else Round(0)
        with printer_seat(self._database, self._device_id) as mine:
            if not mine:
                text = Message(N_("Another program on this PC is printing with it."))
                self._told(PrinterState.BUSY, text)
                return Round(0, text, PrinterState.BUSY)
            if pending.hanging:
                self.recover()
            done = self._at_the_printer(self._print)
            if done.trouble is not None and pending.queued:
                self._database.run(print_queue.waits, self._device_id, str(done.trouble))
            return done

    def _at_the_printer(self, work: Callable[[], Round]) -> Round:
        try:
            with self._transport:
                return work()
        except DeviceError as error:
            self._told(PrinterState.UNKNOWN, error.message)
            return Round(0, error.message, PrinterState.UNKNOWN)

    def _look(self) -> Round:
        status = self.status()
        self._told(status.state, status.sentence)
        return Round(0, None if status.can_print else status.sentence, status.state)

    def _print(self) -> Round:
        if self.answers:
            found = self._look()
            if found.trouble is not None:
                return found
        labels = self._database.run(print_queue.claim, self._device_id, BATCH)
        sent, trouble = self._send(labels)
        if sent:
            trouble = self._settle([label.id for label in sent], trouble)
        return Round(len(sent), trouble)

    def _settle(self, label_ids: Sequence[int], broken: Message | None) -> Message | None:
        """What becomes of labels whose last byte was handed over."""
        if broken is not None:
            # What lay between here and the paper when the line broke may be lost; a spooler
            # has taken each label for good.
            if self._transport.bidirectional:
                self._note(label_ids, "uncertain", str(broken))
            return broken
        if self.answers and (trouble := self._confirm(label_ids)) is not None:
            return trouble
        try:
            # Not before it was confirmed: after a half-close nothing can be asked any more.
            self._transport.finish()
        except DeviceError as error:
            if not self.answers:
                self._note(label_ids, "uncertain", str(error))
            return error.message
        return None

    def _send(self, labels: Sequence[QueuedLabel]) -> tuple[list[QueuedLabel], Message | None]:
        """Send label by label; the first break stops it, and the rest goes back untouched."""
        sent: list[QueuedLabel] = []
        handed_over = str(Message(print_queue.HANDED_OVER))
        for place, label in enumerate(labels):
            try:
                data = self._bytes(label)
            except Exception as error:  # whatever is wrong with it: not a byte of it was sent
                if not isinstance(error, AppError):
                    _log.exception("label %s cannot be drawn", label.id)
                self._note([label.id], "failed", str(error))
                continue
            try:
                self._transport.write(data)
            except DeviceError as error:
                rest = [later.id for later in labels[place + 1 :]]
                if error.sent:
                    self._note([label.id], "uncertain", str(error))
                else:
                    rest.insert(0, label.id)
                self._note(rest, "queued", str(error))
                self._told(PrinterState.UNKNOWN, error.message)
                return sent, error.message
            self._note([label.id], "sent", "" if self.answers else handed_over)
            sent.append(label)
        return sent, None

    def self_test(self) -> Message | None:
        """Make the printer print its own test page; why it cannot, None when it was told to."""
        command = self._language.self_test()
        if not command:
            return Message(N_("This printer has no test page of its own."))
        with printer_seat(self._database, self._device_id) as mine:
            if not mine:
                return Message(N_("Another program on this PC is printing with it."))
            try:
                with self._transport:
                    self._transport.write(command)
                    self._transport.finish()
            except DeviceError as error:
                return error.message
        return None

    def _bytes(self, label: QueuedLabel) -> bytes:
        drawn = render(
            from_json(label.design),
            label.fields,
            dpi=self._profile.dpi,
            native=self._language.drawer(self._profile),
            margin_mm=self._profile.margin_mm,
        )
        profile = self._profile
        if step := label.fields.get(DARKNESS):
            profile = replace(profile, darkness=int(step))
        return self._language.encode(LabelJob(drawn.bitmap, profile, symbols=drawn.native))

    def _confirm(self, label_ids: Sequence[int]) -> Message | None:
        """Wait until the printer says that nothing is left; paper may be put in meanwhile."""
        heard, fell_silent = clock.monotonic(), False
        while not self._stopped():
            try:
                status = self.status()
            except DeviceError as error:
                self._note(label_ids, "uncertain", str(error))
                self._told(PrinterState.UNKNOWN, error.message)
                return error.message
            self._told(status.state, status.sentence)
            if status.is_idle:
                if fell_silent and not self._transport.notices_power_off:
                    return self._doubt(label_ids, _CAME_BACK)
                self._note(label_ids, "confirmed")
                return None
            now = clock.monotonic()
            if status.state is not PrinterState.UNKNOWN:
                # Still printing after a silence: it kept what it was sent.
                fell_silent = fell_silent and not status.has_work
                heard = now
            else:
                fell_silent = True
                if now - heard > SILENCE_S:
                    return self._doubt(label_ids, _SILENT)
            self._wait(POLL_S)
        return self._doubt(label_ids, _CLOSED)

    def _doubt(self, label_ids: Sequence[int], why: str) -> Message:
        text = Message(why)
        self._note(label_ids, "uncertain", str(text))
        return text

    def status(self) -> PrinterStatus:
        """Ask the printer. Raises DeviceError; silence is UNKNOWN."""
        replies = b""
        for query in self._language.status_queries(self._profile):
            self._transport.write(query)
            reply = b""
            end = clock.monotonic() + REPLY_S
            while not self._language.reply_complete(reply, self._profile):
                left = end - clock.monotonic()
                if left <= 0:
                    break
                reply += self._transport.read(left)
            replies += reply
        return self._language.parse_status(replies, self._profile) if replies else unknown()

    def _note(self, label_ids: Sequence[int], state: str, detail: str = "") -> None:
        self._database.run(print_queue.note, list(label_ids), state, detail)

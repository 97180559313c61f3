"""What a label printer says about itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.core.i18n import N_, Message


class PrinterState(StrEnum):
    """The states a lamp shows, worst last in :data:`SEVERITY`."""

    READY = "ready"
    BUSY = "busy"
    PAUSED = "paused"
    RIBBON_OUT = "ribbon_out"
    PAPER_OUT = "paper_out"
    HEAD_OPEN = "head_open"
    ERROR = "error"
    UNKNOWN = "unknown"


SEVERITY = (
    PrinterState.READY,
    PrinterState.BUSY,
    PrinterState.PAUSED,
    PrinterState.RIBBON_OUT,
    PrinterState.PAPER_OUT,
    PrinterState.HEAD_OPEN,
    PrinterState.ERROR,
)

STATE_SENTENCES = {
    PrinterState.READY: N_("The printer is ready."),
    PrinterState.BUSY: N_("The printer is printing."),
    PrinterState.PAUSED: N_("The printer is paused. Press its feed or pause key."),
    PrinterState.RIBBON_OUT: N_("The ribbon is used up. Put in a new one."),
    PrinterState.PAPER_OUT: N_("The paper is used up. Put in a new roll."),
    PrinterState.HEAD_OPEN: N_("The printer is open. Close its cover."),
    PrinterState.ERROR: N_("The printer reports a fault. Look at its display or lamp."),
    PrinterState.UNKNOWN: N_(
        "The printer does not answer. Look whether it is on, closed, and has paper and ribbon."
    ),
}


@dataclass(frozen=True)
class PrinterStatus:
    """One answer, understood.

    ``state`` is the worst of ``states``. ``remaining`` is how many labels of the printer's
    queue are still to come, None when it does not tell. ``notes`` are hints that do not stop
    printing (paper low, battery low). ``raw`` is the reply itself, for the device log. No
    reply, or one that cannot be read, is UNKNOWN: silence never means ready.
    """

    state: PrinterState
    states: frozenset[PrinterState] = frozenset()
    remaining: int | None = None
    notes: tuple[Message, ...] = ()
    raw: bytes = field(default=b"", repr=False)

    @property
    def can_print(self) -> bool:
        """Whether labels may be sent now: ready, or busy with earlier ones."""
        return self.state in (PrinterState.READY, PrinterState.BUSY)

    @property
    def is_idle(self) -> bool:
        """Whether everything sent has come out: ready and nothing left to print."""
        return self.state is PrinterState.READY and not self.remaining

    @property
    def has_work(self) -> bool:
        """Whether it holds labels that are still to come."""
        return PrinterState.BUSY in self.states or bool(self.remaining)

    @property
    def sentence(self) -> Message:
        """What the person at the printer should know."""
        return Message(STATE_SENTENCES[self.state])


def status_of(
    states: Iterable[PrinterState],
    raw: bytes,
    *,
    remaining: int | None = None,
    notes: tuple[Message, ...] = (),
) -> PrinterStatus:
    """A status from everything that was reported; nothing reported is ready."""
    found = frozenset(states)
    worst = max(found, key=SEVERITY.index, default=PrinterState.READY)
    return PrinterStatus(worst, found or frozenset((worst,)), remaining, notes, raw)


def unknown(raw: bytes = b"") -> PrinterStatus:
    """The status of a printer that said nothing readable."""
    return PrinterStatus(PrinterState.UNKNOWN, frozenset((PrinterState.UNKNOWN,)), raw=raw)

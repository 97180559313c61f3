"""The thread that serves the queue of one printer on the PC it hangs on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.hardware.byte_log import ByteLog
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.lamp import OFF, Colour, Lamp
from desktop_app.hardware.transports.transport import Transport
from desktop_app.services.devices import Device
from desktop_app.services.label_server import Access, LabelServer

IDLE_S = 5.0
"""How often a printer that is not asked for anything is looked at."""
STOP_WAIT_S = 15.0
"""As long as a label on its way to a printer that takes nothing may last, and a little more."""
_log = get_logger("runtime.printer")
_COLOURS = {
    PrinterState.READY: Colour.GREEN,
    PrinterState.BUSY: Colour.GREEN,
    PrinterState.PAUSED: Colour.AMBER,
    PrinterState.PAPER_OUT: Colour.AMBER,
    PrinterState.RIBBON_OUT: Colour.AMBER,
    PrinterState.HEAD_OPEN: Colour.AMBER,
    PrinterState.ERROR: Colour.RED,
    PrinterState.UNKNOWN: Colour.RED,
}


class PrinterThread:
    """Serves the queue of one printer until stopped; ``wake`` when labels were asked for."""

    def __init__(
        self,
        device: Device,
        database: Access,
        transport: Transport,
        told: Callable[[Lamp], None],
    ) -> None:
        profile = PrinterProfile.from_json(device.settings.get("profile") or {})
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._device, self._database, self._told = device, database, told
        self._serving = False
        self._tested: Callable[[Message | None], None] | None = None
        self.lamp = OFF
        self.byte_log: ByteLog | None = None
        """What goes over the line, when somebody keeps it."""
        self.server = LabelServer(
            database,
            device.id,
            LANGUAGES[profile.language],
            profile,
            transport,
            self._show,
            self._stop.is_set,
            self._wait,
        )
        self._thread = threading.Thread(
            target=self._run, name=f"printer {device.name}", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def printing(self) -> bool:
        """Labels may be on their way to a printer that takes them."""
        return self._serving and self.lamp.colour is Colour.GREEN

    def stop(self, *, wait: bool = True) -> None:
        """End; what is being sent is finished or asked about first."""
        self._stop.set()
        self._wake.set()
        if wait:
            self.wait(STOP_WAIT_S)

    def wait(self, seconds: float) -> bool:
        """After :meth:`stop`: True when the thread has ended and let go of the printer."""
        if self._thread.is_alive():
            self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def self_test(self, told: Callable[[Message | None], None]) -> None:
        """Let the printer print its own test page; ``told`` (in the thread) why it cannot."""
        self._tested = told
        self._wake.set()

    def wake(self) -> None:
        """Labels were asked for."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._serving = True
                told, self._tested = self._tested, None
                if told is not None:
                    told(self.server.self_test())
                if not self._nothing_to_do() and self.server.serve().sent:
                    continue
            except Exception as error:
                # The server is away or a bug: the queue stays as it is, the lamp says so.
                _log.warning("printer %s: %s", self._device.name, error)
                self._tell(Lamp(Colour.RED, Message("{error}", {"error": str(error)})))
            finally:
                self._serving = False
            self._wake.wait(IDLE_S)
            self._wake.clear()
        self._tell(OFF)
        if self.byte_log is not None:
            self.byte_log.close()

    def _nothing_to_do(self) -> bool:
        """A printer that cannot be asked is opened only when there is something to print."""
        if self.server.answers:
            return False
        pending = self.server.pending()
        waiting = pending.queued or pending.hanging
        if not waiting:
            sentence = Message(N_("Connected one way: it cannot say how it is."))
            self._tell(Lamp(Colour.GREEN, sentence))
        return not waiting

    def _wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _show(self, state: PrinterState, sentence: Message) -> None:
        self._tell(Lamp(_COLOURS[state], sentence))

    def _tell(self, lamp: Lamp) -> None:
        self.lamp = lamp
        self._told(lamp)

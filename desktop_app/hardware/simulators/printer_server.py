"""A simulated printer on a loopback port, as a network printer at 9100 would be."""

from __future__ import annotations

import socket
import struct
import threading
from time import sleep

from desktop_app.core.logging import get_logger
from desktop_app.hardware.simulators.printer import PrinterDied, SimulatedPrinter

_log = get_logger("hardware.simulator")
_POLL_S = 0.05
_CHUNK = 4096


class SimulatedPrinterServer:
    """Serves one client at a time on 127.0.0.1, as cheap network boards do.

    ``port`` 0 lets the system choose; ``delay_s`` is waited after each 4 KB taken (a slow
    printer). Use it as a context manager.
    """

    def __init__(self, printer: SimulatedPrinter, port: int = 0, *, delay_s: float = 0.0) -> None:
        self.printer = printer
        self.delay_s = delay_s
        self._port = port
        self._socket: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        listener = socket.create_server(("127.0.0.1", self._port), backlog=1)
        listener.settimeout(_POLL_S)
        self._port = listener.getsockname()[1]
        self._socket = listener
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._serve, args=(listener,), name="simulated-printer", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port and end the thread; may be called twice."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> SimulatedPrinterServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        client.settimeout(_POLL_S)
        while not self._stopping.is_set():
            try:
                data = client.recv(_CHUNK)
            except TimeoutError:
                continue
            except OSError:
                break
            if not data:
                break
            try:
                self.printer.receive(data)
            except PrinterDied:
                _die(client)
                return
            if self.delay_s:
                sleep(self.delay_s)
            reply = self.printer.replies()
            if reply:
                try:
                    client.sendall(reply)
                except OSError:
                    break
        self.printer.end_of_job()


def _die(client: socket.socket) -> None:
    """Break the connection hard, as a printer that lost its power seems to do."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

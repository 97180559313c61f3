"""A network device: printer at port 9100, serial server, simulated device.

It talks to the address given by the user and to nothing else.
"""

from __future__ import annotations

import contextlib
import select
import socket

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.failures import (
    DeviceError,
    NotReachable,
    reason_of,
    timed_out,
    unplugged,
)
from desktop_app.hardware.transports.owners import Claim, claim
from desktop_app.hardware.transports.transport import (
    CONNECT_TIMEOUT_S,
    READ_SIZE,
    SEND_TIMEOUT_S,
    Transport,
)

_KEEP_ALIVE = (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))


class TcpTransport(Transport):
    """``host`` and ``port`` as typed; ``send_timeout_s`` is counted from the last progress."""

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        owner: str = "",
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        send_timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        self.host, self.port = host.strip(), port
        self.address = f"{self.host}:{port}"
        self._owner = owner
        self._connect_timeout_s = connect_timeout_s
        self._send_timeout_s = send_timeout_s
        self._socket: socket.socket | None = None
        self._claim: Claim | None = None

    def open(self) -> None:
        self.close()
        self._claim = claim(f"tcp:{self.address}", self._owner)
        try:
            self._socket = socket.create_connection((self.host, self.port), self._connect_timeout_s)
            self._socket.setblocking(False)
            _watch_over(self._socket)
        except (OSError, UnicodeError, OverflowError) as error:
            self.close()
            raise self._unreachable(error) from error

    def read(self, timeout_s: float) -> bytes:
        opened = self._opened()
        try:
            ready, _, _ = select.select([opened], [], [], max(0.0, timeout_s))
            if not ready:
                return b""
            data = opened.recv(READ_SIZE)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise unplugged(self.address) from error
        if not data:
            raise self._closed_by_peer()
        return data

    def write(self, data: bytes) -> None:
        opened = self._opened()
        sent = 0
        while sent < len(data):
            try:
                _, ready, _ = select.select([], [opened], [], self._send_timeout_s)
                if not ready:
                    raise timed_out(self.address, sent=sent)
                sent += opened.send(data[sent : sent + 65536])
            except BlockingIOError:
                continue
            except (OSError, ValueError) as error:
                raise unplugged(self.address, sent=sent) from error

    def finish(self) -> None:
        """Half-close: the printer sees the end of the job, its answer can still be read."""
        with contextlib.suppress(OSError):
            self._opened().shutdown(socket.SHUT_WR)

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise unplugged(self.address)
        return self._socket

    def _closed_by_peer(self) -> DeviceError:
        return NotReachable(
            N_("{address} closed the connection."),
            next_step=Message(N_("Another PC may be using it; cheap devices serve one at a time.")),
            address=self.address,
        )

    def _unreachable(self, error: Exception) -> DeviceError:
        return NotReachable(
            N_("Nothing answers at {address}: {reason}"),
            next_step=Message(
                N_("Check address and cable: is the device on, and in the same network?")
            ),
            address=self.address,
            reason=reason_of(error),
        )


def _watch_over(connection: socket.socket) -> None:
    """Notice within some ten seconds that the other side is gone without a word.

    A scale that sends by itself is never written to, so only keep-alive can find a pulled cable.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        option = getattr(socket, name, None)
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)

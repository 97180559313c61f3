"""Bytes into a file: "print to file", and anything the operating system shows as one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import IO

from desktop_app.hardware.transports.failures import from_os_error, unplugged
from desktop_app.hardware.transports.transport import Transport


class FileTransport(Transport):
    """Writes to ``path``; ``append`` keeps what is there. Nothing can be read."""

    bidirectional = False

    def __init__(self, path: Path, *, append: bool = True) -> None:
        self.path = path
        self.address = str(path)
        self._append = append
        self._file: IO[bytes] | None = None

    def open(self) -> None:
        self.close()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab" if self._append else "wb")
        except OSError as error:
            raise from_os_error(error, self.address) from error

    def read(self, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        if self._file is None:
            raise unplugged(self.address)
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise from_os_error(error, self.address, sent=1) from error

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

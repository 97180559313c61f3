"""Keeps ``True`` alive under PySide6 6.12 on Python 3.11.

There every ``Signal.emit`` returns ``True`` without taking a reference to it, so after some
thousand signals the interpreter frees ``True`` and aborts ("bool_dealloc"). From Python 3.12
on the constants are immortal and nothing has to be done. Measured: 100 emits, with or without
a receiver, lower ``sys.getrefcount(True)`` by 100.
"""

from __future__ import annotations

import ctypes
import sys

FIRST_IMMORTAL = (3, 12)
_PLENTY = 1 << 40
"""More references than any run can lose, far from overflowing the counter."""


def keep_true_alive() -> None:
    """Give ``True`` references to lose. Harmless when called again or not needed."""
    if sys.version_info >= FIRST_IMMORTAL or sys.implementation.name != "cpython":
        return
    if sys.getrefcount(True) < _PLENTY // 2:
        ctypes.c_ssize_t.from_address(id(True)).value += _PLENTY

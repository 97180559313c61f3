"""Keeps ``None`` and ``True`` alive under PySide6 6.12 on Python 3.11.

There a Qt method without result returns ``None``, and ``Signal.emit`` returns ``True``,
without taking a reference. After some thousand calls the interpreter frees the constant and
aborts ("none_dealloc", "bool_dealloc"). From Python 3.12 on the constants are immortal and
nothing has to be done. Measured on 3.11.7: 1,000 calls of ``QLabel.setText`` lower
``sys.getrefcount(None)`` by 1,000, as many emits that of ``True``.
"""

from __future__ import annotations

import ctypes
import sys

FIRST_IMMORTAL = (3, 12)
_PLENTY = 1 << 40
"""More references than any run can lose, far from overflowing the counter."""
_CONSTANTS: tuple[object, ...] = (None, True, False, NotImplemented)


def keep_constants_alive() -> None:
    """Give the constants references to lose. Harmless when called again or not needed."""
    if sys.version_info >= FIRST_IMMORTAL or sys.implementation.name != "cpython":
        return
    for constant in _CONSTANTS:
        if sys.getrefcount(constant) < _PLENTY // 2:
            ctypes.c_ssize_t.from_address(id(constant)).value += _PLENTY

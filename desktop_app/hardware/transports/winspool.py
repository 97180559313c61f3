"""The Windows print spooler by its own library (winspool.drv), without a package of its own.

Functions and structures as in Microsoft's "Print Spooler API" reference: EnumPrinters level 4,
OpenPrinter, StartDocPrinter level 1 (DOC_INFO_1), WritePrinter, EndDocPrinter, ClosePrinter.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_size_t, c_uint32, c_void_p, c_wchar_p
from typing import Any

_LOCAL, _CONNECTED = 2, 4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "EnumPrintersW": (
        c_uint32,
        c_wchar_p,
        c_uint32,
        c_void_p,
        c_uint32,
        POINTER(c_uint32),
        POINTER(c_uint32),
    ),
    "OpenPrinterW": (c_wchar_p, POINTER(c_void_p), c_void_p),
    "StartDocPrinterW": (c_void_p, c_uint32, c_void_p),
    "StartPagePrinter": (c_void_p,),
    "WritePrinter": (c_void_p, c_void_p, c_uint32, POINTER(c_uint32)),
    "EndPagePrinter": (c_void_p,),
    "EndDocPrinter": (c_void_p,),
    "AbortPrinter": (c_void_p,),
    "ClosePrinter": (c_void_p,),
}


class SpoolerError(Exception):
    """What Windows answered: its number and its words in the user's language."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(number, words)
        self.number = number
        self.words = words


class _PrinterInfo4(Structure):
    _fields_ = (("name", c_wchar_p), ("server", c_wchar_p), ("attributes", c_uint32))


class _DocInfo1(Structure):
    _fields_ = (("title", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p))


class Winspool:
    """The calls this program needs; each raises SpoolerError. Raises OSError off Windows."""

    def __init__(self) -> None:
        load: Any = getattr(ctypes, "WinDLL", None)
        if load is None:
            raise OSError("winspool.drv is part of Windows")
        self._library: Any = load("winspool.drv", use_last_error=True)
        for name, arguments in _SIGNATURES.items():
            function = getattr(self._library, name)
            function.argtypes, function.restype = arguments, c_uint32

    def names(self) -> list[str]:
        """The printers of this PC and the connected ones of others."""
        needed, count = c_uint32(), c_uint32()
        flags = _LOCAL | _CONNECTED
        self._library.EnumPrintersW(flags, None, 4, None, 0, byref(needed), byref(count))
        if not needed.value:
            return []
        room = (ctypes.c_char * needed.value)()
        self._call("EnumPrintersW", flags, None, 4, room, needed.value, byref(needed), byref(count))
        entries = ctypes.cast(room, POINTER(_PrinterInfo4))
        return [str(entries[index].name) for index in range(count.value)]

    def open(self, printer: str) -> c_void_p:
        """A handle of the printer of that name."""
        handle = c_void_p()
        self._call("OpenPrinterW", printer, byref(handle), None)
        return handle

    def start(self, handle: c_void_p, title: str, datatype: str) -> int:
        """Begin a job; its number."""
        job = _DocInfo1(title, None, datatype)
        return self._call("StartDocPrinterW", handle, 1, byref(job))

    def start_page(self, handle: c_void_p) -> None:
        """Begin the job's one page."""
        self._call("StartPagePrinter", handle)

    def write(self, handle: c_void_p, data: bytes) -> int:
        """Give bytes to the job; how many were taken."""
        taken = c_uint32()
        self._call("WritePrinter", handle, data, c_size_t(len(data)).value, byref(taken))
        return taken.value

    def end(self, handle: c_void_p) -> None:
        """The job is whole: print it."""
        self._call("EndPagePrinter", handle)
        self._call("EndDocPrinter", handle)

    def abort(self, handle: c_void_p) -> None:
        """Throw away what is not printed of the job."""
        self._library.AbortPrinter(handle)

    def close(self, handle: c_void_p) -> None:
        """Give the handle back."""
        self._library.ClosePrinter(handle)

    def _call(self, name: str, *arguments: Any) -> int:
        answer = int(getattr(self._library, name)(*arguments))
        if not answer:
            # ctypes has these two on Windows only.
            number = int(getattr(ctypes, "get_last_error")())  # noqa: B009
            words = str(getattr(ctypes, "FormatError")(number)).strip()  # noqa: B009
            raise SpoolerError(number, words or str(number))
        return answer

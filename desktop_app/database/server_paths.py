"""Names of folders as the PostgreSQL programs can read them.

On Windows they take paths in the code page of the system ("ANSI"), not in Unicode: a Chinese
user name on an English Windows is question marks to them. The short (8.3) name of such a folder
is plain ASCII (Windows API: GetShortPathNameW); drive C: has short names unless switched off.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_
from desktop_app.core.paths import HOME_VARIABLE

_UNREADABLE = N_(
    "The database cannot read the name of the folder {folder}: this Windows has no other name for "
    "its letters. Name a folder with Latin letters in the environment variable {variable}."
)


def for_programs(folder: Path) -> Path:
    """``folder``, which must exist, by a name the programs can read.

    Raises EnvironmentFault when it has none.
    """
    if sys.platform != "win32" or os.fspath(folder).isascii():
        return folder
    short = _short_name(folder)
    if os.fspath(short).isascii():
        return short
    if readable_in_code_page(os.fspath(folder)):
        return folder
    raise EnvironmentFault(_UNREADABLE, folder=folder, variable=HOME_VARIABLE)


def readable_in_code_page(path: str, code_page: str = "mbcs") -> bool:
    """Whether the path survives the system's code page.

    In GBK and Big5 the second byte of a letter may be that of a backslash, which the programs
    take for the end of a folder's name.
    """
    try:
        encoded = path.encode(code_page)
    except UnicodeEncodeError:
        return False
    return encoded.count(b"\\") == path.count("\\")


def _short_name(folder: Path) -> Path:
    if sys.platform != "win32":
        return folder
    ask = ctypes.WinDLL("kernel32").GetShortPathNameW
    ask.argtypes = [ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32]
    ask.restype = ctypes.c_uint32
    room = ask(os.fspath(folder), None, 0)
    answer = ctypes.create_unicode_buffer(room + 1)
    return Path(answer.value) if ask(os.fspath(folder), answer, room) else folder

"""The program's log: one rotating file, each line with its topic, no passwords in it."""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

ROOT = "stockproof"
FILE_NAME = "stockproof.log"
FILE_BYTES = 2_000_000
FILES_KEPT = 5
LINE = "%(asctime)s %(levelname)-7s %(name)s [%(threadName)s] %(message)s"

_SECRET = re.compile(r"(?i)\b(password|passwd|pgpassword|secret)(\s*[=:]\s*)('[^']*'|\S+)")


class _HideSecrets(logging.Formatter):
    """Blanks ``password=...`` even when it arrives inside a driver's message or traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1\2***", super().format(record))


def get_logger(topic: str) -> logging.Logger:
    """The logger of one topic: "cluster", "services", "hardware.scale", ..."""
    return logging.getLogger(f"{ROOT}.{topic}")


def start_log(folder: Path, *, level: int = logging.INFO) -> Path:
    """Send all topics to the rotating file below ``folder``; returns its path.

    Calling it again replaces the file, so that a test or a second profile does not double lines.
    Raises OSError when the folder cannot be written.
    """
    stop_log()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    handler = RotatingFileHandler(
        path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    handler.setFormatter(_HideSecrets(LINE))
    root = logging.getLogger(ROOT)
    root.addHandler(handler)
    root.setLevel(level)
    return path


def stop_log() -> None:
    """Close the log file (end of the program, Windows cannot delete an open file)."""
    root = logging.getLogger(ROOT)
    for handler in list(root.handlers):
        if isinstance(handler, RotatingFileHandler):
            root.removeHandler(handler)
            handler.close()


def set_topic_level(topic: str, level: int) -> None:
    """Make one topic more or less talkative without touching the others."""
    get_logger(topic).setLevel(level)

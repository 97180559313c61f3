"""What the figures were measured on; nothing that names a person or a network."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import psutil
import psycopg

from benchmarks.server import BenchServer, disk_flush_ms
from desktop_app.core import clock


def describe(server: BenchServer) -> dict[str, str]:
    """Processor, memory, disk, system and versions by their names."""
    with psycopg.connect(server.superuser_dsn("postgres")) as connection:
        version = connection.info.parameter_status("server_version") or "?"
    return {
        "date": f"{clock.now():%Y-%m-%d %H:%M}",
        "processor": f"{_processor()}, {os.cpu_count()} logical cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "disk": f"8 kB written and flushed in {disk_flush_ms(server.folder):.2f} ms (median)",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "python": sys.version.split()[0],
        "postgresql": f"{version}, the program's own, shop settings, fsync on",
        "load": f"{_load()} processes wanted the processor before the run (1 minute mean)",
    }


def _load() -> str:
    return f"{psutil.getloadavg()[0]:.1f}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()

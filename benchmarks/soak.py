"""``python -m benchmarks.soak [--minutes 60] [--per-second 20]``: one scale for a long time.

A simulated scale behind a pseudo terminal is read by the program's own device runner. Prints
the memory of the process at start, middle and end, and how many frames were lost; exit status
1 when a frame was lost or the memory grew by more than 2 MB after the warm-up.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import psutil

from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.device import ScaleDevice
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.simulators.links import PtyLink, Simulation
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.serial_port import SerialTransport

_WARM_UP_S = 20
_MOST_GROWTH_MB = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run for the time asked for; 0 only when nothing was lost and memory stayed flat."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--protocol", default="yaohua_tf0")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return _soak(options.minutes * 60, options.per_second, options.protocol, Path(folder))


def _soak(seconds: float, per_second: float, protocol: str, folder: Path) -> int:
    profile = ScaleProfile(protocol)
    link, model = PtyLink(), SimulatedScale(profile)
    received = 0
    arrived = threading.Event()

    def count(weighed: Weighed) -> None:
        nonlocal received
        received += 1
        arrived.set()

    device = ScaleDevice(
        "soak", profile, lambda: SerialTransport(link.path), log_path=folder / "bytes.log"
    )
    device.on_reading(count)
    device.start()
    while not any(record.data.startswith(b"open") for record in device.byte_log.recent()):
        time.sleep(0.05)
    simulation = Simulation(model, link, per_second=per_second).start()
    try:
        arrived.wait(5)
        memory = _watch(model, seconds)
    finally:
        simulation.fall_silent()
        time.sleep(1.0)
        device.stop()
        simulation.stop()
    return _report(memory, simulation.sent_frames, received, link.lost, seconds)


def _watch(model: SimulatedScale, seconds: float) -> list[float]:
    """Change the load now and then; the memory at start (after warm-up), middle and end."""
    begun = time.perf_counter()
    marks = [min(_WARM_UP_S, seconds / 4), seconds / 2, seconds]
    memory: list[float] = []
    step = 0
    while len(memory) < len(marks):
        passed = time.perf_counter() - begun
        if passed >= marks[len(memory)]:
            gc.collect()
            memory.append(psutil.Process().memory_info().rss / 1e6)
            print(
                f"{passed:7.0f} s  {memory[-1]:.1f} MB  threads {threading.active_count()}",
                flush=True,
            )
        step += 1
        model.put(Decimal(step % 7) * Decimal("1.25"), time.perf_counter())
        time.sleep(min(3.0, max(0.0, marks[min(len(memory), 2)] - passed)))
    return memory


def _report(memory: list[float], sent: int, received: int, lost: int, seconds: float) -> int:
    growth = memory[-1] - memory[0]
    print(
        f"{seconds / 60:g} min: RSS start {memory[0]:.1f} MB, middle {memory[1]:.1f} MB, "
        f"end {memory[2]:.1f} MB ({growth:+.1f}); frames sent {sent}, read {received}, "
        f"lost {sent - received}, bytes not taken {lost}"
    )
    return 0 if sent == received and lost == 0 and growth <= _MOST_GROWTH_MB else 1


if __name__ == "__main__":
    sys.exit(main())

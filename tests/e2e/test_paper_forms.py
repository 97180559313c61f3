"""What a real CUPS driver says of its forms: two drivers, one that knows own sizes and one not.

cupsd runs from a folder of its own on a loopback port; Qt asks it from a process of its own,
because libcups reads the server's address once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import test_cups_queue as own_cups

_QUEUE = """\
<Printer {name}>
DeviceURI file:///dev/null
State Idle
Accepting Yes
Shared No
</Printer>
"""
_HEAD = """\
*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "{name}.PPD"
*Manufacturer: "Test"
*Product: "(Test)"
*ModelName: "Test {name}"
*ShortNickName: "Test {name}"
*NickName: "Test {name}"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsVersion: 2.4
*cupsFilter: "application/vnd.cups-pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion/Media Size: PickOne
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "18 18 577 824"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
"""
_OWN_SIZES = """\
*MaxMediaWidth: "1080"
*MaxMediaHeight: "86400"
*HWMargins: 18 18 18 18
*CustomPageSize True: "pop pop pop <</PageSize[5 -2 roll]>>setpagedevice"
*ParamCustomPageSize Width: 1 points 36 1080
*ParamCustomPageSize Height: 2 points 36 86400
*ParamCustomPageSize WidthOffset: 3 points 0 0
*ParamCustomPageSize HeightOffset: 4 points 0 0
*ParamCustomPageSize Orientation: 5 int 0 0
"""
_ASK = """\
import json
from PySide6.QtWidgets import QApplication
program = QApplication([])
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.registry import render
from desktop_app.views.base.print_job import PrintJob
from tests.golden.paper_samples import delivery_note
found = {}
for paper in ("241_half", "a4", "a4_wide"):
    pdf = render("delivery_note", delivery_note(9), PrintOptions(paper=paper))
    for queue in ("Needle", "Office"):
        found[f"{queue} {paper}"] = [str(text) for text in PrintJob(pdf, queue).faults()]
print(json.dumps(found))
"""


@pytest.fixture
def server(run_folder: Path) -> Iterator[str]:
    """The address of a CUPS with a tractor printer and an office printer."""
    program, port = own_cups._cupsd(), own_cups._free_port()
    folder = run_folder / f"forms-{port}"
    for name in ("", "spool", "spool/tmp", "cache", "state", "ppd"):
        (folder / name).mkdir(mode=0o755)
    (folder / "cupsd.conf").write_text(own_cups._CONF.format(port=port), encoding="utf-8")
    (folder / "cups-files.conf").write_text(
        own_cups._FILES.format(folder=folder) + "FileDevice Yes\n", encoding="utf-8"
    )
    queues = {"Needle": _HEAD + _OWN_SIZES, "Office": _HEAD}
    for name, text in queues.items():
        (folder / "ppd" / f"{name}.ppd").write_text(text.replace("{name}", name), encoding="utf-8")
    (folder / "printers.conf").write_text(
        "".join(_QUEUE.format(name=name) for name in queues), encoding="utf-8"
    )
    running = subprocess.Popen(
        [program, "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        own_cups._wait(
            lambda: own_cups._listens(port) or running.poll() is not None, "cupsd does not start"
        )
        assert running.poll() is None
        yield f"127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def test_a_driver_without_the_form_is_found_out_and_one_with_it_believed(server: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        env={**os.environ, "CUPS_SERVER": server, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "has no form of 241 × 139.7 mm" in found["Office 241_half"][0]
    assert "PPD file" in found["Office 241_half"][1]
    # 18 points are 6.35 mm; the note begins 5 mm below the edge
    assert found["Needle 241_half"] == [
        "The printer “Needle” leaves 6.3 mm white at the top edge: page 1 would be cut there."
    ]
    for queue in ("Needle", "Office"):
        assert found[f"{queue} a4"] == found[f"{queue} a4_wide"] == []

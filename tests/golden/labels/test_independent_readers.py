"""Labels as programs see them that this one has no part in.

``zpl-renderer-js`` (run by node) draws the ZPL, zbar reads the pictures. Neither is needed to
build or run the program, so each check is skipped, with its reason, where its tool is not
installed. ``STOCKPROOF_NODE_MODULES`` names the folder that holds ``zpl-renderer-js``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.domain.label_bitmap import Symbology, dots_per_mm
from desktop_app.hardware.labels.language import LabelJob
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.reporting.labels.render import render, to_image, to_png
from tests.unit.labels.sample_labels import (
    HEIGHT,
    SAMPLES,
    WIDTH,
    Sample,
    label_of,
    read_codes,
)

SCRIPT = Path(__file__).with_name("render_zpl.cjs")
_ZBAR_READS = (Symbology.CODE128, Symbology.EAN13, Symbology.QR)
_NAMES = [sample.symbology.value for sample in SAMPLES]


def _modules() -> Path | None:
    named = os.environ.get("STOCKPROOF_NODE_MODULES")
    return Path(named) if named and (Path(named) / "zpl-renderer-js").is_dir() else None


needs_renderer = pytest.mark.skipif(
    shutil.which("node") is None or _modules() is None,
    reason="node or zpl-renderer-js is not installed (STOCKPROOF_NODE_MODULES)",
)
needs_zbar = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")


@needs_renderer
@pytest.mark.parametrize("compress", [False, True], ids=["hex", "z64"])
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("sample", SAMPLES, ids=_NAMES)
def test_another_renderer_draws_our_zpl_dot_for_dot(
    tmp_path: Path, sample: Sample, dpi: int, compress: bool
) -> None:
    design, fields = label_of(sample)
    drawn = render(design, fields, dpi=dpi)
    profile = PrinterProfile("zpl", dpi, WIDTH, HEIGHT, compress=compress)
    image = _rendered(tmp_path, LANGUAGES["zpl"].encode(LabelJob(drawn.bitmap, profile)), profile)
    assert read_codes(image) == [(sample.read, sample.identifier)]
    ours = to_image(drawn.bitmap)
    assert image.size == ours.size
    dark = image.convert("L").point([0 if n < 128 else 255 for n in range(256)])
    assert dark.tobytes() == ours.convert("L").tobytes()


@needs_renderer
@pytest.mark.parametrize("dpi", [203, 300])
def test_another_renderer_draws_the_codes_we_leave_to_the_printer(tmp_path: Path, dpi: int) -> None:
    for sample in SAMPLES[:2]:
        design, fields = label_of(sample)
        language = LANGUAGES["zpl"]
        profile = PrinterProfile("zpl", dpi, WIDTH, HEIGHT, native_codes=True)
        drawn = render(design, fields, dpi=dpi, native=language.drawer(profile))
        job = LabelJob(drawn.bitmap, profile, 1, drawn.native)
        assert len(drawn.native) == 1
        image = _rendered(tmp_path, language.encode(job), profile)
        assert read_codes(image) == [(sample.read, sample.identifier)]


@needs_zbar
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize(
    "sample", [s for s in SAMPLES if s.symbology in _ZBAR_READS], ids=lambda s: s.symbology.value
)
def test_a_second_reader_reads_the_same(tmp_path: Path, sample: Sample, dpi: int) -> None:
    design, fields = label_of(sample)
    picture = tmp_path / "label.png"
    picture.write_bytes(to_png(render(design, fields, dpi=dpi).bitmap, 2))
    done = subprocess.run(
        ["zbarimg", "--raw", "--quiet", str(picture)], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode("utf-8").strip() == sample.read


def _rendered(folder: Path, zpl: bytes, profile: PrinterProfile) -> Image.Image:
    """The renderer counts 8 or 12 dots to the mm and rounds up: told so that the dots agree."""
    per_mm = round(dots_per_mm(profile.dpi))
    source, target = folder / "label.zpl", folder / "label.png"
    source.write_bytes(zpl)
    subprocess.run(
        [
            "node",
            str(SCRIPT),
            str(_modules()),
            str(source),
            str(target),
            f"{(profile.width_dots - 0.5) / per_mm:.6f}",
            f"{(profile.height_dots - 0.5) / per_mm:.6f}",
            str(per_mm),
        ],
        check=True,
        timeout=120,
        capture_output=True,
    )
    with Image.open(target) as opened:
        return opened.convert("RGB")

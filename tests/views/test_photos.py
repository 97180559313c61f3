"""A photo is bound to the step just taken: by file, by drop, by camera; nobody changes it later."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.core.errors import PermissionDenied, RuleRefused, UserError
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.hardware.photo_codes import read_codes
from desktop_app.hardware.simulators.camera import SimulatedCamera
from desktop_app.queries import attachments as reading
from desktop_app.runtime.device_host import Hosted
from desktop_app.runtime.operations import InlineOperations
from desktop_app.runtime.scans import ScanHistory, ScanHub
from desktop_app.services import attachments, documents
from desktop_app.services.devices import Device
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.views.base import factories as pages
from desktop_app.views.devices import camera
from desktop_app.views.devices.camera_try import CameraTry
from desktop_app.views.photo_drop import PhotoDrop
from tests import factories
from tests.views.station_world import context_on, opened


def picture(colour: str = "red", side: int = 64) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def order(database: Any) -> int:
    """An approved purchase order: one act."""

    def write(uow: Any) -> int:
        shop = factories.make_shop(uow)
        item = factories.make_item(uow, "SCREW")
        made = documents.create(
            uow,
            Draft(
                "purchase_order",
                {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
                ({"item_id": item, "qty": Decimal(5), "price": Decimal(1)},),
            ),
        )
        return int(documents.act(uow, ActCommand(made.id, "approve")).id)

    return int(database.run(write))


def test_a_photo_is_kept_once_with_its_act(database: Any, order: int) -> None:
    first = database.run(attachments.add_to_last_act, order, "box.png", picture())
    assert database.run(attachments.add_to_last_act, order, "again.png", picture()) == first
    (row,) = database.read(reading.of_document, order)
    assert (row.name, row.verb, row.media_type) == ("box.png", "approve", "image/jpeg")
    assert Image.open(io.BytesIO(database.read(reading.content, first))).size == (64, 64)


def test_what_is_no_picture_or_belongs_to_others_is_refused(database: Any, order: int) -> None:
    with pytest.raises(UserError):
        database.run(attachments.add_to_last_act, order, "x.exe", b"MZ")
    with pytest.raises(PermissionDenied, match="whoever did the step"):
        database.as_user("quality").run(attachments.add_to_last_act, order, "x", picture("blue"))
    with pytest.raises(RuleRefused, match="4 MB"):
        database.run(
            lambda u: u.execute(
                "INSERT INTO attachment (act_id, name, media_type, sha256, content)"
                " SELECT max(id), 'x', 'text/html', '', 'x' FROM act"
            )
        )


def test_photos_stand_beside_the_document(
    qtbot: Any, database: Any, order: int, tmp_path: Path
) -> None:
    page = opened(
        qtbot,
        pages.create_document,
        context_on(database, tmp_path),
        id=order,
        kind="purchase_order",
    )
    panel = page._photos
    page.side.setCurrentWidget(panel)
    file = tmp_path / "damage.png"
    file.write_bytes(picture("green"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    panel.take_mime(mime)
    assert panel.list.count() == 1
    assert panel.list.item(0).text() == "damage.png"
    panel.list.itemActivated.emit(panel.list.item(0))
    assert panel._large is not None
    panel._large.close()
    page.reload()
    assert page.side.tabText(page.side.indexOf(panel)) == "Photos (1)"


@pytest.mark.qt_log_ignore("Couldn't (load|resolve)", "No RHI backend")  # of this build machine
def test_the_camera_takes_what_it_sees(
    qtbot: Any, database: Any, order: int, tmp_path: Path
) -> None:
    multimedia, why = camera.multimedia()
    assert multimedia is not None, why
    view = camera.CameraView()
    qtbot.addWidget(view)
    image = QImage(64, 48, QImage.Format.Format_RGBA8888)
    image.fill(QColor("blue"))
    view.start(source=lambda session: None)
    view._sink.setVideoFrame(multimedia.QVideoFrame(image))
    qtbot.waitUntil(lambda: not view.take().isNull(), timeout=3000)
    assert (view.take().width(), view.take().height()) == (64, 48)
    view.stop()


def test_a_simulated_camera_takes_a_photo_for_the_last_step(
    qtbot: Any, database: Any, order: int, tmp_path: Path
) -> None:
    """Somebody without a camera tries it: the photo is kept with the act, its code is read."""
    cam = Device(1, "camera", "Cam", "PC-1", "", {"transport": {"kind": "simulator"}}, True, 1)
    host = SimpleNamespace(hosted=lambda: (Hosted(cam, None),))
    context = replace(context_on(database, tmp_path), devices=host)
    page = opened(qtbot, pages.create_document, context, id=order, kind="purchase_order")
    panel = page._photos
    page.side.setCurrentWidget(panel)
    panel.switch_camera()
    assert not panel.camera.take().isNull()
    first = panel.camera.take()
    qtbot.waitUntil(lambda: panel.camera.take() != first, timeout=3000)
    panel.shoot()
    assert not panel.camera.isVisible()
    assert panel.list.count() == 1
    act, content = database.run(
        lambda uow: uow.execute("SELECT act_id, content FROM attachment").fetchone()
    )
    newest = database.run(
        lambda uow: uow.scalar("SELECT max(id) FROM act WHERE document_id = %s", (order,))
    )
    assert act == newest
    assert [code.text for code in read_codes(bytes(content))] == ["6901234567892"]


def test_each_frame_of_the_simulated_camera_can_be_read() -> None:
    camera_of_code = SimulatedCamera("L.84029G..260101A..120")
    for _ in range(8):
        assert [code.text for code in read_codes(camera_of_code.frame())] == [camera_of_code.code]


def test_a_photo_is_dragged_onto_the_document(
    qtbot: Any, database: Any, order: int, tmp_path: Path
) -> None:
    """The very events of a drag from a folder, at the part of the list the mouse is over."""
    page = opened(
        qtbot,
        pages.create_document,
        context_on(database, tmp_path),
        id=order,
        kind="purchase_order",
    )
    panel = page._photos
    page.side.setCurrentWidget(panel)
    file = tmp_path / "damage.png"
    file.write_bytes(picture("green"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    under = panel.list.viewport()
    assert under.acceptDrops()
    how = (
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(under, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(under, QDropEvent(QPointF(5, 5), *how))
    assert [panel.list.item(row).text() for row in range(panel.list.count())] == ["damage.png"]


def test_a_photo_dragged_onto_the_scan_bar_is_read_like_a_scan(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(SimulatedCamera("K.BX-7").frame())
    hub = ScanHub(ScanHistory(InlineOperations(database), tmp_path))
    field = QLineEdit()
    qtbot.addWidget(field)
    PhotoDrop(replace(context_on(database, tmp_path), scans=hub), field)
    heard: list[Any] = []
    hub.scanned.connect(lambda *scan: heard.append(scan))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    how = (
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    for event in (
        QDragEnterEvent(QPoint(5, 5), *how),
        QDragMoveEvent(QPoint(6, 5), *how),
        QDropEvent(QPointF(6, 5), *how),
    ):
        QApplication.sendEvent(field, event)
        assert event.isAccepted(), event.type()
    assert "K.BX-7" in str(heard[0])
    assert field.text() == ""


def test_without_a_camera_the_reason_is_told(qtbot: Any, monkeypatch: Any) -> None:
    view = camera.CameraView()
    qtbot.addWidget(view)
    told: list[str] = []
    view.failed.connect(told.append)
    monkeypatch.setattr(camera, "_MODULE", "PySide6.NoSuchModule")
    assert not view.start()
    assert "Cameras cannot be used on this PC" in told[0]


def test_codes_are_read_from_a_photo(qtbot: Any, tmp_path: Path, database: Any) -> None:
    from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind
    from desktop_app.reporting.labels.render import render, to_image

    code = Barcode(Symbology.QR, "BOX-0042", Decimal(2), Decimal(2), Decimal(26), Decimal(26))
    design = LabelDesign(LabelKind.BOX, "x", Decimal(30), Decimal(30), (code,))
    file = tmp_path / "photo.png"
    to_image(render(design, {}, dpi=203).bitmap).save(file)
    device = Device(1, "camera", "Cam", "PC-1", "", {"transport": {"kind": "simulator"}}, True, 1)
    hub = ScanHub(ScanHistory(InlineOperations(database), tmp_path))
    context = replace(context_on(database, tmp_path), scans=hub)
    heard: list[Any] = []
    hub.scanned.connect(lambda *scan: heard.append(scan))
    page = CameraTry(context, device)
    qtbot.addWidget(page)
    page.show()
    page.show_file(file)
    assert page.table.table_rows.rows[0].text == "BOX-0042"
    page.use(0)
    assert "BOX-0042" in str(heard[0])

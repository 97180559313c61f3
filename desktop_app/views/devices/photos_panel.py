"""The photos of a document: small in its side panel, added by camera, file, drop or paste."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QHideEvent, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.exchange.pictures import Picture
from desktop_app.queries import attachments as reading
from desktop_app.queries.attachments import AttachmentRow
from desktop_app.runtime.context import AppContext
from desktop_app.services import attachments
from desktop_app.services.devices import Device
from desktop_app.views.base.thumbnails import (
    ENDINGS,
    ThumbnailList,
    files_in,
    picture_of_file,
    picture_of_image,
    small,
)
from desktop_app.views.base.widgets import muted_label, problem_label, show_problem
from desktop_app.views.devices.camera import CameraView


@dataclass(frozen=True)
class SmallPhoto:
    """A photo ready to be shown small."""

    row: AttachmentRow
    image: QImage


def load_small(uow: Any, document_id: int) -> list[SmallPhoto]:
    """The photos of a document as thumbnails; runs on a worker."""
    return [
        SmallPhoto(row, small(reading.content(uow, row.id)))
        for row in reading.of_document(uow, document_id)
    ]


def load_large(uow: Any, attachment_id: int) -> QImage:
    """A photo decoded; runs on a worker."""
    return QImage.fromData(reading.content(uow, attachment_id))


class PhotosPanel(QWidget):
    """A tab of the document's side panel; a new photo belongs to the newest step, with
    ``own_step`` to the newest that the person at this PC took.
    """

    def __init__(
        self, context: AppContext, parent: QWidget | None = None, *, own_step: bool = False
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._add = attachments.add_to_own_act if own_step else attachments.add_to_last_act
        self.document_id: int | None = None
        self.list = ThumbnailList(self)
        self.list.setAccessibleName(tr("Photos"))
        self.list.brought.connect(self.take_mime)
        self.list.itemActivated.connect(self._open)
        self.camera = CameraView(self)
        self.camera.hide()
        self.camera.failed.connect(self._camera_failed)
        self.problem = problem_label()
        self.file_button = QPushButton(tr("File …"), self)
        self.camera_button = QPushButton(tr("Camera"), self)
        self.shot_button = QPushButton(tr("Take the photo"), self)
        self.shot_button.hide()
        self.file_button.clicked.connect(lambda _c=False: self.choose())
        self.camera_button.clicked.connect(lambda _c=False: self.switch_camera())
        self.shot_button.clicked.connect(lambda _c=False: self.shoot())
        self._large: QScrollArea | None = None
        keys = QHBoxLayout()
        for button in (self.camera_button, self.shot_button, self.file_button):
            keys.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addWidget(self.camera, 1)
        column.addWidget(self.problem)
        column.addLayout(keys)
        column.addWidget(
            muted_label(tr("Drop or paste pictures here; they belong to the last step."))
        )

    def show_document(self, document_id: int) -> None:
        """Show the photos of that document; fetched only while somebody looks at them."""
        self.document_id = document_id
        if self.isVisible():
            self._load()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._load()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._end_camera()
        super().hideEvent(event)

    def _load(self) -> None:
        if self.document_id is None:
            return
        self._context.operations.query(
            load_small, self.document_id, on_done=self._show, on_error=self._failed
        )

    def choose(self) -> None:
        """Photos from files."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self, tr("Photos"), "", tr("Pictures ({endings})", endings=ENDINGS)
        )
        for path in chosen:
            self.add_file(Path(path))

    def add_file(self, path: Path) -> None:
        """Judge a file off the GUI thread, then keep it."""
        self._prepare(picture_of_file, path, path.name)

    def take_mime(self, mime: QMimeData) -> None:
        """What was dropped or pasted."""
        files = files_in(mime)
        for path in files:
            self.add_file(path)
        if not files and mime.hasImage():
            self.add_image(QImage(mime.imageData()))

    def add_image(self, image: QImage) -> None:
        """Keep a picture of the camera or the clipboard."""
        if not image.isNull():
            self._prepare(picture_of_image, image, f"{clock.now():%Y%m%d-%H%M%S}.jpg")

    def switch_camera(self) -> None:
        """Show what the camera sees, or stop it."""
        on = not self.camera.isVisible()
        show_problem(self.problem, "")
        if on:
            self.camera.show()
            self.shot_button.show()
            cameras = self._cameras()
            real = next((device for device in cameras if not device.is_simulated), None)
            if cameras and real is None:
                self.camera.simulate()
            elif not self.camera.start(real.identity if real is not None else ""):
                self._end_camera()
        else:
            self._end_camera()

    def shoot(self) -> None:
        """Take the photo and let go of the camera."""
        self.add_image(self.camera.take())
        self._end_camera()

    def shoot_or_start(self) -> None:
        """One key: the camera first, then the photo."""
        if self.shot_button.isVisible():
            self.shoot()
        else:
            self.switch_camera()

    def start_camera_if_any(self) -> None:
        """Look through the camera at once where this PC has one set up."""
        if self._cameras() and not self.camera.isVisible():
            self.switch_camera()

    def _cameras(self) -> list[Device]:
        """The cameras set up on this PC."""
        host = self._context.devices
        hosted = host.hosted() if host is not None else ()
        return [h.device for h in hosted if h.device.kind == "camera"]

    def _end_camera(self) -> None:
        self.camera.stop()
        self.camera.hide()
        self.shot_button.hide()

    def _camera_failed(self, sentence: str) -> None:
        show_problem(self.problem, sentence)

    def _prepare(self, make: Any, source: Any, name: str) -> None:
        show_problem(self.problem, "")
        self._context.operations.background(
            make,
            source,
            on_done=lambda picture: self._keep(name, picture),
            on_error=self._failed,
            owner=self,
        )

    def _keep(self, name: str, picture: Picture) -> None:
        if self.document_id is None:
            return
        document_id = self.document_id
        self._context.operations.command(
            self._add,
            document_id,
            name,
            picture,
            on_done=lambda _id: self.show_document(document_id),
            on_error=self._failed,
            owner=self,
        )

    def _show(self, photos: list[SmallPhoto]) -> None:
        self.list.clear()
        for photo in photos:
            row = photo.row
            tip = f"{row.name}\n{row.added_by} {row.added_at:%m-%d %H:%M}"
            self.list.put(row.id, row.name, photo.image, tip)

    def _open(self, item: QListWidgetItem) -> None:
        self._context.operations.query(
            load_large, self.list.id_of(item), on_done=self._show_large, on_error=self._failed
        )

    def _show_large(self, image: QImage) -> None:
        area = QScrollArea()
        area.setWindowTitle(tr("Photo"))
        area.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = QLabel()
        label.setPixmap(QPixmap.fromImage(image))
        area.setWidget(label)
        area.resize(min(image.width() + 20, 1200), min(image.height() + 20, 760))
        area.show()
        self._large = area  # a window without a parent is kept alive by whoever opened it

    def _failed(self, error: Exception) -> None:
        show_problem(self.problem, str(error))

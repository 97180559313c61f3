"""Small pictures in a list, and what makes a picture of a file, a drop or a camera's image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QImage,
    QImageWriter,
    QKeyEvent,
    QKeySequence,
    QPixmap,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop_app.core.i18n import tr
from desktop_app.exchange import pictures
from desktop_app.exchange.pictures import Picture

THUMBNAIL = 96
ENDINGS = "*.jpg *.jpeg *.png *.webp *.bmp *.gif *.tif *.tiff"
"""Of the files a person may choose as pictures."""
_ID = Qt.ItemDataRole.UserRole


def small(content: bytes) -> QImage:
    """A kept picture, small enough for the list; runs on a worker (QImage, unlike QPixmap, may)."""
    return QImage.fromData(content).scaled(
        QSize(THUMBNAIL, THUMBNAIL),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def picture_of_file(path: Path) -> Picture:
    """Read and judge a file; runs on a worker. Raises as ``exchange.pictures.prepared``."""
    with path.open("rb") as file:
        return pictures.prepared(file.read(pictures.MOST_BYTES + 1))


def picture_of_image(image: QImage) -> Picture:
    """Judge what a camera saw or the clipboard held; runs on a worker."""
    return pictures.prepared(as_png(image))


def as_png(image: QImage) -> bytes:
    """The picture written as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def files_in(mime: QMimeData) -> list[Path]:
    """The files that were dropped or pasted."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class ThumbnailList(QListWidget):
    """Small pictures in a row; takes files and images that are dropped or pasted.

    Signals:
        brought(mime data): something was dropped or pasted.
        removing(): Del on the current picture.
    """

    brought = Signal(object)
    removing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setGridSize(QSize(THUMBNAIL + 24, THUMBNAIL + 28))
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.take_drops(True)
        self.setAccessibleName(tr("Pictures"))

    def take_drops(self, on: bool) -> None:
        """Whether pictures may be dropped. Fixed pictures turn it off for the part under the
        mouse, which has to be told by itself.
        """
        self.setAcceptDrops(on)
        self.viewport().setAcceptDrops(on)

    def put(self, picture_id: int, name: str, image: QImage, tip: str) -> None:
        """One more picture at the end."""
        entry = QListWidgetItem(QIcon(QPixmap.fromImage(image)), name, self)
        entry.setData(_ID, picture_id)
        entry.setToolTip(tip)

    @staticmethod
    def id_of(entry: QListWidgetItem) -> int:
        """Which picture it is."""
        return int(entry.data(_ID))

    def dragEnterEvent(self, event: Any) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: Any) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        event.acceptProposedAction()
        self.brought.emit(event.mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.brought.emit(QGuiApplication.clipboard().mimeData())
        elif event.key() == Qt.Key.Key_Delete:
            self.removing.emit()
        else:
            super().keyPressEvent(event)

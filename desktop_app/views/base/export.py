"""Export of a list to Excel: exactly the rows, columns and order on screen, all pages."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.core.settings import EXPORT_FOLDER
from desktop_app.queries.listing import ListRequest, ListSpec
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.page_services import ServiceCall


class ListExport(QObject):
    """Asks where to, writes in the background and says where the file lies."""

    def __init__(self, context: AppContext, export: ServiceCall, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._export = export
        self._window = parent
        self._path: Path | None = None

    @property
    def busy(self) -> bool:
        """True while a file is being written."""
        return self._path is not None

    def ask_and_run(self, spec: ListSpec, request: ListRequest, columns: tuple[str, ...]) -> None:
        """Let the person choose the file, then write it."""
        name = f"{_file_part(tr(spec.title))}-{clock.now():%Y%m%d-%H%M}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("Export to Excel"),
            str(self._folder() / name),
            tr("Excel workbook (*.xlsx)"),
        )
        if chosen:
            self.run(spec, request, columns, Path(chosen))

    def run(
        self, spec: ListSpec, request: ListRequest, columns: tuple[str, ...], path: Path
    ) -> None:
        """Write ``path``; a second call while one is under way is ignored."""
        if self._path is not None:
            return
        self._path = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
        self._context.notifier.info(tr("Exporting to {file} …", file=self._path.name))
        self._context.operations.query(
            self._export,
            spec,
            request,
            columns,
            self._path,
            on_done=self._written,
            on_error=self._failed,
        )

    def _written(self, _result: object) -> None:
        path, self._path = self._path, None
        self._context.notifier.success(tr("Exported: {file}", file=path))
        if path is not None and path.is_file():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _failed(self, error: Exception) -> None:
        self._path = None
        if isinstance(error, PermissionError):
            self._context.notifier.error(
                tr("The file is open in another program; close it there or choose another name.")
            )
            return
        self._context.notifier.error(error)

    def _folder(self) -> Path:
        wanted = str(self._context.settings.get(EXPORT_FOLDER))
        if wanted:
            return Path(wanted)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(place))


def _file_part(text: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", text)

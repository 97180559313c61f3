"""The language of the screens: our own catalogue and Qt's, switched at run time."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.core.i18n import SOURCE_LANGUAGE, use_language
from desktop_app.core.paths import resources_dir

CHINESE = "zh_CN"

_installed: list[QTranslator] = []


def language_of(choice: str) -> str:
    """The language behind a setting; "auto" follows the system."""
    if choice != "auto":
        return choice
    chinese = QLocale.system().language() == QLocale.Language.Chinese
    return CHINESE if chinese else SOURCE_LANGUAGE


def speak(choice: str) -> str:
    """Load the catalogues of a setting's language; returns the language.

    Widgets already on screen keep their words: the window is rebuilt by the shell.
    """
    language = language_of(choice)
    use_language(language, resources_dir() / "translations")
    QLocale.setDefault(QLocale(language))
    app = QCoreApplication.instance()
    while app is not None and _installed:
        app.removeTranslator(_installed.pop())
    if app is not None and language != SOURCE_LANGUAGE:
        translator = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language}", folder):
            app.installTranslator(translator)
            _installed.append(translator)
    return language

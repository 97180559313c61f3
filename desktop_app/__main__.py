"""``python -m desktop_app``: the program and its administrator's commands."""

from __future__ import annotations

import sys

from desktop_app.app.cli import main

if __name__ == "__main__":
    sys.exit(main())

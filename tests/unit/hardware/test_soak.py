"""The soak of the bench, for two seconds: it loses nothing and ends by itself."""

from __future__ import annotations

import threading

from benchmarks import soak


def test_two_seconds_lose_no_frame(capsys) -> None:
    before = threading.active_count()
    assert soak.main(["--minutes", "0.03", "--per-second", "50"]) == 0
    told = capsys.readouterr().out
    assert "lost 0, bytes not taken 0" in told
    assert threading.active_count() == before

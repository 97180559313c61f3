"""Every screen in the table of actions can be opened by somebody."""

from __future__ import annotations

import pytest

from desktop_app.domain.permissions import PERMISSIONS
from desktop_app.views.actions import ACTIONS, GROUPS

ALL = list(ACTIONS)


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_the_factory_exists_and_the_permission_too(action) -> None:
    assert callable(action.load())
    assert action.permission is None or action.permission in PERMISSIONS
    assert not action.group or action.group in GROUPS


def test_shortcuts_are_unique() -> None:
    keys = [action.shortcut for action in ALL if action.shortcut]
    assert len(keys) == len(set(keys))

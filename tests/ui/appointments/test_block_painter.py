"""A block is painted once and kept, and painted anew as soon as it would look otherwise."""

from dataclasses import is_dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from clinic_desktop.i18n import use_language
from clinic_desktop.services.appointments.schemas import AppointmentRow
from clinic_desktop.ui.appointments.block_painter import LOOKS, BlockPainter

START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
VISIT = AppointmentRow(
    UUID(int=1), 1, UUID(int=2), UUID(int=3), None, START, START + timedelta(minutes=30),
    START.replace(tzinfo=None), "UTC", "confirmed", None, None, None, None, "", "", "", "desk",
    "Inês Carvalho-Lindqvist", "", "+353865550142", "P", "Composite", "svc_restore",
)  # fmt: skip


def changed(**fields) -> AppointmentRow:
    return replace(VISIT, **fields) if is_dataclass(VISIT) else VISIT._replace(**fields)


def painted(theme, visit=VISIT, *, kept=True, selected=False, height=62, locale="en_IE") -> QImage:
    """Return a block on a ground of its own; without ``kept`` as nothing was kept before."""
    picture = QImage(QSize(180, 100), QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor("white"))
    blocks, rect = BlockPainter(theme, locale), QRectF(12, 20, 150, height)
    painter = QPainter(picture)
    (blocks.draw if kept else blocks._draw)(painter, rect, visit, selected=selected)
    painter.end()
    return picture


def alike(one: QImage, other: QImage) -> bool:
    """Return whether two pictures differ by no more than the rounding of a half-covered pixel."""
    here, there = (
        np.frombuffer(picture.constBits(), np.uint8).astype(int) for picture in (one, other)
    )
    return int(np.abs(here - there).max()) <= 3


@pytest.mark.parametrize("status", LOOKS)
@pytest.mark.parametrize("height", [18, 44, 62])
def test_a_kept_block_looks_as_one_painted_in_its_place(qapp, theme, status, height) -> None:
    visit = changed(status=status, alert="stop")
    direct = painted(theme, visit, kept=False, height=height)
    for _frame in range(2):
        assert alike(painted(theme, visit, height=height), direct)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "arrived"}, {"patient": "Somebody Else"}, {"service": "Crown"},
        {"alert": "stop"}, {"colour": "svc_hygiene"},
        {"local_start": VISIT.local_start + timedelta(minutes=75)},
        {"ends_at": START + timedelta(minutes=45)},
        {"assist": "0-10,25-30"}, {"squeeze_reason": "In pain"},
    ],
)  # fmt: skip
def test_what_is_said_of_it_changes_the_picture(qapp, theme, fields) -> None:
    before, after = painted(theme), painted(theme, changed(**fields))
    assert not alike(before, after)
    assert alike(after, painted(theme, changed(**fields), kept=False))


def test_choice_size_theme_and_language_change_the_picture(qapp, theme) -> None:
    seen = [painted(theme), painted(theme, selected=True), painted(theme, height=70)]
    seen.append(painted(theme, locale="en_US"))
    name = theme.name
    try:
        theme.use("dark" if name != "dark" else "light")
        seen.append(painted(theme))
    finally:
        theme.use(name)
    try:
        use_language("es")
        assert alike(painted(theme), painted(theme, kept=False))
    finally:
        use_language("en")
    assert not any(alike(one, other) for n, one in enumerate(seen) for other in seen[:n])
    assert alike(painted(theme), seen[0])


def test_pictures_that_are_not_shown_any_more_are_let_go(qapp, theme) -> None:
    for number in range(3000):
        painted(theme, changed(patient=f"Patient {number}"))
    bytes_kept = sum(
        4 * one.width() * one.height() for part in (theme._fresh, theme._older)
        for one in part.values()
    )  # fmt: skip
    assert 0 < bytes_kept < 50 * 1024 * 1024


@pytest.mark.parametrize("height", [18, 62])
def test_the_band_is_hatched_only_where_the_assistant_works_alone(qapp, theme, height) -> None:
    plain = painted(theme, height=height)
    hatched = painted(theme, changed(assist="0-15"), height=height)
    half = 20 + height // 2
    rows = [y for y in range(100) if plain.copy(0, y, 180, 1) != hatched.copy(0, y, 180, 1)]
    assert rows
    assert max(rows) <= half + 1


def test_a_name_from_right_to_left_stands_before_its_service(qapp, theme) -> None:
    """As one run, the whole line would turn round and the service would lose its letters."""
    name = "محمد الحسيني"
    alone = painted(theme, changed(patient=name, service=""), height=18)
    both = painted(theme, changed(patient=name, service="Crown"), height=18)
    columns = [x for x in range(180) if alone.copy(x, 0, 1, 100) != both.copy(x, 0, 1, 100)]
    assert columns
    # Nothing of the name has moved: what was added begins where it ends.
    assert min(columns) > 12 + 60

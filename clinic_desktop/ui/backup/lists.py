"""What the backup section lists: what was done, and the places with what became of each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.i18n import _
from clinic_desktop.services.backup.schemas import RunRow
from clinic_desktop.services.backup.settings import BackupSettings, FolderPlace, Rules, S3Place
from clinic_desktop.services.context import Who
from clinic_desktop.ui.backup.words import moment
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.labels import Label, Tag

MEGABYTE: Final = 1_000_000


def run_list(rows: Sequence[RunRow], now: datetime, who: Who, theme: Theme) -> QWidget:
    """Return dumps, drills, packs and failed segments, each with its sentence below it."""
    holder, column = _column()
    for row in rows:
        when = moment(row.ended_at, now, who.zone, who.locale)
        line = QHBoxLayout()
        kind, icon = ("success", "check") if row.good else ("warning", "shield-alert")
        words = _("Done") if row.good else _("Failed")
        line.addWidget(Tag(kind, icon, words, theme=theme))
        text = f"{when} · {_kind(row.kind)}"
        if row.kind == "full" and row.size:
            size = max(1, round(row.size / MEGABYTE))
            text += " · " + _("{size} MB").format(size=size)
        line.addWidget(Label(text, theme=theme), 1)
        column.addLayout(line)
        if row.sentence:
            column.addWidget(Label(row.sentence, theme=theme, role="text_2", wrap=True, lines=3))
    return holder


class PlaceActs(NamedTuple):
    """What can be done with a place: forget it, or say how long its backups are kept.

    Without a name the rules are those of every place that has none of its own.
    """

    forget: Callable[[str], None]
    ask_rules: Callable[[str | None], None]


def place_list(
    settings: BackupSettings,
    results: Mapping[str, tuple[bool, str]],
    acts: PlaceActs,
    theme: Theme,
) -> QWidget:
    """Return the places, ``results`` of the newest dump by name, and how long backups are kept."""
    holder, column = _column()
    for place in settings.places:
        column.addLayout(_place_row(place, results.get(place.name), acts, theme))
    foot = QHBoxLayout()
    rules = kept_words(settings.rules_of(None))
    foot.addWidget(Label(rules, theme=theme, size="small", role="text_2"))
    change = _button(_("Change…"), lambda: acts.ask_rules(None), theme)
    change.setObjectName("backup.rules")
    change.setAccessibleName(_("Change how long backups are kept"))
    foot.addWidget(change)
    foot.addStretch(1)
    column.addLayout(foot)
    return holder


def kept_words(rules: Rules) -> str:
    """Return how long backups are kept, in a sentence."""
    return _("Kept: {daily} days, {weekly} weeks, {monthly} months.").format(
        daily=rules.daily, weekly=rules.weekly, monthly=rules.monthly
    )


def _button(words: str, act: Callable[[], None], theme: Theme) -> Button:
    button = Button(words, theme=theme, small=True)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _place_row(
    place: FolderPlace | S3Place,
    known: tuple[bool, str] | None,
    acts: PlaceActs,
    theme: Theme,
) -> QHBoxLayout:
    row = QHBoxLayout()
    where = str(place.folder) if isinstance(place, FolderPlace) else place.bucket
    if known is None:
        tag = Tag("plain", "circle-help", _("Nothing yet"), theme=theme)
    elif known[0]:
        tag = Tag("success", "check", _("Stored"), theme=theme)
    else:
        tag = Tag("warning", "shield-alert", _("Failed"), theme=theme)
        tag.setToolTip(known[1])
    words = f"{place.name} · {where}"
    if place.keeps:
        words += " · " + _("nothing is removed there")
    elif place.rules is not None:
        words += " · " + kept_words(place.rules)
    row.addWidget(tag)
    row.addWidget(Label(words, theme=theme), 1)
    if not place.keeps:
        rules = _button(_("Kept…"), lambda: acts.ask_rules(place.name), theme)
        rules.setAccessibleName(
            _("Change how long backups are kept in {name}").format(name=place.name)
        )
        row.addWidget(rules)
    row.addWidget(_button(_("Forget"), lambda: acts.forget(place.name), theme))
    return row


def _kind(kind: str) -> str:
    names = {
        "full": _("Whole backup"),
        "tail": _("What changed"),
        "drill": _("Test by restoring"),
        "pack": _("Pack for tomorrow"),
    }
    return names[kind]


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(12, 8, 12, 12)
    column.setSpacing(8)
    return holder, column

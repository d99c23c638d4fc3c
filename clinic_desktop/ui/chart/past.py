"""What stands over the teeth while a past date is in view, alone or compared."""

from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.chart.bars import PastBar
from clinic_desktop.ui.chart.shown import Shown
from clinic_desktop.ui.written import Written


def show_past(bar: PastBar, shown: Shown, written: Written, known: str) -> None:
    """Say which date is shown; ``known`` says when that was known, if not now."""
    day = written.day(shown.day or shown.history.today)
    if not shown.compare:
        sentence = _("Read only. What was charted since is not shown.")
        if known:
            sentence = _("Read only. {known}, not as it was mended since.").format(known=known)
        bar.show_date(_("Chart as of {day}").format(day=day), sentence, day, compared=False)
        return
    other = written.day(shown.other) if shown.other else _("today")
    count = len(shown.changed)
    sentence = ngettext(
        "Read only. {count} tooth changed since; it is framed and marked Δ.",
        "Read only. {count} teeth changed since; each is framed and marked Δ.",
        count,
    ).format(count=count)
    title = _("Chart as of {day}, compared with {other}").format(day=day, other=other)
    bar.show_date(title, sentence, day, compared=True, other=other if shown.other else "")
    bar.sides.set_value("now" if shown.now_side else "then")

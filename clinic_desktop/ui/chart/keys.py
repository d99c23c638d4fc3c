"""The keys of the chart, for F1 and for the line at the bottom."""

from clinic_desktop.domain.chart_examples import example, usual_example
from clinic_desktop.i18n import _, ngettext
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.screen import KeyHelp

_FEW = 5


def chart_keys(notation: str) -> list[KeyHelp]:
    """Return the keys of the chart by the part in which they act, with teeth of this notation."""
    line, teeth, dates = _("Entry line"), _("Teeth"), _("Dates")
    return [
        KeyHelp(usual_example(notation), _("tooth, surfaces, what; Enter adds"), line),
        KeyHelp(
            example("14+26 /m", notation), _("missing; /u unerupted, /i impacted, /r root"), line
        ),
        KeyHelp(
            example("36 mod comp; 37 o seal", notation),
            _("several entries; . is the last one again"),
            line,
        ),
        KeyHelp(example("e 36 o amal @2019", notation), _("true since then"), line),
        KeyHelp("Alt+H", _("what can be typed"), line),
        KeyHelp("Tab", _("take the grey completion"), line),
        KeyHelp("Up, Down", _("other things the last word can mean"), line),
        KeyHelp("Alt+D P E W C R I", _("status: done, planned, existing, elsewhere…"), line),
        KeyHelp("Ctrl+Enter", _("complete today's work")),
        KeyHelp("Ctrl+Shift+Enter", _("see first what completing writes")),
        KeyHelp("Left, Right", _("next tooth, while the line is empty"), teeth),
        KeyHelp("Shift+Left, Right", _("select several teeth"), teeth),
        KeyHelp("Ctrl+arrows", _("surfaces of the tooth; Space picks one"), teeth),
        KeyHelp("Delete", _("mark missing"), teeth),
        KeyHelp("Alt+Left, Alt+Right", _("earlier, later date"), dates),
        KeyHelp("Alt+Home", _("first date"), dates),
        KeyHelp("Alt+K", _("when it was known"), dates),
        KeyHelp("Ctrl+P", _("print what is shown")),
        KeyHelp("Esc", _("back to today"), dates),
        KeyHelp("Delete", _("take an entry back"), _("List")),
    ]


def past_hint() -> str:
    """Return the keys of a past date."""
    return _("Alt+← Alt+→ previous and next change · Alt+Home first · Esc back to today")


def typing_hint(teeth: tuple[int, ...], writing: Writing) -> str:
    """Return what is selected and what can be typed."""
    typing = _(
        "type tooth, surfaces, treatment · /m missing · {teeth} several teeth · Alt+← earlier date"
    ).format(teeth=example("14+26", writing.notation))
    if not teeth:
        return typing[:1].upper() + typing[1:]
    words = writing.teeth(teeth).upper()
    if len(teeth) >= _FEW:
        words = ngettext("{count} tooth", "{count} teeth", len(teeth)).format(count=len(teeth))
    return _("{teeth} selected · {typing}").format(teeth=words, typing=typing)

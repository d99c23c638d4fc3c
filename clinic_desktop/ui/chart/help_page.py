"""Everything that can be typed into the chart's line, on one page made from what it knows."""

from collections.abc import Iterable
from html import escape
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTextBrowser, QWidget

from clinic_desktop.domain.chart_details import details
from clinic_desktop.domain.chart_examples import example
from clinic_desktop.domain.chart_scan import scan_teeth
from clinic_desktop.domain.chart_words import Entry, Lexicon
from clinic_desktop.domain.teeth.chart import STATUS_LETTERS
from clinic_desktop.domain.teeth.describe import STATUS_WORDS
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.domain.teeth.surfaces import NAMES, letters
from clinic_desktop.domain.vocabulary import procedures, terms
from clinic_desktop.i18n import N_, _
from clinic_desktop.ui.chart.composing import Writing
from clinic_desktop.ui.theme.theme import Theme
from clinic_desktop.ui.widgets.dialog import Dialog

_SIZE: Final = QSize(860, 560)
_TEETH: Final = (
    ("36", N_("one tooth")),
    ("14+26", N_("several")),
    ("13-23", N_("a range along the arch: {count} teeth")),
    ("ul", N_("a quadrant: ur, ul, ll, lr")),
    ("upper", N_("a jaw: upper, lower; all is every tooth shown")),
    ("18s", N_("an extra tooth at {tooth}; a second one is {second}")),
)
_LINES: Final = (
    ("36 mod comp", N_("a composite filling on three surfaces, done today")),
    ("p 16 crown zirc", N_("a zirconia crown, planned")),
    ("e 46 rct mb short", N_("a root canal in one root that ends short, there already")),
    ("46-48 x", N_("three teeth taken out")),
    ("18 im d", N_("impacted, lying to distal")),
    ("e 36 o amal @5/2019", N_("true since May 2019")),
    ("36 mod comp; 37 o seal", N_("two entries in one line")),
    ("37 .", N_("the last thing again, on another tooth")),
    ("/m", N_("the selected teeth are missing; /u unerupted, /i impacted, /r root")),
)


def help_html(writing: Writing, lexicon: Lexicon) -> str:
    """Return the page: the order of words, then every status, surface, detail and name."""
    return "".join(
        (
            _head(_("One line")),
            _paragraph(
                _("Status, teeth, surfaces, what, details, @day. Only what is needed is typed.")
            ),
            _table((example(line, writing.notation), _(words)) for line, words in _LINES),
            _head(_("Status, a letter before the tooth")),
            _table((letter, _(STATUS_WORDS[status])) for letter, status in STATUS_LETTERS.items()),
            _head(_("Teeth")),
            _table(_teeth(writing)),
            _head(_("Surfaces, in any order")),
            _table(_surfaces(writing)),
            _head(_("Found, or there already")),
            _table(_vocabulary(lexicon)),
            _head(_("Details, behind what they belong to")),
            _table(_details()),
            _head(_("Treatments of the price list")),
            _table(_treatments(lexicon)),
        )
    )


def _teeth(writing: Writing) -> Iterable[tuple[str, str]]:
    notation = Notation(writing.notation)
    fitting = {"tooth": example("18", notation), "second": example("18s2", notation)}
    for typed, words in _TEETH:
        own = example(typed, notation)
        found = scan_teeth(own, 0, notation=notation, present=frozenset())
        count = len(found.teeth) if found is not None else 0
        yield own, _(words).format(count=count, **fitting)


def _surfaces(writing: Writing) -> Iterable[tuple[str, str]]:
    for code, name in NAMES.items():
        typed = {letters(code, fdi, writing.locale).lower() for fdi in (16, 46, 11, 41)}
        yield ", ".join(sorted(typed)), _(name)


def _vocabulary(lexicon: Lexicon) -> Iterable[tuple[str, str]]:
    for code, term in terms().items():
        if lexicon.by_code(code) is not None:
            yield f"{term.key}, {term.word}", term.name


def _details() -> Iterable[tuple[str, str]]:
    for code, known in details().items():
        words = "; ".join(f"{'/'.join((one.code, *one.keys))} {one.name}" for one in known)
        yield terms()[code].key, f"{terms()[code].word}: {words}"
    yield "mb, db, p, m, d, b", _("roots and canals of a tooth with several")


def _treatments(lexicon: Lexicon) -> Iterable[tuple[str, str]]:
    priced: list[Entry] = [one for one in lexicon.entries if one.priced]
    for one in priced:
        neutral = procedures().get(one.code)
        key = neutral.key if neutral is not None else ""
        yield ", ".join(filter(None, (key, one.code.lower()))), one.name


def _head(words: str) -> str:
    return f"<h3>{escape(words)}</h3>"


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td width='210'><b>{escape(typed)}</b></td><td>{escape(words)}</td></tr>"
        for typed, words in rows
    )
    return f"<table cellspacing='0' cellpadding='3'>{cells}</table>"


class HelpPage(Dialog):
    """The page in a dialog; Esc closes it."""

    def __init__(
        self, writing: Writing, lexicon: Lexicon, *, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(
            _("What can be typed"),
            theme=theme,
            parent=parent,
            sentence=_("Tab takes the grey completion; a wrong word stays and is named."),
            icon="keyboard",
            width=_SIZE.width(),
        )
        self.page = QTextBrowser()
        self.page.setAccessibleName(_("What can be typed"))
        self.page.setFont(theme.font("body"))
        self.page.setMinimumHeight(_SIZE.height())
        self.page.setHtml(help_html(writing, lexicon))
        self.body.addWidget(self.page)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

"""Understands one chart entry: tries each way to split it and takes its words apart.

Behind ``chart_line``, which is what other modules use.
"""

import re
from typing import Final, NamedTuple

from clinic_desktop.domain.chart_checks import check
from clinic_desktop.domain.chart_details import read_details
from clinic_desktop.domain.chart_examples import usual_example
from clinic_desktop.domain.chart_scan import Scan, scan_teeth
from clinic_desktop.domain.chart_ways import Reader, Reading
from clinic_desktop.domain.chart_words import Entry, fold
from clinic_desktop.domain.teeth.chart import STATUS_LETTERS, MarkStatus
from clinic_desktop.domain.teeth.numbering import Notation
from clinic_desktop.domain.teeth.surfaces import read_letter, read_surfaces
from clinic_desktop.errors import InvalidError
from clinic_desktop.i18n import _

_SLASH: Final = {"/m": "MISSING", "/u": "UNERUPT", "/i": "IMPACT", "/r": "RETROOT"}
_SHORTEST_GUESS: Final = 2


def readings(reader: Reader) -> list[Reading]:
    """Return the ways the beginning can be split into status and teeth.

    Only Universal has letters that are both: there the tooth is tried first, but before a number
    the letter is a status (``c 5 m car``; a class V filling on tooth C is ``#c 5 comp``).
    """
    start = _skip_space(reader.text, 0)
    status = _status_at(reader, start)
    numbered = status is not None and reader.text[status[1] : status[1] + 1] in set("#0123456789")
    as_tooth = None if numbered else _with_teeth(reader, start, None)
    found = [one for one in (as_tooth, _with_status(reader, start)) if one is not None]
    letter_first = reader.text[start : start + 1].isalpha()
    if not found or (letter_first and reader.notation is Notation.UNIVERSAL):
        only = _status_only(reader, start)
        found += [only] if only else []
        # A status letter with nothing behind it yet is not taken for a treatment.
        if only is None or only.rest < len(reader.text):
            found.append(Reading(reader.default_status, rest=start))
    return found


def _status_at(reader: Reader, start: int) -> tuple[MarkStatus, int] | None:
    """Return the status a letter standing alone gives, and where the rest begins."""
    status = STATUS_LETTERS.get(reader.text[start : start + 1])
    after = reader.text[start + 1 : start + 2]
    if status is None or not (after == "" or after.isspace()):
        return None
    return status, _skip_space(reader.text, start + 1)


def _with_status(reader: Reader, start: int) -> Reading | None:
    found = _status_at(reader, start)
    return _with_teeth(reader, found[1], found[0]) if found else None


def _with_teeth(reader: Reader, start: int, status: MarkStatus | None) -> Reading | None:
    scan = scan_teeth(reader.text, start, notation=reader.notation, present=reader.present)
    if scan is None:
        return None
    reading = Reading(status or reader.default_status, status_end=start if status else 0)
    reading.teeth, reading.teeth_span = scan.teeth, (start, scan.end)
    reading.rest = scan.end
    if scan.sentence:
        _refuse_teeth(reading, scan)
    return reading


def _refuse_teeth(reading: Reading, scan: Scan) -> None:
    reading.fail(scan.sentence, scan.wrong_from, scan.end, unfinished=scan.unfinished)


def _status_only(reader: Reader, start: int) -> Reading | None:
    """Return the reading as a status for the selected teeth, or for the mouth."""
    found = _status_at(reader, start)
    return Reading(found[0], status_end=found[1], rest=found[1]) if found else None


def _skip_space(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip())


def badness(reading: Reading) -> tuple[int, bool]:
    """Return the sort key of readings: finished, then unfinished, then wrong.

    Of two finished ones a tooth is not given to what is for the whole mouth.
    """
    wrong = 0 if reading.problem is None else 1 if reading.unfinished else 2
    entry = reading.entry
    return (wrong, bool(entry and reading.teeth and not entry.needs_tooth))


def understand(reader: Reader, reading: Reading) -> None:
    """Read surfaces and procedure, and check the whole."""
    if reading.problem is not None:
        return
    _read_what(reader, reading)
    if reading.problem is None:
        check(reader, reading)


class _Words(NamedTuple):
    """The words behind the teeth, and how many of them at the beginning can be surfaces."""

    words: list[re.Match[str]]
    run: int

    def rest(self, after: int) -> str:
        return self.part(after, len(self.words))

    def part(self, after: int, end: int) -> str:
        return " ".join(word[0] for word in self.words[after:end])


def _words(reader: Reader, reading: Reading) -> _Words:
    words = list(re.finditer(r"/?[^\s/]+|/", reader.text[reading.rest :]))
    run = 0
    while run < len(words) and _are_surfaces(words[run][0], reader.locale):
        run += 1
    return _Words(words, run)


def _are_surfaces(word: str, locale: str) -> bool:
    return all(read_letter(letter, locale) is not None for letter in word)


def _read_what(reader: Reader, reading: Reading) -> None:
    """Find surfaces and the thing charted.

    A name known exactly wins over surfaces, so that ``36 i`` is an implant; surfaces win over the
    beginning of a name, so that ``36 mo`` is not yet mobility.
    """
    said = _words(reader, reading)
    count = len(said.words)
    if not count:
        reading.fail(
            _nothing_said(reader, reading), len(reader.text), len(reader.text), unfinished=True
        )
        return
    for after in range(min(said.run, count - 1), -1, -1):
        found = _exact(reader, said.rest(after))
        if found:
            _settle(reader, reading, said, after, found)
            return
    if _with_details(reader, reading, said):
        return
    if said.run == count:
        _take_surfaces(reader, reading, said, count)
        if reading.problem is None:
            end = len(reader.text)
            reading.fail(_("What is there, or was done? Type it."), end, end, unfinished=True)
        return
    for after in range(said.run, -1, -1):
        found = reader.lexicon.starting(said.rest(after))
        if found:
            _guess(reader, reading, said, after, found)
            return
    _unknown(reader, reading, said)


def _with_details(reader: Reader, reading: Reading, said: _Words) -> bool:
    """Read a name known exactly and words behind it that say more: ``crown zirc``."""
    count = len(said.words)
    teeth = reading.teeth or reader.selected
    for after in range(min(said.run, count - 1), -1, -1):
        for end in range(count - 1, after, -1):
            found = _exact(reader, said.part(after, end))
            more = [word[0] for word in said.words[end:]]
            telling = {one.paint: read_details(one.paint, teeth, more) for one in found}
            meant = tuple(one for one in found if telling[one.paint] is not None)
            if meant:
                reading.detail = telling[meant[0].paint] or ""
                reading.detail_span = _span(reading, said.words[end:])
                _settle(reader, reading, said, after, meant, until=end)
                return True
    return False


def _nothing_said(reader: Reader, reading: Reading) -> str:
    if reading.teeth:
        return _("What is there, or was done? Type it after the tooth.")
    words = _("Type a tooth, its surfaces and what is there or was done: {example}.")
    return words.format(example=usual_example(reader.notation))


def _exact(reader: Reader, phrase: str) -> tuple[Entry, ...]:
    code = _SLASH.get(phrase)
    entry = reader.lexicon.by_code(code) if code else None
    if entry is not None:
        return (entry,)
    return () if phrase.startswith("/") else reader.lexicon.exact(phrase)


def _guess(
    reader: Reader, reading: Reading, said: _Words, after: int, found: tuple[Entry, ...]
) -> None:
    """Take the best of what begins like this, once two letters are typed."""
    if len(fold(said.rest(after))) >= _SHORTEST_GUESS:
        _settle(reader, reading, said, after, found)
        return
    _take_surfaces(reader, reading, said, after)
    if reading.problem is None:
        start, end = _span(reading, said.words[after:])
        reading.fail(_not_known(reader, said.rest(after)), start, end, unfinished=True)


def _settle(
    reader: Reader,
    reading: Reading,
    said: _Words,
    after: int,
    found: tuple[Entry, ...],
    *,
    until: int | None = None,
) -> None:
    _take_surfaces(reader, reading, said, after)
    if reading.problem is not None:
        return
    teeth = reading.teeth or reader.selected
    reading.choices = reader.lexicon.settle(
        found,
        status=reading.status,
        fdis=teeth,
        surfaces=reading.surfaces,
        detail=reading.detail,
    )
    reading.what_span = _span(reading, said.words[after:until])
    if reading.entry is not None and not reading.entry.priced:
        reading.detail = reading.detail or reading.entry.detail
    if len({_first(reader, reading, found, fdi) for fdi in teeth}) > 1:
        sentence = _("These teeth need different treatments. Enter them one after the other.")
        reading.fail(sentence, *reading.teeth_span)


def _first(reader: Reader, reading: Reading, found: tuple[Entry, ...], fdi: int) -> Entry:
    """Return what would be meant on this tooth alone."""
    return reader.lexicon.settle(
        found,
        status=reading.status,
        fdis=(fdi,),
        surfaces=reading.surfaces,
        detail=reading.detail,
    )[0]


def _take_surfaces(reader: Reader, reading: Reading, said: _Words, count: int) -> None:
    if not count:
        return
    start, end = _span(reading, said.words[:count])
    teeth = reading.teeth or reader.selected
    typed = "".join(word[0] for word in said.words[:count])
    try:
        reading.surfaces = read_surfaces(typed, teeth, reader.locale, reader.notation)
    except InvalidError as refused:
        reading.fail(str(refused), start, end)
        return
    reading.surfaces_span = (start, end)


def _span(reading: Reading, words: list[re.Match[str]]) -> tuple[int, int]:
    return reading.rest + words[0].start(), reading.rest + words[-1].end()


def _unknown(reader: Reader, reading: Reading, said: _Words) -> None:
    """Name the first word that nothing known goes on with."""
    _take_surfaces(reader, reading, said, said.run)
    if reading.problem is not None:
        return
    words = said.words[said.run :]
    index = next(
        (
            index
            for index in range(len(words))
            if not reader.lexicon.starting(" ".join(word[0] for word in words[: index + 1]))
        ),
        0,
    )
    start, end = _span(reading, words[index : index + 1])
    word = words[index][0]
    if word.startswith("/"):
        sentence = _("After the tooth: /m missing, /u unerupted, /i impacted, /r root.")
        reading.fail(sentence, start, end, unfinished=word == "/")
        return
    if not said.run and not index and reading.teeth and re.fullmatch(r"#?[0-9]{1,2}", word):
        reading.fail(_("Join teeth with +, as in 14+26."), start, end)
        return
    reading.fail(_not_known(reader, word), start, end)


def _not_known(reader: Reader, word: str) -> str:
    near = reader.lexicon.nearest(word)
    if near is None:
        return _('"{word}" is not known.').format(word=word)
    known, entry = near
    if fold(entry.word) == known:
        return _('"{word}" is not known. Did you mean {known}?').format(word=word, known=known)
    return _('"{word}" is not known. Did you mean {known} ({name})?').format(
        word=word, known=known, name=entry.word
    )

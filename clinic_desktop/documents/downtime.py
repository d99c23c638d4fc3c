"""The pack for when the screens are dark: tomorrow with phones, alerts and balances, sealed."""

import io
import time
from itertools import groupby
from typing import Final, Literal, cast

import pyrage

from clinic_desktop import files
from clinic_desktop.documents.day_sheet import render_day_sheet
from clinic_desktop.documents.papers import ClinicHead, DayColumn, DaySheetPaper, DayVisit
from clinic_desktop.domain.births import age_in_years
from clinic_desktop.domain.money import format_money
from clinic_desktop.domain.names import full_name
from clinic_desktop.domain.times import format_time
from clinic_desktop.errors import ClinicError, SetupError
from clinic_desktop.i18n import _
from clinic_desktop.integrations.stored import Store
from clinic_desktop.services.backup.keys import recipient_of
from clinic_desktop.services.backup.pack import Pack, PackVisit, packs
from clinic_desktop.services.backup.run import Site, note
from clinic_desktop.services.backup.schemas import PlaceResult

LETTERS: Final = {"allergy": "A", "anticoagulant": "B", "premedication": "P"}
PREFIX: Final = "pack-"
KEY: Final = "pack-key.age"
KEPT: Final = 7


def render_pack(pack: Pack) -> bytes:
    """Return the PDF of a day: a column for each provider, what is owed and why to take care."""
    columns = tuple(
        DayColumn(title=provider, visits=tuple(_visit(one, pack) for one in visits))
        for provider, visits in groupby(pack.visits, key=lambda one: one.provider)
    )
    head = ClinicHead(
        name=pack.name,
        phone=pack.phone,
        locale=pack.locale,
        currency=pack.currency,
        zone=pack.zone,
        paper=cast("Literal['A4', 'Letter']", pack.paper),
    )
    return render_day_sheet(
        DaySheetPaper(head=head, day=pack.day, made_at=pack.made_at, columns=columns)
    )


def _visit(visit: PackVisit, pack: Pack) -> DayVisit:
    letters = sorted({LETTERS[kind] for kind in visit.alert_kinds if kind in LETTERS})
    notes = [*visit.alerts]
    if visit.balance > 0:
        money = format_money(visit.balance, pack.currency, pack.locale)
        notes.insert(0, _("owes {amount}").format(amount=money))
    return DayVisit(
        begins=format_time(visit.starts.time()),
        ends=format_time(visit.ends.time()),
        name=full_name(visit.given, visit.family),
        age=str(age_in_years(visit.born, pack.day)) if visit.born else "",
        service=visit.service,
        phone=visit.phone,
        alerts="".join(letters),
        note=" · ".join(notes),
    )


def store_pack(site: Site) -> tuple[PlaceResult, ...]:
    """Seal tomorrow's pack of each clinic for its own key and take it to the places.

    Older ones are removed after a week; a place that only grows gets none. Raises SetupError.
    """
    began = time.time()
    settings = site.kept.read()
    if not settings.pack:
        raise SetupError(_("The pack needs a passphrase. Choose one in Settings, Backup."))
    recipients = [recipient_of(settings.pack_recipient)]
    made = {
        f"{PREFIX}{one.clinic_id.hex[-8:]}-{one.day:%Y%m%d}.pdf.age": _sealed(one, recipients)
        for one in packs(site.dsn)
    }
    folder = site.kept.folder / "packs"
    files.make_folder(folder)
    for old in folder.iterdir():
        old.unlink()
    for name, content in made.items():
        (folder / name).write_bytes(content)
    (folder / KEY).write_bytes(settings.pack_key())
    results = []
    for place in settings.places:
        if place.keeps:
            continue
        try:
            _take(site, site.kept.store(place))
        except ClinicError as error:
            results.append(PlaceResult(place=place.name, good=False, sentence=str(error)))
        else:
            results.append(PlaceResult(place=place.name, good=True))
    wrong = " ".join(f"{one.place}: {one.sentence}" for one in results if not one.good)
    good = not results or any(one.good for one in results)
    name = next(iter(made), "")
    note(site.dsn, "pack", name, began, good=good, sentence=wrong, places=tuple(results))
    return tuple(results)


def _sealed(pack: Pack, recipients: list[object]) -> bytes:
    sealed = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(render_pack(pack)), sealed, recipients)
    return sealed.getvalue()


def _take(site: Site, store: Store) -> None:
    for file in (site.kept.folder / "packs").iterdir():
        store.put(file, file.name)
    dated = sorted(
        (one.name for one in store.names() if one.name.startswith(PREFIX) and one.name != KEY),
        key=lambda name: name[-16:],
    )
    for name in dated[:-KEPT]:
        store.remove(name)

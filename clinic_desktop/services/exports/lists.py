"""The list of patients as it is filtered, as a table for other programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import text

from clinic_desktop.domain.money import to_decimal
from clinic_desktop.domain.permissions import Permission
from clinic_desktop.i18n import _
from clinic_desktop.services.context import Context
from clinic_desktop.services.exports.tables import Form, write_table
from clinic_desktop.services.patients.filtering import STATUSES, matching
from clinic_desktop.services.patients.list_schemas import ListFilter
from clinic_desktop.services.patients.lists import count
from clinic_desktop.services.patients.schemas import PatientRow
from clinic_desktop.services.patients.tagging import tags
from clinic_desktop.services.progress import SILENT, Steps

_PAGE: Final = 500
_ACCESS: Final = text("SELECT log_access(:clinic, NULL, 'export', 'patients')")


def patients_list(
    ctx: Context,
    path: str,
    *,
    typed: str = "",
    chosen: ListFilter | None = None,
    steps: Steps = SILENT,
) -> int:
    """Write the patients of a search or filter to a CSV or XLSX file, by its ending; count them.

    The export is written to the access log. Raises SetupError where the file cannot be written,
    StoppedError when stopped.
    """
    ctx.need(Permission.PATIENTS_EXPORT)
    ctx.connection.execute(_ACCESS, {"clinic": ctx.clinic_id})
    file = Path(path)
    form: Form = "xlsx" if file.suffix.casefold() == ".xlsx" else "csv"
    money = ctx.who.may(Permission.BILLING_READ)
    head = [_("Record number"), _("First name"), _("Family name"), _("Other name")]
    head += [_("Birth date"), _("Phone"), _("Status"), _("Tags"), _("Last visit"), _("Next visit")]
    head += [_("Balance ({currency})").format(currency=ctx.who.currency)] if money else []
    return write_table(
        file, form, head, _rows(ctx, typed, chosen or ListFilter(), steps, money=money)
    )


def _rows(
    ctx: Context, typed: str, chosen: ListFilter, steps: Steps, *, money: bool
) -> Iterator[list[str]]:
    plain = chosen.plain and not typed
    total = count(ctx, statuses=STATUSES[chosen.status]) if plain else 0
    done, after = 0, None
    names = {tag.id: tag.name for tag in tags(ctx)}
    while True:
        page = matching(ctx, chosen, typed=typed, after=after, limit=_PAGE)
        exact = [row for row in page.rows if not row.sounds_like]
        for row in exact:
            carried = sorted(names[tag] for tag in row.tags if tag in names)
            yield _cells(ctx, row, ", ".join(carried), money=money)
        done += len(exact)
        steps.tell(done, max(total, done))
        if page.next is None:
            return
        after = page.next


def _cells(ctx: Context, row: PatientRow, carried: str, *, money: bool) -> list[str]:
    moments = (row.last_visit, row.next_visit)
    visits = [m.astimezone(ctx.zone).date().isoformat() if m else "" for m in moments]
    born = row.born.isoformat() if row.born else ""
    cells = [row.number, row.given, row.family, row.other_name, born, row.phone, row.status]
    balance = "" if row.balance is None else str(to_decimal(row.balance, ctx.who.currency))
    return [*cells, carried, *visits, *([balance] if money else [])]

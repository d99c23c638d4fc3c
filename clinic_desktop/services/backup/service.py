"""What staff see of backups, from the clinic's database: on every computer the same."""

from typing import Any

from sqlalchemy import CursorResult, text

from clinic_desktop.services.backup.schemas import RunRow, Status
from clinic_desktop.services.context import Context

_NEWEST = text(
    "SELECT DISTINCT ON (kind) kind, name, started_at, ended_at, good, sentence, size, places"
    " FROM backup_run WHERE NOT :good OR good ORDER BY kind, id DESC"
)
_ALL = text(
    "SELECT kind, name, started_at, ended_at, good, sentence, size, places"
    " FROM backup_run WHERE kind <> 'tail' OR NOT good ORDER BY id DESC LIMIT :most"
)
_ASK = text("SELECT ask_worker(:clinic, :task)")


def status(ctx: Context) -> Status:
    """Return the newest backup of each kind."""
    ctx.need("member")
    newest = {row.kind: RunRow.model_validate(row) for row in _rows(ctx, good=False)}
    good = {row.kind: RunRow.model_validate(row) for row in _rows(ctx, good=True)}
    return Status(
        full=newest.get("full"),
        good_full=good.get("full"),
        drill=newest.get("drill"),
        tail=newest.get("tail"),
        pack=newest.get("pack"),
        now=ctx.now,
    )


def _rows(ctx: Context, *, good: bool) -> CursorResult[Any]:
    return ctx.connection.execute(_NEWEST, {"good": good})


def runs(ctx: Context, *, most: int = 50) -> tuple[RunRow, ...]:
    """Return dumps, drills, packs and failed segments, newest first."""
    ctx.need("member")
    return tuple(RunRow.model_validate(row) for row in ctx.connection.execute(_ALL, {"most": most}))


def ask(ctx: Context, task: str) -> None:
    """Ask the worker, wherever it runs, for ``backup.full`` or ``backup.drill``."""
    ctx.need("settings.write")
    ctx.connection.execute(_ASK, {"clinic": ctx.clinic_id, "task": task})

"""Waiting until one transaction waits for another: what races need, without a clock."""

from sqlalchemy import text

from clinic_desktop.services.context import Context


def until_waiting(ctx: Context) -> None:
    """Wait until another connection waits for what this one has locked."""
    waiting = text(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE NOT l.granted AND a.datname = current_database()"
    )
    while not ctx.connection.execute(waiting).scalar_one():
        ctx.connection.execute(text("SELECT pg_sleep(0.02)"))

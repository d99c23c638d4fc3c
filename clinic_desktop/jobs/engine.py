"""The job engine: one worker of all the computers does a thing, the others find it done."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

import procrastinate
import psycopg
from procrastinate import exceptions, jobs

from clinic_desktop.db.connect import Dsn
from clinic_desktop.db.engine import session_options
from clinic_desktop.errors import ClinicError
from clinic_desktop.services.backup.due import Clock, due
from clinic_desktop.services.backup.run import Site
from clinic_desktop.services.calendars.folder import due as feeds_due

log = logging.getLogger(__name__)

QUEUE: Final = "backup"
TICK_SECONDS: Final = 60.0
# A worker says that it lives every ten seconds; one that was killed does not.
STALLED_SECONDS: Final = 60.0


def make_app(
    dsn: Dsn,
    tasks: Mapping[str, Callable[[], object]],
    still_due: Callable[[], Collection[str]] | None = None,
) -> procrastinate.App:
    """Return the engine of clinic_worker with these tasks; all share one lock.

    ``still_due`` says, when its turn comes, whether another computer has done it meanwhile.
    Its functions name no schema, so that the connection puts theirs in front.
    """
    options = session_options({"search_path": "jobs,pg_catalog", "timezone": "UTC"})
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            kwargs={**dsn, "options": options}, min_size=1, max_size=3
        )
    )
    for name, task in tasks.items():
        app.task(name=name, queue=QUEUE, lock=QUEUE, queueing_lock=name)(
            _told(name, task, still_due)
        )
    return app


def _told(
    name: str, task: Callable[[], object], still_due: Callable[[], Collection[str]] | None
) -> Callable[..., None]:
    """Return the task with its refusal as one line: what went wrong is noted by the task itself.

    ``by_clock`` tells what is due by itself from what staff asked for, which is done in any case.
    """

    def run(*, by_clock: bool = False) -> None:
        try:
            if by_clock and still_due is not None and name not in still_due():
                log.info("%s was done by another computer", name)
                return
            task()
        except ClinicError as error:
            log.warning("%s: %s", name, error)

    return run


def all_due(site: Site, *, tail_tried: datetime | None = None) -> list[str]:
    """Return the names of all tasks that are due now, most pressing first."""
    feeds = feeds_due(site.root, lambda: Clock.of(site.dsn).now)
    return [*due(site, tail_tried=tail_tried), *feeds]


class Work:
    """What a worker does until it is told to stop."""

    def __init__(
        self, app: procrastinate.App, site: Site, *, goes_on: Callable[[], bool] = lambda: True
    ) -> None:
        self._app, self._site, self._goes_on = app, site, goes_on
        self._tail_tried: datetime | None = None

    async def once(self) -> list[str]:
        """Ask for what is due and do everything that is asked for; return what was due."""
        await self._end_stalled()
        wanted = all_due(self._site, tail_tried=self._tail_tried)
        if not wanted and not self._site.kept.read().ready:
            return []
        for name in wanted:
            await self._ask(name)
        if not wanted and not self._site.has_newest() and not await self._asked_for():
            # What waits is for the computer that has the newest dump.
            return []
        await self._app.run_worker_async(
            queues=[QUEUE],
            wait=False,
            concurrency=1,
            install_signal_handlers=False,
            delete_jobs="always",
        )
        if "backup.tail" in wanted or "backup.full" in wanted:
            self._tail_tried = Clock.of(self._site.dsn).now
        # A dump is tried at once, not at the next tick.
        if "backup.full" in wanted and "backup.drill" in due(
            self._site, tail_tried=self._tail_tried
        ):
            return [*wanted, *await self.once()]
        return wanted

    async def on(self) -> None:
        """Look again every minute while ``goes_on`` says so."""
        while self._goes_on():
            try:
                await self.once()
            except (psycopg.OperationalError, exceptions.ConnectorException) as error:
                # A server on the network goes away for its updates; what is due stays due.
                log.warning("The database does not answer: %s", type(error).__name__)
            await asyncio.sleep(TICK_SECONDS)

    async def _ask(self, name: str) -> None:
        try:
            await self._app.configure_task(name).defer_async(by_clock=True)
        except exceptions.AlreadyEnqueued:
            log.debug("%s is asked for already", name)

    async def _asked_for(self) -> bool:
        """Return whether something waits that any computer may do."""
        waiting = await self._app.job_manager.list_jobs_async(queue=QUEUE, status="todo")
        return any(job.task_name not in ("backup.tail", "backup.drill") for job in waiting)

    async def _end_stalled(self) -> None:
        """Free the lock of a worker that was killed; what it did is due again by itself."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)


async def work(app: procrastinate.App, doing: Work, *, once: bool) -> list[str]:
    """Open the engine and work; return what was due (``once``)."""
    async with app.open_async():
        if once:
            return await doing.once()
        await doing.on()
        return []

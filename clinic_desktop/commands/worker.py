"""``clinic-desktop worker``: do what is due, until stopped or once."""

import argparse
import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress

import psutil

from clinic_desktop.commands.places import add_server_arguments, worked_on
from clinic_desktop.i18n import _
from clinic_desktop.ranks import step_back


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add whether to stay."""
    parser.add_argument("--once", action="store_true", help="do what is due now and end")
    add_server_arguments(parser)
    parser.add_argument("--parent", type=int, help="end when this process has ended")


def run(args: argparse.Namespace) -> int:
    """Work; 0 at the end."""
    # Loaded here: its libraries take longer than most commands.
    from clinic_desktop.jobs.backup import tasks
    from clinic_desktop.jobs.engine import Work, all_due, make_app, work
    from clinic_desktop.services.backup.local import site_of

    with worked_on(args) as place:
        # After the server's start, which would take the same rank.
        step_back()
        site = site_of(place)
        app = make_app(place.machine("clinic_worker"), tasks(site), lambda: all_due(site))
        doing = Work(app, site, goes_on=lambda: _lives(args.parent))
        # The driver waits for sockets, which the loop that Windows takes by itself cannot.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as loop:
            done = loop.run(_until_told(work(app, doing, once=args.once)))
    if args.once:
        print(_("Done: {tasks}").format(tasks=", ".join(done) or _("nothing was due")))
    return 0


async def _until_told(doing: Coroutine[object, object, list[str]]) -> list[str]:
    """Work until the system or the program that started us says that it is enough."""
    task = asyncio.ensure_future(doing)
    with suppress(NotImplementedError):  # Windows ends a process without asking
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return []


def _lives(parent: int | None) -> bool:
    return parent is None or psutil.pid_exists(parent)

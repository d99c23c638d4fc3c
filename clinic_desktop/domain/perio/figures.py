"""Indices as people read them, on screen and paper: each with its n, unknown never as zero."""

from collections.abc import Callable, Sequence

from clinic_desktop.domain.perio.indices import Indices, Mean, Share
from clinic_desktop.i18n import _


def share_text(share: Share | None) -> str:
    """Return a percentage with its n; who did not look says so."""
    if share is None:
        return _("not looked for")
    if share.percent is None:
        return _("not examined")
    return _("{percent} % of {n}").format(percent=round(share.percent), n=share.n)


def mean_text(mean: Mean) -> str:
    """Return a mean in mm with its n."""
    if mean.mm is None:
        return _("not measured")
    return _("{mm} of {n}").format(mm=f"{mean.mm:.1f}", n=mean.n)


def _count(share: Share) -> str:
    if not share.n:
        return _("not examined")
    return _("{count} of {n}").format(count=share.count, n=share.n)


_ROWS: Sequence[tuple[Callable[[], str], Callable[[Indices], str]]] = (
    (lambda: _("Bleeding"), lambda one: share_text(one.bleeding)),
    (lambda: _("Plaque"), lambda one: share_text(one.plaque)),
    (lambda: _("Calculus"), lambda one: share_text(one.calculus)),
    (lambda: _("Suppuration"), lambda one: share_text(one.suppuration)),
    (lambda: _("Sites 4–5 mm"), lambda one: _count(one.medium)),
    (lambda: _("Sites 6 mm or more"), lambda one: _count(one.deep)),
    (lambda: _("Mean depth, mm"), lambda one: mean_text(one.depth)),
    (lambda: _("Attachment loss, mm"), lambda one: mean_text(one.loss)),
    (
        lambda: _("Deepest, mm"),
        lambda one: _("not measured") if one.deepest is None else str(one.deepest),
    ),
    (lambda: _("Teeth probed"), lambda one: str(one.teeth)),
)


def figure_rows(found: Sequence[Indices]) -> list[tuple[str, tuple[str, ...]]]:
    """Return each index by name, with its value in every one of these exams."""
    return [(name(), tuple(text(one) for one in found)) for name, text in _ROWS]

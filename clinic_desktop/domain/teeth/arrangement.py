"""Which tooth stands where in the picture: both jaws share columns, the wider tooth counts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from clinic_desktop.domain.teeth.anatomy import anatomy
from clinic_desktop.domain.teeth.chart import ToothChart, ToothState, ToothView
from clinic_desktop.domain.teeth.numbering import tooth

# The crown of a tooth in the bone lies between the roots of its milk tooth, from this share on.
SUCCESSOR_DEPTH: Final = 0.62
_HIDDEN: Final = frozenset({ToothState.UNERUPTED, ToothState.IMPACTED})
# A permanent tooth in one of these states leaves its place in the row to the milk tooth.
_GIVES_WAY: Final = _HIDDEN | {ToothState.MISSING, ToothState.NOT_EXAMINED}


@dataclass(frozen=True, slots=True)
class Place:
    """The tooth of one jaw in one column, and the one still below it in the bone."""

    front: ToothView
    behind: ToothView | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the picture, ``width`` in mm; a jaw may have no tooth there."""

    width: float
    upper: Place | None
    lower: Place | None


_Key = tuple[int, int]


def arrange(chart: ToothChart) -> tuple[Column, ...]:
    """Return the columns from the patient's right to the left.

    A milk tooth and its successor share a column while the successor is in the bone; a
    supernumerary tooth, or a milk tooth beside its successor, has a column of its own outside.
    """
    found: dict[tuple[_Key, bool], Place] = {}
    standing: dict[tuple[int, bool], list[ToothView]] = defaultdict(list)
    for view in chart.teeth:
        one = tooth(view.tooth)
        if one.supernumerary:
            outside = 2 * one.extra + one.primary
            found[_key(view.tooth, outside=outside), one.upper] = Place(view)
        else:
            standing[one.column, one.upper].append(view)
    for (_column, upper), views in standing.items():
        for key, place in _share(views):
            found[key, upper] = place
    keys = sorted({key for key, _upper in found})
    return tuple(_column_of(found.get((key, True)), found.get((key, False))) for key in keys)


def _key(fdi: int, *, outside: int = 0) -> _Key:
    """Return the place of a column; what stands outside its neighbour is farther from midline."""
    found = tooth(fdi)
    return (found.column, -outside if found.right else outside)


def _share(views: list[ToothView]) -> list[tuple[_Key, Place]]:
    """Return how the milk tooth and the permanent tooth of one position are shown."""
    milk = next((view for view in views if tooth(view.tooth).primary), None)
    permanent = next((view for view in views if not tooth(view.tooth).primary), None)
    if milk is None or permanent is None:
        only = milk or permanent
        return [(_key(only.tooth), Place(only))] if only else []
    if milk.state is ToothState.MISSING:
        return [(_key(permanent.tooth), Place(permanent))]
    if permanent.state in _GIVES_WAY:
        behind = permanent if permanent.state in _HIDDEN else None
        return [(_key(milk.tooth), Place(milk, behind))]
    return [
        (_key(permanent.tooth), Place(permanent)),
        (_key(milk.tooth, outside=1), Place(milk)),
    ]


def _column_of(upper: Place | None, lower: Place | None) -> Column:
    widths = [anatomy(place.front.tooth).width for place in (upper, lower) if place]
    return Column(max(widths), upper, lower)


def _depth(place: Place) -> float:
    """Return how far a tooth, or the crown of its successor, reaches below the neck in mm."""
    root = anatomy(place.front.tooth).root
    if place.behind is None:
        return root
    return max(root, root * SUCCESSOR_DEPTH + anatomy(place.behind.tooth).crown)


@dataclass(frozen=True, slots=True)
class Heights:
    """The greatest lengths of one jaw in mm."""

    root: float
    crown: float
    depth: float


def heights(columns: tuple[Column, ...], *, upper: bool) -> Heights:
    """Return how much room a jaw needs; a jaw without teeth needs none."""
    places = [column.upper if upper else column.lower for column in columns]
    standing = [place for place in places if place]
    sizes = [anatomy(place.front.tooth) for place in standing]
    return Heights(
        root=max((_depth(place) for place in standing), default=0.0),
        crown=max((size.crown for size in sizes), default=0.0),
        depth=max((size.depth for size in sizes), default=0.0),
    )

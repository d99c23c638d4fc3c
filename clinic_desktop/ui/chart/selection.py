"""Which teeth are selected and which one the keyboard is on; knows nothing of the screen."""

from dataclasses import dataclass, replace

from clinic_desktop.domain.teeth.numbering import tooth


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected teeth in the order of the picture, the tooth in hand, and where a range began.

    ``shown`` are the teeth of the picture, upper jaw first, each jaw from the patient's right.
    """

    shown: tuple[int, ...] = ()
    chosen: frozenset[int] = frozenset()
    current: int | None = None
    anchor: int | None = None

    @property
    def teeth(self) -> tuple[int, ...]:
        """The selected teeth in the order of the picture."""
        return tuple(fdi for fdi in self.shown if fdi in self.chosen)

    def of_picture(self, shown: tuple[int, ...]) -> "Selection":
        """Return the selection in another picture: teeth no longer shown are left out."""
        known = frozenset(shown)
        return Selection(
            shown=shown,
            chosen=self.chosen & known,
            current=self.current if self.current in known else None,
            anchor=self.anchor if self.anchor in known else None,
        )

    def only(self, fdi: int) -> "Selection":
        """Select one tooth alone."""
        return replace(self, chosen=frozenset({fdi}), current=fdi, anchor=fdi)

    def on(self, fdi: int) -> "Selection":
        """Take a tooth in hand without selecting it."""
        return replace(self, current=fdi, anchor=fdi)

    def exactly(self, fdis: tuple[int, ...]) -> "Selection":
        """Select these teeth; the tooth in hand is the last one."""
        known = tuple(fdi for fdi in fdis if fdi in self.shown)
        last = known[-1] if known else self.current
        return replace(self, chosen=frozenset(known), current=last, anchor=last)

    def toggled(self, fdi: int) -> "Selection":
        """Add a tooth, or take it away."""
        return replace(self, chosen=self.chosen ^ {fdi}, current=fdi, anchor=fdi)

    def up_to(self, fdi: int) -> "Selection":
        """Select from where the range began to this tooth, in both jaws if it crossed over."""
        start = self.anchor if self.anchor is not None else fdi
        between = frozenset(_between(self.shown, start, fdi))
        return replace(self, chosen=between, current=fdi, anchor=start)

    def everything(self) -> "Selection":
        """Select all teeth."""
        return replace(self, chosen=frozenset(self.shown))

    def nothing(self) -> "Selection":
        """Select no tooth; the one in hand stays."""
        return replace(self, chosen=frozenset())


def _between(shown: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
    jaws = {tooth(start).upper, tooth(end).upper}
    jaw = [fdi for fdi in shown if tooth(fdi).upper in jaws]
    if len(jaws) == 1:
        first, last = sorted((jaw.index(start), jaw.index(end)))
        return tuple(jaw[first : last + 1])
    left, right = sorted((tooth(start).column, tooth(end).column))
    return tuple(fdi for fdi in jaw if left <= tooth(fdi).column <= right)


def neighbour(selection: Selection, *, columns: int = 0, other_jaw: bool = False) -> int | None:
    """Return the tooth this many columns to the right on the screen, or across in the other jaw.

    At the end of a jaw it stays. Without a tooth in hand it is the first of the picture.
    """
    shown, current = selection.shown, selection.current
    if current is None or current not in shown:
        return shown[0] if shown else None
    upper = tooth(current).upper
    if other_jaw:
        across = [fdi for fdi in shown if tooth(fdi).upper is not upper]
        column = tooth(current).column
        return min(across, key=lambda fdi: abs(tooth(fdi).column - column), default=current)
    jaw = [fdi for fdi in shown if tooth(fdi).upper is upper]
    return jaw[max(0, min(len(jaw) - 1, jaw.index(current) + columns))]


def edge_of_jaw(selection: Selection, *, last: bool) -> int | None:
    """Return the first or last tooth of the jaw in hand."""
    current = selection.current
    upper = current is None or tooth(current).upper
    jaw = [fdi for fdi in selection.shown if tooth(fdi).upper is upper]
    return jaw[-1 if last else 0] if jaw else None

"""A visit done early frees provider and chair from the minute in which it was done.

Free times are whole minutes, as people book them. Held to the second, the minute in which somebody
was done was offered and then refused.
"""

from clinic_desktop.db.patching import replace_in

revision = "2026_12_01_whole_minutes"
down_revision = "2026_11_30_cards"
branch_labels = None
depends_on = None

_MINUTE = "date_trunc('minute', NEW.done_at, 'UTC')"
_FREES_ALL = "IF {done} <= NEW.starts_at THEN"
_FREES_REST = "ends := least(ends, {done});"


def upgrade() -> None:
    for place in (_FREES_ALL, _FREES_REST):
        replace_in("occupy", place.format(done="NEW.done_at"), place.format(done=_MINUTE))


def downgrade() -> None:
    for place in (_FREES_ALL, _FREES_REST):
        replace_in("occupy", place.format(done=_MINUTE), place.format(done="NEW.done_at"))

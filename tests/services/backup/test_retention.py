"""What is kept: the newest of each day, week and month."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.services.backup.retention import kept, made_at, stamp, surplus

START = datetime(2026, 1, 5, 2, tzinfo=UTC)


def named(at: datetime, tag: str = "0a1b2c3d") -> str:
    return f"clinic-{tag}-{at:%Y%m%dT%H%M%SZ}"


class TestRetention:
    def test_a_year_of_nights(self) -> None:
        stamps = [named(START + timedelta(days=n)) for n in range(365)]
        stay = kept(stamps, daily=7, weekly=5, monthly=12)
        assert set(stamps[-7:]) <= stay
        assert len(stay) <= 7 + 5 + 12
        assert named(datetime(2026, 6, 30, 2, tzinfo=UTC)) in stay

    @given(st.lists(st.integers(0, 20_000), min_size=1, max_size=60), st.integers(1, 9))
    def test_newest_stays_and_a_second_pass_removes_nothing(self, hours, daily) -> None:
        stamps = [named(START + timedelta(hours=n)) for n in hours]
        rules = {"daily": daily, "weekly": 2, "monthly": 3}
        stay = kept(stamps, **rules)
        assert max(stamps, key=made_at) in stay
        assert kept(stay, **rules) == stay

    def test_files_go_with_their_dump_and_strangers_stay(self) -> None:
        old, new = named(START), named(START + timedelta(days=1))
        other = named(START, tag="ffffffff")
        names = [
            *(f"{old}-{end}" for end in ("full.age", "full.json", "0001.age", "0001.json")),
            f"{new}-full.age",
            f"{named(START + timedelta(days=2))}-full.age",
            f"{other}-full.age",
            "holiday.jpg",
            "recovery-key-abc.age",
        ]
        assert surplus(names, daily=1, weekly=0, monthly=0) == sorted(names[:4])
        assert stamp("holiday.jpg") is None

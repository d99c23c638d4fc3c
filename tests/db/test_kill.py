"""A short kill test; .ci/run makes 100 kills, and 25 more on the system's PostgreSQL."""

from tests.kill import run


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done() -> None:
    outcome = run(kills=6, seed=5)
    assert outcome.acknowledged > 0
    assert (outcome.lost, outcome.half, outcome.findings) == (0, 0, ())

"""Ask the search ten thousand queries and compare each answer with a loop over every record.

    python -m tests.search_oracle
    python -m tests.search_oracle --queries 100000 --people 10000 --seed 7

The test of every day (``tests/services/test_patients_search_oracle.py``) asks fewer of fewer.
"""

import argparse
import os
import sys

import pytest

TEST = "tests/services/test_patients_search_oracle.py"


def main() -> int:
    """Run the comparison to its end; 0 when every answer agreed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["CLINIC_ORACLE_QUERIES"] = str(asked.queries)
    os.environ["CLINIC_ORACLE_PEOPLE"] = str(asked.people)
    os.environ["CLINIC_ORACLE_SEED"] = str(asked.seed)
    return int(pytest.main(["-q", "-n0", "-s", "-p", "no:cacheprovider", TEST]))


if __name__ == "__main__":
    sys.exit(main())

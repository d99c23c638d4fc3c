"""A real PostgreSQL for every test: a cluster for the run, a fresh copy of the clinic for each."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# What programs of the tests remember stays away from the person's own settings.
os.environ["CLINIC_DESKTOP_MEMORY"] = os.path.join(  # noqa: PTH118 - before any import of ours
    tempfile.gettempdir(), f"clinic-tests-memory-{os.getpid()}"
)

from clinic_desktop.db.connect import Dsn
from clinic_desktop.services.context import Context
from clinic_desktop.services.session import SignedIn
from tests.cluster import PASSWORD, Copies, TestCluster, prepared
from tests.factories import Factory
from tests.scratch import scratch

# How long one example takes says nothing on a machine where everything else runs at the same time.
settings.register_profile("clinic", deadline=None)
settings.load_profile("clinic")


@pytest.fixture(scope="session")
def cluster() -> Iterator[TestCluster]:
    """A running server that this run alone uses, with the template of a clinic."""
    # A folder of our own: pytest clears those of earlier runs, also while another run uses one,
    # and as root the server runs as somebody else, who must pass through it.
    root = scratch("clinic-tests-")
    copy = root / "cluster"
    # As root the data belong to another account, which a plain copy would lose.
    subprocess.run(["cp", "-a", prepared(), copy], check=True)
    running = TestCluster(copy)
    running.start()
    yield running
    running.stop()
    shutil.rmtree(root, ignore_errors=True)


class Database:
    """A test's own database, a copy of the template; sign-ins are closed when the test ends."""

    def __init__(self, cluster: TestCluster, name: str, stack: ExitStack) -> None:
        self.cluster, self.name, self._stack = cluster, name, stack

    def superuser(self) -> Dsn:
        return self.cluster.address.superuser_dsn(self.name)

    def machine(self, login: str) -> Dsn:
        return self.cluster.address.dsn(login, PASSWORD, self.name)

    def person(self, login: str) -> Dsn:
        """Sign-in parameters of a person of the template: u_front, u_dentist, u_admin, ..."""
        return self.cluster.address.dsn(login, PASSWORD, self.name)

    def sign_in(self, login: str, *, device: str = "pc-1") -> SignedIn:
        signed_in = SignedIn(self.person(login), device=device)
        self._stack.callback(signed_in.close)
        return signed_in


@pytest.fixture(scope="session")
def copies(cluster: TestCluster) -> Iterator[Copies]:
    """Fresh copies of the template clinic, made ahead."""
    made = Copies(cluster)
    yield made
    made.close()


@pytest.fixture
def database(cluster: TestCluster, copies: Copies) -> Iterator[Database]:
    """A fresh copy of the template clinic."""
    name = copies.take()
    with ExitStack() as stack:
        yield Database(cluster, name, stack)
    copies.give_back(name)


@pytest.fixture
def sign_in(database: Database) -> Callable[..., SignedIn]:
    """Sign in as a person of the template: ``sign_in("u_front")``."""
    return database.sign_in


@pytest.fixture
def signed_in(sign_in: Callable[..., SignedIn]) -> SignedIn:
    """The administrator, who may do everything."""
    return sign_in("u_admin")


@pytest.fixture
def ctx(signed_in: SignedIn) -> Iterator[Context]:
    """A writing context of the administrator, committed when the test ends well."""
    with signed_in.writing() as context:
        yield context


@pytest.fixture
def make(signed_in: SignedIn) -> Factory:
    """Make patients, providers, treatments: each in a committed transaction of its own."""
    return Factory(signed_in)

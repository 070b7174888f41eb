"""What the client tests share: servers of their own, stopped at the end."""

import os
import pathlib
import sys

import pytest

HOME = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(HOME / "docs" / "examples"))
from sluice_server import Server  # noqa: E402


def check_guide(name, of, table):
    """The guide has the table between its marks; SLUICE_ICEBERG_MATRIX=write puts it there."""
    path = HOME / "docs" / name
    guide = path.read_text()
    opening = f"<!-- {of}: begin -->\n"
    begin, end = guide.index(opening) + len(opening), guide.index(f"<!-- {of}: end -->\n")
    if os.environ.get("SLUICE_ICEBERG_MATRIX") == "write":
        path.write_text(guide[:begin] + table + guide[end:])
    else:
        assert guide[begin:end] == table, "run with SLUICE_ICEBERG_MATRIX=write and look at it"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for the tests that do not disturb each other; each uses schemas or tables of its own."""
    with Server(tmp_path_factory.mktemp("lake")) as running:
        yield running


@pytest.fixture
def start(tmp_path):
    """Starts further servers: start(data_dir, *options)."""
    servers = []

    def start_server(data_dir=None, *options, **settings):
        servers.append(Server(data_dir or tmp_path / "lake", *options, **settings))
        return servers[-1]

    yield start_server
    for running in servers:
        running.stop()


@pytest.fixture
def connection(server):
    import adbc_driver_flightsql.dbapi as flight_sql

    with flight_sql.connect(server.uri, autocommit=True) as opened:
        yield opened


@pytest.fixture
def cursor(connection):
    with connection.cursor() as opened:
        yield opened

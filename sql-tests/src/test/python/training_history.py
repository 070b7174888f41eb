"""Random training datasets and random histories of the tables that they were made of, all from one seed."""

import datetime
import random

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa
import pyarrow.flight as flight

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
FIRST = datetime.datetime(2026, 1, 1, tzinfo=UTC)


def connect(server):
    return flight_sql.connect(server.uri, autocommit=True)


def query(server, sql):
    """The rows as they come over the wire."""
    client = flight.connect(server.uri)
    try:
        return client.do_get(flight.Ticket(sql.encode())).read_all()
    finally:
        client.close()


def ipc_bytes(table):
    """The table as one record batch of an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue().to_pybytes()


class Feature:
    """A table with event times; what its columns are called now, by what they were called first."""

    def __init__(self, name, rng):
        self.name = name
        self.columns = {c: c for c in ("k1", "k2", "at", "v", "n", "s", "x")}
        self.types = {"k1": "BIGINT", "k2": "VARCHAR", "v": "DOUBLE", "n": "INTEGER", "s": "VARCHAR", "x": "REAL"}
        self.arrived = rng.random() < 0.2
        self.timed, self.other = True, False
        self.renamed = self.added = 0


class History:
    """A dataset over labels and one to three features."""

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.seed = seed
        self.prefix = f"h{seed}"
        self.dataset = f"{self.prefix}_set"
        self.labels = f"{self.prefix}_labels"
        self.zoned = rng.random() < 0.5
        self.arrival = seed % 4 != 0
        self.composite = rng.random() < 0.5
        self.entities = rng.randint(3, 25)
        self.features = [Feature(f"{self.prefix}_f{i}", rng) for i in range(rng.randint(1, 3))]
        self.key = ["id", "sub"] if rng.random() < 0.3 else ["id"]
        self.log = []
        self.appends_only = True
        self.changed = False
        self.fits_aggregate = True

    # -------- SQL

    def execute(self, server, sql):
        self.log.append(sql)
        with connect(server) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def ingest(self, server, table, rows, columns, mode="append"):
        self.log.append(f"-- {mode} {rows.num_rows} rows to {table}")
        with connect(server) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows.rename_columns(columns), mode=mode)

    @property
    def time_type(self):
        return "TIMESTAMP WITH TIME ZONE" if self.zoned else "TIMESTAMP"

    # -------- data

    def times(self, values):
        kind = pa.timestamp("us", "UTC" if self.zoned else None)
        return pa.array([v if v is None or self.zoned else v.replace(tzinfo=None) for v in values], kind)

    def some(self, value, nulls=0.1):
        return None if self.rng.random() < nulls else value

    def number(self):
        # magnitudes whose sum depends on the order where it is not exact
        return self.rng.choice([self.rng.gauss(0, 1), self.rng.gauss(1e12, 1e9), self.rng.gauss(0, 1e-6), -0.0])

    def event_time(self):
        # few of them, so that there are ties
        return FIRST + datetime.timedelta(hours=self.rng.randrange(24 * 20))

    def readings(self, count):
        rng = self.rng
        return pa.table(
            {
                "k1": pa.array([self.some(rng.randrange(self.entities), 0.05) for _ in range(count)], pa.int64()),
                "k2": pa.array([self.some(rng.choice("ab"), 0.05) for _ in range(count)]),
                "at": self.times([self.some(self.event_time(), 0.03) for _ in range(count)]),
                "v": pa.array([self.some(self.number()) for _ in range(count)], pa.float64()),
                "n": pa.array([self.some(rng.randrange(-100, 100)) for _ in range(count)], pa.int32()),
                "s": pa.array([self.some(rng.choice(["", "red", "gr\u00fcn", "blue " * 5])) for _ in range(count)]),
                "x": pa.array([self.some(rng.gauss(0, 10)) for _ in range(count)], pa.float32()),
            }
        )

    def spine(self, count, commits, first_id=0):
        """Labels at old times and, where arrivals matter, just before, at and after commits."""
        rng = self.rng
        jitters = [datetime.timedelta(0), datetime.timedelta(microseconds=1), datetime.timedelta(milliseconds=50)]

        def moment():
            if self.arrival and rng.random() < 0.8:
                return rng.choice(commits) + rng.choice([-1, 1]) * rng.choice(jitters)
            return self.event_time() + datetime.timedelta(minutes=rng.randrange(3) * 30)

        ids = [first_id + (i // 2 if len(self.key) == 2 else i) for i in range(count)]
        order = list(range(count))
        rng.shuffle(order)
        table = pa.table(
            {
                "id": pa.array(ids, pa.int64()),
                "sub": pa.array([f"s{i % 2}" for i in range(count)]),
                "k1": pa.array([self.some(rng.randrange(self.entities), 0.05) for _ in range(count)], pa.int64()),
                "k2": pa.array([self.some(rng.choice("ab"), 0.05) for _ in range(count)]),
                "ts": self.times([moment() for _ in range(count)]),
                "grp": pa.array([self.some(rng.choice(["u", "v", "w"])) for _ in range(count)]),
                "part": pa.array(["train" if i < 2 else rng.choice(["train", "test", "late"]) for i in range(count)]),
                "w": pa.array([self.some(self.number()) for _ in range(count)], pa.float64()),
                "y": pa.array([self.some(rng.gauss(0, 1), 0.05) for _ in range(count)], pa.float64()),
            }
        )
        return table.take(order)

    # -------- the dataset

    def create_tables(self, server):
        for feature in self.features:
            arrived = ", came TIMESTAMP WITH TIME ZONE, INGESTION TIME (came)" if feature.arrived else ""
            self.execute(
                server,
                f"CREATE TABLE {feature.name} (k1 BIGINT, k2 VARCHAR, at {self.time_type}, v DOUBLE, n INTEGER,"
                f" s VARCHAR, x REAL{arrived}, EVENT TIME (at))",
            )
            for _ in range(self.rng.randint(1, 4)):
                self.append(server, feature)
        names = " UNION ALL ".join(f"SELECT committed_at FROM {f.name}$snapshots" for f in self.features)
        commits = [row[0] for row in self.execute(server, names)]
        self.execute(
            server,
            f"CREATE TABLE {self.labels} (id BIGINT NOT NULL, sub VARCHAR NOT NULL, k1 BIGINT, k2 VARCHAR,"
            f" ts {self.time_type} NOT NULL, grp VARCHAR, part VARCHAR NOT NULL, w DOUBLE, y DOUBLE,"
            f" PRIMARY KEY ({', '.join(self.key)}) NOT ENFORCED)",
        )
        spine = self.spine(self.rng.randint(40, 150), commits)
        self.ingest(server, self.labels, spine, spine.column_names)

    def append(self, server, feature):
        rows = self.readings(self.rng.randint(20, 200))
        if feature.arrived and not feature.other:
            delays = [self.rng.choice([0, 1, 40]) * DAY for _ in range(rows.num_rows)]
            came = [self.event_time() + delay for delay in delays]
            rows = rows.append_column("came", pa.array(came, pa.timestamp("us", "UTC")))
        known = [c for c in rows.column_names if c == "came" or c in feature.columns]
        self.ingest(server, feature.name, rows.select(known), [feature.columns.get(c, c) for c in known])

    def create(self):
        """CREATE TRAINING DATASET without a version, so that it can be repeated."""
        rng = random.Random(self.seed)
        instant = "l.ts" if self.zoned else "l.ts AT TIME ZONE 'UTC'"
        items = [f"l.{c}" for c in ("id", "sub", "k1", "ts", "grp", "part", "w")]
        joins = ""

        def bound(alias):
            arrived = f" AND {alias}._committed_at <= {instant}" if self.arrival else ""
            tolerance = f" AND {alias}.at > l.ts - INTERVAL '{rng.randint(300, 400)}' DAY" if rng.random() < 0.5 else ""
            return f"{alias}.at <= l.ts{tolerance}{arrived}"

        def same_entity(alias):
            return f"{alias}.k1 = l.k1" + (f" AND {alias}.k2 = l.k2" if self.composite else "")

        for i, feature in enumerate(self.features):
            columns = rng.sample(["v", "n", "s", "x"], rng.randint(1, 4))
            items += [f"r{i}.{c} AS {c}{i}" for c in columns] + [f"r{i}.at AS at{i}"]
            joins += f" LEFT ASOF JOIN {feature.name} r{i} MATCH_CONDITION ({bound(f'r{i}')}) ON {same_entity(f'r{i}')}"
        aggregates = rng.sample(["SUM(q.v)", "AVG(q.v)", "STDDEV_SAMP(q.v)", "VAR_POP(q.x)", "SUM(q.x)", "MAX(q.s)"], rng.randint(1, 2))
        feature = rng.choice(self.features)
        where = f"{same_entity('q')} AND {bound('q')}"
        items += [f"(SELECT {a} FROM {feature.name} q WHERE {where}) AS g{i}" for i, a in enumerate(aggregates)]
        split, train = rng.choice(
            [
                ("SPLIT BY TIME (train 0.6, test 0.4)", "train"),
                ("SPLIT BY TIME (ts) (train 0.5, valid 0.2, test)", "train"),
                (
                    f"SPLIT BY TIME (train UNTIL {self.time_type} '2026-01-12 00:00:00',"
                    " test) GAP INTERVAL '1' DAY",
                    "train",
                ),
                (f"SPLIT BY HASH (k1) SEED {rng.randrange(100)} (train 0.7, test 0.3)", "train"),
                (f"SPLIT BY HASH (grp, k1) SEED {rng.randrange(100)} (train 0.7, test 0.2)", "train"),
                (f"SPLIT BY RANDOM SEED {rng.randrange(100)} (train 0.5, valid 0.25, test 0.25)", "train"),
                (f"SPLIT BY RANDOM STRATIFIED BY (grp) SEED {rng.randrange(100)} (train 0.6, test 0.4)", "train"),
                ("SPLIT BY COLUMN (part)", "train"),
                ("", "all"),
            ]
        )
        fits = [
            "standardize(w) AS w_z",
            "min_max_scale(impute(w, 'median'))",
            "standardize(impute(g0, 'mean')) AS g0_z" if aggregates[0] != "MAX(q.s)" else "impute(g0, 'mode') AS g0_z",
            "one_hot(grp) AS grp_hot",
            "label_encode(part) AS part_code",
            "bucketize(w, -1, 0, 1e6) AS w_bucket",
            "impute(grp, 'mode') AS grp_full",
        ]
        chosen = [f for f in rng.sample(fits, rng.randint(1, 4)) if self.fits_aggregate or "(g0" not in f]
        fit = f"FIT ON {train} ({', '.join(chosen)})" if rng.random() < 0.7 and chosen else ""
        # the times around commits are of today, which is ripe after no horizon
        horizon = " HORIZON INTERVAL '1' DAY" if rng.random() < 0.2 and not self.arrival else ""
        storage = ", storage = 'virtual'" if rng.random() < 0.2 else ""
        null_labels = rng.choice(["drop", "keep"])
        return (
            f"CREATE TRAINING DATASET {self.dataset} KEY ({', '.join(self.key)}) OBSERVED AT ts LABEL (y{horizon})"
            f" {split} {fit} WITH (null_labels = '{null_labels}'{storage})"
            f" AS SELECT {', '.join(items)}, l.y FROM {self.labels} l{joins}"
        )

    # -------- what happens to the tables

    def late_rows(self, server):
        self.append(server, self.rng.choice(self.features))
        self.changed = True

    def late_labels(self, server):
        rows = self.spine(self.rng.randint(1, 10), [FIRST + 10 * DAY], first_id=10_000 * (len(self.log) + 1))
        self.ingest(server, self.labels, rows, rows.column_names)
        self.appends_only = False
        self.changed = True

    def rewritten(self, server, sql):
        self.execute(server, sql)
        self.appends_only = False
        self.changed = True

    def update(self, server):
        feature = self.rng.choice(self.features)
        v, n, at = (feature.columns.get(c) for c in ("v", "n", "at"))
        changes = [f"{v} = {v} * 1.5 + 1"] if v else []
        changes += [f"{at} = {at} - INTERVAL '2' HOUR"]
        condition = f"{n} % {self.rng.randint(2, 5)} = 0" if n else "TRUE"
        self.rewritten(server, f"UPDATE {feature.name} SET {self.rng.choice(changes)} WHERE {condition}")

    def delete(self, server):
        feature = self.rng.choice(self.features)
        k1 = feature.columns["k1"]
        self.rewritten(server, f"DELETE FROM {feature.name} WHERE {k1} = {self.rng.randrange(self.entities)}")

    def delete_labels(self, server):
        self.rewritten(server, f"DELETE FROM {self.labels} WHERE id % {self.rng.randint(5, 20)} = 3")

    def update_labels(self, server):
        self.rewritten(server, f"UPDATE {self.labels} SET w = w + 1, y = -y WHERE k1 = {self.rng.randrange(self.entities)}")

    def merge(self, server):
        feature = self.rng.choice(self.features)
        k1, at, k2 = (feature.columns[c] for c in ("k1", "at", "k2"))
        v = feature.columns.get("v")
        update = f"UPDATE SET {v} = COALESCE(t.{v}, 0) + 0.1" if v else f"UPDATE SET {at} = t.{at}"
        time = f"{self.time_type} '2026-01-03 00:00:00'"
        self.rewritten(
            server,
            f"MERGE INTO {feature.name} AS t USING (VALUES ({self.rng.randrange(self.entities)}, 'a'), (99, 'b'))"
            f" AS c(k, l) ON t.{k1} = c.k"
            f" WHEN MATCHED AND t.{at} < {time} THEN DELETE"
            f" WHEN MATCHED THEN {update}"
            f" WHEN NOT MATCHED THEN INSERT ({k1}, {k2}, {at}) VALUES (c.k, c.l, {time})",
        )

    def expire(self, server):
        table = self.rng.choice([f.name for f in self.features] + [self.labels])
        self.execute(server, f"EXPIRE SNAPSHOTS {table} OLDER THAN CURRENT_TIMESTAMP RETAIN LAST 1")

    def optimize(self, server):
        table = self.rng.choice([f.name for f in self.features] + [self.labels])
        self.execute(server, f"OPTIMIZE {table}")

    def add_column(self, server):
        feature = self.rng.choice(self.features)
        feature.added += 1
        self.execute(server, f"ALTER TABLE {feature.name} ADD COLUMN extra{feature.added} DOUBLE")

    def rename_column(self, server):
        feature = self.rng.choice(self.features)
        column = self.rng.choice(sorted(feature.columns))
        feature.renamed += 1
        now = f"{column}_{feature.renamed}"
        self.execute(server, f"ALTER TABLE {feature.name} RENAME COLUMN {feature.columns[column]} TO {now}")
        feature.columns[column] = now

    def drop_column(self, server):
        feature = self.rng.choice(self.features)
        left = sorted(set(feature.columns) & {"v", "n", "s", "x"})
        if len(left) > 1:
            gone = feature.columns.pop(self.rng.choice(left))
            self.execute(server, f"ALTER TABLE {feature.name} DROP COLUMN {gone}")
            if self.rng.random() < 0.5:
                # a namesake of another type is another column
                self.execute(server, f"ALTER TABLE {feature.name} ADD COLUMN {gone} DATE")

    def retype_column(self, server):
        feature = self.rng.choice(self.features)
        column = self.rng.choice(sorted({"n", "x"} & set(feature.columns)) or [""])
        if column:
            wider = {"n": "BIGINT", "x": "DOUBLE"}[column]
            self.execute(server, f"ALTER TABLE {feature.name} ALTER COLUMN {feature.columns[column]} SET DATA TYPE {wider}")

    def drop_event_time(self, server):
        feature = self.rng.choice(self.features)
        if feature.timed:
            self.execute(server, f"ALTER TABLE {feature.name} DROP EVENT TIME")
        feature.timed = False

    def rename_table(self, server):
        feature = self.rng.choice(self.features)
        feature.renamed += 1
        now = f"{feature.name}_{feature.renamed}"
        self.execute(server, f"ALTER TABLE {feature.name} RENAME TO {now}")
        if self.rng.random() < 0.5:
            self.execute(server, f"CREATE TABLE {feature.name} AS SELECT 'a namesake' AS note")
        feature.name = now

    def replace_table(self, server):
        feature = self.rng.choice(self.features)
        rows = self.readings(30)
        self.ingest(server, feature.name, rows, rows.column_names, mode="replace")
        feature.columns = {c: c for c in rows.column_names}
        feature.timed, feature.other = False, True

    def drop_copy(self, server):
        self.execute(server, f"ALTER TRAINING DATASET {self.dataset} VERSION 1 DROP COPY")

    def data_changes(self):
        """Changes after which the same statement makes the next version."""
        usual = [self.late_rows, self.expire, self.optimize, self.add_column]
        more = [self.late_labels, self.update, self.delete, self.merge, self.delete_labels, self.update_labels]
        return self.rng.choice([usual, usual + more, more])

    def any_changes(self):
        return [
            *(self.late_rows, self.update, self.delete, self.merge, self.expire, self.expire, self.optimize),
            *(self.add_column, self.rename_column, self.drop_column, self.retype_column, self.drop_event_time),
            *(self.rename_table, self.replace_table, self.drop_copy),
        ]

"""AUDIT TRAINING DATASET against a generator that plants leaks, and leaves others clean.

SLUICE_AUDIT_SEEDS says with how many seeds each kind is planted (default 2), SLUICE_AUDIT_CLEAN how many clean
datasets there are (default 4). The bar at 10 and 20: each kind is found at least 9 times in 10, and at most one
clean dataset has a line that is more than information.
"""

import os

import numpy as np
import pandas as pd
import pytest

SEEDS = int(os.environ.get("SLUICE_AUDIT_SEEDS", "2"))
CLEAN = int(os.environ.get("SLUICE_AUDIT_CLEAN", "4"))
START = pd.Timestamp("2024-01-01")
DAYS = 60


class Lake:
    """Labels of entities, readings of them over time, and a dataset's query, all from one seed."""

    def __init__(self, cursor, seed):
        self.cursor = cursor
        self.rng = np.random.default_rng(seed)
        self.name = f"a{seed}"
        self.binary = bool(self.rng.random() < 0.5)
        self.rows = int(self.rng.integers(1500, 4000))
        self.entities = int(self.rng.integers(150, 400))
        self.items = ["s.id", "s.entity", "s.at", "s.y"]
        self.joins = ""
        self.options = []
        self.split = self.rng.choice(["time", "hash"])
        self.readings = self._readings()
        self.spine = self._spine()

    def times(self, count, low=0.0, high=1.0):
        seconds = self.rng.integers(int(low * DAYS * 86400), int(high * DAYS * 86400), count)
        return START + pd.to_timedelta(seconds, unit="s")

    def _readings(self):
        count = self.entities * 30
        at = self.times(count)
        return pd.DataFrame(
            {
                "entity": self.rng.integers(0, self.entities, count),
                "at": at,
                "got": at + pd.to_timedelta(self.rng.integers(0, 600, count), unit="s"),
                "value": self.rng.normal(10, 3, count),
            }
        )

    def _spine(self):
        latent = self.rng.normal(0, 1, self.rows)
        frame = pd.DataFrame(
            {
                "id": self.rng.permutation(self.rows * 3)[: self.rows],
                "entity": self.rng.integers(0, self.entities, self.rows),
                # early enough that readings follow, late enough that some precede
                "at": self.times(self.rows, 0.2, 0.9),
                "latent": latent,
                "y": (latent > self.rng.normal(0.5, 0.3)).astype(np.int64) if self.binary else latent * 12.5 + 40,
            }
        )
        correlation = self.rng.uniform(0.3, 0.9)
        for i in range(int(self.rng.integers(2, 6))):
            kind = self.rng.choice(["normal", "integer", "flag", "text", "related"])
            frame[f"f{i}"] = {
                "normal": lambda: self.rng.normal(0, 5, self.rows),
                "integer": lambda: self.rng.integers(0, 50, self.rows),
                "flag": lambda: self.rng.random(self.rows) < self.rng.uniform(0.02, 0.5),
                "text": lambda: np.array(["red", "green", "blue", "grey"])[self.rng.integers(0, 4, self.rows)],
                "related": lambda: self.related(latent, correlation),
            }[kind]()
            self.items.append(f"s.f{i}")
        # one that tells rows apart, as real ones do
        frame["noise"] = self.rng.normal(0, 1, self.rows)
        self.items.append("s.noise")
        return frame

    def related(self, latent, correlation):
        """A number with that correlation to the latent one."""
        own = self.rng.normal(0, 1, len(latent))
        return correlation * latent + np.sqrt(1 - correlation**2) * own

    def add(self, column, values):
        self.spine[column] = values
        place = int(self.rng.integers(4, len(self.items) + 1))
        self.items.insert(place, f"s.{column}")

    def honest_join(self):
        self.items.append("r.value AS reading")
        self.joins += (
            f" LEFT ASOF JOIN {self.name}_readings r"
            " MATCH_CONDITION (r.at <= s.at AND r.got <= s.at) ON r.entity = s.entity"
        )

    def create(self):
        spine = self.spine.drop(columns="latent")
        for table, frame, times in [
            ("spine", spine, ""),
            ("readings", self.readings, ", EVENT TIME (at), INGESTION TIME (got)"),
        ]:
            types = {"i": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN", "O": "VARCHAR", "M": "TIMESTAMP", "U": "VARCHAR"}
            columns = ", ".join(
                f"{c} {types.get(frame[c].dtype.kind, 'VARCHAR')}" + (" NOT NULL" if c == "id" else "")
                for c in frame.columns
            )
            key = ", PRIMARY KEY (id) NOT ENFORCED" if table == "spine" else ""
            self.cursor.execute(f"CREATE TABLE {self.name}_{table} ({columns}{key}{times})")
            self.cursor.adbc_ingest(f"{self.name}_{table}", frame, mode="append")
        split = {
            "time": "SPLIT BY TIME (train 0.6, valid 0.2, test)",
            "hash": f"SPLIT BY HASH (entity) SEED {int(self.rng.integers(1000))} (train 0.7, test 0.3)",
            "random": f"SPLIT BY RANDOM SEED {int(self.rng.integers(1000))} (train 0.7, test 0.3)",
        }[self.split]
        options = f"WITH ({', '.join(self.options)})" if self.options else ""
        self.cursor.execute(
            f"CREATE TRAINING DATASET {self.name} KEY (id) OBSERVED AT at LABEL (y) {split} {options} AS"
            f" SELECT {', '.join(self.items)} FROM {self.name}_spine s{self.joins}"
        )
        self.cursor.fetchall()

    def audit(self):
        self.cursor.execute(f"AUDIT TRAINING DATASET {self.name}")
        assert [c[0] for c in self.cursor.description] == ["check", "column", "severity", "rows", "example"]
        return [row for row in self.cursor.fetchall() if row[2] != "info"]


# Each plants its leak and gives the checks, one of which must name it, and the column that it stands in.


def label_copy(lake):
    lake.add("leak", lake.spine.y.copy())
    return ("label copy",), "leak"


def label_scaled(lake):
    factor = lake.rng.choice([-1.0, 0.01, 3.7])
    lake.add("leak", lake.spine.y * factor + lake.rng.normal(0, 100))
    return ("label function",), "leak"


def label_rounded(lake):
    if lake.binary:
        lake.add("leak", np.where(lake.spine.y == 1, "late", "fine"))
    else:
        lake.add("leak", np.floor(lake.spine.y / lake.rng.choice([1.0, 5.0, 10.0])))
    return ("label function",), "leak"


def label_threshold(lake):
    bound = lake.spine.y.quantile(lake.rng.uniform(0.1, 0.9)) if not lake.binary else 0.5
    lake.add("leak", lake.spine.y > bound)
    return ("label function", "label copy"), "leak"


def future_reading(lake):
    alias = f"{lake.name}_readings"
    lake.items.append("r.value AS leak")
    lake.joins += f" LEFT ASOF JOIN {alias} r MATCH_CONDITION (r.at >= s.at) ON r.entity = s.entity"
    lake.options.append(f"allow_untimed = ({alias})")
    return ("event after OBSERVED AT",), "leak"


def whole_mean(lake):
    alias = f"{lake.name}_readings"
    if lake.rng.random() < 0.5:
        lake.items.append("m.leak")
        lake.joins += (
            f" LEFT JOIN (SELECT entity, AVG(value) AS leak FROM {alias} GROUP BY entity) m ON m.entity = s.entity"
        )
    else:
        lake.items.append(f"(SELECT AVG(r.value) FROM {alias} r WHERE r.entity = s.entity) AS leak")
    lake.options.append(f"allow_untimed = ({alias})")
    return ("event after OBSERVED AT",), "leak"


def late_arrival(lake):
    late = lake.rng.random(len(lake.readings)) < lake.rng.uniform(0.05, 0.3)
    days = pd.to_timedelta(lake.rng.integers(5, 20, len(lake.readings)), unit="D")
    lake.readings["got"] = lake.readings["got"].where(~late, lake.readings["got"] + days)
    lake.items.append("r.value AS leak")
    lake.joins += f" LEFT ASOF JOIN {lake.name}_readings r MATCH_CONDITION (r.at <= s.at) ON r.entity = s.entity"
    return ("arrival after OBSERVED AT",), "leak"


def shared_entity(lake):
    lake.split = "random"
    lake.honest_join()
    return ("entity in several splits",), "entity"


def duplicate_rows(lake):
    lake.split = "random"
    some = lake.spine.sample(frac=lake.rng.uniform(0.02, 0.2), random_state=int(lake.rng.integers(1 << 30))).copy()
    some["id"] = np.arange(len(some)) + 10 * lake.rows
    lake.spine = pd.concat([lake.spine, some], ignore_index=True)
    return ("duplicate rows across splits",), "noise"


def outcome_proxy(lake):
    if lake.rng.random() < 0.5:
        # a category's mean of the label, the row's own included
        lake.items.append("g.leak")
        lake.joins += (
            f" JOIN (SELECT entity, AVG(y) AS leak FROM {lake.name}_spine GROUP BY entity) g ON g.entity = s.entity"
        )
        lake.options.append(f"allow_untimed = ({lake.name}_spine)")
        return ("label aggregate",), "leak"
    spread = 0.03 * lake.spine.y.std()
    lake.add("leak", lake.spine.y + lake.rng.normal(0, spread, len(lake.spine)))
    return ("predicts the label", "label function"), "leak"


KINDS = [
    label_copy,
    label_scaled,
    label_rounded,
    label_threshold,
    future_reading,
    whole_mean,
    late_arrival,
    shared_entity,
    duplicate_rows,
    outcome_proxy,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_planted_leaks_are_found(cursor, kind):
    missed = []
    for n in range(SEEDS):
        seed = 1000 * (KINDS.index(kind) + 1) + n
        lake = Lake(cursor, seed)
        if kind is not shared_entity and lake.rng.random() < 0.3 and kind not in (future_reading, late_arrival):
            if kind is not whole_mean:
                lake.honest_join()
        checks, column = kind(lake)
        lake.create()
        lines = lake.audit()
        if not any(line[0] in checks and column in line[1].split(", ") for line in lines):
            missed.append((seed, lines))
    print(f"{kind.__name__}: {SEEDS - len(missed)} of {SEEDS} found")
    assert len(missed) <= SEEDS // 10, f"seeds and what was found instead: {missed}"


def test_clean_datasets_have_no_findings(cursor):
    alarms = []
    for seed in range(500, 500 + CLEAN):
        lake = Lake(cursor, seed)
        # a feature that is truly strong
        if seed % 2 == 0:
            lake.add("strong", lake.related(lake.spine.latent, 0.9))
        lake.honest_join()
        lake.create()
        lines = lake.audit()
        if lines:
            alarms.append((seed, lines))
    print(f"{len(alarms)} of {CLEAN} clean datasets have findings")
    assert len(alarms) <= CLEAN // 20, f"seeds and findings: {alarms}"


def test_a_first_load_is_information(cursor):
    """All rows of a table without an arrival column of its own arrived when they were loaded."""
    cursor.execute("CREATE TABLE load_feed (e BIGINT, at TIMESTAMP, v DOUBLE, EVENT TIME (at))")
    cursor.execute("INSERT INTO load_feed VALUES (1, TIMESTAMP '2020-01-01 00:00:00', 1)")
    cursor.execute("CREATE TABLE load_labels (id BIGINT NOT NULL, e BIGINT, at TIMESTAMP, y DOUBLE)")
    cursor.execute("INSERT INTO load_labels VALUES (1, 1, TIMESTAMP '2020-01-02 00:00:00', 1)")
    cursor.execute(
        "CREATE TRAINING DATASET load_set KEY (id) OBSERVED AT at LABEL (y) AS SELECT l.*, f.v FROM load_labels l"
        " LEFT ASOF JOIN load_feed f MATCH_CONDITION (f.at <= l.at) ON f.e = l.e"
    )
    cursor.fetchall()
    cursor.execute("AUDIT TRAINING DATASET load_set VERSION 1")
    ((check, column, severity, rows, example),) = cursor.fetchall()
    assert (check, column, severity, rows) == ("arrival after OBSERVED AT", "v", "info", 1)
    assert "first load" in example and "id = 1" in example


def test_labels_before_the_first_commit_are_a_warning(cursor):
    cursor.execute("CREATE TABLE young (e BIGINT, v DOUBLE)")
    cursor.execute("INSERT INTO young VALUES (1, 1)")
    cursor.execute("CREATE TABLE old_labels (id BIGINT NOT NULL, e BIGINT, at TIMESTAMP, y DOUBLE)")
    cursor.execute(
        "INSERT INTO old_labels VALUES (1, 1, TIMESTAMP '2020-01-02 00:00:00', 1), (2, 1, TIMESTAMP '2999-01-01 00:00:00', 2)"
    )
    query = (
        "SELECT l.*, f.v FROM old_labels l LEFT ASOF JOIN young f"
        " MATCH_CONDITION (f._committed_at <= l.at AT TIME ZONE 'UTC') ON f.e = l.e"
    )
    cursor.execute(f"CREATE TRAINING DATASET young_set KEY (id) OBSERVED AT at LABEL (y) AS {query}")
    ((*_, warnings),) = cursor.fetchall()
    assert any("1 of 2 labels are older than the first commit of main.young" in line for line in warnings), warnings
    cursor.execute("AUDIT TRAINING DATASET young_set")
    assert cursor.fetchall() == []


def test_misuse(cursor):
    import adbc_driver_manager

    with pytest.raises(adbc_driver_manager.Error, match="UNKNOWN_TABLE.*column 24"):
        cursor.execute("AUDIT TRAINING DATASET nothing")
        cursor.fetchall()

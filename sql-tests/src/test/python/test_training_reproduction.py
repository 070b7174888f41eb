"""A version of a training dataset stays what it was, whatever happens to the tables that it was made of.

Random histories, one for each seed from SLUICE_HISTORIES_SEED (default 1); SLUICE_HISTORIES says how many (default 20).
Each makes version 1, changes its tables in every way that SQL knows, and compares with version 1 at three servers with
1, 2 and 8 workers, which are stopped and started again now and then.
"""

import os

import adbc_driver_manager
import pyarrow as pa
import pytest
from sluice_server import Server
from training_history import History, ipc_bytes, query

COUNT = int(os.environ.get("SLUICE_HISTORIES", "20"))
FIRST_SEED = int(os.environ.get("SLUICE_HISTORIES_SEED", "1"))
WORKERS = [1, 2, 8]


class Servers:
    """Three servers on one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.running = [self._start(workers) for workers in WORKERS]

    def _start(self, workers):
        server = Server(self.folder, "--set", f"engine.workers={workers}", java_options="-Xmx512m")
        server.workers = workers
        return server

    def any(self, rng):
        return rng.choice(self.running)

    def restart(self, rng):
        at = rng.randrange(len(WORKERS))
        self.running[at].stop()
        self.running[at] = self._start(WORKERS[at])

    def stop(self):
        for server in self.running:
            server.stop()


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    started = Servers(tmp_path_factory.mktemp("histories"))
    yield started
    started.stop()


def reads(history, version, splits):
    """The queries whose answers must stay."""
    of = f"{history.dataset} FOR VERSION AS OF {version}"
    return [
        f"SELECT * FROM {of}",
        *(f"SELECT * FROM {of} WHERE split = '{split}'" for split in splits),
        f"SELECT * FROM {history.dataset}$transformed FOR VERSION AS OF {version}",
    ]


def check(history, servers, version, hashes, before):
    for server in servers:
        where = f"seed {history.seed}, version {version}, {server.workers} workers"
        verified = query(server, f"VERIFY TRAINING DATASET {history.dataset} VERSION {version}").to_pylist()
        assert all(line["equal"] for line in verified), f"{where}: {verified}"
        assert {line["split"]: line["expected"] for line in verified} == hashes, where
        for sql, expected in before.items():
            assert ipc_bytes(query(server, sql)) == expected, f"{where}: {sql}"


def remember(history, server, version):
    """A version's hashes, and its rows as bytes."""
    lines = query(server, f"VERIFY TRAINING DATASET {history.dataset} VERSION {version}").to_pylist()
    hashes = {line["split"]: line["expected"] for line in lines}
    return hashes, {sql: ipc_bytes(query(server, sql)) for sql in reads(history, version, set(hashes) - {"(all)"})}


def differences(old, new, key):
    """Rows added, removed and changed by split, and changed by column, as DIFF counts them."""

    def cell(value):
        return "NaN" if value != value else repr(value)

    before, after = ({tuple(row[k] for k in key): row for row in table.to_pylist()} for table in (old, new))
    splits, columns = {}, {column: 0 for column in new.column_names if column not in key}
    for split in {row["split"] for row in [*before.values(), *after.values()]}:
        splits[split] = [0, 0, 0]
    for k in before.keys() | after.keys():
        if k not in before:
            splits[after[k]["split"]][0] += 1
        elif k not in after:
            splits[before[k]["split"]][1] += 1
        else:
            changed = [c for c in columns if cell(before[k][c]) != cell(after[k][c])]
            for column in changed:
                columns[column] += 1
            # DIFF counts a changed row with the split that it is in now
            splits[after[k]["split"]][2] += bool(changed)
    return splits, columns


def input_changes(server, dataset):
    """Rows of inputs added, removed and updated from version 1 to 2, by their ids and commits."""
    inputs = query(
        server,
        "SELECT version, table_catalog || '.' || table_schema || '.' || table_name AS name, snapshot_id"
        f" FROM system.training_dataset_inputs WHERE dataset = '{dataset}' AND version < 3",
    ).to_pylist()
    changes = {}
    for name in {line["name"] for line in inputs}:
        rows = []
        for version in (1, 2):
            (snapshot,) = {line["snapshot_id"] for line in inputs if (line["name"], line["version"]) == (name, version)}
            table = query(server, f"SELECT _row_id, _last_updated_sequence_number FROM {name} FOR VERSION AS OF {snapshot}")
            rows.append(dict(zip(*(column.to_pylist() for column in table.columns))))
        old, new = rows
        updated = sum(old[row] != new[row] for row in old.keys() & new.keys())
        changes[name] = [len(new.keys() - old.keys()), len(old.keys() - new.keys()), updated]
    return changes


def check_diff(history, server):
    lines = query(server, f"DIFF TRAINING DATASET {history.dataset} VERSION 1 WITH VERSION 2").to_pylist()

    def counts(kind):
        found = [line for line in lines if line["kind"] == kind]
        return {line["name"]: [line["added"], line["removed"], line["changed"]] for line in found}

    assert counts("input") == input_changes(server, history.dataset)
    old, new = (query(server, f"SELECT * FROM {history.dataset} FOR VERSION AS OF {v}") for v in (1, 2))
    splits, columns = differences(old, new, history.key)
    assert counts("split") == splits
    assert {name: found[2] for name, found in counts("column").items()} == columns


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + COUNT))
def test_history(servers, seed):
    history = History(seed)
    try:
        run(history, servers)
    except BaseException:
        print(f"seed {seed}")
        print(*history.log, sep=";\n")
        raise


def create(history, server):
    """Makes version 1. A training split in which an aggregate has no value gives nothing to fit it on: it must be so."""
    statement = history.create()
    try:
        ((_, number, created, *_),) = history.execute(server, statement)
    except adbc_driver_manager.ProgrammingError as refusal:
        assert "nothing to fit g0 on: the split has no row with a value in it" in str(refusal)
        history.fits_aggregate = False
        statement = history.create()
        ((_, number, created, *_),) = history.execute(server, statement)
        train = " WHERE split = 'train'" if "SPLIT BY" in statement else ""
        ((values,),) = history.execute(server, f"SELECT COUNT(g0) FROM {history.dataset}{train}")
        assert values == 0
    assert (number, created) == (1, True)
    return statement


def run(history, servers):
    rng = history.rng
    history.create_tables(servers.any(rng))
    statement = create(history, servers.any(rng))
    hashes, before = remember(history, servers.any(rng), 1)

    for _ in range(rng.randint(1, 4)):
        rng.choice(history.data_changes())(servers.any(rng))
    ((_, number, created, *_, hash_now, _),) = history.execute(servers.any(rng), statement)
    versions = [(1, hashes, before)]
    if history.changed:
        assert (number, created) == (2, True)
        versions.append((2, *remember(history, servers.any(rng), 2)))
        check_diff(history, servers.any(rng))
        if history.arrival and history.appends_only and not any(f.arrived for f in history.features):
            # what arrives later is not seen by labels of before
            assert hash_now == hashes["(all)"]

    restart_at = rng.randrange(12)
    for i in range(rng.randint(4, 8)):
        if i == restart_at:
            servers.restart(rng)
        rng.choice(history.any_changes())(servers.any(rng))
    for version in versions:
        check(history, [servers.any(rng)], *version)
    history.drop_copy(servers.any(rng))
    check(history, servers.running, *versions[0])

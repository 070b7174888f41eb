"""Small lakes that releases of Sluice have written, as archives that unpack anywhere.

Run as a script it writes the archive of this checkout's version. Iceberg metadata names files by absolute paths, also
within Avro files, whose strings carry their length. So a lake is written in a folder whose path has LENGTH characters,
is archived with a path of only that many underscores, and unpacks into a folder with as long a path.
"""

import hashlib
import io
import json
import pathlib
import sqlite3
import sys
import tarfile
import tempfile
import zlib

LENGTH = 200
PLACE = b"/" + b"_" * (LENGTH - 1)
CATALOG = "catalog.sql"
EXPECTED = "expected.json"
ARCHIVES = pathlib.Path(__file__).resolve().parents[1] / "resources" / "lakes"

TIMES = "TIMESTAMP '2024-01-{:02d} {:02d}:00:00'"

STATEMENTS = [
    "CREATE SCHEMA shop",
    "CREATE TABLE shop.readings (k BIGINT, part VARCHAR, at TIMESTAMP, v DOUBLE, n INTEGER, came TIMESTAMP WITH TIME ZONE,"
    " EVENT TIME (at), INGESTION TIME (came))",
    "CREATE TABLE shop.prices (k BIGINT, at TIMESTAMP, price DECIMAL(10, 2), note VARCHAR, r REAL, EVENT TIME (at))",
    "CREATE TABLE shop.labels (id BIGINT NOT NULL, k BIGINT, part VARCHAR, at TIMESTAMP NOT NULL, grp VARCHAR, w DOUBLE,"
    " y DOUBLE, PRIMARY KEY (id) NOT ENFORCED)",
    # several commits, with ties, NULLs, rows that came late, and rows that were changed
    *(
        "INSERT INTO shop.readings VALUES "
        + ", ".join(
            f"({k}, '{'ab'[k % 2]}', {TIMES.format(1 + (k * 7 + part) % 20, k % 5)}, {(k * 37 % 101) * 0.1 + part},"
            f" {'NULL' if k % 6 == 0 else k}, TIMESTAMP WITH TIME ZONE '2024-01-{2 + (k * 5 + part) % 20:02d} 00:00:00Z')"
            for k in range(40)
        )
        for part in range(3)
    ),
    "INSERT INTO shop.prices VALUES "
    + ", ".join(
        f"({k % 13}, {TIMES.format(1 + k % 9, 0)}, {k}.25, {'NULL' if k % 5 == 0 else repr('p' * (k % 4))}, {k * 0.3})"
        for k in range(60)
    ),
    "UPDATE shop.prices SET price = price + 0.5 WHERE k % 3 = 0",
    "DELETE FROM shop.prices WHERE k = 7",
    "INSERT INTO shop.labels VALUES "
    + ", ".join(
        f"({i * 17 % 1000}, {i % 15 if i % 11 else 'NULL'}, '{'ab'[i % 2]}', {TIMES.format(3 + i % 25, i % 24)},"
        f" {repr('uvw'[i % 3]) if i % 9 else 'NULL'}, {(i * 29 % 97) * 0.7 - 20}, {(i % 7) * 0.1})"
        for i in range(120)
    ),
    "CREATE VIEW shop.recent AS SELECT k, at AS seen, price FROM shop.prices WHERE price > 3",
    "CREATE TRAINING DATASET shop.by_time OBSERVED AT at LABEL (y HORIZON INTERVAL '1' DAY)"
    " SPLIT BY TIME (train 0.5, valid 0.2, test) GAP INTERVAL '12' HOUR"
    " FIT ON train (standardize(impute(v, 'median')) AS v_z, one_hot(grp) AS grp_hot, bucketize(w, -1, 0, 10.5) AS w_bucket)"
    " AS SELECT l.id, l.at, l.grp, l.w, r.v, r.n, p.price, p.note, p.r,"
    " (SELECT AVG(q.v) FROM shop.readings q WHERE q.k = l.k AND q.at <= l.at) AS mean, l.y FROM shop.labels l"
    " LEFT ASOF JOIN shop.readings r MATCH_CONDITION (r.at <= l.at AND r._committed_at <= l.at AT TIME ZONE 'UTC') ON r.k = l.k"
    " LEFT ASOF JOIN shop.prices p MATCH_CONDITION (p.at <= l.at AND p.at > l.at - INTERVAL '30' DAY) ON p.k = l.k",
    "CREATE TRAINING DATASET shop.by_hash OBSERVED AT at LABEL (y) SPLIT BY HASH (k) SEED 7 (train 0.7, test 0.2)"
    " WITH (storage = 'virtual') AS SELECT l.*, r.v FROM shop.labels l"
    " LEFT ASOF JOIN shop.readings r MATCH_CONDITION (r.at + INTERVAL '1' HOUR <= l.at) ON r.k = l.k AND r.part = l.part",
    "CREATE TRAINING DATASET shop.by_stratum OBSERVED AT at SPLIT BY RANDOM STRATIFIED BY (grp) SEED -3 (train 0.6, test 0.4)"
    " FIT ON train (min_max_scale(w), label_encode(grp) AS grp_code) AS SELECT l.*, r.price FROM shop.labels l"
    " LEFT ASOF JOIN shop.recent r MATCH_CONDITION (r.seen <= l.at) ON r.k = l.k",
    "CREATE TRAINING DATASET shop.by_column KEY (k, grp) SPLIT BY COLUMN (grp) AS SELECT k, grp, SUM(w) AS w, AVG(y) AS y,"
    " STDDEV_SAMP(w) AS sd FROM shop.labels WHERE k IS NOT NULL AND grp IS NOT NULL GROUP BY k, grp",
    # what happens to a lake
    "INSERT INTO shop.labels VALUES (5001, 1, 'a', TIMESTAMP '2024-01-09 00:00:00', 'u', 1.5, 0.5)",
    "CREATE TRAINING DATASET shop.by_stratum OBSERVED AT at SPLIT BY RANDOM STRATIFIED BY (grp) SEED -3 (train 0.6, test 0.4)"
    " FIT ON train (min_max_scale(w), label_encode(grp) AS grp_code) AS SELECT l.*, r.price FROM shop.labels l"
    " LEFT ASOF JOIN shop.recent r MATCH_CONDITION (r.seen <= l.at) ON r.k = l.k",
    "ALTER TRAINING DATASET shop.by_stratum VERSION 1 DROP COPY",
    "DROP VIEW shop.recent",
    "ALTER TABLE shop.prices RENAME COLUMN price TO cost",
    "ALTER TABLE shop.prices ADD COLUMN price VARCHAR",
    "ALTER TABLE shop.readings DROP COLUMN n",
    "MERGE INTO shop.readings AS t USING (VALUES (3), (77)) AS s(k) ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = 0"
    " WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k)",
    "EXPIRE SNAPSHOTS shop.readings OLDER THAN CURRENT_TIMESTAMP RETAIN LAST 1",
    "EXPIRE SNAPSHOTS shop.prices OLDER THAN CURRENT_TIMESTAMP RETAIN LAST 1",
    "ALTER TABLE shop.prices RENAME TO shop.former_prices",
]


def digest(table):
    """SHA-256 of the rows in their order, each as JSON."""
    lines = [json.dumps(list(row.values()), default=str) for row in table.to_pylist()]
    return hashlib.sha256("\n".join([json.dumps(table.column_names), *lines]).encode()).hexdigest()


def reads(dataset, version):
    return [f"SELECT * FROM {dataset}{form} FOR VERSION AS OF {version}" for form in ("", "$transformed")]


def answers(server, query):
    """What every later release must say: hashes of all versions by split, and digests of their rows."""
    versions = query(server, "SELECT dataset_schema || '.' || dataset, version FROM system.training_datasets ORDER BY 1, 2")
    expected = []
    for dataset, version in zip(*(column.to_pylist() for column in versions.columns)):
        lines = query(server, f"VERIFY TRAINING DATASET {dataset} VERSION {version}").to_pylist()
        expected.append(
            {
                "dataset": dataset,
                "version": version,
                "verify": [[line["split"], line["rows"], line["actual"], line["equal"]] for line in lines],
                "rows": {sql: digest(query(server, sql)) for sql in reads(dataset, version)},
            }
        )
    return expected


# -------- Avro files, see https://avro.apache.org/docs/1.12.0/specification/#object-container-files


def plain_avro(data):
    """The same file with its blocks not compressed, so that the archive compresses them better and paths can be found."""
    at = 4

    def number():
        nonlocal at
        shift = value = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value >> 1 ^ -(value & 1)

    def take(count):
        nonlocal at
        at += count
        return data[at - count : at]

    entries = {}
    while count := number():
        if count < 0:
            number()
        for _ in range(abs(count)):
            key = take(number())
            entries[key] = take(number())
    deflated = entries.get(b"avro.codec") == b"deflate"
    entries[b"avro.codec"] = b"null" if deflated else entries.get(b"avro.codec", b"null")
    sync = take(16)
    out = data[:4] + varint(len(entries))
    out += b"".join(varint(len(part)) + part for entry in entries.items() for part in entry) + b"\x00" + sync
    while at < len(data):
        count, block = number(), take(number())
        block = zlib.decompress(block, -15) if deflated else block
        out += varint(count) + varint(len(block)) + block + take(16)
    return out


def varint(value):
    value = value << 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


# -------- archives


def folder_within(parent):
    """A folder whose path has LENGTH characters."""
    folder = pathlib.Path(str(parent) + "/" + "l" * (LENGTH - len(str(parent)) - 1))
    folder.mkdir(parents=True)
    return folder


def pack(folder, expected, archive):
    with sqlite3.connect(folder / "catalog.db") as catalog:
        current = {pathlib.Path(row[0].removeprefix("file:")) for row in catalog.execute("SELECT metadata_location FROM iceberg_tables")}
        contents = {CATALOG: "\n".join(catalog.iterdump()).encode(), EXPECTED: json.dumps(expected, indent=1).encode()}
    for path in sorted((folder / "warehouse").rglob("*")):
        # former metadata files are not read
        if path.is_file() and (not path.name.endswith(".metadata.json") or path in current) and path.suffix != ".crc":
            data = path.read_bytes()
            contents[str(path.relative_to(folder))] = plain_avro(data) if path.suffix == ".avro" else data
    with tarfile.open(archive, "w:xz", preset=9) as tar:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            data = data.replace(str(folder).encode(), PLACE)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def unpack(archive, parent):
    """The lake's folder, and what its writer answered."""
    folder = folder_within(parent)
    with tarfile.open(archive) as tar:
        for entry in tar:
            data = tar.extractfile(entry).read().replace(PLACE, str(folder).encode())
            path = folder / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with sqlite3.connect(folder / "catalog.db") as catalog:
        catalog.executescript((folder / CATALOG).read_text())
    return folder, json.loads((folder / EXPECTED).read_text())


def main():
    home = pathlib.Path(__file__).resolve().parents[4]
    sys.path.insert(0, str(home / "docs" / "examples"))
    from sluice_server import Server
    from training_history import query

    with tempfile.TemporaryDirectory() as parent:
        folder = folder_within(parent)
        with Server(folder) as server:
            for sql in STATEMENTS:
                query(server, sql)
            version = query(server, "SELECT MAX(engine_version) FROM system.training_datasets").column(0)[0]
            expected = answers(server, query)
        ARCHIVES.mkdir(exist_ok=True)
        archive = ARCHIVES / f"{version}.tar.xz"
        if archive.exists():
            sys.exit(f"{archive} is there; it must stay as that release wrote it")
        pack(folder, expected, archive)
    print(archive, archive.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

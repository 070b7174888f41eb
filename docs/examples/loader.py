"""Feeds a training loop from several worker processes: disjoint shares, shuffled anew in every epoch.

python docs/examples/loader.py --workers 4           plain processes
python docs/examples/loader.py --workers 4 --torch   a PyTorch DataLoader (pip install torch)

It starts a server of its own with a small training dataset. A worker needs the address and the query; which rows are its
share, and in which order they come, the server works out from three session options.
"""

import argparse
import multiprocessing
import tempfile

import adbc_driver_flightsql.dbapi as flight_sql
import pyarrow as pa

OPTION = "adbc.flight.sql.session.option."
QUERY = "SELECT id, x, late FROM trips FOR VERSION AS OF 1 WHERE split = 'train'"


def batches(uri, query, shard, shards, seed=None, epoch=0):
    """The record batches of one share, as they arrive; without a seed in the dataset's own order."""
    options = {"shard": f"{shard}/{shards}", "seed": "" if seed is None else str(seed), "epoch": str(epoch)}
    with flight_sql.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        connection.adbc_connection.set_options(**{OPTION + name: value for name, value in options.items()})
        cursor.execute(query)
        yield from cursor.fetch_record_batch()


def work(share):
    """What a worker process does: here it only returns the ids that it has seen."""
    return [i for batch in batches(*share) for i in batch.column("id").to_pylist()]


def epoch_of_processes(uri, query, workers, seed, epoch):
    """The ids that each of several spawned processes has seen, in order."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        return pool.map(work, [(uri, query, shard, workers, seed, epoch) for shard in range(workers)], chunksize=1)


def make_dataset(connection, rows):
    with connection.cursor() as cursor:
        ids = list(range(rows))
        table = pa.table({"id": ids, "x": [i * 0.5 for i in ids], "late": [i % 3 == 0 for i in ids]})
        cursor.adbc_ingest("all_trips", table, mode="replace")
        cursor.execute(
            "CREATE TRAINING DATASET trips VERSION 1 KEY (id) LABEL (late)"
            " SPLIT BY HASH (id) SEED 7 (train 0.8, test 0.2) AS SELECT id, x, late FROM all_trips"
        )
        return cursor.fetchall()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--workers", type=int, default=4)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--torch", action="store_true")
    chosen = options.parse_args()
    from sluice_server import Server

    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        with flight_sql.connect(server.uri, autocommit=True) as connection:
            make_dataset(connection, chosen.rows)
        for epoch in range(2):
            if chosen.torch:
                from torch_loader import epoch_of_torch

                seen = epoch_of_torch(server.uri, QUERY, chosen.workers, 42, epoch)
                print(f"epoch {epoch}: {len(seen)} rows, {len(set(seen))} different, first {seen[:6]}")
            else:
                shares = epoch_of_processes(server.uri, QUERY, chosen.workers, 42, epoch)
                together = {i for share in shares for i in share}
                print(f"epoch {epoch}: shares {[len(s) for s in shares]}, {len(together)} different, first {shares[0][:6]}")


if __name__ == "__main__":
    main()

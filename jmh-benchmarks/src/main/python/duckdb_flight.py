"""The peer: DuckDB behind a small Arrow Flight server. The ticket is JSON: SQL text and rows per batch.

It gets what makes it fastest: the relation API, which streams where execute() copies the whole result; all
threads; no insertion order to keep; and batches of the size that measured best for each suite.
"""

import argparse
import json

import duckdb
import pyarrow.flight as flight


class Server(flight.FlightServerBase):
    def __init__(self, database):
        super().__init__("grpc://127.0.0.1:0")
        self.database = database

    def do_get(self, context, ticket):
        asked = json.loads(ticket.ticket)
        relation = self.database.cursor().sql(asked["sql"])
        reader = relation.to_arrow_reader(asked["batch_rows"])
        return flight.RecordBatchStream(reader)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--view", action="append", default=[], help="NAME=PARQUET")
    options = parser.parse_args()
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    for view in options.view:
        name, path = view.split("=", 1)
        database.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")
    server = Server(database)
    print(f"grpc://127.0.0.1:{server.port}", flush=True)
    server.serve()


if __name__ == "__main__":
    main()

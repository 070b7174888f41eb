"""The peer: DuckDB behind a small Arrow Flight server. The ticket is SQL text.

It gets what makes it fastest: the relation API, which streams where execute() copies the whole result; all
threads; no insertion order to keep; and batches of 122,880 rows, the best of the sizes in docs/benchmarks.md.
"""

import argparse

import duckdb
import pyarrow.flight as flight


class Server(flight.FlightServerBase):
    def __init__(self, database, batch_rows):
        super().__init__("grpc://127.0.0.1:0")
        self.database = database
        self.batch_rows = batch_rows

    def do_get(self, context, ticket):
        cursor = self.database.cursor()
        relation = cursor.sql(ticket.ticket.decode())
        reader = relation.to_arrow_reader(self.batch_rows)
        return flight.RecordBatchStream(reader)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch-rows", type=int, default=122_880)
    parser.add_argument("--view", action="append", default=[], help="NAME=PARQUET")
    options = parser.parse_args()
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    for view in options.view:
        name, path = view.split("=", 1)
        database.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")
    server = Server(database, options.batch_rows)
    print(f"grpc://127.0.0.1:{server.port}", flush=True)
    server.serve()


if __name__ == "__main__":
    main()

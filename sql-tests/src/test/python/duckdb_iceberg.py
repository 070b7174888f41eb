"""DuckDB with its Iceberg extension, in a process of its own, as the extension's DuckDB is not the tests' DuckDB.

Run as a program it takes statements, a JSON object a line, and answers each with a line; rows go through Parquet files.
"""

import json
import pathlib
import subprocess
import sys

VENV = pathlib.Path(__file__).resolve().parents[4] / ".venv-duckdb"
EXTENSIONS = ("avro", "httpfs", "iceberg")


class DuckDB:
    def __init__(self, folder):
        python = VENV / "bin" / "python"
        if not python.exists():
            raise RuntimeError(
                f"there is no {VENV.name}: ./sluice test makes it, or python3 -m venv {VENV.name} && "
                f"{VENV.name}/bin/pip install -r sql-tests/requirements-duckdb.txt"
            )
        self.rows = pathlib.Path(folder) / "duckdb-rows.parquet"
        self.process = subprocess.Popen([python, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def execute(self, sql):
        self.process.stdin.write(json.dumps(sql) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer["error"] is not None:
            raise RuntimeError(f"DuckDB: {answer['error']}\n{sql}")
        return answer["version"]

    def query(self, sql):
        import pyarrow.parquet as parquet

        self.execute(f"COPY ({sql}) TO '{self.rows}' (FORMAT parquet)")
        return parquet.read_table(self.rows)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def serve():
    import importlib

    import duckdb

    # as nothing else than what the packages hold may be loaded
    settings = {
        "allow_unsigned_extensions": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    database = duckdb.connect(config=settings)
    for name in EXTENSIONS:
        package = pathlib.Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
        (file,) = package.rglob("*.duckdb_extension")
        database.execute(f"LOAD '{file}'")
    database.execute("SET TimeZone = 'UTC'")
    for line in sys.stdin:
        error = None
        try:
            database.execute(json.loads(line))
        except duckdb.Error as failure:
            error = str(failure)
        print(json.dumps({"version": duckdb.__version__, "error": error}), flush=True)


if __name__ == "__main__":
    serve()

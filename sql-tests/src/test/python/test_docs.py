"""The commands and statements that the documentation shows, run as they stand."""

import re

import adbc_driver_flightsql.dbapi as flight_sql
import pytest
from conftest import HOME

DOCUMENTS = sorted((HOME / "docs").glob("*.md"))


def blocks(path):
    return re.findall(r"^```(\w+)\n(.*?)^```", path.read_text(), re.M | re.S)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document(path, start, capsys):
    found = [(language, text) for language, text in blocks(path) if language in ("sql", "python")]
    if not found:
        assert path.read_text().startswith("# ")
        return
    running = start()
    names = {}
    with flight_sql.connect(running.uri, autocommit=True) as connection, connection.cursor() as cursor:
        for language, text in found:
            if language == "python":
                exec(text.replace("grpc://127.0.0.1:31337", running.uri), names)
                continue
            for statement in text.split(";"):
                if statement.strip():
                    cursor.execute(statement)
                    if cursor.description:
                        cursor.fetchall()
    if "connection" in names:
        names["cursor"].close()
        names["connection"].close()


def test_there_are_documents():
    assert len(DOCUMENTS) >= 4


def test_every_column_of_the_system_tables_is_documented(cursor):
    guide = (HOME / "docs" / "training-datasets.md").read_text()
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'system'")
    columns = [(table, column) for table, column in cursor.fetchall() if table.startswith("training_")]
    assert len({table for table, _ in columns}) == 5
    begin = guide.index("## System tables")
    missing = [
        (table, column)
        for table, column in columns
        if f"`system.{table}`" not in guide
        or f"`{column}`" not in guide[begin:].split("\n## ")[0]
    ]
    assert missing == []

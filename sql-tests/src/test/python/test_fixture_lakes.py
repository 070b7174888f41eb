"""Lakes that earlier releases have written say what they said then."""

import pytest
from fixture_lakes import ARCHIVES, answers, unpack
from training_history import query

RELEASES = sorted(ARCHIVES.glob("*.tar.xz"))


def test_there_are_lakes():
    assert len(RELEASES) >= 1


@pytest.mark.parametrize("archive", RELEASES, ids=lambda path: path.name)
def test_a_lake_of_a_release(start, tmp_path, archive):
    folder, expected = unpack(archive, tmp_path)
    server = start(folder)
    assert len(expected) == 5
    assert all(line[-1] for version in expected for line in version["verify"])
    assert answers(server, query) == expected
    # the same rows when they have to be computed again
    for version in expected:
        query(server, f"ALTER TRAINING DATASET {version['dataset']} VERSION {version['version']} DROP COPY")
    assert answers(server, query) == expected
    # and the lake lives on
    query(server, "INSERT INTO shop.labels VALUES (6000, 2, 'a', TIMESTAMP '2024-01-10 00:00:00', 'w', 2.5, 0.25)")
    sql = (
        "CREATE TRAINING DATASET shop.by_column KEY (k, grp) SPLIT BY COLUMN (grp) AS SELECT k, grp, SUM(w) AS w, AVG(y) AS y,"
        " STDDEV_SAMP(w) AS sd FROM shop.labels WHERE k IS NOT NULL AND grp IS NOT NULL GROUP BY k, grp"
    )
    ((created),) = query(server, sql).to_pylist()
    assert (created["version"], created["created"]) == (2, True)
    inputs = [line for line in query(server, "DIFF TRAINING DATASET shop.by_column VERSION 1 WITH VERSION 2").to_pylist() if line["kind"] == "input"]
    assert [(line["name"], line["added"]) for line in inputs] == [("lake.shop.labels", 2)]

"""The README's first command, as a new user runs it."""

import re
import subprocess

from conftest import HOME


def test_demo_twice(tmp_path):
    for first in (1, 3):
        done = subprocess.run(
            [HOME / "sluice", "demo", "--data-dir", tmp_path / "lake"], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "328,521 rows of 16 columns" in done.stdout
        assert "8,255 cancelled flights" in done.stdout
        assert "Every row and column equals pandas.merge_asof" in done.stdout
        assert f"VERIFY TRAINING DATASET delays VERSION {first}" in done.stdout
        equal = re.findall(r"^  (\S+) +([\d,]+) rows  EQUAL$", done.stdout, re.M)
        assert equal == [("train", "244,643"), ("test", "82,889"), ("(all)", "327,532")]
        assert f"DIFF TRAINING DATASET delays VERSION {first} WITH VERSION {first + 1}" in done.stdout
        assert re.search(r"input lake.main.readings +72 +0 +742$", done.stdout, re.M)
        assert re.search(r"split +train +0 +0 +9421$", done.stdout, re.M)
        assert "LEAKAGE: line 12, column 12: an aggregate over readings uses rows after OBSERVED AT" in done.stdout
        honest, leaking, real = (float(score) for score in re.findall(r"^  (0\.\d{4})  trained on", done.stdout, re.M))
        assert 0.65 < real < 0.75
        assert 0.65 < honest < leaking < 0.75
        for door in ("HTTP", "ADBC"):
            assert re.search(rf"^  {door}: p50 [\d.]+ ms, p99 [\d.]+ ms", done.stdout, re.M)
        assert "1,000 answers each equal the ASOF join over the lake at this instant" in done.stdout

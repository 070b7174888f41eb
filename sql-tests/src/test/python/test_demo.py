"""The README's first command, as a new user runs it."""

import subprocess

from conftest import HOME


def test_demo_twice(tmp_path):
    for _ in range(2):
        done = subprocess.run(
            [HOME / "sluice", "demo", "--data-dir", tmp_path / "lake"], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "328,521 rows of 16 columns" in done.stdout
        assert "8,255 cancelled flights" in done.stdout
        assert "Every row and column equals pandas.merge_asof" in done.stdout

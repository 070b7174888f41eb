"""Feast's Python feature server on Redis, in an environment and a folder of its own."""

import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import venv

REQUIREMENT = "feast[redis]==0.67.0"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A Redis server that keeps nothing on disk."""

    def __init__(self):
        if shutil.which("redis-server") is None:
            raise SystemExit("this comparison needs Redis: apt-get install redis-server")
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )

    def benchmark(self, connections, requests, *command):
        """Requests per second and p50, p99 in milliseconds, by Redis's own load generator."""
        text = subprocess.run(
            ["redis-benchmark", "-p", str(self.port), "-c", str(connections), "-n", str(requests), "-r", "1000000", "--csv", *command],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        names, values = (
            [cell.strip('"') for cell in line.rsplit('",', len(text.splitlines()[0].split('","')) - 1)] for line in text.strip().splitlines()[-2:]
        )
        row = dict(zip(names, values))
        return float(row["rps"]), float(row["p50_latency_ms"]), float(row["p99_latency_ms"])

    def stop(self):
        self.process.kill()
        self.process.wait()


class Feast:
    """A feature view of one Parquet file, loaded into Redis and served over HTTP."""

    def __init__(self, folder, parquet, key, event_time, features, redis):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.features = list(features)
        self.key = key
        self.bin = self._environment()
        self._write(parquet, event_time, redis)
        self._run("apply")
        started = time.perf_counter()
        self._run("materialize", "2000-01-01T00:00:00", "2100-01-01T00:00:00")
        self.load_seconds = time.perf_counter() - started
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(self.bin / "feast"), "-c", str(self.folder), "serve", "-h", "127.0.0.1", "-p", str(self.port), "--no-access-log", "--max-requests", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _environment(self):
        # not within the folder: Feast imports every Python file there
        target = self.folder.with_name("feast-venv")
        if not (target / "ready").exists():
            venv.create(target, with_pip=True)
            subprocess.run([str(target / "bin" / "pip"), "install", "-q", REQUIREMENT], check=True)
            (target / "ready").touch()
        return target / "bin"

    def _run(self, *arguments):
        done = subprocess.run([str(self.bin / "feast"), "-c", str(self.folder), *arguments], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"feast {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")

    def _write(self, parquet, event_time, redis):
        (self.folder / "feature_store.yaml").write_text(
            "project: bench\nregistry: registry.db\nprovider: local\nentity_key_serialization_version: 3\n"
            "offline_store:\n  type: file\n"
            f"online_store:\n  type: redis\n  connection_string: 127.0.0.1:{redis.port}\n"
        )
        (self.folder / "registry.db").unlink(missing_ok=True)
        kinds = {"double": "Float64", "int64": "Int64", "string": "String"}
        fields = ", ".join(f'Field(name="{name}", dtype={kinds[kind]})' for name, kind in self.features)
        (self.folder / "definitions.py").write_text(
            "from datetime import timedelta\n"
            "from feast import Entity, FeatureView, Field, FileSource, ValueType\n"
            "from feast.types import Float64, Int64, String\n"
            f'entity = Entity(name="{self.key}", join_keys=["{self.key}"], value_type=ValueType.INT64)\n'
            f'source = FileSource(path="{parquet}", timestamp_field="{event_time}")\n'
            f'view = FeatureView(name="v", entities=[entity], ttl=timedelta(days=36500), schema=[Field(name="{self.key}", dtype=Int64), {fields}], source=source)\n'
        )

    def _wait(self):
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1).read()
                return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise SystemExit("feast serve did not start")

    path = "/get-online-features"

    def body(self, keys):
        return {"features": [f"v:{name}" for name, _ in self.features], "entities": {self.key: list(keys)}}

    def stop(self):
        self.process.terminate()
        self.process.wait()

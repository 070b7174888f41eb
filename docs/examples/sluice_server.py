"""Starts a Sluice server for a script and stops it afterwards."""

import pathlib
import re
import subprocess
import threading

HOME = pathlib.Path(__file__).resolve().parents[2]


class Server:
    """A server on free ports of 127.0.0.1; `uri` and `http` say where."""

    def __init__(self, data_dir, *options, java_options="", quiet=True):
        import os

        environment = dict(os.environ)
        if java_options:
            environment["SLUICE_JAVA_OPTS"] = java_options
        self.process = subprocess.Popen(
            [str(HOME / "sluice"), "serve", "--port", "0", "--data-dir", str(data_dir), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            text=True,
            env=environment,
        )
        line = self.process.stdout.readline()
        found = re.search(r"grpc://\S+", line)
        if not found:
            self.stop()
            raise RuntimeError(f"the server did not start: {line!r}; try ./sluice serve by hand")
        self.uri = found.group(0)
        http = re.search(r"http://\S+", line)
        self.http = http and http.group(0)
        # a full pipe would stop the server
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def pid(self):
        return self.process.pid

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

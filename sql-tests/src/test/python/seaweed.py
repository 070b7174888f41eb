"""SeaweedFS on one machine: S3, STS and an Iceberg REST catalog that vends credentials, each behind a proxy."""

import base64
import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from wire import Wire

BINARY = pathlib.Path(sys.executable).with_name("weed")
ROLE = "arn:aws:iam::000000000000:role/Vend"
WAREHOUSE = "lakehouse"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SeaweedFS:
    """`catalog` and `s3` are the proxies that everyone talks to; users are (access key, secret) by name."""

    USERS = {
        "admin": ("ADMINKEY", "planted-admin-secret-4711"),
        "alice": ("ALICEKEY", "planted-alice-secret-4712"),
        "bob": ("BOBKEY", "planted-bob-secret-4713"),
    }

    def __init__(self, folder, credential_life="12h"):
        folder = pathlib.Path(folder)
        self.catalog, self.s3 = Wire(), Wire()
        self.catalog.upstream_port, self.s3.upstream_port = free_port(), free_port()
        (folder / "data").mkdir(parents=True)
        actions = ["Admin", "Read", "List", "Tagging", "Write"]
        identities = [
            {"name": name, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}
            for name, (key, secret) in self.USERS.items()
        ]
        (folder / "s3.json").write_text(json.dumps({"identities": identities}))
        trusted = [f"arn:aws:iam::000000000000:user/{name}" for name in self.USERS]
        (folder / "iam.json").write_text(
            json.dumps(
                {
                    "sts": {
                        "issuer": "seaweedfs-sts",
                        "signingKey": base64.b64encode(b"0123456789abcdef0123456789abcdef").decode(),
                        "tokenDuration": "1h",
                        "maxSessionLength": credential_life,
                    },
                    "policy": {"defaultEffect": "Deny", "storeType": "memory"},
                    "providers": [],
                    "roles": [
                        {
                            "roleName": "Vend",
                            "roleArn": ROLE,
                            "attachedPolicies": ["AllS3"],
                            "trustPolicy": {
                                "Version": "2012-10-17",
                                "Statement": [
                                    {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": ["sts:AssumeRole"]},
                                    {
                                        "Effect": "Allow",
                                        "Principal": {"Federated": "iceberg-catalog"},
                                        "Action": ["sts:AssumeRoleWithCredentials"],
                                    },
                                ],
                            },
                        }
                    ],
                    "policies": [
                        {
                            "name": "AllS3",
                            "document": {
                                "Version": "2012-10-17",
                                "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}],
                            },
                        }
                    ],
                }
            )
        )
        ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "admin.port")}
        self.log = open(folder / "weed.log", "wb")
        self.process = subprocess.Popen(
            [
                str(BINARY),
                "mini",
                f"-dir={folder / 'data'}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                *(f"-{name}={port}" for name, port in ports.items()),
                f"-s3.port={self.s3.upstream_port}",
                f"-s3.port.iceberg={self.catalog.upstream_port}",
                "-s3.port.lance=0",
                "-webdav=false",
                "-admin.ui=false",
                "-master.telemetry=false",
                f"-s3.config={folder / 's3.json'}",
                f"-s3.iam.config={folder / 'iam.json'}",
                f"-s3.externalUrl={self.s3.url}",
                f"-tableBucket={WAREHOUSE}",
                f"-s3.iceberg.credentialRole={ROLE}",
                "-s3.iceberg.credentialDurationSeconds=900",
            ],
            stdout=self.log,
            stderr=self.log,
            cwd=folder,
        )
        self._await()
        self.clear()

    def _await(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                self.get(f"/v1/{WAREHOUSE}/namespaces", self.token("admin"))
                return
            except (OSError, urllib.error.HTTPError, ValueError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"SeaweedFS did not start; see {self.log.name}") from None
                time.sleep(0.2)

    def clear(self):
        self.catalog.clear()
        self.s3.clear()

    def credential(self, user):
        return ":".join(self.USERS[user])

    def token(self, user):
        """A bearer token of a user's."""
        key, secret = self.USERS[user]
        form = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
        with urllib.request.urlopen(
            f"{self.catalog.url}/v1/oauth/tokens", urllib.parse.urlencode(form).encode(), timeout=10
        ) as answer:
            return json.load(answer)["access_token"]

    def get(self, path, token, **headers):
        request = urllib.request.Request(
            self.catalog.url + path, headers={"Authorization": f"Bearer {token}", **headers}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def vended(self, namespace, table, user="admin"):
        """What the catalog gives a client that loads a table."""
        return self.get(
            f"/v1/{WAREHOUSE}/namespaces/{namespace}/tables/{table}",
            self.token(user),
            **{"X-Iceberg-Access-Delegation": "vended-credentials"},
        )

    def properties(self):
        """Of PyIceberg's catalog."""
        return {
            "type": "rest",
            "uri": self.catalog.url,
            "warehouse": f"s3://{WAREHOUSE}",
            "credential": self.credential("admin"),
            "oauth2-server-uri": f"{self.catalog.url}/v1/oauth/tokens",
            "header.X-Iceberg-Access-Delegation": "vended-credentials",
        }

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.catalog.stop()
        self.s3.stop()

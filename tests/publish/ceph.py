"""A real S3 server for tests: Ceph's object gateway with one monitor and one storage daemon, all on loopback.

From Debian's packages, which :func:`ensure_installed` installs where it may. Data lies on disk (bluestore), so a killed server keeps what it
acknowledged. Nothing listens outside loopback, and everything is gone after :meth:`Ceph.stop`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from sitekit.publish.sigv4 import sign
from tasks import apt_install

PACKAGES = ("ceph-mon", "ceph-osd", "radosgw", "ceph-common", "libfaketime")

_CLUSTERS = 3
_STARTS = 5

_CONF = """\
[global]
fsid = {fsid}
mon_host = [v1:127.0.0.1:{mon}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_crush_chooseleaf_type = 0
osd_objectstore = bluestore
bluestore_block_size = 6442450944
bluestore_block_create = true
bluestore_fsck_on_mount = false
osd_memory_target = 939524096
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 1
run_dir = {root}/run
pid_file = {root}/run/$name.pid
log_file = {root}/log/$name.log
admin_socket = {root}/run/$name.asok
crash_dir = {root}/crash
[mon.a]
mon_data = {root}/mon.a
mon_addr = 127.0.0.1:{mon}
[osd.0]
osd_data = {root}/osd.0
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_data = {root}/rgw
keyring = /dev/null
"""


def ensure_installed() -> None:
    """Installs the server's packages on Debian as root; elsewhere raises ``RuntimeError`` that says what to install."""
    if shutil.which("radosgw") and shutil.which("ceph-osd") and faketime():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt_install(*PACKAGES)
        return
    raise RuntimeError(f"no S3 server: sudo apt-get install --no-install-recommends {' '.join(PACKAGES)}")


def faketime() -> Path | None:
    """The library that shifts the clock of one process."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Ceph:
    """One throwaway server. ``url`` is its endpoint, ``credentials`` what a client needs in its environment."""

    def __init__(self) -> None:
        # A short path: the admin sockets lie below it, and a socket's path may have 107 bytes.
        self.root = Path(tempfile.mkdtemp(prefix="rgw"))
        self.port, self._mon = _free_port(), _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.credentials = {
            "AWS_ACCESS_KEY_ID": uuid.uuid4().hex[:20].upper(),
            "AWS_SECRET_ACCESS_KEY": uuid.uuid4().hex + uuid.uuid4().hex[:8],
            "AWS_REGION": "us-east-1",
        }

    def start(self) -> None:
        """Makes a new cluster and starts it; about 15 seconds. Installs what it needs first.

        On a busy machine a daemon may give up before the others answer ("wrong fsid", or no reason at all), and what is
        left then is no use; so a failed cluster is thrown away and another one made.
        """
        ensure_installed()
        for attempt in range(_CLUSTERS):
            try:
                return self._make_cluster()
            except (RuntimeError, subprocess.TimeoutExpired):
                if attempt == _CLUSTERS - 1:
                    raise
            self.stop()
            self.root.mkdir()
            self.port, self._mon = _free_port(), _free_port()
            self.url = f"http://127.0.0.1:{self.port}"

    def _make_cluster(self) -> None:
        for name in ("run", "log", "crash", "mon.a", "osd.0", "rgw"):
            (self.root / name).mkdir()
        conf = self.root / "ceph.conf"
        fsid = str(uuid.uuid4())
        conf.write_text(_CONF.format(fsid=fsid, mon=self._mon, port=self.port, root=self.root), encoding="utf-8")
        monmap = str(self.root / "monmap")
        self._run("monmaptool", "--create", "--addv", "a", f"[v1:127.0.0.1:{self._mon}]", "--fsid", fsid, monmap)
        self._ceph("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", "/dev/null")
        self._ceph("ceph-mon", "-i", "a")
        self._ceph("ceph", "osd", "create")
        self._ceph("ceph-osd", "-i", "0", "--mkfs")
        self._start_storage()
        self.start_gateway()
        key, secret = self.credentials["AWS_ACCESS_KEY_ID"], self.credentials["AWS_SECRET_ACCESS_KEY"]
        user = ("--uid=tests", "--display-name=tests", f"--access-key={key}", f"--secret={secret}")
        self._ceph("radosgw-admin", "-n", "client.rgw", "user", "create", *user)

    def _start_storage(self) -> None:
        """Starts the storage daemon, again when it gave up because the monitor was not ready for it."""
        for attempt in range(_STARTS):
            try:
                return self._ceph("ceph-osd", "-i", "0")
            except RuntimeError as error:
                if attempt == _STARTS - 1:
                    raise RuntimeError(f"{error}\n{self._log('osd.0')}") from None
            time.sleep(2)

    def start_gateway(self) -> None:
        """Starts the gateway and waits until it answers."""
        self._ceph("radosgw", "-n", "client.rgw")
        for _ in range(240):
            try:
                if httpx.get(self.url, timeout=2).status_code < 500:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.25)
        raise RuntimeError(f"the gateway did not come up: {self._log('client.rgw')}")

    def kill_gateway(self) -> None:
        """SIGKILL to the gateway, as a crash would be."""
        number = int((self.root / "run" / "client.rgw.pid").read_text())
        os.kill(number, signal.SIGKILL)
        _wait_until_gone(number)

    def stop(self) -> None:
        """Stops all daemons and deletes their data."""
        for name in ("client.rgw", "osd.0", "mon.a"):
            try:
                number = int((self.root / "run" / f"{name}.pid").read_text())
                os.kill(number, signal.SIGKILL)  # the data goes too, so there is nothing to flush
                _wait_until_gone(number)
            except (FileNotFoundError, ProcessLookupError):
                continue
        shutil.rmtree(self.root)

    def make_bucket(self, name: str, *, readable: bool = True) -> None:
        """Makes a bucket; ``readable`` lets anybody read what is not the publisher's own, as a CDN's origin would."""
        self.call("PUT", f"/{name}")
        if readable:
            # Listing is allowed too: without it, S3 answers 403 for what is not there.
            allow = [
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"},
                {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{name}"},
            ]
            policy = json.dumps({"Version": "2012-10-17", "Statement": allow})
            self.call("PUT", f"/{name}?policy=", policy.encode())

    def call(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> httpx.Response:
        """One signed request, outside the publisher: what a person with the bucket's keys could do."""
        url = self.url + path
        signed = sign(method, url, headers or {}, body, service="s3", region="us-east-1", credentials=self.credentials)
        answer = httpx.request(method, url, content=body, headers=signed, timeout=30)
        answer.raise_for_status()
        return answer

    def _ceph(self, program: str, *arguments: str) -> None:
        self._run(program, "-c", str(self.root / "ceph.conf"), *arguments)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")

    def _log(self, name: str) -> str:
        place = self.root / "log" / f"{name}.log"
        return place.read_text(errors="replace")[-2000:] if place.exists() else "no log"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_gone(number: int) -> None:
    for _ in range(600):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise RuntimeError(f"process {number} does not end")

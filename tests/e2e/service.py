"""One huqi process as an operator runs it: settings written, started, watched, killed, stopped, read."""

import ctypes
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

import yaml

BUILD = pathlib.Path(os.environ.get("HUQI_BUILD", "build")).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = BUILD / "huqi"
# A sanitizer makes everything slower; patience costs nothing where nothing waits.
PATIENCE = float(os.environ.get("HUQI_PATIENCE", "1"))
SANITIZER_WORDS = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:")
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1
TOKEN = "e2e-token-0123456789abcdef0123456789abcdef"


def run(*arguments, **options):
    """huqi as a command; gives the finished process."""
    return subprocess.run([str(BINARY), *map(str, arguments)], capture_output=True, cwd=ROOT,
                          timeout=300 * PATIENCE, **options)


def until(condition, seconds, what):
    """Waits for a condition and gives what it gave; fails with words."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds * PATIENCE:.0f} s still not: {what()}" if callable(what)
                                 else f"after {seconds * PATIENCE:.0f} s still not: {what}")
        time.sleep(0.05)


def deep_update(base, extra):
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            deep_update(base[key], value)
        else:
            base[key] = value
    return base


class Service:
    """`settings` is laid over the least file of contract.md section 3."""

    def __init__(self, folder, port, bootstrap, feeds, settings=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self.store = self.folder / "huqi.db"
        self.log = self.folder / "huqi.log"
        self.file = self.folder / "huqi.yaml"
        self.process = None
        self.starts = 0
        token = self.folder / "token"
        token.write_text(TOKEN + "\n")
        token.chmod(0o600)
        self.file.write_text(yaml.safe_dump(deep_update({
            "store": {"path": str(self.store)},
            "http": {"listen": f"127.0.0.1:{port}", "token_file": str(token)},
            "patterns": {"dir": str(ROOT / "patterns")},
            "feeds": feeds,
            # A group each: a service that stopped keeps its place in its group for a session's length.
            "kafka": {"bootstrap.servers": bootstrap, "group.id": f"huqi-{port}"},
            "notify": {"allow_private": True},  # the receiver stands on loopback
        }, settings or {}), allow_unicode=True))

    def set(self, key, value):
        """`section.name` in the settings file, before a start: what needs the port that was chosen."""
        settings = yaml.safe_load(self.file.read_text())
        section, name = key.split(".")
        settings.setdefault(section, {})[name] = value
        self.file.write_text(yaml.safe_dump(settings, allow_unicode=True))

    def start(self):
        self.starts += 1
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(BINARY), "serve", "--settings", str(self.file)], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        return self

    def kill(self):
        """As the kernel does when memory runs out: no handler, no flush."""
        assert self.process.poll() is None, f"huqi had ended by itself: {self.tail()}"
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self):
        """SIGTERM; it must end in order, with status 0 and nothing for a sanitizer to say."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_SECONDS * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "killed: it did not stop"
        self.process = None
        said = SANITIZER_WORDS.search(self.log.read_text(errors="replace"))
        assert status == 0 and not said, f"huqi ended with {status}: {self.tail()}"

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def get(self, path, token=TOKEN, method="GET", headers=None, body=None):
        """(status, headers, body bytes); an error status is an answer too."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=body,
                                         headers=headers or {})
        if token:
            request.add_header("authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20 * PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def ready(self):
        try:
            return self.get("/readyz", token=None)[0] == 200
        except OSError:
            assert self.process is None or self.process.poll() is None, f"huqi ended: {self.tail()}"
            return False

    def wait_ready(self, seconds=60):
        until(self.ready, seconds, lambda: f"ready: {self.tail(8)}")
        return self

    def up(self):
        try:
            return self.get("/healthz", token=None)[0] == 200
        except OSError:
            assert self.process is None or self.process.poll() is None, f"huqi ended: {self.tail()}"
            return False

    def wait_up(self, seconds=60):
        """Until HTTP answers at all: a first line in the log comes before."""
        until(self.up, seconds, lambda: f"answering: {self.tail(8)}")
        return self

    def counters(self):
        """The Prometheus page as {name: sum over labels}."""
        sums = {}
        for line in self.get("/metrics")[2].decode().splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                name = name.split("{")[0]
                sums[name] = sums.get(name, 0) + float(value)
        return sums

    def rows(self, sql, *values):
        """Reads the store beside the running service, as any other reader may."""
        if not self.store.exists():
            return []
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            connection.close()

    def offsets(self):
        """{(topic, partition): the next offset to read}, as committed with what they produced (I3)."""
        return {(t, p): n for t, p, n in self.rows("SELECT topic, partition, next_offset FROM feed_offset")}

    def alerts(self):
        """The alerts' bodies in replay's order, as bytes, a line each."""
        bodies = [row[0] for row in self.rows("SELECT body FROM alert")]
        return sort_alerts(body.encode() for body in bodies)


def sort_alerts(lines):
    """replay's order: (opened_at, id)."""
    def key(line):
        alert = json.loads(line)
        return alert["opened_at"], alert["id"]
    return sorted(lines, key=key)

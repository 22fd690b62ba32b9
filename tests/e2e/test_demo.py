"""`serve --demo` as `make run` starts it: warnings in sight, Ctrl-C in time, everything still there the next time."""

import re
import shutil
import signal
import subprocess
import time
import urllib.request

import broker as broker_module
from service import BINARY, PATIENCE, ROOT, until

STOP_SECONDS = 3


class Demo:
    def __init__(self, folder):
        self.folder = folder
        for name in ("patterns", "seeds"):
            shutil.copytree(ROOT / name, folder / name)
        self.port = broker_module.free_ports(1)[0]
        self.out = folder / "out"

    def start(self):
        with open(self.out, "ab") as out:
            self.process = subprocess.Popen(
                [str(BINARY), "serve", "--demo", "--set", f"http.listen=127.0.0.1:{self.port}"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)

    def page(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def counter(self, name):
        for line in self.page("/metrics").splitlines():
            if line.startswith(f"huqi_{name} "):
                return float(line.split()[1])
        return -1

    def stop(self):
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30 * PATIENCE) == 0
        assert time.monotonic() - began < STOP_SECONDS * PATIENCE


def answer_one(demo):
    """As whoever watches does: the button of a warning, one of the four answers, and back."""
    inbox = demo.page("/demo/inbox?lang=en")
    link = re.search(r'<article.*?href="(http://127\.0\.0\.1:\d+/a/[^"]+)">Acknowledge and answer', inbox, re.S).group(1)
    path = link.split(str(demo.port), 1)[1]
    assert "Did you mean to do this?" in demo.page(path + "?lang=en")
    with urllib.request.urlopen(link, data=b"answer=stopped", timeout=10) as answer:
        assert answer.status == 200
    assert "Answered: No, stopped in time" in demo.page("/demo/inbox?lang=en")


def test_the_demo_twice(tmp_path):
    demo = Demo(tmp_path)
    demo.start()
    try:
        until(lambda: demo.counter("deliveries_sent_total") >= 2, 120, "warnings delivered")
        answer_one(demo)
        printed = [line for line in demo.out.read_text(encoding="utf-8").splitlines() if line.startswith("2026-")]
        assert printed and any("红色 red" in line or "橙色 orange" in line for line in printed)
        consumed = demo.counter("transactions_total")
    finally:
        demo.stop()

    demo.start()
    try:
        until(lambda: demo.counter("transactions_total") > 0, 60, "the feed goes on")
        # It went on where it was: nothing that the first run counted comes again as known.
        assert demo.counter("hits_known_total") == 0
        assert demo.counter("transactions_total") < consumed
        assert (tmp_path / "var/token").stat().st_mode & 0o077 == 0
    finally:
        demo.stop()

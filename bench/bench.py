"""The benchmarks of README.md: `bench.py ROUNDS`, called by run.sh. Prints tables, writes bench/results/."""

import datetime
import json
import os
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "tests/kafka"), str(ROOT / "tests/e2e")]

import broker as broker_module  # noqa: E402
import client as client_module  # noqa: E402
import feed as feed_module  # noqa: E402
import patterns as patterns_module  # noqa: E402
import service as service_module  # noqa: E402

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
DECODE_TRANSACTIONS = MESSAGES // 10
PARTITIONS = 4
PATTERNS = 200  # of BENCH_PATTERNS=text; else the shipped pack
PACK = os.environ.get("BENCH_PATTERNS", "pack") != "text"
LATENCY_RATE = 20_000
LATENCY_SECONDS = 20
LOOK_SECONDS = 0.02
TOPIC = "bench.tx"
TICKS = os.sysconf("SC_CLK_TCK")
# What huqi itself asks of librdkafka (parts.md); the floor gets the same.
FAST = ["fetch.queue.backoff.ms=1", "queued.min.messages=2000", "queued.max.messages.kbytes=2048",
        "check.crcs=true", "fetch.wait.max.ms=10"]


def say(*words):
    print(*words, flush=True)


def cpu_seconds(pid):
    """User and system time of all its threads so far, dead ones too."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


class Bench:
    def __init__(self, rounds):
        self.rounds = rounds
        self.folder = service_module.BUILD / "bench"
        self.feed = self.folder / "feed.jsonl"
        self.patterns = self.folder / "patterns"
        self.threads = max(1, (os.cpu_count() or 2) - 1)
        self.results = {"machine": machine(), "messages": MESSAGES, "partitions": PARTITIONS,
                        "patterns": "shipped" if PACK else PATTERNS, "rounds": rounds}
        self.broker = None
        self.client = None

    def run(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if PACK:
            shutil.copytree(ROOT / "patterns", self.patterns)
        subprocess.run([sys.executable, HERE / "patterns.py", self.patterns, str(0 if PACK else PATTERNS)],
                       check=True)
        self.simulate()
        self.broker = broker_module.Broker(self.folder / "kafka").start()
        try:
            self.client = client_module.Client(self.broker.bootstrap)
            self.preload()
            self.throughput()
            self.latency()
        finally:
            self.broker.stop()
        self.decoders()
        self.write()

    def simulate(self):
        """The feed, and how fast the simulator writes it."""
        enterprises, days = MESSAGES // 10, 2
        while True:
            began = time.monotonic()
            done = service_module.run("simulate", "--seed", 1, "--enterprises", enterprises, "--days", days,
                                      "--scenarios", "all", "--out", self.feed, "--truth", "/dev/null")
            seconds = time.monotonic() - began
            if done.returncode != 0:
                sys.exit(f"huqi simulate: {done.stderr.decode()}")
            with open(self.feed, "rb") as file:
                count = sum(1 for _ in file)
            if count >= MESSAGES:
                break
            enterprises = int(enterprises * 1.15 * MESSAGES / max(count, 1)) + 1
        with open(self.feed, "r+b") as file:
            size = sum(len(file.readline()) for _ in range(MESSAGES))
            file.truncate(size)
        self.results["simulate"] = {"per_second": round(count / seconds),
                                    "bytes_each": round(size / MESSAGES)}
        say(f"simulate: {count / seconds:,.0f} transactions/s, {size / MESSAGES:.0f} bytes each")

    def preload(self):
        self.client.create(TOPIC, PARTITIONS)
        self.client.create("bench.empty", PARTITIONS)
        for topic in ("huqi.dead", "huqi.alerts"):
            self.client.create(topic, 1)
        self.client.run("lines", TOPIC, self.feed)

    def service(self, name, topic):
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        port = broker_module.free_ports(1)[0]
        return service_module.Service(folder, port, self.broker.bootstrap,
                                      [{"topic": topic, "decoder": "json"}],
                                      {"patterns": {"dir": str(self.patterns)}})

    # -- throughput beside the floor ------------------------------------------------------------------

    def throughput(self):
        self.start_cost()
        floor, huqi = [], []
        for _ in range(self.rounds):
            floor.append(self.consume_nothing())
            huqi.append(self.consume_huqi())
        self.results["consume_nothing"] = floor = middle(floor)
        self.results["huqi"] = huqi = middle(huqi)
        ratio = huqi["per_second"] / floor["per_second"]
        self.results["ratio"] = round(ratio, 3)
        say(f"\n{'':24}{'per second':>12}{'CPU µs each':>13}{'peak MiB':>10}")
        for name, row in (("consume nothing", floor), ("huqi", huqi)):
            say(f"{name:24}{row['per_second']:>12,}{row['cpu_us']:>13.2f}{row['peak_mib']:>10.0f}")
        say(f"{'ratio':24}{ratio:>12.0%}{huqi['cpu_us'] / floor['cpu_us']:>12.1f}x\n")

    def start_cost(self):
        """CPU time until ready, on an empty topic: compiling patterns is no cost of a transaction."""
        one = self.service("start", "bench.empty").start()
        one.wait_ready()
        time.sleep(0.5)
        self.start_cpu = cpu_seconds(one.process.pid)
        one.stop()
        self.results["start_cpu_seconds"] = round(self.start_cpu, 2)

    def consume_nothing(self):
        command = [str(service_module.BUILD / "tools/bench/consume_nothing"),
                   "-X", f"bootstrap.servers={self.broker.bootstrap}"]
        for setting in FAST:
            command += ["-X", setting]
        done = subprocess.run([*command, TOPIC, str(self.threads)], check=True, capture_output=True)
        got = json.loads(done.stdout)
        assert got["messages"] == MESSAGES, got
        return {"per_second": round(got["messages"] / got["seconds"]), "peak_mib": got["peak_kib"] / 1024,
                "cpu_us": got["cpu_us"] / got["messages"]}

    def consume_huqi(self):
        """From the first committed message to the last; so nothing of the start is in the rate."""
        one = self.service("huqi", TOPIC).start()
        pid = one.process.pid
        first = None
        while True:
            done, now = sum(one.offsets().values()), time.monotonic()
            if done > 0 and first is None:
                first = now, done
            if done >= MESSAGES:
                break
            if one.process.poll() is not None:
                sys.exit(f"huqi ended: {one.tail()}")
            time.sleep(LOOK_SECONDS)
        cpu, peak = cpu_seconds(pid) - self.start_cpu, peak_mib(pid)
        one.stop()
        seconds = max(now - first[0], LOOK_SECONDS)
        return {"per_second": round((done - first[1]) / seconds), "cpu_us": cpu * 1e6 / MESSAGES,
                "peak_mib": peak, "alerts": one.rows("SELECT count(*) FROM alert")[0][0]}

    # -- latency --------------------------------------------------------------------------------------

    def latency(self):
        topic = "bench.latency"
        self.client.create(topic, PARTITIONS, message_timestamp_type="LogAppendTime")
        one = self.service("latency", topic).start()
        one.wait_ready()
        rate = min(LATENCY_RATE, MESSAGES // LATENCY_SECONDS)
        done = subprocess.run(
            [str(service_module.BUILD / "tools/bench/latency"),
             "-X", f"bootstrap.servers={self.broker.bootstrap}", topic, str(one.store), str(rate),
             str(LATENCY_SECONDS), patterns_module.PROBE, str(self.feed)],
            check=True, capture_output=True)
        one.stop()
        self.results["latency"] = got = json.loads(done.stdout)
        say(f"append to durable alert at {got['per_second']:,.0f}/s: p50 {got['p50_ms']} ms, "
            f"p99 {got['p99_ms']} ms, longest {got['max_ms']} ms ({got['probes']} probes, "
            f"{got['missing']} missing)\n")

    # -- decoders -------------------------------------------------------------------------------------

    def decoders(self):
        """`huqi decode` of each format, reading a file and writing huqi.tx.v1: an upper bound of the cost."""
        self.results["decode"] = {}
        with open(self.feed, "rb") as file:
            txs = [json.loads(file.readline()) for _ in range(DECODE_TRANSACTIONS)]
        say(f"{'decode':24}{'per second':>12}{'CPU µs each':>13}{'MB/s':>10}")
        for name in feed_module.FORMATS:
            self.decode_one(name, txs)

    def decode_one(self, name, txs):
        feed_module.format_of = lambda account: name
        made = feed_module.Feed(self.folder / f"decode-{name}", txs)
        path = made.files[name]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        with open(os.devnull, "wb") as null:
            subprocess.run([str(service_module.BINARY), "decode", "--decoder", feed_module.DECODERS[name],
                            *feed_module.bank_option(name), str(path)], check=True, stdout=null)
        seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        row = {"per_second": round(len(txs) / seconds), "cpu_us": round(cpu * 1e6 / len(txs), 2),
               "mb_per_second": round(path.stat().st_size / seconds / 1e6, 1)}
        self.results["decode"][name] = row
        say(f"{name:24}{row['per_second']:>12,}{row['cpu_us']:>13.2f}{row['mb_per_second']:>10.1f}")

    def write(self):
        folder = HERE / "results"
        folder.mkdir(exist_ok=True)
        path = folder / f"{datetime.date.today().isoformat()}-{revision()}.json"
        path.write_text(json.dumps(self.results, indent=1, ensure_ascii=False) + "\n")
        say(f"\nwritten to {path.relative_to(ROOT)}")


def middle(rows):
    """The round with the median rate; the spread of the others is said beside it."""
    rows = sorted(rows, key=lambda row: row["per_second"])
    chosen = dict(rows[(len(rows) - 1) // 2])
    chosen["per_second_least"], chosen["per_second_most"] = rows[0]["per_second"], rows[-1]["per_second"]
    chosen["cpu_us"] = round(statistics.median(row["cpu_us"] for row in rows), 3)
    chosen["peak_mib"] = round(max(row["peak_mib"] for row in rows), 1)
    return chosen


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release().split("-")[0]}


def revision():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    Bench(int(sys.argv[1]) if len(sys.argv) > 1 else 3).run()

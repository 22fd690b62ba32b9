"""A real Apache Kafka broker for tests and benchmarks: formatted, started, stopped, killed, started again.

One process, broker and controller in one, on loopback with ports that were free when it was made; they stay
the same over restarts, so that a client sees the same broker come back. Two doors: PLAINTEXT, and
SASL_PLAINTEXT with SCRAM-SHA-256. All it writes stays below the folder it is given.

As a program, `broker.py FOLDER` runs one until its standard input closes; the first line it prints is JSON
with the addresses.
"""

import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SCRAM_USER = "huqi"
SCRAM_PASSWORD = "correct-horse-41"
HEAP = "512m"
READY_SECONDS = 60
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{plain},SASL_PLAINTEXT://127.0.0.1:{sasl},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SASL_PLAINTEXT://127.0.0.1:{sasl}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-256
listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.retention.ms=-1
log.cleaner.dedupe.buffer.size=16777216
"""

LOGGING = """\
status = error
appender.file.type = Console
appender.file.name = out
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


def free_ports(count):
    """Loopback ports nobody listens on; held together, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def die_with_parent():
    """A test run that is killed must not leave a broker behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Broker:
    """One broker below `folder`. `start()` formats the storage on first use."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.plain, self.sasl, self.controller = free_ports(3)
        self.bootstrap = f"127.0.0.1:{self.plain}"
        self.bootstrap_sasl = f"127.0.0.1:{self.sasl}"
        self.properties = self.folder / "server.properties"
        self.log = self.folder / "broker.log"
        self.process = None
        self._jars = None

    def start(self):
        """Starts it and returns when it answers; on the same ports and data as before."""
        if not self.properties.exists():
            self._format()
        logging = self.folder / "log4j2.properties"
        logging.write_text(LOGGING)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self._java("kafka.Kafka", str(self.properties), heap=HEAP,
                           defines=[f"-Dlog4j2.configurationFile={logging}"]),
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=die_with_parent)
        self._wait_ready()
        return self

    def stop(self):
        """In order, as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self):
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def scram(self, password=SCRAM_PASSWORD, user=SCRAM_USER):
        """The librdkafka properties that log in at `bootstrap_sasl`."""
        return {"bootstrap.servers": self.bootstrap_sasl, "security.protocol": "sasl_plaintext",
                "sasl.mechanism": "SCRAM-SHA-256", "sasl.username": user, "sasl.password": password}

    def _end(self, signum):
        if self.process is None:
            return
        self.process.send_signal(signum)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _format(self):
        data = self.folder / "data"
        self.properties.write_text(PROPERTIES.format(
            plain=self.plain, sasl=self.sasl, controller=self.controller, data=data))
        tool = "kafka.tools.StorageTool"
        cluster = subprocess.run(self._java(tool, "random-uuid"), check=True, capture_output=True,
                                 text=True).stdout.split()[-1]
        done = subprocess.run(
            self._java(tool, "format", "-t", cluster, "-c", str(self.properties), "--standalone",
                       "--add-scram", f"SCRAM-SHA-256=[name={SCRAM_USER},password={SCRAM_PASSWORD}]"),
            cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            self.properties.unlink()
            raise RuntimeError(f"the broker's storage could not be formatted: {done.stdout}{done.stderr}")

    def _java(self, main, *arguments, heap="128m", defines=()):
        if self._jars is None:
            fetch = ["sh", str(HERE / "fetch.sh")]
            self._jars = subprocess.run(fetch, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        return ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", *defines, "-cp", f"{self._jars}/*",
                main, *arguments]

    def _wait_ready(self):
        """A KRaft broker opens its clients' doors last, so an open door is a broker that answers."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the broker ended with {self.process.returncode}; see {self.log}")
            try:
                socket.create_connection(("127.0.0.1", self.plain), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the broker did not answer within {READY_SECONDS} s; see {self.log}")


def main():
    if len(sys.argv) != 2:
        print("usage: broker.py FOLDER", file=sys.stderr)
        return 2
    broker = Broker(sys.argv[1]).start()
    try:
        print(json.dumps({"bootstrap": broker.bootstrap, "scram": broker.scram(),
                          "pid": broker.process.pid, "home": os.fspath(broker.folder)}), flush=True)
        sys.stdin.read()
    finally:
        broker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

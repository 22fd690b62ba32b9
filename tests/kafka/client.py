"""What tests do to a broker, through kafka_tool (its frames are described there)."""

import os
import pathlib
import subprocess
import time

BUILD = pathlib.Path(os.environ.get("HUQI_BUILD", "build")).resolve()
TOOL = BUILD / "tools/tests/kafka/kafka_tool"


class Client:
    """`properties` are librdkafka's; the least is {"bootstrap.servers": …}."""

    def __init__(self, properties):
        if isinstance(properties, str):
            properties = {"bootstrap.servers": properties}
        self.command = [str(TOOL)]
        for name, value in properties.items():
            self.command += ["-X", f"{name}={value}"]

    def run(self, *arguments, **options):
        done = subprocess.run([*self.command, *map(str, arguments)], capture_output=True, timeout=300,
                              **options)
        if done.returncode != 0:
            raise RuntimeError(f"kafka_tool {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def create(self, topic, partitions, **config):
        self.run("create", topic, partitions, *(f"{k.replace('_', '.')}={v}" for k, v in config.items()))

    def produce(self, messages):
        """messages: (topic, key, value), bytes; the key chooses the partition. Returns when all are in."""
        self.run("produce", input=b"".join(frame(*m) for m in messages))

    def produce_paced(self, messages, per_second):
        """The same, spread over time."""
        with subprocess.Popen([*self.command, "produce"], stdin=subprocess.PIPE) as tool:
            began = time.monotonic()
            step = max(1, per_second // 50)
            for at in range(0, len(messages), step):
                tool.stdin.write(b"".join(frame(*m) for m in messages[at:at + step]))
                tool.stdin.flush()
                time.sleep(max(0, began + (at + step) / per_second - time.monotonic()))
            tool.stdin.close()
            if tool.wait() != 0:
                raise RuntimeError("kafka_tool produce failed; see its words above")

    def ends(self, topic):
        """{partition: the offset after its last message}"""
        lines = self.run("ends", topic).decode().split("\n")
        return {int(p): int(n) for p, _, n in (line.split() for line in lines if line)}

    def read(self, topic):
        """All messages up to the end: dicts of partition, offset, key, value, headers."""
        return list(parse(self.run("read", topic)))


def frame(topic, key, value):
    return f"{topic} -1 {len(key)} {len(value)}\n".encode() + key + value


def parse(data):
    at = 0

    def head():
        nonlocal at
        end = data.index(b"\n", at)
        numbers = [int(n) for n in data[at:end].split()]
        at = end + 1
        return numbers

    def take(count):
        nonlocal at
        at += count
        return data[at - count:at]

    while at < len(data):
        partition, offset, key_len, value_len, header_count = head()
        message = {"partition": partition, "offset": offset, "key": take(key_len), "value": take(value_len),
                   "headers": {}}
        for _ in range(header_count):
            name_len, len_ = head()
            name = take(name_len).decode()
            message["headers"][name] = take(len_)
        yield message

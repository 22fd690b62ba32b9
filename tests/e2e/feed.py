"""A simulated feed of four formats on four topics, and what huqi must make of it.

The simulator writes huqi.tx.v1. Every account then gets one format, by a hash of its number: a bank sends its
customers' bookings in one way. Accounts of the three foreign formats move to one bank a format, because those
feeds name their bank in the settings. The same messages go to Kafka and into files for `huqi replay`.
"""

import hashlib
import json
import pathlib

import convert
import service

FORMATS = ("json", "csv34", "camt054", "hvps111")
TOPICS = {"json": "bank.json", "csv34": "bank.csv", "camt054": "bank.camt", "hvps111": "bank.hvps"}
DECODERS = {"json": "json", "csv34": "csv34", "camt054": "iso20022", "hvps111": "cnaps"}
# Valid bank codes that only these feeds carry; the check digit is computed in bank_code().
BANK_STEMS = {"csv34": "10533910001", "camt054": "10439100002", "hvps111": "30139100003"}
PARTITIONS = 3
CAMT_BATCH = 3


def bank_code(stem):
    """ISO 7064 MOD 11,10 over the first 11 digits."""
    p = 10
    for digit in stem:
        s = (p + int(digit)) % 10 or 10
        p = s * 2 % 11
    return stem + str((11 - p) % 10)


BANKS = {name: bank_code(stem) for name, stem in BANK_STEMS.items()}


def format_of(account):
    return FORMATS[hashlib.sha256(account.encode()).digest()[0] % len(FORMATS)]


def simulate(folder, count, seed=41, enterprises=250, days=60):
    """The first `count` transactions of a simulated feed, as dicts; with more fraud than life has."""
    folder.mkdir(parents=True, exist_ok=True)
    out, truth = folder / "simulated.jsonl", folder / "truth.jsonl"
    while True:
        done = service.run("simulate", "--seed", seed, "--enterprises", enterprises, "--days", days,
                           "--scenarios", "all", "--fraud-permille", 600, "--out", out, "--truth", truth)
        assert done.returncode == 0, done.stderr.decode()
        lines = out.read_bytes().splitlines()
        if len(lines) >= count:
            return [json.loads(line) for line in lines[:count]]
        enterprises = int(enterprises * max(1.2, 1.1 * count / max(1, len(lines))))


class Feed:
    """`messages` are (topic, key, value) in the order they are sent; `txs` the transactions they carry."""

    def __init__(self, folder, txs):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.messages = []
        self.txs = []
        self._groups = {}
        for tx in txs:
            self._add(tx)
        for group in self._groups.values():
            self._send("camt054", group, convert.camt054(*group))
        self.files = {name: self._write_file(name) for name in FORMATS}

    def _add(self, tx):
        name = format_of(tx["account"])
        if name == "json":
            self._send(name, [tx], convert.native(tx))
            return
        tx = dict(tx, bank=BANKS[name], id=tx["bank"] + tx["id"])  # unique within the new bank too
        if name == "csv34":
            self._send(name, [tx], convert.csv34(tx))
        elif name == "hvps111":
            tx["counterparty"] = counterparty_elsewhere(tx)
            self._send(name, [tx], convert.hvps111(tx))
        else:
            group = self._groups.setdefault(tx["account"], [])
            group.append(tx)
            if len(group) == CAMT_BATCH:
                self._send(name, group, convert.camt054(*group))
                del self._groups[tx["account"]]

    def _send(self, name, txs, value):
        self.txs += txs
        self.messages.append((TOPICS[name], txs[0]["account"].encode(), value))

    def _write_file(self, name):
        path = self.folder / f"feed.{name}"
        with open(path, "wb") as file:
            if name == "csv34":
                file.write(convert.csv34_header() + b"\r\n")
            for topic, _, value in self.messages:
                if topic == TOPICS[name]:
                    file.write(value + (b"\n" if name in ("json", "csv34") else b""))
        return path

    def replay(self, settings=None, patterns=None, registry=None):
        """What `huqi replay` finds in all formats together: the alerts' lines in order.

        Each format is decoded by itself and then judged as one feed, since accounts of different banks are linked.
        """
        merged = self.folder / "decoded.jsonl"
        with open(merged, "wb") as out:
            for name in FORMATS:
                done = service.run("decode", "--decoder", DECODERS[name], *bank_option(name), self.files[name])
                assert done.returncode == 0, done.stderr.decode()
                out.write(done.stdout)
        done = service.run("replay", *(["--settings", settings] if settings else []),
                           *(["--patterns", patterns] if patterns else []),
                           *(["--registry", registry] if registry else []), merged)
        assert done.returncode == 0, done.stderr.decode()
        return service.sort_alerts(done.stdout.splitlines())


def bank_option(name):
    return ["--bank", BANKS[name]] if name in BANKS else []


def counterparty_elsewhere(tx):
    """The other side banks elsewhere; else hvps.111 would carry its leg too."""
    party = dict(tx.get("counterparty", {}))
    if party.get("bank", "") in ("", tx["bank"]):
        party["bank"] = "308584000013"
    return party


def settings_feeds():
    """The `feeds:` of a settings file that reads all four topics."""
    feeds = []
    for name in FORMATS:
        feeds.append({"topic": TOPICS[name], "decoder": DECODERS[name]})
        if name in BANKS:
            feeds[-1]["bank"] = BANKS[name]
    return feeds


def create_topics(client):
    for topic in TOPICS.values():
        client.create(topic, PARTITIONS)
    for topic in ("huqi.dead", "huqi.alerts"):
        client.create(topic, 1)

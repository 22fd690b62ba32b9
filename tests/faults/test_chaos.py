"""I3: a thousand destinations, a tenth of them wrong in every way, and 200 kills: no delivery is lost.

Each is sent at least once, or dead with a reason; what comes again comes under the same id with the same body; and the
counts add up. The alerts are those of an undisturbed `huqi replay`.
"""

import json
import os
import random
import shutil
import time

import crowd as crowd_module
import pytest
import registry
import service as service_module
import trouble
from service import PATIENCE, ROOT, until

TOPIC = "chaos.tx"
DESTINATIONS = 1000
WRONG_EACH = 10  # one in ten is wrong
ROUNDS = 3  # transactions of an account, each an episode of its own
KILLS = 200
LIFE_SECONDS = (0.2, 0.8)
PACE_PER_SECOND = 30
STATES = {0: "pending", 1: "inflight", 2: "retry", 3: "sent", 4: "acked", 5: "dead", 6: "held"}

PATTERN = """id: chaos-word
version: 1
status: active
typology: V06
title: {zh: 测试用语, en: A word for a test}
audience: enterprise
score: 90
detect:
  text: {in: [remark], any: ['安全账户']}
advice: [a3]
message: {zh: '付款 {amount} 附言可疑，请先停下核实。', en: 'Payment of {amount}: stop and verify.'}
references: ['none']
false_positives: ['none']
"""


@pytest.fixture
def crowd():
    made = crowd_module.Crowd().up()
    yield made
    made.down()


def way_of(number):
    wrong = crowd_module.WRONG
    return wrong[number // WRONG_EACH % len(wrong)] if number % WRONG_EACH == 0 else "well"


def transactions():
    """Three weeks, a day between an account's own, everybody's in one order of booking."""
    for day in range(ROUNDS):
        for number in range(DESTINATIONS):
            yield {
                "id": f"c{day}-{number}", "bank": "102100099996", "account": f"62{number:014d}", "direction": "debit",
                "account_name": f"云桥测试{number}有限公司", "amount": f"{50000 + number}.00",
                "booked_at": f"2026-03-{2 + 3 * day:02d}T{9 + number // 200:02d}:{number % 60:02d}:00+08:00",
                "counterparty": {"account": f"65{number:014d}", "name": "某某", "kind": "person"},
                "remark": "转入安全账户",
            }


def patterns(folder):
    folder.mkdir()
    for shared in ROOT.glob("patterns/*.yaml"):
        shutil.copy(shared, folder)
    if (ROOT / "patterns/messages").is_dir():
        shutil.copytree(ROOT / "patterns/messages", folder / "messages")
    (folder / "V06").mkdir()
    (folder / "V06" / "chaos-word.yaml").write_text(PATTERN, "utf-8")
    return folder


class Address:
    """One contact's, as registry.write() asks for it."""

    def __init__(self, crowd, number):
        self.url, self.secret = crowd.url_of(way_of(number), number), crowd.secret


def write_registry(folder, txs, crowd):
    registry.write(folder, txs, Address(crowd, 0))
    lines = (folder / "contacts.csv").read_text("utf-8").splitlines()
    fixed = [lines[0]] + [line.replace(crowd.url_of(way_of(0), 0), Address(crowd, n).url)
                          for n, line in enumerate(lines[1:])]
    (folder / "contacts.csv").write_text("\n".join(fixed) + "\n", "utf-8")
    return folder


def settled(one):
    """True once nothing waits any more."""
    return one.rows("SELECT count(*) FROM delivery WHERE state IN (0, 1, 2)") == [(0,)]


def check_deliveries(one, crowd, alerts):
    rows = one.rows("SELECT d.id, d.alert, d.state, d.attempts, d.reason FROM delivery d")
    assert {row[1] for row in rows} == alerts and len(rows) == len(alerts), "a row for each warning, and no other"
    received = crowd.by_id()
    assert received.keys() <= {row[0] for row in rows}, "something came that no row stands for"
    for name, bodies in received.items():
        assert all(body == bodies[0] for body in bodies) and bodies[0]["id"] == name
    sent = [row for row in rows if row[2] == 3]
    dead = [row for row in rows if row[2] == 5]
    assert len(sent) + len(dead) == len(rows), {STATES.get(row[2], row[2]) for row in rows}
    assert all(row[0] in received for row in sent), "sent, but never received"
    assert all(row[4] and row[3] > 0 for row in dead), "dead without a reason or an attempt"
    again = sum(len(bodies) > 1 for bodies in received.values())
    print(f"{len(rows)} deliveries: {len(sent)} sent, {len(dead)} dead; {again} came more than once; "
          f"attempts {sum(row[3] for row in rows)}; met {crowd.tried}; a flood got {crowd.flooded_most} bytes through")
    return sent, dead


def replay_by_hand(one, dead):
    """A person sees the dead ones and has one tried anew: under its own id, and then it is dead again."""
    listed = json.loads(service_module.run("deliveries", "list", "--state", "dead", "--json", "--settings", one.file).stdout)
    assert {row["id"] for row in listed} == {row[0] for row in dead} and all(row["reason"] for row in listed)
    assert not any(f"/{way}/" in row["address"] for row in listed for way in crowd_module.WRONG), "addresses are masked"
    name = next(row["id"] for row in listed if "500" in row["reason"])
    done = service_module.run("deliveries", "replay", name, "--settings", one.file)
    assert done.returncode == 0, done.stderr.decode()
    assert one.rows("SELECT count(*) FROM audit WHERE action = 'delivery.replay' AND object = ?", name) == [(1,)]
    until(lambda: one.rows("SELECT state FROM delivery WHERE id = ?", name) == [(5,)], 60, "dead again")
    assert service_module.run("deliveries", "replay", "msg_none", "--settings", one.file).returncode == 1


def test_no_delivery_is_lost(service, client, crowd, tmp_path):
    seed = int(os.environ.get("HUQI_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    print(f"HUQI_SEED={seed}")
    moments = random.Random(seed)
    txs = list(transactions())
    client.create(TOPIC, 3)
    for name in ("huqi.dead", "huqi.alerts"):
        client.create(name, 1)
    one = service([{"topic": TOPIC, "decoder": "json"}], {
        "patterns": {"dir": str(patterns(tmp_path / "patterns"))},
        "notify": {"retry_percent": 0, "timeout": f"{int(1000 * PATIENCE)}ms"},
    })
    registry.load(one, write_registry(tmp_path / "registry", txs, crowd))
    one.start().wait_ready(120)
    messages = [(TOPIC, tx["account"].encode(), json.dumps(tx, ensure_ascii=False).encode()) for tx in txs]
    finish = trouble.pour_messages(client, messages, max(1, int(PACE_PER_SECOND / PATIENCE)))
    for _ in range(KILLS):
        time.sleep(moments.uniform(*LIFE_SECONDS) * PATIENCE)
        one.kill()
        one.start()
    finish()
    until(lambda: one.rows("SELECT count(*) FROM alert") == [(len(txs),)], 120,
          lambda: f"every alert: {one.rows('SELECT count(*) FROM alert')} of {len(txs)}\n{one.tail(5)}")
    until(lambda: settled(one), 240, lambda: str(one.rows("SELECT state, count(*) FROM delivery GROUP BY state")))
    sent, dead = check_deliveries(one, crowd, {row[0] for row in one.rows("SELECT id FROM alert")})
    well = sum(way_of(n) == "well" for n in range(DESTINATIONS))
    assert (len(sent), len(dead)) == (ROUNDS * well, ROUNDS * (DESTINATIONS - well))
    assert not crowd.refused
    assert all(crowd.tried.get(way, 0) > 0 for way in crowd_module.WRONG), crowd.tried
    assert one.rows("PRAGMA integrity_check") == [("ok",)]
    replay_by_hand(one, dead)
    print(service_module.run("audit", "verify", "--settings", one.file).stdout.decode())

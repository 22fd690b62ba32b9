"""Escalation goes on over `kill -9`: each step is taken once, in order, never before its time, and an answer ends it.

A third of the warned answer on their page as soon as it comes to them, while the service is killed again and again.
"""

import csv
import json
import os
import random
import threading
import time

import registry
import test_chaos as chaos
import trouble
from letter import open_link
from service import PATIENCE, until

TOPIC = "timers.tx"
ENTERPRISES = 60
KILLS = 40
LIFE_SECONDS = (0.3, 1.2)
PACE_PER_SECOND = 4
WITHIN_MS = 6000
COUNTY, CITY, PROVINCE = "350102", "350100", "350000"
ROUTING = f"""
routing:
  quiet_hours: "22:00-07:00"
  digest: {{after: 1000, window: 1m}}
  hold: {{within: 5m}}
  blue: {{steps: []}}
  yellow: {{quiet: ignored, steps: [{{to: city}}]}}
  orange: {{quiet: ignored, steps: [{{to: city}}]}}
  red:
    quiet: ignored
    steps:
      - {{to: [cashier], channels: all, within: {WITHIN_MS // 1000}s}}
      - {{to: [owner], channels: all, within: {WITHIN_MS // 1000}s}}
      - {{to: county, within: {WITHIN_MS // 1000}s}}
      - {{to: city}}
"""


def answers(number):
    return number % 3 == 0


def transactions():
    return [{
        "id": f"t{n}", "bank": "102100099996", "account": f"62{n:014d}", "direction": "debit",
        "account_name": f"云桥测试{n}有限公司", "amount": f"{50000 + n}.00", "booked_at": f"2026-03-02T10:{n % 60:02d}:00+08:00",
        "counterparty": {"account": f"65{n:014d}", "name": "某某", "kind": "person"}, "remark": "转入安全账户",
    } for n in range(ENTERPRISES)]


def table(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns.split(","), *rows])


def write_registry(folder, receiver):
    folder.mkdir()
    table(folder / "jurisdictions.csv", "code,parent,name_zh",
          [(PROVINCE, "", "省"), (CITY, PROVINCE, "市"), (COUNTY, CITY, "县")])
    codes = [registry.uscc(n) for n in range(ENTERPRISES)]
    table(folder / "enterprises.csv", "uscc,name,jurisdiction",
          [(code, f"云桥测试{n}有限公司", COUNTY) for n, code in enumerate(codes)])
    table(folder / "accounts.csv", "bank,account,uscc",
          [("102100099996", f"62{n:014d}", code) for n, code in enumerate(codes)])
    table(folder / "contacts.csv", "uscc,name,role,order,channel,address,secret",
          [(code, role, role, order, "webhook", f"{receiver.url}/{n}/{role}", receiver.secret)
           for n, code in enumerate(codes) for order, role in ((1, "cashier"), (2, "owner"))])
    return folder


def patterns(folder):
    chaos.patterns(folder)
    levels = folder / "levels.yaml"
    kept = levels.read_text("utf-8").split("\nrouting:")[0].splitlines()
    levels.write_text("\n".join(kept) + "\n" + ROUTING, "utf-8")
    return folder


def number_of(body):
    return int("".join(c for c in body["enterprise"]["name"] if c.isdigit()))


def answer_all(receiver, over):
    """What a contact of the answering third does, again where the service was just dead."""
    done = set()
    while not over.is_set():
        for name, body, _ in list(receiver.deliveries):
            if body["type"] != "huqi.warning.v1" or name in done or not answers(number_of(body)):
                continue
            try:
                if open_link(body["answer_url"], {"answer": "stopped"}, follow=False)[0] == 303:
                    done.add(name)
            except OSError:
                pass
        time.sleep(0.1)


def ended(one):
    return one.rows("SELECT count(*) FROM escalation WHERE state = 0") == [(0,)] and chaos.settled(one)


def check_silent(rows, calls):
    """Nobody answered: cashier, owner, county, city, each once, and each had its time."""
    assert [(step, role) for step, role, _ in rows] == [(0, "cashier"), (1, "owner")], rows
    assert [(code, reason) for code, reason, _ in calls] == [(COUNTY, "unanswered"), (CITY, "unanswered")], calls
    times = [at for _, _, at in rows] + [at for _, _, at in calls]
    assert all(later - earlier >= WITHIN_MS for earlier, later in zip(times, times[1:])), times
    return max(later - earlier for earlier, later in zip(times, times[1:]))


def check(one, receiver):
    longest, stopped = 0, 0
    for alert, account, state in one.rows("SELECT a.id, a.account, e.state FROM alert a JOIN escalation e ON e.alert = a.id"):
        rows = one.rows("SELECT d.step, c.role, d.created_ms FROM delivery d JOIN way w ON w.id = d.way JOIN contact c "
                        "ON c.id = w.contact WHERE d.alert = ? AND d.kind = 0 ORDER BY d.step", alert)
        calls = one.rows("SELECT jurisdiction, reason, created_ms FROM call WHERE alert = ? ORDER BY created_ms", alert)
        if answers(int(account) % 10**14) and len(rows) == 1:
            assert state == 1 and not calls, (state, calls)
            stopped += 1
        elif answers(int(account) % 10**14):
            assert state == 1, "a late answer ends it, too"
        else:
            longest = max(longest, check_silent(rows, calls))
    received = receiver.by_id()
    sent = {row[0] for row in one.rows("SELECT id FROM delivery WHERE kind = 0 AND state IN (3, 4)")}
    assert sent == set(received), "sent and received are the same"
    assert all(body == bodies[0] for bodies in received.values() for body in bodies)
    print(f"{stopped} stopped by an answer at the first step; longest step {longest} ms of {WITHIN_MS}")
    assert stopped > ENTERPRISES // 6


def test_steps_are_taken_once(service, client, receiver, tmp_path):
    seed = int(os.environ.get("HUQI_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    print(f"HUQI_SEED={seed}")
    moments, over = random.Random(seed), threading.Event()
    client.create(TOPIC, 3)
    for name in ("huqi.dead", "huqi.alerts"):
        client.create(name, 1)
    one = service([{"topic": TOPIC, "decoder": "json"}], {
        "patterns": {"dir": str(patterns(tmp_path / "patterns"))}, "notify": {"retry_percent": 0},
    })
    one.set("http.public_url", f"http://127.0.0.1:{one.port}")
    registry.load(one, write_registry(tmp_path / "registry", receiver))
    one.start().wait_ready(120)
    answering = threading.Thread(target=answer_all, args=(receiver, over), daemon=True)
    answering.start()
    finish = trouble.pour_messages(
        client, [(TOPIC, tx["account"].encode(), json.dumps(tx, ensure_ascii=False).encode()) for tx in transactions()],
        max(1, int(PACE_PER_SECOND / PATIENCE)))
    for _ in range(KILLS):
        time.sleep(moments.uniform(*LIFE_SECONDS) * PATIENCE)
        one.kill()
        one.start()
    finish()
    until(lambda: one.rows("SELECT count(*) FROM escalation") == [(ENTERPRISES,)], 120, "every warning")
    until(lambda: ended(one), 120, lambda: str(one.rows("SELECT state, step, count(*) FROM escalation GROUP BY 1, 2")))
    over.set()
    answering.join()
    check(one, receiver)
    assert one.rows("PRAGMA integrity_check") == [("ok",)]

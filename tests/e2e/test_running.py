"""What an operator does with a running service: reload, replay dead letters, several shards, a disk that stalls."""

import itertools
import json
import shutil
import signal
import sqlite3
import time

import pytest

import feed as feed_module
import service as service_module
from service import until

PARTITIONS = 3

PATTERN = """id: {name}
version: 1
status: active
typology: M19
title: {{zh: 测试用语, en: A word for a test}}
audience: analyst
score: 60
detect:
  text: {{in: [remark], any: ['{word}']}}
advice: [a7]
references: ['none']
false_positives: ['none']
tests:
  - {{expect: hit, name: has it, feed: [{{remark: '{word}'}}]}}
  - {{expect: miss, name: has not, feed: [{{remark: '货款'}}]}}
"""


@pytest.fixture(scope="module")
def topics(client):
    for name in ("huqi.dead", "huqi.alerts"):
        client.create(name, 1)


@pytest.fixture
def topic(topics, client, request):
    """A topic of the test's own."""
    name = "run." + request.node.name.replace("_", "-")
    client.create(name, PARTITIONS)
    return name


def feeds(topic):
    return [{"topic": topic, "decoder": "json"}]


def wait_consumed(one, client, topic):
    ends = {(topic, p): n for p, n in client.ends(topic).items() if n > 0}
    until(lambda: {k: n for k, n in one.offsets().items() if n > 0} == ends, 120,
          lambda: f"consumed: {one.offsets()} of {ends}\n{one.tail(10)}")


def message(topic, number, remark, **more):
    tx = {"id": f"run-{number}", "bank": "102100099996", "account": "6222020000000000001", "direction": "debit",
          "amount": "1000.00", "booked_at": "2026-03-02T09:15:04+08:00", "remark": remark, **more}
    return topic, b"6222020000000000001", json.dumps(tx, ensure_ascii=False).encode()


def native(feed, topic):
    """The feed's native part, on this topic."""
    return [(topic, key, value) for name, key, value in feed.messages if name == feed_module.TOPICS["json"]]


def patterns(folder, word):
    folder.mkdir(exist_ok=True)
    (folder / "one.yaml").write_text(PATTERN.format(name="one", word=word), encoding="utf-8")
    return folder


def test_reload_swaps_the_set_or_changes_nothing(service, client, topic, tmp_path):
    """I6: SIGHUP takes a new set whole; one that does not compile changes nothing and is said why."""
    folder = patterns(tmp_path / "patterns", "甲子言")
    one = service(feeds(topic), {"patterns": {"dir": str(folder)}}).start().wait_ready()
    client.produce([message(topic, 1, "甲子言"), message(topic, 2, "乙丑言")])
    until(lambda: one.rows("SELECT tx_id FROM hit") == [("run-1",)], 30, "the first pattern's hit")

    patterns(folder, "乙丑言")
    one.process.send_signal(signal.SIGHUP)
    until(lambda: one.counters()["huqi_pattern_reloads_total"] == 1, 30, "a reload")
    client.produce([message(topic, 3, "甲子言"), message(topic, 4, "乙丑言")])
    until(lambda: ("run-4",) in one.rows("SELECT tx_id FROM hit"), 30, "the new pattern's hit")
    assert ("run-3",) not in one.rows("SELECT tx_id FROM hit")

    (folder / "one.yaml").write_text(PATTERN.format(name="one", word="丙寅言").replace("score: 60", "score: many"),
                                     encoding="utf-8")
    one.process.send_signal(signal.SIGHUP)
    until(lambda: one.counters()["huqi_pattern_sets_refused_total"] == 1, 30, "a refusal")
    assert "one.yaml:7:" in one.log.read_text(encoding="utf-8")
    client.produce([message(topic, 5, "乙丑言")])
    until(lambda: ("run-5",) in one.rows("SELECT tx_id FROM hit"), 30, "the old set at work")


def test_dead_letters_are_shown_and_sent_again(service, client, topic):
    """I5, I10: kept with its reason, shown byte for byte, sent to its topic again, and that is in the audit."""
    one = service(feeds(topic)).start().wait_ready()
    client.produce([(topic, b"k", b'{"id":"x"}'), (topic, b"k", b"\xff\xfe not a message")])
    until(lambda: len(one.rows("SELECT id FROM dead_letter")) >= 2, 30, "dead letters")
    ids = [row[0] for row in one.rows("SELECT id FROM dead_letter ORDER BY id DESC LIMIT 2")][::-1]

    listed = json.loads(service_module.run("dead", "list", "--settings", one.file, "--json").stdout)
    assert [r for r in listed if r["id"] == str(ids[0])][0]["field"] == "bank"
    shown = service_module.run("dead", "show", "--settings", one.file, ids[1])
    assert shown.returncode == 0 and shown.stdout == b"\xff\xfe not a message"
    missing = service_module.run("dead", "show", "--settings", one.file, 99999)
    assert missing.returncode == 1 and b"no dead letter 99999" in missing.stderr

    before = one.rows("SELECT count(*) FROM dead_letter")[0][0]
    again = service_module.run("dead", "replay", "--settings", one.file, ids[0])
    assert again.returncode == 0, again.stderr
    until(lambda: one.rows("SELECT count(*) FROM dead_letter")[0][0] == before + 1, 30, "read and refused again")
    assert one.rows("SELECT replayed_ms > 0 FROM dead_letter WHERE id = ?", ids[0]) == [(1,)]
    assert one.rows("SELECT action, detail FROM audit") == [("dead.replay", "1 dead letters")]
    verified = service_module.run("audit", "verify", "--settings", one.file)
    assert verified.returncode == 0 and b"1 rows" in verified.stdout


def test_large_dead_letters_hold_up_nobody(service, client, topic):
    """I8: payloads beyond the bound are cut and counted; the batch's bytes are bounded, not only its messages."""
    one = service(feeds(topic)).start().wait_ready()
    before = len(client.read("huqi.dead"))
    client.produce([(topic, b"k", bytes([65 + i % 26]) * 950_000) for i in range(60)] + [(topic, b"k", b"{}")])
    until(lambda: one.rows("SELECT count(*) FROM dead_letter WHERE payload_bytes = 950000") == [(60,)], 60, "60 kept")
    assert one.counters()["huqi_dead_payload_cut_total"] >= 60
    until(lambda: len(client.read("huqi.dead")) >= before + 61, 60, "all of them on the topic")


def test_any_number_of_shards_gives_the_same(service, client, topic, feed, tmp_path):
    """I1, I2: three threads that share the partitions find what one finds."""
    client.produce(native(feed, topic))
    found = []
    for shards in (1, 3):
        one = service(feeds(topic), {"engine": {"shards": shards, "batch_messages": 100}}).start()
        one.wait_ready()
        wait_consumed(one, client, topic)
        found.append(one.alerts())
        one.stop()
    assert found[0] and found[0] == found[1]


def test_a_store_that_stalls_stops_the_fetch_and_loses_nothing(service, client, topic, feed):
    """I5, I8: while nothing can be committed the shards wait, the feed waits in the broker, memory stays bounded."""
    one = service(feeds(topic), {"engine": {"batches_waiting": 2, "batch_messages": 64}}).start().wait_ready()
    wait_consumed(one, client, topic)
    stop = sqlite3.connect(one.store, timeout=10)
    stop.execute("BEGIN IMMEDIATE")
    try:
        client.produce(native(feed, topic))
        # A quick shard puts the whole feed into two works and has no need of a third: so the bank goes on sending.
        numbers = itertools.count()

        def waits():
            client.produce([message(topic, next(numbers), "货款")])
            return one.counters()["huqi_shard_waits_total"] > 0
        until(waits, 60, "a shard that waits")
        until(lambda: one.get("/readyz", token=None)[0] == 503, 60, "not ready")
        stalled = one.counters()["huqi_messages_total"]
        time.sleep(2)
        assert one.counters()["huqi_messages_total"] == stalled
    finally:
        stop.rollback()
        stop.close()
    wait_consumed(one, client, topic)
    one.wait_ready()


def test_the_store_is_checked_and_copied_while_it_runs(service, client, topic, tmp_path):
    one = service(feeds(topic)).start().wait_ready()
    assert service_module.run("store", "check", "--settings", one.file).returncode == 0
    copy = tmp_path / "copy.db"
    assert service_module.run("store", "backup", "--settings", one.file, copy).returncode == 0
    assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert service_module.run("store", "backup", "--settings", one.file, copy).returncode == 1
    shutil.copy(copy, tmp_path / "newer.db")
    newer = sqlite3.connect(tmp_path / "newer.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    refused = service_module.run("serve", "--settings", one.file, "--set", f"store.path={tmp_path / 'newer.db'}")
    assert refused.returncode == 1 and b"written by a newer huqi (schema 99" in refused.stderr

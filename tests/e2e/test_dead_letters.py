"""I5: a thousand malformed messages among the good ones, each a dead letter with its reason, none taking a
good one with it."""

import collections
import random
import re

import feed as feed_module
import malformed
import outcome
import registry
from service import until

BAD = 1_000
KINDS = {"json": malformed.JSON, "csv34": malformed.CSV34, "camt054": malformed.CAMT054,
         "hvps111": malformed.HVPS111}


def spoil(feed):
    """`feed.messages` with BAD malformed ones spread among them; and of those (topic, value, pattern)."""
    random_ = random.Random(5)
    plan = [(name, kind) for name in feed_module.FORMATS for kind in KINDS[name]]
    by_format = collections.defaultdict(list)
    for tx in feed.txs:
        by_format[feed_module.format_of(tx["account"])].append(tx)
    bad = []
    for number in range(BAD):
        name, (pattern, make) = plan[number % len(plan)]
        tx = random_.choice(by_format[name])
        if name == "hvps111":
            tx = dict(tx, counterparty=feed_module.counterparty_elsewhere(tx))
        bad.append((feed_module.TOPICS[name], tx["account"].encode(), make(tx, number), pattern))
    messages = list(feed.messages)
    places = sorted(random_.sample(range(len(messages)), BAD), reverse=True)
    for at, (topic, key, value, _) in zip(places, bad):
        messages.insert(at, (topic, key, value))
    return messages, bad


def test_a_thousand_malformed_messages(service, client, feed, feed_registry, expected):
    feed_module.create_topics(client)
    messages, bad = spoil(feed)
    client.produce(messages)
    one = service(feed_module.settings_feeds(), {"notify": {"on": False}})
    registry.load(one, feed_registry)
    one.start().wait_ready()
    outcome.wait_consumed(one, client)
    outcome.check_alerts(one, expected)
    check_kept(one, bad)
    check_produced(one, client, bad)
    counters = one.counters()
    assert counters["huqi_dead_letters_total"] == BAD
    assert counters["huqi_transactions_total"] == len(feed.txs)


def check_kept(one, bad):
    kept = one.rows("SELECT topic, key, payload, reason, decoder, payload_bytes FROM dead_letter")
    assert len(kept) == BAD
    reasons = {(topic, bytes(key), bytes(payload)): reason for topic, key, payload, reason, _, _ in kept}
    wrong = []
    for topic, key, value, pattern in bad:
        reason = reasons.get((topic, key, value))
        if reason is None or not re.search(pattern, reason, re.I):
            wrong.append((topic, value[:120], pattern, reason))
    assert not wrong, f"{len(wrong)} reasons are missing or wrong, for instance {wrong[:8]}"


def check_produced(one, client, bad):
    until(lambda: one.rows("SELECT count(*) FROM dead_letter WHERE produced = 0") == [(0,)], 60,
          "every dead letter produced")
    produced = client.read("huqi.dead")
    values = collections.Counter((m["key"], m["value"]) for m in produced)
    assert values == collections.Counter((key, value) for _, key, value, _ in bad)
    rows = one.rows("SELECT topic, partition, offset, reason, decoder FROM dead_letter")
    stored = {f"{t}/{p}@{o}": (reason, decoder) for t, p, o, reason, decoder in rows}
    for message in produced:
        headers = {name: value.decode() for name, value in message["headers"].items()}
        assert stored[headers["source"]] == (headers["reason"], headers["decoder"])

"""The whole line: four formats on four topics of a real broker, to alerts in a contact's hands."""

import collections
import json

import convert
import feed as feed_module
import outcome
import registry
import service as service_module


def test_decoders_read_what_was_written(feed):
    """Each foreign message, decoded, says what the transaction said that it was made from."""
    for name in ("csv34", "camt054", "hvps111"):
        done = service_module.run("decode", "--decoder", feed_module.DECODERS[name],
                                  *feed_module.bank_option(name), feed.files[name])
        assert done.returncode == 0 and not done.stderr, done.stderr.decode()[:2000]
        decoded = [json.loads(line) for line in done.stdout.splitlines()]
        sent = [tx for tx in feed.txs if feed_module.format_of(tx["account"]) == name]
        assert len(decoded) == len(sent)
        for got, wanted in zip(decoded, sent):
            check_same(got, wanted, name)


def check_same(got, wanted, name):
    wanted_id = wanted["id"]
    if name == "hvps111" and wanted["direction"] == "credit":  # a TxId is the sending bank's own
        wanted_id = f"{convert.sides(wanted)[0][2]}/{wanted_id}"
    assert got["id"] == wanted_id, (name, got, wanted)
    for field in ("bank", "account", "direction"):
        assert got[field] == wanted[field], (name, field, got, wanted)
    assert float(got["amount"]) == float(wanted["amount"])
    step = "milliseconds" if name == "camt054" else "seconds"
    assert convert.booked(got).isoformat(timespec=step) == convert.booked(wanted).isoformat(timespec=step)
    for field in ("account_name", "remark"):
        assert got.get(field, "") == wanted.get(field, ""), (name, field, got, wanted)
    for field in ("account", "name"):
        assert convert.other(got, field) == convert.other(wanted, field), (name, field, got, wanted)


def test_formats_all_carry_a_share(feed):
    shares = collections.Counter(topic for topic, _, _ in feed.messages)
    assert set(shares) == set(feed_module.TOPICS.values()) and min(shares.values()) > 3_000


def test_the_line_equals_replay(service, client, feed, expected, receiver, tmp_path):
    feed_module.create_topics(client)
    one = service(feed_module.settings_feeds())
    registry.load(one, registry.write(tmp_path / "registry", feed.txs, receiver))
    one.start().wait_ready()
    client.produce(feed.messages)
    outcome.wait_consumed(one, client)
    outcome.check_alerts(one, expected)
    outcome.wait_delivered(one, receiver, expected)
    outcome.wait_topic_complete(one)
    outcome.check_alert_topic(client, expected)
    counters = one.counters()
    assert counters["huqi_transactions_total"] == len(feed.txs)
    assert counters["huqi_dead_letters_total"] == 0
    # I4: a second life over the same store changes nothing.
    before = one.rows("SELECT * FROM alert ORDER BY id")
    one.stop()
    one.start().wait_ready()
    outcome.wait_consumed(one, client)
    assert one.rows("SELECT * FROM alert ORDER BY id") == before

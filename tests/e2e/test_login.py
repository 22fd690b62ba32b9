"""SCRAM: a right password reads the feed, a wrong one is a clear error and not a silence."""

import convert
import feed as feed_module
import outcome
from client import Client
from service import until

FEEDS = [{"topic": feed_module.TOPICS["json"], "decoder": "json"}]


def test_scram_reads_the_feed(service, broker, client, feed):
    feed_module.create_topics(client)
    some = [m for m in feed.messages if m[0] == feed_module.TOPICS["json"]][:2_000]
    Client(broker.scram()).produce(some)
    one = service(FEEDS, {"kafka": broker.scram()}).start()
    one.wait_ready()
    outcome.wait_consumed(one, client)
    assert one.counters()["huqi_transactions_total"] == len(some)


def test_a_wrong_password_is_a_clear_error(service, broker):
    wrong = "not-the-password-77"
    one = service(FEEDS, {"kafka": broker.scram(password=wrong)}).start()

    def said():
        words = one.log.read_text(errors="replace").lower()
        return "authentication" in words or "认证" in words

    until(said, 30, lambda: f"an error that names the authentication: {one.tail()}")
    # It keeps trying (the password may be mended on the broker's side), says so, and is not ready.
    assert one.process.poll() is None
    assert one.wait_up().get("/readyz", token=None)[0] == 503
    assert wrong not in one.log.read_text(errors="replace")
    one.stop()


def test_a_broker_absent_at_start_is_waited_for(service, broker, client, feed):
    """The service starts without a broker, says so, and begins when the broker comes."""
    done = len(client.read(feed_module.TOPICS["json"]))
    broker.stop()
    one = service(FEEDS).start()
    until(lambda: one.log.exists() and broker.bootstrap in one.log.read_text(errors="replace"), 30,
          lambda: f"a line that names the broker: {one.tail()}")
    assert one.wait_up().get("/readyz", token=None)[0] == 503
    broker.start()
    one.wait_ready()
    client.produce([(FEEDS[0]["topic"], b"k", convert.native(dict(feed.txs[0], id="after-the-outage")))])
    until(lambda: one.counters()["huqi_messages_total"] == done + 1, 60, "the message behind the outage read")

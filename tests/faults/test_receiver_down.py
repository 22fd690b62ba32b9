"""The receiver down for a while: every warning still comes, and comes once the receiver is back."""

import outcome
import trouble

# 250 ms, 15 s, 90 s instead of 5 s, 5 min, 30 min.
FASTER = {"notify": {"retry_percent": 5}}


def test_receiver_down_for_a_while(service, client, feed, expected, receiver, tmp_path):
    one = trouble.begin(service, client, feed, receiver, tmp_path, FASTER)
    one.wait_ready()
    receiver.down()
    client.produce(feed.messages)
    outcome.wait_consumed(one, client)
    outcome.check_alerts(one, expected)
    receiver.up()
    trouble.check_end(one, client, feed, expected, receiver)
    assert one.counters()["huqi_deliveries_retried_total"] > 0

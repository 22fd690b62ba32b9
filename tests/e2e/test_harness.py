"""The harness itself: what the tests make up and check by is right by vectors that others published."""

import base64

import feed
import malformed
import registry
from receiver import Receiver


def test_bank_codes_follow_the_known_vectors():
    assert feed.bank_code("10210009999") == "102100099996"
    assert feed.bank_code("30858400001") == "308584000013"


def test_credit_codes_have_the_right_check_character():
    for known in ("91350100M000100Y43", "91110000101623741K"):
        assert registry.check_character(known[:17]) == known[17]


def test_the_receiver_follows_the_standards_own_example():
    """The example that the Standard Webhooks libraries test against; its time stamp is long ago."""
    receiver = Receiver(base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
               "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
               "content-type": "application/json"}
    body = b'{"test": 2432232314}'
    assert "too far from now" in receiver.wrong(headers, body)
    receiver.now = lambda: 1614265330
    assert receiver.wrong(headers, body) is None
    assert "no signature" in receiver.wrong(headers, body + b" ")
    assert "no signature" in receiver.wrong(dict(headers, **{"webhook-id": "msg_other"}), body)


def test_each_kind_of_malformed_message_can_be_made():
    tx = dict(id="1", bank="102100099996", account="6222001234567890", direction="debit", amount="5.00",
              account_name="甲公司", booked_at="2026-03-02T09:15:04.123+08:00", remark="货款")
    for kinds in (malformed.JSON, malformed.CSV34, malformed.CAMT054, malformed.HVPS111):
        made = [make(tx, number) for number, (_, make) in enumerate(kinds)]
        assert len(set(made)) == len(kinds)

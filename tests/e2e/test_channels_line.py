"""One transaction, one red alert, and every contact is told in the way that is his: by six real servers."""

import csv
import json
import re
import shutil

import pytest

import certificate as certificate_module
import mailserver
import robots as robots_module
import service as service_module
from service import until

BANK, ACCOUNT, USCC = "102100099996", "6222020000000000001", "91350100M000100Y43"
CALLBACK = "the-gateways-own-secret"
SENT = 3  # engine/store/delivery_rows.h

PATTERN = """id: line
version: 1
status: active
typology: V01
title: {zh: 测试冒充领导, en: A test of a pretended boss}
audience: enterprise
score: 95
detect:
  text: {in: [remark], any: ['甲子言']}
message: {zh: '账户{account}有一笔{amount}元的付款，像是冒充领导。', en: 'Account {account}: {amount} CNY looks like a fraud.'}
advice: [a1]
references: ['none']
false_positives: ['none']
tests:
  - {expect: hit, name: has it, feed: [{remark: '甲子言'}]}
  - {expect: miss, name: has not, feed: [{remark: '货款'}]}
"""


@pytest.fixture
def servers(tmp_path):
    certificate = certificate_module.Certificate(tmp_path / "tls")
    mail, robots = mailserver.MailServer(certificate), robots_module.Robots()
    yield certificate, mail, robots
    mail.down()
    robots.down()


def write_registry(folder, contacts):
    tables = {
        "enterprises": [("uscc", "name"), (USCC, "测试制造有限公司")],
        "accounts": [("bank", "account", "uscc", "name"), (BANK, ACCOUNT, USCC, "测试制造有限公司")],
        "contacts": [("uscc", "name", "role", "order", "language", "channel", "address", "secret"), *contacts],
    }
    folder.mkdir()
    for name, rows in tables.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    done = service_module.run("registry", "import", "--settings", folder.parent / "huqi0" / "huqi.yaml", folder)
    assert done.returncode == 0, done.stderr.decode()  # addresses wait for their code: a warning each


def verify_all(one, mail, robots):
    """Addresses that a typist may get wrong are told a code first, and nothing else before it came back."""
    addresses = ("cashier@factory.example.com", "lead@factory.example.com", "13800138000")
    assert one.rows("SELECT count(*) FROM way WHERE verified_ms = 0") == [(len(addresses),)]
    for address in addresses:
        done = service_module.run("registry", "verify", "--settings", one.file, address)
        assert done.returncode == 0 and b"goes out to" in done.stdout, done.stderr.decode()
    until(lambda: one.rows("SELECT count(*) FROM delivery WHERE kind = 1 AND state = ?", SENT) == [(3,)], 60,
          lambda: f"codes sent: {one.rows('SELECT state, reason FROM delivery')} {robots.refused}")
    codes = {recipients[0]: message.get_body(("plain",)).get_content() for _, recipients, message, *_ in mail.mails}
    phone, codes["13800138000"], _ = robots.said["sms"][0]
    assert phone == "13800138000" and set(codes) == set(addresses)
    for address in addresses:
        code = re.search(r"(?<!\d)\d{6}(?!\d)", codes[address])[0]
        assert one.rows("SELECT count(*) FROM delivery WHERE body LIKE ?", f"%{code}%") == [(0,)], "struck out"
        done = service_module.run("registry", "verify", "--settings", one.file, address, code)
        assert done.returncode == 0 and b"is verified" in done.stdout, done.stderr.decode()
    assert one.rows("SELECT count(*) FROM way WHERE verified_ms = 0") == [(0,)]
    mail.mails.clear()
    robots.said["sms"].clear()


def write_patterns(folder):
    folder.mkdir()
    for name in ("levels.yaml", "typologies.yaml", "advice.yaml"):
        shutil.copy(service_module.ROOT / "patterns" / name, folder)
    shutil.copytree(service_module.ROOT / "patterns" / "messages", folder / "messages")
    (folder / "line.yaml").write_text(PATTERN, encoding="utf-8")
    return folder


def settings(tmp_path, certificate, mail, robots):
    gateway = (service_module.ROOT / "seeds" / "sms-gateway.yaml").read_text(encoding="utf-8")
    gateway = gateway.replace("https://sms.example.com/v2/messages", robots.sms)
    gateway = gateway.replace("env:HUQI_SMS_TOKEN", "file:token\n  callback: file:callback")
    gateway += "\ncallback: {header: X-Gateway-Token, secret: callback, answer: '{\"code\":0}'}\n"
    (tmp_path / "callback").write_text(CALLBACK + "\n")
    (tmp_path / "gateway.yaml").write_text(gateway, encoding="utf-8")
    (tmp_path / "token").write_text("sms-token\n")
    return {
        "patterns": {"dir": str(write_patterns(tmp_path / "patterns"))},
        "notify": {"ca_file": str(certificate.authority), "retry_percent": 1},
        "smtp": {"url": mail.url, "user": mailserver.USER, "password": mailserver.PASSWORD,
                 "from": "warn@fraud-centre.example.com"},
        "sms": {"gateway": str(tmp_path / "gateway.yaml")},
    }


def test_every_contact_is_told_in_his_way(service, client, servers, receiver, tmp_path):
    certificate, mail, robots = servers
    topic = "line.channels"
    client.create(topic, 1)
    for name in ("huqi.dead", "huqi.alerts"):
        client.create(name, 1)
    one = service([{"topic": topic, "decoder": "json"}], settings(tmp_path, certificate, mail, robots))
    write_registry(tmp_path / "registry", [
        (USCC, "甲", "cashier", 1, "zh", "webhook", receiver.url, receiver.secret),
        (USCC, "乙", "cashier", 2, "zh", "email", "cashier@factory.example.com", ""),
        (USCC, "丙", "finance_lead", 3, "en", "email", "lead@factory.example.com", ""),
        (USCC, "丁", "finance_lead", 4, "zh", "sms", "+8613800138000", ""),
        (USCC, "戊", "finance_lead", 5, "zh", "wecom", robots.wecom, ""),
        (USCC, "己", "finance_lead", 6, "zh", "dingtalk", robots.dingtalk, robots_module.SECRET),
        (USCC, "庚", "cashier", 7, "en", "feishu", robots.feishu, robots_module.SECRET),
    ])
    one.start().wait_ready()
    verify_all(one, mail, robots)
    client.produce([(topic, ACCOUNT.encode(), json.dumps({
        "id": "t1", "bank": BANK, "account": ACCOUNT, "direction": "debit", "amount": "480000.00",
        "booked_at": "2026-03-02T09:15:04+08:00", "remark": "甲子言"}, ensure_ascii=False).encode())])
    until(lambda: one.rows("SELECT count(*) FROM delivery WHERE kind = 0 AND state = ?", SENT) == [(7,)], 60,
          lambda: f"seven sent: {one.rows('SELECT state, attempts, reason FROM delivery')} {robots.refused}")
    ids = {row[0] for row in one.rows("SELECT id FROM delivery WHERE kind = 0")}
    check_mails(mail, ids)
    phone, text, delivery = robots.said["sms"][0]
    assert phone == "13800138000" and delivery in ids and "http" not in text
    assert not robots.refused and not receiver.refused
    said = [text, *robots.said["wecom"], *robots.said["dingtalk"][0], *robots.said["feishu"]]
    for words in said:
        assert ACCOUNT not in words and words  # I9
    assert [len(robots.said[name]) for name in ("sms", "wecom", "dingtalk", "feishu")] == [1, 1, 1, 1]
    counters = one.counters()
    assert counters["huqi_deliveries_sent_total"] == 7 + 3 and counters["huqi_deliveries_dead_total"] == 0
    check_calls(one, phone, delivery)


def check_calls(one, phone, delivery):
    """The gateway calls back: a receipt, then what the contact replied, each of them twice."""
    def call(path, item, secret=CALLBACK):
        status, _, body = one.get(path, token=None, method="POST", body=json.dumps(item).encode(),
                                  headers={"x-gateway-token": secret, "content-type": "application/json"})
        return status, body

    provider_id = one.rows("SELECT provider_id FROM delivery WHERE id = ?", delivery)[0][0]
    assert provider_id
    assert call("/gateway/sms/receipt", {"messageId": provider_id, "status": "DELIVRD"}, "guessed")[0] == 403
    for _ in range(2):
        assert call("/gateway/sms/receipt", {"messageId": provider_id, "status": "DELIVRD"}) == (200, b'{"code":0}')
        assert call("/gateway/sms/reply", [{"moId": "m1", "mobile": "86" + phone, "content": "3"}])[0] == 200
    assert one.rows("SELECT receipt, state FROM delivery WHERE id = ?", delivery) == [("delivered", 4)]
    assert one.rows("SELECT answer, via, delivery FROM answer") == [("paid", "sms", delivery)]
    assert one.rows("SELECT count(*) FROM call WHERE reason = 'paid'") == [(1,)]
    assert one.rows("SELECT state FROM escalation") == [(1,)]


def check_mails(mail, ids):
    """Each contact in his language; the Message-ID is the delivery's."""
    mails = {recipients[0]: message for _, recipients, message, *_ in mail.mails}
    assert set(mails) == {"cashier@factory.example.com", "lead@factory.example.com"}
    chinese, english = mails["cashier@factory.example.com"], mails["lead@factory.example.com"]
    assert "红色预警" in chinese["subject"] and "red warning" in english["subject"].lower()
    assert "480" in chinese.get_body(("plain",)).get_content() and "110" in english.get_body(("plain",)).get_content()
    for message in mails.values():
        assert message["message-id"].strip().split("@")[0][1:] in ids
        assert ACCOUNT not in message.get_body(("html",)).get_content()

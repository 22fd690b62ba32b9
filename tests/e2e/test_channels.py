"""Each channel against a server that checks what the real one checks.

`huqi notify test` sends through the code that sends warnings.
"""

import re
import time

import pytest

import certificate as certificate_module
import mailserver
import receiver as receiver_module
import robots as robots_module
import service as service_module

PRIVATE = ("--set", "notify.allow_private=true")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_module.Certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def robots():
    made = robots_module.Robots()
    yield made
    made.down()


@pytest.fixture
def mail_servers():
    made = []

    def make(kind, *arguments, **options):
        made.append(kind(*arguments, **options))
        return made[-1]

    yield make
    for one in made:
        one.down()


def notify_test(channel, address, *options):
    done = service_module.run("notify", "test", channel, address, *options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def sent(channel, address, *options):
    status, said, wrong = notify_test(channel, address, *options)
    assert status == 0 and not wrong, wrong
    return said


def not_sent(channel, address, *options):
    status, said, wrong = notify_test(channel, address, *options)
    assert status == 1 and not said and wrong.count("\n") == 1, (said, wrong)
    return wrong


# ---- the receivers themselves ----

def test_the_receivers_know_the_vectors():
    assert robots_module.dingtalk_sign(1700000000000, "SECtest0123456789") == \
        "yBKp5IlG6qCzcQWmgyRK/ziJBdVNJmHfFE2ST/CzT/g="
    assert robots_module.feishu_sign(1700000000, "SECtest0123456789") == \
        "xqhKocb0RcGBDr30iFkLPByPLrRBM9Oy/dgBx968k0U="


# ---- webhook and robots ----

def test_webhook():
    receiver = receiver_module.Receiver().up()
    sent("webhook", receiver.url, "--secret", receiver.secret, *PRIVATE)
    assert [body["type"] for _, body, _ in receiver.deliveries] == ["huqi.test.v1"] and not receiver.refused
    receiver.down()


def test_wecom(robots):
    said = sent("wecom", robots.wecom, *PRIVATE)
    assert "errcode 0" in said
    assert "测试" in robots.said["wecom"][0] and not robots.refused


def test_dingtalk_signs(robots, tmp_path, monkeypatch):
    sent("dingtalk", robots.dingtalk, "--secret", robots_module.SECRET, *PRIVATE)
    monkeypatch.setenv("ROBOT_SECRET", robots_module.SECRET)
    sent("dingtalk", robots.dingtalk, "--secret", "env:ROBOT_SECRET", "--language", "en", *PRIVATE)
    assert [title for title, _ in robots.said["dingtalk"]] == ["【测试】预警渠道测试", "[TEST] Test of a warning channel"]
    wrong = not_sent("dingtalk", robots.dingtalk, "--secret", "SECwrong999", *PRIVATE)
    assert "310000" in wrong and "secret" in wrong and "SECwrong999" not in wrong and "try again" in wrong
    assert "access_token" not in wrong and "566cc69da782ec" not in wrong


def test_feishu_signs(robots, tmp_path):
    (tmp_path / "secret").write_text(robots_module.SECRET + "\n")
    sent("feishu", robots.feishu, "--secret", f"file:{tmp_path}/secret", *PRIVATE)
    assert "测试" in robots.said["feishu"][0]
    assert "19021" in not_sent("feishu", robots.feishu, *PRIVATE)


@pytest.mark.parametrize("channel,answer,words", [
    ("wecom", (200, {}, b'{"errcode":93000}'), "disabled"),
    ("wecom", (200, {}, b'{"errcode":45009}'), "try again"),
    ("wecom", (200, {}, b'{"errcode":40058}'), "not be repeated"),
    ("wecom", (200, {}, b"<html>log in</html>"), "without a robot's answer"),
    ("wecom", (200, {}, b'{"errcode":"0"}'), "without a robot's answer"),
    ("wecom", (200, {}, b'{"data":{"errcode":0}}'), "without a robot's answer"),
    ("wecom", (200, {}, b'{"errcode":0,"errmsg":"' + b"x" * 1_000_000 + b'"}'), "without a robot's answer"),
    ("wecom", (200, {}, b'{"errcode":0,"errmsg":"\xff\xfe"}'), "without a robot's answer"),
    ("wecom", (200, {}, b'{"a":' * 20_000 + b"}" * 20_000), "without a robot's answer"),
    ("wecom", (302, {"location": "/cgi-bin/webhook/send?key=x"}, b""), "redirects"),
    ("dingtalk", (200, {}, b'{"errcode":130101}'), "ten minutes"),
    ("feishu", (400, {}, b'{"code":9499,"msg":"Bad Request"}'), "9499"),
    ("feishu", (500, {}, b'{"code":0}'), "HTTP 500"),
])
def test_a_robots_code_counts_and_not_its_status(robots, channel, answer, words):
    robots.force[channel] = answer
    assert words in not_sent(channel, getattr(robots, channel), *PRIVATE)


def test_private_destinations_are_refused(robots):
    assert "https" in not_sent("wecom", robots.wecom)
    assert "private" in not_sent("wecom", "https://10.0.0.1/cgi-bin/webhook/send?key=x")
    assert not robots.said and not robots.refused


# ---- mail ----

def mail_settings(server, certificate=None, **more):
    values = {"smtp.url": server.url, "smtp.from": "warn@fraud-centre.example.com", **more}
    if certificate:
        values["notify.ca_file"] = certificate.authority
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


LOGIN = {"smtp.user": mailserver.USER, "smtp.password": mailserver.PASSWORD}


@pytest.mark.parametrize("options", [{}, {"smtps": True}, {"mechanisms": ("LOGIN",)}, {"mechanisms": ("PLAIN",)}])
def test_mail_by_tls_and_log_in(certificate, mail_servers, options):
    server = mail_servers(mailserver.MailServer, certificate, **options)
    assert "SMTP 250" in sent("email", "cashier@factory.example.com", *mail_settings(server, certificate, **LOGIN))
    sender, recipients, message, raw, by_tls, logged_in = server.mails[0]
    assert (sender, recipients) == ("warn@fraud-centre.example.com", ["cashier@factory.example.com"])
    assert by_tls and logged_in
    check_mail(message, raw)


def check_mail(message, raw):
    """Python's email package reads what was meant, and finds nothing wrong with how it is written."""
    assert str(message["subject"]) == "【测试】预警渠道测试"
    assert message["from"].addresses[0].display_name == "反诈中心"
    assert message["from"].addresses[0].addr_spec == "warn@fraud-centre.example.com"
    assert message["to"].addresses[0].addr_spec == "cashier@factory.example.com"
    assert message["auto-submitted"] == "auto-generated"
    assert re.fullmatch(r"<msg_[0-9a-f]{32}@fraud-centre\.example\.com>", message["message-id"].strip())
    assert abs(message["date"].datetime.timestamp() - time.time()) < 300
    assert message.get_content_type() == "multipart/alternative"
    plain, page = message.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert "用来确认预警能够送达" in plain.get_content() and "用来确认预警能够送达" in page.get_content()
    assert "viewport" in page.get_content() and "http" not in page.get_content()
    defects = [d for part in message.walk() for d in part.defects]
    defects += [d for value in message.values() for d in getattr(value, "defects", ())]
    assert not defects
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 76 and b"\n" not in b"".join(lines) and raw.isascii()


def test_mail_without_trust_or_tls_does_not_go(certificate, mail_servers):
    server = mail_servers(mailserver.MailServer, certificate)
    assert "notify.ca_file" in not_sent("email", "a@b.example.com", *mail_settings(server, **LOGIN))
    plain = mail_servers(mailserver.MailServer, certificate, starttls=False, auth=False)
    assert "STARTTLS" in not_sent("email", "a@b.example.com", *mail_settings(plain))
    assert not server.mails and not plain.mails and not server.logins
    sent("email", "a@b.example.com", *mail_settings(plain, **{"smtp.require_tls": "false"}))
    assert len(plain.mails) == 1


def test_a_wrong_password_names_its_setting(certificate, mail_servers):
    server = mail_servers(mailserver.MailServer, certificate)
    wrong = not_sent("email", "a@b.example.com",
                     *mail_settings(server, certificate, **{**LOGIN, "smtp.password": "guessed"}))
    assert "smtp.password" in wrong and "try again" in wrong and "guessed" not in wrong
    assert not server.mails


@pytest.mark.parametrize("replies,words", [
    ({"RCPT": "550 5.1.1 <a@b.example.com>: user unknown"}, "disabled"),
    ({"RCPT": "550 no such user"}, "disabled"),
    ({"RCPT": "550 5.7.1 relaying denied"}, "smtp.url"),
    ({"RCPT": "552 5.2.2 mailbox full"}, "not be repeated"),
    ({"RCPT": "450 4.2.0 greylisted"}, "try again"),
    ({"MAIL": "553 5.1.8 sender domain"}, "smtp.from"),
    ({"MAIL": "421 4.3.2 shutting down"}, "try again"),
    ({"DATA": "554 5.5.1 no"}, "not be repeated"),
    ({"body": "554 5.6.0 spam"}, "not be repeated"),
    ({"body": "451 4.3.0 disk"}, "try again"),
    ({"greeting": "554 no service"}, "smtp.url"),
    ({"greeting": "220-" + "x" * 1_000_000}, "try again"),
])
def test_replies_of_smtp(mail_servers, replies, words):
    server = mail_servers(mailserver.ScriptedServer, **replies)
    wrong = not_sent("email", "a@b.example.com", *mail_settings(server, **{"smtp.require_tls": "false"}))
    assert words in wrong and "b.example.com" not in wrong, wrong


def test_a_password_leaves_this_machine_by_tls_only(mail_servers):
    """Loopback is this machine; what is sent in the clear goes nowhere else."""
    server = mail_servers(mailserver.ScriptedServer)
    sent("email", "a@b.example.com", *mail_settings(server, **LOGIN, **{"smtp.require_tls": "false"}))
    wrong = not_sent("email", "a@b.example.com", *mail_settings(server, **{
        **LOGIN, "smtp.require_tls": "false", "smtp.url": "smtp://192.0.2.1:25"}))
    assert "in the clear" in wrong


def test_an_address_cannot_break_out(mail_servers, certificate):
    server = mail_servers(mailserver.MailServer, certificate)
    for address in ("a@b.example.com\r\nBcc: x@y.example.com", "a@b.example.com>,<x@y.example.com",
                    "财务@例子.example.com"):
        assert "mail address" in not_sent("email", address, *mail_settings(server, certificate, **LOGIN))
    assert not server.mails


# ---- SMS ----

@pytest.fixture
def gateway(robots, tmp_path):
    """The sample that ships, told where this gateway is."""
    text = (service_module.ROOT / "seeds" / "sms-gateway.yaml").read_text()
    (tmp_path / "token").write_text("sms-token\n")
    text = text.replace("https://sms.example.com/v2/messages", robots.sms).replace("env:HUQI_SMS_TOKEN", "file:token")
    file = tmp_path / "gateway.yaml"
    file.write_text(text)
    return file


def test_sms(robots, gateway):
    said = sent("sms", "+8613800138000", "--set", f"sms.gateway={gateway}")
    assert "SMS000000" in said
    phone, text, _ = robots.said["sms"][0]
    assert phone == "13800138000" and text.startswith("【反诈中心】【测试】这是一条测试消息") and not robots.refused


def test_sms_refusals(robots, gateway):
    setting = ("--set", f"sms.gateway={gateway}")
    assert "1005" in not_sent("sms", "19900138000", *setting)
    assert "11 digits" in not_sent("sms", "02888888888", *setting)
    assert "sms.gateway" in not_sent("sms", "13800138000")
    robots.force["sms"] = (200, {}, b'{"code":2001}')
    assert "try again" in not_sent("sms", "13800138000", *setting)
    robots.force["sms"] = (200, {}, b"busy")
    assert "did not take it" in not_sent("sms", "13800138000", *setting)


def test_wrong_usage():
    assert notify_test("email", "a@b.example.com", "--language", "fr")[0] == 2
    assert "unknown channel" in not_sent("pigeon", "x")

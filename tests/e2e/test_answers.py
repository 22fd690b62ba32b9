"""A warning's link is opened and answered: the delivery is acknowledged, nobody further is asked, and who must know does."""

import json
import re
import urllib.parse

import pytest

import feed as feed_module
import outcome
import receiver as receiver_module
import registry
from letter import open_link
from openapi import Description
from service import TOKEN, run, until

@pytest.fixture(scope="module")
def inbox():
    made = receiver_module.Receiver().up()
    yield made
    made.down()


@pytest.fixture(scope="module")
def warned(tmp_path_factory, broker, client, feed, inbox):
    """A service whose contacts were warned, with links to it."""
    from broker import free_ports
    from service import Service

    folder, port = tmp_path_factory.mktemp("answers"), free_ports(1)[0]
    feed_module.create_topics(client)
    one = Service(folder / "huqi", port, broker.bootstrap, feed_module.settings_feeds(),
                  {"http": {"public_url": f"http://127.0.0.1:{port}"}, "notify": {"answer_expires": "1h"}})
    registry.load(one, registry.write(folder / "registry", feed.txs, inbox))
    client.produce(feed.messages)
    one.start().wait_ready()
    outcome.wait_consumed(one, client)
    until(lambda: len(warnings(inbox)) >= 4, 60, "warnings")
    until(lambda: not one.rows("SELECT 1 FROM delivery WHERE state IN (0, 1, 2) AND due_ms <= unixepoch() * 1000"), 60,
          "an outbox that is empty")
    assert not inbox.refused
    yield one
    one.stop()


def warnings(inbox):
    """One body an alert, that of its highest level."""
    found = {}
    for bodies in inbox.by_id().values():
        body = bodies[0]
        if body["type"] == "huqi.warning.v1":
            rank = ("yellow", "orange", "red").index(body["level"])
            found[body["alert"]] = max(found.get(body["alert"], (-1, None)), (rank, body), key=lambda pair: pair[0])
    return [body for _, body in found.values()]


def state_of(one, delivery):
    return one.rows("SELECT state FROM delivery WHERE id = ?", delivery)[0][0]


def escalation_of(one, alert):
    return one.rows("SELECT state FROM escalation WHERE alert = ?", alert)[0][0]


def test_a_link_is_answered_once(warned, inbox):
    body = warnings(inbox)[0]
    delivery, alert, url = body["id"], body["alert"], body["answer_url"]
    assert url.startswith(f"http://127.0.0.1:{warned.port}/a/")
    assert (state_of(warned, delivery), escalation_of(warned, alert)) == (3, 0)

    for _ in range(3):  # a mail scanner, a chat robot, the contact
        status, headers, page = open_link(url)
        assert status == 200 and "是您本人要付的吗？" in page
    assert "noindex" in headers["x-robots-tag"] and headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer" and "default-src 'self'" in headers["content-security-policy"]
    assert not re.search(r"\b\d{13,}\b", page), "an account in full"
    assert (state_of(warned, delivery), escalation_of(warned, alert)) == (3, 0)

    status, headers, _ = open_link(url, {"answer": "stopped", "text": "会计核实过"}, follow=False)
    assert status == 303 and headers["location"] == urllib.parse.urlparse(url).path
    assert (state_of(warned, delivery), escalation_of(warned, alert)) == (4, 1)
    status, _, page = open_link(url, {"answer": "genuine"})
    assert status == 200 and "没有付，已经停下" in page and "value=\"genuine\"" not in page
    answers = warned.rows("SELECT answer, via, text FROM answer WHERE delivery = ?", delivery)
    assert answers == [("stopped", "page", "会计核实过")]
    assert warned.rows("SELECT count(*) FROM audit WHERE action = 'answer.stopped' AND object = ?", delivery) == [(1,)]
    assert run("audit", "verify", "--settings", warned.file).returncode == 0

    wrong = url[:-1] + ("A" if url[-1] != "A" else "B")
    status, _, page = open_link(wrong)
    assert status == 404 and "96110" in page and "<form" not in page


def test_already_paid_calls_the_county(warned, inbox):
    body = warnings(inbox)[1]
    open_link(body["answer_url"], {"answer": "unsure"})
    open_link(body["answer_url"], {"answer": "paid"})
    status, _, page = open_link(body["answer_url"] + "?lang=en")
    assert "Already paid" in page and "Call 110 now" in page

    description = Description(warned.get("/api/v1/openapi.json")[2])

    def ask(path, **options):
        status, headers, text = warned.get(path, **options)
        assert status == 200, (path, status, text[:300])
        return description.check(path, status, headers, text, options.get("method", "GET").lower())

    shown = ask(f"/api/v1/alerts/{body['alert']}")
    assert shown["handling_level"] == "red"
    assert [a["answer"] for a in shown["answers"]] == ["unsure", "paid"]
    mine = next(d for d in shown["deliveries"] if d["id"] == body["id"])
    assert mine["state"] == "acked" and mine["channel"] == "webhook" and mine["contact"]["role"] == "finance_lead"
    assert "/warnings" not in json.dumps(mine), "an address in full"
    calls = [c for c in ask("/api/v1/calls")["items"] if c["alert"] == body["alert"] and c["reason"] == "paid"]
    assert len(calls) == 1 and calls[0]["level"] == "red"
    assert ask(f"/api/v1/calls/{calls[0]['id']}/take", method="POST", body=b"")["taken_by"]
    done = ask(f"/api/v1/calls/{calls[0]['id']}/done", method="POST",
               body=json.dumps({"outcome": "止付 48 万元"}).encode())
    assert done["outcome"] == "止付 48 万元"
    assert not [c for c in ask("/api/v1/calls")["items"] if c["id"] == calls[0]["id"]]

    told = ask(f"/api/v1/alerts/{body['alert']}/answers", method="POST",
               body=json.dumps({"answer": "note", "text": "已接警"}).encode())
    assert told == {"result": "taken"}
    listed = run("answers", "--settings", warned.file, "--json", body["alert"])
    assert [a["answer"] for a in json.loads(listed.stdout)] == ["unsure", "paid", "note"]


def test_a_form_from_elsewhere_is_refused(warned, inbox):
    body = warnings(inbox)[2]
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert open_link(body["answer_url"], {"answer": "genuine"}, headers)[0] == 403
    assert warned.rows("SELECT count(*) FROM answer WHERE delivery = ?", body["id"]) == [(0,)]
    assert TOKEN not in open_link(body["answer_url"])[2]

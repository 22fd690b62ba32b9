"""Did a service end where `huqi replay` says it must? Used after every kind of trouble."""

import json

import feed as feed_module
from service import until

WARNED_FROM = ("yellow", "orange", "red")
# What waits for a person, a digest or the morning (engine/store/delivery_rows.h): HELD, GATHERED, PENDING and not due.
WAITS = "state IN (6, 7) OR (state = 0 AND due_ms > 1000 * unixepoch())"


def wait_consumed(one, client, seconds=120):
    """Until the committed offsets of every feed topic are the broker's ends."""
    ends = {(t, p): n for t in feed_module.TOPICS.values() for p, n in client.ends(t).items() if n > 0}
    until(lambda: all(one.offsets().get(k, 0) >= n for k, n in ends.items()), seconds,
          lambda: f"consumed: {[(k, one.offsets().get(k, 0), n) for k, n in ends.items()]}\n{one.tail(10)}")
    # Offsets right: not one further than what is there.
    assert {k: n for k, n in one.offsets().items() if n > 0} == ends


def check_alerts(one, expected):
    found = one.alerts()
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected):
        assert got == wanted


def check_alert_topic(client, expected):
    """The last revision of each alert on huqi.alerts is replay's; no revision comes after a higher one."""
    last = {}
    for message in client.read("huqi.alerts"):
        alert = json.loads(message["value"])
        assert message["key"].decode() == alert["account"]
        last[alert["id"]] = message["value"]
    wanted = {json.loads(line)["id"]: line for line in expected}
    missing = wanted.keys() - last.keys()
    assert not missing, f"{len(missing)} alerts are not on the topic"
    for name, line in wanted.items():
        assert last[name] == line


def wait_topic_complete(one, seconds=60):
    until(lambda: one.rows("SELECT count(*) FROM alert_unproduced") == [(0,)],
          seconds, "every alert's last revision produced")


def warned(expected):
    """The alerts that go to an enterprise's contacts (I7: never those for analysts)."""
    alerts = [json.loads(line) for line in expected]
    return [a for a in alerts if a["audience"] == "enterprise" and a["level"] in WARNED_FROM]


def wait_delivered(one, receiver, expected, seconds=90):
    """Each warning reached the contact, at least once, and each id always with the same body; or it waits.

    Those of an account with an analysts' alert of a grave kind wait for a person's release (I7), a crowd of them for
    its digest, and yellow ones for the end of quiet hours, whatever the time is where this runs.
    """
    alerts = {a["id"] for a in warned(expected)}
    assert alerts, "the feed has no warning for a contact"

    # An alert whose id moved, since earlier evidence came (also of other accounts), is led on by its alias.
    def as_now(names):
        aliases = dict(one.rows("SELECT id, alert FROM alert_alias"))
        return {resolve(name, aliases) for name in names}

    def reached():
        came = receiver.by_id()
        told = {body["alert"] for bodies in came.values() for body in bodies if "alert" in body}
        for alert, digest in one.rows("SELECT alert, subject FROM delivery WHERE kind = 0 AND subject <> ''"):
            told |= {alert} if digest in came else set()
        return as_now(told)

    def waits():
        return as_now(row[0] for row in one.rows(f"SELECT alert FROM delivery WHERE kind = 0 AND ({WAITS})"))

    until(lambda: alerts <= reached() | waits(), seconds,
          lambda: f"delivered: {len(alerts - reached() - waits())} of {len(alerts)} alerts are missing; "
          f"{one.rows('SELECT state, count(*) FROM delivery GROUP BY state')}")
    # I7: nothing else reached anybody.
    assert reached() <= alerts
    # An id stands for one warning: it comes again with the same body, and no other id brings that warning.
    ids = {}
    for name, bodies in receiver.by_id().items():
        assert all(body == bodies[0] for body in bodies), f"delivery {name} changed between attempts"
        assert bodies[0]["id"] == name
        if bodies[0]["type"] == "huqi.digest.v1":
            continue
        ids.setdefault((bodies[0]["alert"], bodies[0]["level"]), set()).add(name)
    assert all(len(names) == 1 for names in ids.values())
    assert not receiver.refused


def resolve(name, aliases):
    while name in aliases:
        name = aliases[name]
    return name

"""The API as a client meets it: described, authenticated, bounded (I8), and of one tongue in its errors."""

import json
import re
import socket
import threading
import time

import pytest

import feed as feed_module
import outcome
from openapi import Description
from service import TOKEN

HEAD_SECONDS, BODY_SECONDS, CONNECTIONS, BODY_BYTES = 1.0, 2.0, 32, 4096
SLACK_SECONDS = 4.0
OPEN_PATHS = ("/healthz", "/readyz")
SETTINGS = {"http": {"head_deadline": f"{int(HEAD_SECONDS * 1000)}ms", "connections_max": CONNECTIONS,
                     "body_deadline": f"{int(BODY_SECONDS * 1000)}ms", "body_bytes_max": BODY_BYTES}}


@pytest.fixture(scope="module")
def one(tmp_path_factory, broker, client, feed):
    """A service that has seen the feed and some messages that it could not read."""
    from broker import free_ports
    from service import Service

    feed_module.create_topics(client)
    made = Service(tmp_path_factory.mktemp("http"), free_ports(1)[0], broker.bootstrap,
                   feed_module.settings_feeds(), SETTINGS).start()
    client.produce([(feed_module.TOPICS["json"], b"k%d" % n, b"{%d" % n) for n in range(7)])
    client.produce(feed.messages)
    made.wait_ready()
    outcome.wait_consumed(made, client)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def description(one):
    status, headers, body = one.get("/api/v1/openapi.json")
    assert status == 200 and headers["content-type"].startswith("application/json")
    made = Description(body)
    assert made.document["openapi"].startswith("3.1")
    return made


def ask(one, description, path, wanted=200, **options):
    status, headers, body = one.get(path, **options)
    assert status == wanted, (path, status, body[:300])
    value = description.check(path, status, headers, body)
    if status >= 400 and path.startswith("/api/"):
        assert headers["content-type"].startswith("application/problem+json")
        assert value["status"] == status and value["title"]
    return value


def test_every_described_page_answers_as_described(one, description):
    paths = description.plain_gets()
    assert {"/api/v1/alerts", "/api/v1/dead-letters", "/api/v1/stats"} <= set(paths)
    for path in paths:
        ask(one, description, path)


def test_alerts_page_by_cursor(one, description):
    wanted = {row[0] for row in one.rows("SELECT id FROM alert")}
    seen, path, pages = [], "/api/v1/alerts?limit=7", 0
    while path:
        page = ask(one, description, path)
        seen += [alert["id"] for alert in page["items"]]
        assert len(page["items"]) <= 7
        pages += 1
        path = f"/api/v1/alerts?limit=7&after={page['next']}" if page.get("next") else None
    assert len(seen) == len(set(seen)) and set(seen) == wanted and pages > 2


def test_one_alert(one, description):
    listed = ask(one, description, "/api/v1/alerts?limit=3")["items"]
    for alert in listed:
        found = ask(one, description, f"/api/v1/alerts/{alert['id']}")
        assert found["id"] == alert["id"] and found["hits"]
    ask(one, description, "/api/v1/alerts/nothing-of-that-name", wanted=404)


def test_dead_letters(one, description):
    page = ask(one, description, "/api/v1/dead-letters?limit=100")
    assert len(page["items"]) == 7
    for letter in page["items"]:
        assert letter["reason"] and letter["topic"] == feed_module.TOPICS["json"]


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=many", "limit=1000000", "after=%00",
                                   "level=purple"])
def test_a_wrong_query_is_a_problem(one, description, query):
    ask(one, description, f"/api/v1/alerts?{query}", wanted=400)


def test_a_token_is_needed(one, description):
    for path in description.plain_gets():
        if path in OPEN_PATHS or not path.startswith("/api/") or path.endswith("openapi.json"):
            continue
        ask(one, description, path, wanted=401, token=None)
        for wrong in ("x", TOKEN[:-1], TOKEN + "0", TOKEN.upper()):
            ask(one, description, path, wanted=401, token=wrong)
    assert one.counters()["huqi_http_refused_total"] > 0


def test_unknown_paths_and_methods(one):
    for path, method, wanted in (("/api/v1/nothing", "GET", 404), ("/api/v1/alerts", "DELETE", 405),
                                 ("/api/v1/alerts/../../etc/passwd", "GET", 404)):
        status, headers, body = one.get(path, method=method)
        assert status == wanted, (path, method, status)
        assert headers["content-type"].startswith("application/problem+json") and json.loads(body)["title"]


def test_metrics_are_prometheus_text(one):
    status, headers, body = one.get("/metrics")
    assert status == 200 and headers["content-type"].startswith("text/plain")
    line = re.compile(r'[a-z_:][a-zA-Z0-9_:]*(\{([a-z_]+="[^"]*",?)*\})? [0-9.e+-]+')
    lines = body.decode().splitlines()
    assert all(text.startswith("#") or line.fullmatch(text) for text in lines if text)
    assert one.counters()["huqi_dead_letters_total"] == 7


def connect(one):
    return socket.create_connection(("127.0.0.1", one.port), timeout=30)


def seconds_until_closed(connection, send=b"", every=0.25):
    """Sends a byte now and then, as a slow client does, until the other side ends it."""
    began = time.monotonic()
    connection.settimeout(every)
    while time.monotonic() - began < 60:
        try:
            if connection.recv(4096) == b"":
                break
        except TimeoutError:
            try:
                connection.sendall(send[:1])
            except OSError:
                break
        except OSError:
            break
    return time.monotonic() - began


def test_a_slow_head_meets_its_deadline(one):
    with connect(one) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ")
        assert seconds_until_closed(connection, b"a") < HEAD_SECONDS + SLACK_SECONDS
    with connect(one) as connection:
        assert seconds_until_closed(connection) < HEAD_SECONDS + SLACK_SECONDS
    assert one.counters()["huqi_http_too_slow_total"] > 0


def test_a_slow_body_meets_its_deadline(one):
    with connect(one) as connection:
        connection.sendall(b"POST /api/v1/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n"
                           + f"authorization: Bearer {TOKEN}\r\n\r\n".encode())
        assert seconds_until_closed(connection, b"a") < HEAD_SECONDS + BODY_SECONDS + SLACK_SECONDS


def test_a_large_body_is_refused(one):
    try:
        status = one.get("/api/v1/alerts", method="POST", body=b"x" * (BODY_BYTES * 8))[0]
        assert status in (405, 413)
    except OSError:
        pass  # closed while we were still sending
    with connect(one) as connection:
        connection.sendall(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        answer = connection.recv(4096)
        assert answer == b"" or answer.split()[1] in (b"400", b"413", b"414", b"431")
    assert one.get("/healthz", token=None)[0] == 200


def test_connections_are_bounded(one):
    held = []
    try:
        for _ in range(CONNECTIONS * 2):
            held.append(connect(one))
            held[-1].sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        time.sleep(0.3)
        closed = 0
        for connection in held:
            connection.settimeout(0.05)
            try:
                closed += connection.recv(1) == b""
            except TimeoutError:
                pass
            except OSError:
                closed += 1
        assert closed >= CONNECTIONS // 2
    finally:
        for connection in held:
            connection.close()
    time.sleep(0.5)
    assert one.get("/healthz", token=None)[0] == 200
    assert one.counters()["huqi_http_connections_full_total"] > 0


def test_many_readers_while_the_store_writes(one, client):
    """No answer is torn or wrong while messages come in."""
    wrong = []

    def read():
        for _ in range(30):
            status, _, body = one.get("/api/v1/alerts?limit=50")
            if status != 200 or not json.loads(body)["items"]:
                wrong.append(status)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    client.produce([(feed_module.TOPICS["json"], b"late", b"[]")] * 500)
    for thread in threads:
        thread.join()
    assert not wrong
    outcome.wait_consumed(one, client)

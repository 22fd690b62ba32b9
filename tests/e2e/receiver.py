"""A webhook receiver that trusts nothing: Standard Webhooks 1.0.0, checked as the public description says.

It keeps every delivery whose signature holds, and every reason for refusing one. It can be told to be down
(its port closed, so that connections are refused) and to come back on the same port.
"""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

TOLERANCE_SECONDS = 300
BODY_BYTES_MAX = 20_000


class Receiver:
    def __init__(self, secret=None):
        self.key = secret or hashlib.sha256(b"huqi e2e").digest()
        self.secret = "whsec_" + base64.b64encode(self.key).decode()
        self.deliveries = []  # (webhook-id, body as a dict, monotonic seconds), in order of arrival
        self.refused = []
        self.answer = 204
        self.now = time.time
        self.lock = threading.Lock()
        self.server = None
        self.port = 0

    def up(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                status = receiver.take(self.headers, body)
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def down(self):
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/warnings"

    def take(self, headers, body):
        why = self.wrong(headers, body)
        with self.lock:
            if why:
                self.refused.append(why)
                return 400
            if self.answer < 300:
                self.deliveries.append((headers["webhook-id"], json.loads(body), time.monotonic()))
        return self.answer

    def wrong(self, headers, body):
        """Why this is no delivery that a careful receiver takes, or None."""
        name, stamp = headers.get("webhook-id"), headers.get("webhook-timestamp", "")
        if not name or not stamp.isdigit():
            return f"no id or timestamp: {name!r} {stamp!r}"
        if abs(self.now() - int(stamp)) > TOLERANCE_SECONDS:
            return f"{name}: timestamp {stamp} is too far from now"
        if len(body) >= BODY_BYTES_MAX:
            return f"{name}: a body of {len(body)} bytes"
        mac = hmac.new(self.key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(mac).decode()
        given = headers.get("webhook-signature", "").split()
        if not any(hmac.compare_digest(expected, g) for g in given):
            return f"{name}: no signature of {given} is right"
        if headers.get("content-type", "").split(";")[0] != "application/json":
            return f"{name}: content-type {headers.get('content-type')}"
        return None

    def by_id(self):
        """What came under each id: a retry repeats id and body, so each list holds equal bodies."""
        found = {}
        with self.lock:
            for name, body, _ in self.deliveries:
                found.setdefault(name, []).append(body)
        return found

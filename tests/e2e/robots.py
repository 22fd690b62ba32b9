"""Chat robots and an SMS gateway that check what the real ones check, with code of their own.

Each answers 200 to nearly everything, as the real ones do; what it thinks stands in the body.
"""

import base64
import collections
import hashlib
import hmac
import http.server
import json
import threading
import time
import urllib.parse

SECRET = "SECtest0123456789"


def dingtalk_sign(milliseconds, secret):
    mac = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(mac).decode()


def feishu_sign(seconds, secret):
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class Robots:
    """One HTTP server for all: `said` holds what was taken, by provider; `force` an answer to give instead."""

    def __init__(self):
        self.said = collections.defaultdict(list)
        self.refused = []
        self.force = {}  # provider -> (status, headers, bytes)
        self.lock = threading.Lock()
        robots = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                status, headers, answer = robots.take(self.command, self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                try:
                    self.wfile.write(answer)
                except OSError:
                    pass  # who reads to a bound hangs up

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()

    wecom = property(lambda self: f"{self.root}/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa")
    dingtalk = property(lambda self: f"{self.root}/robot/send?access_token=566cc69da782ec")
    feishu = property(lambda self: f"{self.root}/open-apis/bot/v2/hook/5f5a4d5e-1c3a")
    sms = property(lambda self: f"{self.root}/sms/v2/messages")

    def take(self, method, path, headers, body):
        parts = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        provider = {"/cgi-bin/webhook/send": "wecom", "/robot/send": "dingtalk",
                    "/sms/v2/messages": "sms"}.get(parts.path, "feishu")
        with self.lock:
            if provider in self.force:
                return self.force[provider]
            answer, what = getattr(self, f"{provider}_answer")(query, headers, body, parts.path, method)
            if what is None:
                self.refused.append((provider, answer))
            else:
                self.said[provider].append(what)
        return 200, {"content-type": "application/json"}, json.dumps(answer).encode()

    def wecom_answer(self, query, headers, body, _path, _method):
        if not query.get("key"):
            return {"errcode": 93000, "errmsg": "invalid webhook url"}, None
        message = json.loads(body)
        if message["msgtype"] != "markdown" or not message["markdown"]["content"]:
            return {"errcode": 40008, "errmsg": "invalid message type"}, None
        if len(message["markdown"]["content"].encode()) > 4096:
            return {"errcode": 40058, "errmsg": "content exceed max length 4096"}, None
        if self.too_many("wecom", 20):
            return {"errcode": 45009, "errmsg": "api freq out of limit"}, None
        return {"errcode": 0, "errmsg": "ok"}, message["markdown"]["content"]

    def dingtalk_answer(self, query, headers, body, _path, _method):
        if not query.get("access_token"):
            return {"errcode": 300005, "errmsg": "token is not exist"}, None
        stamp = query.get("timestamp", "")
        if not stamp.isdigit() or abs(time.time() * 1000 - int(stamp)) > 3_600_000:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}, None
        if not hmac.compare_digest(query.get("sign", ""), dingtalk_sign(stamp, SECRET)):
            return {"errcode": 310000, "errmsg": "sign not match"}, None
        if headers.get("content-type", "").split(";")[0] != "application/json":
            return {"errcode": 43004, "errmsg": "content type"}, None
        message = json.loads(body)
        if message["msgtype"] != "markdown" or not message["markdown"]["title"] or len(body) > 20_000:
            return {"errcode": 40035, "errmsg": "missing parameter"}, None
        if self.too_many("dingtalk", 20):
            return {"errcode": 130101, "errmsg": "send too fast"}, None
        return {"errcode": 0, "errmsg": "ok"}, (message["markdown"]["title"], message["markdown"]["text"])

    def feishu_answer(self, _query, headers, body, path, _method):
        if not path.startswith("/open-apis/bot/v2/hook/"):
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, None
        if len(body) > 20 * 1024:
            return {"code": 9499, "msg": "Bad Request"}, None
        message = json.loads(body)
        stamp = message.get("timestamp", "")
        if not str(stamp).isdigit() or abs(time.time() - int(stamp)) > 3600 or \
                not hmac.compare_digest(message.get("sign", ""), feishu_sign(stamp, SECRET)):
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}, None
        if message["msg_type"] != "text":
            return {"code": 9499, "msg": "Bad Request"}, None
        if self.too_many("feishu", 100):
            return {"code": 11232, "msg": "frequency limited"}, None
        return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}, \
            message["content"]["text"]

    def sms_answer(self, _query, headers, body, _path, method):
        if headers.get("authorization") != "Bearer sms-token":
            return {"code": 1001, "message": "unauthorized"}, None
        message = json.loads(body)
        if not message["mobile"].isdigit() or len(message["mobile"]) != 11:
            return {"code": 1004, "message": "no such number"}, None
        if message["mobile"].startswith("199"):
            return {"code": 1005, "message": "blacklisted"}, None
        if len(message["content"].encode("utf-16-le")) // 2 > 201 or not message["content"].startswith("【反诈中心】"):
            return {"code": 1006, "message": "content"}, None
        number = f"SMS{len(self.said['sms']):06d}"
        return {"code": 0, "data": {"messageId": number}}, (message["mobile"], message["content"], message["requestId"])

    def too_many(self, provider, per_minute):
        times = self.__dict__.setdefault("times", collections.defaultdict(list))[provider]
        times[:] = [t for t in times if t > time.monotonic() - 60] + [time.monotonic()]
        return len(times) > per_minute

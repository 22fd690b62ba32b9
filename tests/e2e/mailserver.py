"""Mail servers on loopback: a real one (aiosmtpd) with TLS and log-in, and one that says what a script tells it."""

import email
import email.policy
import socket
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "huqi@warn.example.com", "correct horse 电池"


class MailServer:
    """`mails` holds (sender, recipients, the parsed message, its bytes, whether by TLS, whether logged in)."""

    def __init__(self, certificate, smtps=False, starttls=True, auth=True, mechanisms=("PLAIN", "LOGIN")):
        self.mails = []
        self.logins = []
        # aiosmtpd counts only STARTTLS as TLS.
        options = {"auth_required": auth, "auth_require_tls": not smtps} if auth else {}
        if auth:
            options["authenticator"] = self.authenticate
            options["auth_exclude_mechanism"] = [m for m in ("PLAIN", "LOGIN") if m not in mechanisms]
        if smtps:
            options["ssl_context"] = certificate.context()
        elif starttls:
            options["tls_context"] = certificate.context()
            options["require_starttls"] = True
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.scheme = "smtps" if smtps else "smtp"
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    @property
    def url(self):
        return f"{self.scheme}://localhost:{self.port}"

    def down(self):
        self.controller.stop()

    def authenticate(self, _server, session, _envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        right = data.login.decode() == USER and data.password.decode() == PASSWORD
        self.logins.append((mechanism, right))
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message, envelope.content,
                           server.transport.get_extra_info("ssl_object") is not None, session.authenticated))
        return "250 2.0.0 taken"


class ScriptedServer:
    """Speaks plain SMTP and answers each command by its first word; "greeting" and "body" are two more."""

    GOOD = {"greeting": "220 here", "EHLO": "250-here\r\n250 8BITMIME", "HELO": "250 here", "MAIL": "250 2.1.0 ok",
            "RCPT": "250 2.1.5 ok", "DATA": "354 go on", "body": "250 2.0.0 taken", "QUIT": "221 bye"}

    def __init__(self, **replies):
        self.replies = {**self.GOOD, **replies}
        self.commands = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def down(self):
        self.socket.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection, connection.makefile("rwb") as wire:
            def say(what):
                wire.write(what.encode() + b"\r\n")
                wire.flush()
            try:
                say(self.replies["greeting"])
                while line := wire.readline():
                    word = line.decode(errors="replace").split()[0].upper()
                    self.commands.append(line.decode(errors="replace").strip())
                    say(self.replies.get(word, "502 what?"))
                    if word == "DATA" and self.replies["DATA"].startswith("354"):
                        while wire.readline() != b".\r\n":
                            pass
                        say(self.replies["body"])
                    if word == "QUIT":
                        return
            except (OSError, ValueError):
                return

"""A certificate authority for one test, and a certificate for localhost and 127.0.0.1 by it."""

import pathlib
import ssl
import subprocess


class Certificate:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.authority, self.key, self.file = folder / "ca.pem", folder / "key.pem", folder / "certificate.pem"
        request, extensions = folder / "request.pem", folder / "extensions"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
            "-keyout", folder / "ca.key", "-out", self.authority)
        run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", self.key, "-out", request)
        run("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", folder / "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", extensions, "-out", self.file)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


def run(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

"""A thousand destinations on one port, most of them well, the others wrong in every way that we know.

What a destination does stands in its path: /well/N answers 204; /error/N 500; /busy/N 429 and Retry-After; /hang/N
nothing; /reset/N a reset connection; /redirect/N a 302; /drip/N a byte of its head every tenth of a second; /flood/N
200 and a body without an end. Only /well/ keeps what it gets, after checking the signature as receiver.py does.
"""

import asyncio
import socket
import struct
import threading

import receiver as receiver_module

WRONG = ("error", "busy", "hang", "reset", "redirect", "drip", "flood")
FLOOD_CHUNK = b"x" * 65536
FLOOD_BYTES_MAX = 1 << 30


class Crowd(receiver_module.Receiver):
    def __init__(self):
        super().__init__()
        self.tried = {}  # how often each way of answering was met
        self.flooded_most = 0
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.main, daemon=True)

    def up(self):
        self.thread.start()
        assert self.started.wait(10)
        return self

    def down(self):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.server = None

    def main(self):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self.client, "127.0.0.1", self.port, backlog=1024))
        self.port = self.server.sockets[0].getsockname()[1]
        self.started.set()
        self.loop.run_forever()

    async def end(self):
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def url_of(self, way, number):
        return f"http://127.0.0.1:{self.port}/{way}/{number}"

    async def client(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {k.lower(): v.strip() for k, v in (h.split(":", 1) for h in head[1:] if h)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                way = head[0].split(" ")[1].split("/")[1]
                self.tried[way] = self.tried.get(way, 0) + 1
                await getattr(self, "answer_" + way)(writer, headers, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def say(self, writer, status, more=""):
        writer.write(f"HTTP/1.1 {status} .\r\ncontent-length: 0\r\n{more}\r\n".encode())
        await writer.drain()

    async def answer_well(self, writer, headers, body):
        await self.say(writer, self.take(headers, body))

    async def answer_error(self, writer, *_):
        await self.say(writer, 500)

    async def answer_busy(self, writer, *_):
        await self.say(writer, 429, "retry-after: 1\r\n")

    async def answer_redirect(self, writer, *_):
        await self.say(writer, 302, f"location: {self.url_of('well', 'stolen')}\r\n")

    async def answer_hang(self, *_):
        await asyncio.sleep(3600)

    async def answer_reset(self, writer, *_):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        raise ConnectionResetError

    async def answer_drip(self, writer, *_):
        for byte in b"HTTP/1.1 204 No Content\r\nx-slow: " + b"z" * 36000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)

    async def answer_flood(self, writer, *_):
        sent = 0
        writer.write(f"HTTP/1.1 500 .\r\ncontent-length: {FLOOD_BYTES_MAX}\r\n\r\n".encode())
        try:
            while sent < FLOOD_BYTES_MAX:
                writer.write(FLOOD_CHUNK)
                await writer.drain()
                sent += len(FLOOD_CHUNK)
        finally:
            self.flooded_most = max(self.flooded_most, sent)

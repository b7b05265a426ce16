"""A TCP proxy that hangs, loses, cuts, slows or repeats what passes through it."""

import asyncio
import socket
import struct
import threading

from network.repeater import Repeater

CHUNK = 16 << 10
SLOW_CHUNK, SLOW_SECONDS = 200, 0.02
POLL_SECONDS = 0.01
#: What a proxy can do to connections, those that are open and new ones.
PASS, STALL, DROP, RESET, SLOW, REPEAT = "pass", "stall", "drop", "reset", "slow", "repeat"


class Proxy:
    """Forwards to `target`, as HOST:PORT, from an address of its own. Its thread ends with close()."""

    def __init__(self, target):
        self.target = target
        self.mode = PASS
        self.bytes_to_cut = 0  # Unless 0, all connections are cut after so many more bytes, once.
        self.links = set()
        self.repeated = 0
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.ready.wait()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def close(self):
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def end(self):
        self.server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def set(self, mode):
        """STALL: nothing passes, but nothing is lost. DROP: what is sent is lost, so a connection that lost something
        is reset once the mode ends. RESET: connections are reset, and so are new ones. SLOW: 10 kB/s. REPEAT: messages of gRPC streams come twice, but for the first of each;
        for targets that speak HTTP/2 without TLS."""
        self.mode = mode
        self.loop.call_soon_threadsafe(self.apply)

    def cut_after(self, count):
        """Lets `count` more bytes pass, then resets all connections; new ones are served. 0: cuts nothing."""
        self.bytes_to_cut = count

    def apply(self):
        for link in list(self.links):
            if self.mode == RESET or (link.lossy and self.mode != DROP):
                link.reset()

    async def accept(self, reader, writer):
        host, port = self.target.split(":")
        link = Link(writer)
        self.links.add(link)
        try:
            if self.mode == RESET:
                return
            while self.mode in (STALL, DROP):
                link.lossy = self.mode == DROP
                await asyncio.sleep(POLL_SECONDS)
            upstream_reader, upstream_writer = await asyncio.open_connection(host, int(port))
            link.writers.append(upstream_writer)
            await asyncio.gather(
                self.pump(link, reader, upstream_writer), self.pump(link, upstream_reader, writer, Repeater())
            )
            await link.close()
        except OSError:
            pass  # Either side is gone; the other one learns it below.
        finally:
            link.reset()
            self.links.discard(link)

    async def pump(self, link, reader, writer, repeater=None):
        while data := await reader.read(CHUNK):
            if repeater is not None:
                before = repeater.count
                data = repeater.take(data, self.mode == REPEAT)
                self.repeated += repeater.count - before
            while self.mode == STALL:
                await asyncio.sleep(POLL_SECONDS)
            if self.mode == DROP:
                link.lossy = True
                continue
            if link.lossy:  # A TCP connection has no gaps: it ends instead, even before apply() is run.
                link.reset()
                return
            if self.bytes_to_cut:
                if len(data) >= self.bytes_to_cut:
                    writer.write(data[: self.bytes_to_cut])
                    self.bytes_to_cut = 0
                    for each in list(self.links):
                        each.reset()
                    return
                self.bytes_to_cut -= len(data)
            step = SLOW_CHUNK if self.mode == SLOW else len(data)
            for start in range(0, len(data), step):
                writer.write(data[start : start + step])
                await writer.drain()
                if self.mode == SLOW:
                    await asyncio.sleep(SLOW_SECONDS)
        while self.mode in (STALL, DROP):  # Nor is the end of a connection told.
            link.lossy |= self.mode == DROP
            await asyncio.sleep(POLL_SECONDS)
        if link.lossy:
            link.reset()
        elif not writer.is_closing():
            writer.write_eof()


class Link:
    """Both connections of one client."""

    def __init__(self, writer):
        self.writers = [writer]
        self.lossy = False

    async def close(self):
        """Ends both connections once they have sent what they hold."""
        for writer in self.writers:
            writer.close()
        for writer in self.writers:
            await writer.wait_closed()

    def reset(self):
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

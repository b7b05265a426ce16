"""A TCP proxy that reaches a server from another loopback address, so that a client seems to be another host, or over a
slow line."""

import asyncio
import threading

STEPS_PER_SECOND = 20


class SourceProxy:
    """Forwards connections to `target`, a HOST:PORT, from `source`, for example 127.0.0.2; with `bytes_per_second`, what
    the client sends passes no faster.

    Use as a context manager, whose value is the address to connect to."""

    def __init__(self, target, source, bytes_per_second=0):
        self._chunk = bytes_per_second // STEPS_PER_SECOND
        self._target = target.rsplit(":", 1)
        self._source = source
        self._loop = asyncio.new_event_loop()

    def __enter__(self):
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self):
        self._server.close()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _serve(self, reader, writer):
        host, port = self._target
        far_reader, far_writer = await asyncio.open_connection(host, int(port), local_addr=(self._source, 0))
        await asyncio.gather(_pump(reader, far_writer, self._chunk), _pump(far_reader, writer), return_exceptions=True)


async def _pump(reader, writer, slow_chunk=0):
    try:
        while data := await reader.read(slow_chunk or 1 << 16):
            writer.write(data)
            await writer.drain()
            if slow_chunk:
                await asyncio.sleep(1 / STEPS_PER_SECOND)
    finally:
        writer.close()

"""Standard error: nobody has to read it for a server to work and end, and its last line says why a server did not start."""

import fcntl
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from harness import environment, pb, servers
from harness.client import Client


def full_pipe():
    """Returns both ends of a pipe that takes no further byte."""
    read_end, write_end = os.pipe()
    flags = fcntl.fcntl(write_end, fcntl.F_GETFL)
    fcntl.fcntl(write_end, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        while True:
            os.write(write_end, b"x" * 4096)
    except BlockingIOError:
        fcntl.fcntl(write_end, fcntl.F_SETFL, flags)
    return read_end, write_end


class StalledStderrTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clustr-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        read_end, self.stderr = full_pipe()
        self.addCleanup(os.close, read_end)
        self.addCleanup(os.close, self.stderr)

    def launch(self, listen):
        process = subprocess.Popen(
            [
                environment.binary("clustr-catalog"),
                f"--listen={listen}",
                f"--port-file={self.folder / 'port'}",
                f"--database=sqlite:///{self.folder / 'catalog.db'}",
            ],
            stdin=subprocess.DEVNULL,
            stderr=self.stderr,
        )

        def end():
            if process.poll() is None:
                process.kill()
                process.wait()

        self.addCleanup(end)
        return process

    def test_a_server_works_and_ends(self):
        process = self.launch("127.0.0.1:0")
        port_file = self.folder / "port"
        port = servers.eventually(lambda: port_file.exists() and port_file.read_text().strip(), 20, "the port file")
        client = Client(f"127.0.0.1:{port}")
        self.addCleanup(client.close)
        for _ in range(1000):
            client.admin.GetStatus(pb.GetStatusRequest(), timeout=10)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertLess(time.monotonic() - begin, 8, "waited for the reader of standard error")

    def test_a_server_that_cannot_start_ends(self):
        self.assertEqual(self.launch("192.0.2.1:1").wait(20), 3)


class LastLineTest(unittest.TestCase):
    def test_the_last_line_says_what_to_do_though_the_server_had_begun_to_log(self):
        with tempfile.TemporaryDirectory(prefix="clustr-e2e-") as folder:
            done = subprocess.run(
                [
                    environment.binary("clustr-bundles"),
                    "--listen=192.0.2.1:1",
                    f"--database=sqlite:///{folder}/bundles.db",
                    f"--catalog=127.0.0.1:{servers.free_port()}",
                    f"--sales=127.0.0.1:{servers.free_port()}",
                ],
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("give another --listen", done.stderr.splitlines()[-1])

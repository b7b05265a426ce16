"""Runs docs/operations.md line by line against three empty servers."""

import os
import re
import subprocess

from harness import environment
from harness.case import ShopTest

PAGE = environment.ROOT / "docs" / "operations.md"
MARK = "---- block"


class OperationsTest(ShopTest):
    def test_every_line_of_the_page_prints_what_it_says(self):
        grpcurl = environment.tool("grpcurl")
        blocks = re.findall(r"```sh\n(.*?)```\n(?:```output\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.S)
        self.assertGreater(len(blocks), 8)
        script = "set -euo pipefail\n" + "".join(f"echo '{MARK}'\n{commands}" for commands, _ in blocks)
        for port, server in {50051: self.shop.catalog, 50052: self.shop.sales, 50053: self.shop.bundles}.items():
            script = script.replace(f"127.0.0.1:{port}", server.address)
        done = subprocess.run(
            ["bash"],
            input=script,
            cwd=self.shop.folder,
            env={**os.environ, "PATH": f"{os.path.dirname(grpcurl)}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
        for (commands, expected), printed in zip(blocks, done.stdout.split(MARK)[1:], strict=True):
            for line in expected.splitlines():
                with self.subTest(commands=commands, line=line):
                    self.assertIn(line, printed)
                    printed = printed[printed.index(line) + len(line) :]

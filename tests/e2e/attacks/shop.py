"""The servers that are attacked: catalog and sales with generated purchases."""

import contextlib
import subprocess

from harness import environment, servers


@contextlib.contextmanager
def attacked_shop(baskets=20000):
    shop = servers.Shop()
    try:
        shop.catalog.start()
        shop.sales.start()
        data = shop.folder / "data"
        generated = [environment.binary("clustrctl"), "generate", str(data), f"--baskets={baskets}"]
        subprocess.run(generated, check=True, capture_output=True)
        done = shop.ctl("import", data)
        assert done.returncode == 0, done.stderr
        yield shop
    finally:
        shop.close()

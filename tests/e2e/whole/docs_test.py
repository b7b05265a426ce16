"""Checks what the pages tell people to type: grpcurl lines work, programs and commands exist, links resolve."""

import pathlib
import re
import shlex
import subprocess
import unittest

from harness import environment
from harness.small_shop import GrpcurlShopTest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES += sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "examples").glob("*/README.md")])


def commands():
    """Yields (page, line) for every line in a fenced block that starts a program."""
    for page in PAGES:
        fenced = False
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.startswith("```"):
                fenced = not fenced
            elif fenced and re.match(r"(tools/|tests/|grpcurl|clustrctl|clustr-)", line):
                yield page.name, line.split(" # ")[0].strip()


def words(starting):
    return [(page, shlex.split(line)) for page, line in commands() if line.startswith(starting)]


def runs(*arguments):
    return subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def anchors(page):
    """The names by which links can lead to the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class GrpcurlLinesTest(GrpcurlShopTest):
    def test_every_grpcurl_line_is_answered(self):
        ports = {"127.0.0.1:50051": self.shop.catalog, "127.0.0.1:50052": self.shop.sales, "127.0.0.1:50053": self.shop.bundles}
        lines = [entry for entry in words("grpcurl") if entry[0] not in ("operations.md", "encryption.md")]  # They have tests of their own.
        self.assertTrue(lines)
        for page, line in lines:
            with self.subTest(page=page, line=line):
                done = runs(self.grpcurl, *[ports[word].address if word in ports else word for word in line[1:]])
                self.assertEqual(done.returncode, 0, done.stderr[-1000:])


class ProgramsTest(unittest.TestCase):
    def test_scripts_have_the_flags_that_pages_name(self):
        for page, line in words("tools/") + words("tests/"):
            with self.subTest(page=page, line=line):
                done = runs(str(ROOT / line[0]), "--help")
                self.assertEqual(done.returncode, 0, done.stderr)
                for flag in line[1:]:
                    self.assertIn(flag.split("=")[0], done.stdout)

    def test_commands_of_clustrctl_exist(self):
        table = re.findall(r"`(\w+)(?: [^`]*)?`", "\n".join(re.findall(r"(?m)^\| (`.*) \|.*\|$", PAGES[0].read_text(encoding="utf-8"))))
        self.assertIn("import", table)
        for command in table:
            with self.subTest(command=command):
                self.assertEqual(runs(str(environment.BUILD / "bin" / "clustrctl"), command, "--help").returncode, 0)

    def test_named_build_targets_exist(self):
        targets = {name for page in PAGES for name in re.findall(r"--target ([\w-]+)`", page.read_text(encoding="utf-8"))}
        self.assertLessEqual({"clustr-mine", "clustr-installable"}, targets)
        for target in targets:
            with self.subTest(target=target):
                done = runs("cmake", "--build", str(environment.BUILD), "--target", target, "--", "-n")
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_links_lead_to_files(self):
        for page in PAGES:
            for target, anchor in re.findall(r"\]\(([^)#:]*)#?([^):]*)\)", page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name, target=target, anchor=anchor):
                    led_to = page.parent / target if target else page
                    self.assertTrue(led_to.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(led_to))


if __name__ == "__main__":
    unittest.main()

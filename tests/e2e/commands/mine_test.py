"""clustr-mine as users call it: files and pipes, its outputs, and its exit codes."""

import gzip
import json
import lzma
import pathlib
import subprocess
import tempfile
import unittest

from harness import environment

BASKETS = b"1 2 3\n1 2\n1 2\n1\n\n3 9\n"
ITEMSETS = "1 (4)\n2 (3)\n1 2 (3)\n3 (2)\n"
KEYS = ["transactions", "items", "read_seconds", "mine_seconds", "write_seconds", "found", "peak_bytes", "threads"]


class MineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="clustr e2e ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plain = self.file("baskets.dat", BASKETS)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run_mine(self, *arguments, stdin=b""):
        command = [environment.binary("clustr-mine"), *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)

    def mined(self, *arguments, stdin=b""):
        done = self.run_mine(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode(), json.loads(done.stderr.decode().splitlines()[-1])

    def refused(self, code, text, *arguments, stdin=b""):
        done = self.run_mine(*arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stdout), (code, b""), done.stderr)
        self.assertIn(text, done.stderr.decode())

    def test_files_archives_and_pipes_give_the_same_itemsets(self):
        packed = [self.file("b.gz", gzip.compress(BASKETS)), self.file("b.xz", lzma.compress(BASKETS))]
        for path in [self.plain, *packed]:
            with self.subTest(path.name):
                self.assertEqual(self.mined(path, "--min-count=2")[0], ITEMSETS)
        self.assertEqual(self.mined("-", "--min-count=2", stdin=BASKETS)[0], ITEMSETS)
        with self.plain.open("rb") as file:
            file.seek(6)
            command = [environment.binary("clustr-mine"), "-", "--min-count=3"]
            done = subprocess.run(command, stdin=file, capture_output=True, timeout=60, check=True)
        self.assertEqual(done.stdout, b"1 (3)\n")

    def test_items_may_be_names_and_are_written_as_names(self):
        for text, lines in (
            (b"shrimp,almonds,green tea\nshrimp,almonds\n", "almonds (2)\nshrimp (2)\nalmonds shrimp (2)\n"),
            (b"4710199010372 4710199010373\n4710199010372\n", "4710199010372 (2)\n"),
            (b"@CONVERTED_FROM_TEXT\n@ITEM=1=milk\n@ITEM=2=bread\n1 2\n1\n", "milk (2)\n"),
            (b"\xef\xbb\xbf1 2\n1\n", "1 (2)\n"),
            (b"1;2\n1\n", "1 (2)\n"),
            (b"green tea;milk\n\"green tea\"\n", '"green tea" (2)\n'),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.mined("-", "--min-count=2", stdin=text)[0], lines)
        named = self.file("names.csv", b'green tea,"5"" pot"\ngreen tea,"5"" pot"\n')
        line = self.mined(named, "--min-count=2", "--min-size=2", "--output=json")[0]
        self.assertEqual(json.loads(line), {"items": ['5" pot', "green tea"], "count": 2})
        rules = self.mined(named, "--rules", "--min-count=2", "--antecedents=green tea")[0]
        self.assertEqual(rules, '"green tea" => "5"" pot" (2 2 2)\n')

    def test_a_file_of_names_names_numbers(self):
        names = self.file("names.txt", b"1\tmilk\n2\tbread\n")
        flags = ("--min-count=2", f"--names={names}")
        self.assertEqual(self.mined(self.plain, *flags)[0], "milk (4)\nbread (3)\nmilk bread (3)\n3 (2)\n")
        self.assertEqual(self.mined(self.plain, *flags, "--items=bread")[0], "bread (3)\nmilk bread (3)\n")
        self.assertEqual(self.mined(self.plain, *flags, "--items=2")[0], "bread (3)\nmilk bread (3)\n")
        twice = self.file("twice.txt", b"1 a\n1 b\n")
        self.refused(3, "has a second name", self.plain, "--min-count=2", f"--names={twice}")

    def test_last_line_of_stderr_is_json_with_these_keys(self):
        _, said = self.mined(self.plain, "--min-count=2", "--threads=2", "--output=none")
        self.assertEqual(list(said), KEYS)
        self.assertEqual([said[key] for key in ("transactions", "items", "found", "threads")], [6, 4, 4, 2])

    def test_peak_memory_excludes_that_of_the_parent(self):
        ballast = b"x" * 200_000_000
        self.assertLess(self.mined(self.plain, "--min-count=1", "--output=none")[1]["peak_bytes"], len(ballast) // 2)

    def test_output_is_written_where_and_as_the_flag_says(self):
        self.assertEqual(self.mined(self.plain, "--min-count=1", "--output=none")[0], "")
        target = self.folder / "out"
        self.assertEqual(self.mined(self.plain, "--min-count=2", f"--output={target}")[0], "")
        self.assertEqual(target.read_text(), ITEMSETS)
        lines = self.mined(self.plain, "--min-count=3", "--output=json")[0].splitlines()
        self.assertEqual([json.loads(line) for line in lines][-1], {"items": [1, 2], "count": 3})
        rules = self.mined(self.plain, "--rules", "--min-count=3", "--min-confidence=1")[0]
        self.assertEqual(rules, "2 => 1 (3 3 4)\n")

    def test_every_number_of_threads_writes_the_same_lines(self):
        text = "".join(f"{i % 7} {i % 11 + 7} {i % 13 + 20} {i % 3 + 40}\n" for i in range(3000)).encode()
        for flags in ([], ["--target=closed"], ["--target=maximal"], ["--rules", "--min-confidence=0.3"]):
            outputs = {self.mined("-", "--min-count=5", f"--threads={n}", *flags, stdin=text)[0] for n in (1, 2, 5)}
            self.assertEqual(len(outputs), 1, flags)

    def test_usage_errors_exit_2_and_touch_nothing(self):
        target = self.file("precious", b"keep")
        for flag in ("--min-support=2", "--measure=luck", "--top=0", "--no-such-flag", "-h", "--min-lift=1"):
            self.refused(2, flag.split("=")[0], self.plain, flag, f"--output={target}")
        self.refused(2, "no file")
        for flags in ([], ["--rules"], ["--limit=9"], ["--max-seconds=1"]):
            self.refused(2, "--min-count=1 lists every subset of every basket", self.plain, *flags, f"--output={target}")
        self.assertEqual(target.read_bytes(), b"keep")

    def test_unreadable_input_and_unwritable_output_exit_3(self):
        self.refused(3, "line 2, column 3: `x`", "-", "--min-count=1", stdin=b"1\n2 x\n")
        self.refused(3, "No such file", self.folder / "none", "--min-count=1")
        self.refused(3, "Is a directory", self.folder, "--min-count=1")
        self.refused(3, "cannot be decompressed", self.file("b.xz", lzma.compress(BASKETS)[:-9]), "--min-count=1")
        self.refused(3, "No such file", self.plain, "--min-count=1", f"--output={self.folder}/no/file")
        self.refused(3, "No space left", self.plain, "--min-count=1", "--output=/dev/full")

    def test_limits_exit_4_with_the_remedy(self):
        done = self.run_mine(self.plain, "--min-count=1", "--limit=1")
        self.assertEqual((done.returncode, done.stdout), (4, b"1 (4)\n"))
        self.assertIn(b"a min_count of 4 fits", done.stderr)
        self.refused(4, "memory", self.plain, "--min-count=1", "--max-memory=1")

    def test_groceries_has_the_known_numbers_of_itemsets_and_rules(self):
        data = environment.shared_data(".") / "groceries.dat.xz"
        if not data.exists():
            environment.missing("shared data", "data")
        for flags, found in (([], 13492), (["--target=closed"], 13464), (["--target=maximal"], 7794),
                             (["--rules", "--min-confidence=0.5", "--max-consequents=1"], 5668),
                             (["--rules", "--min-confidence=0.5"], 5829), (["--top=7"], 7)):  # fmt: skip
            with self.subTest(flags):
                self.assertEqual(self.mined(data, "--min-count=10", "--output=none", *flags)[1]["found"], found)

    def test_help_lists_flags_and_version_prints_a_number(self):
        self.assertIn(b"--min-count=N", self.run_mine("--help").stdout)
        self.assertRegex(self.run_mine("--version").stdout.decode(), r"^clustr-mine \d+\.\d+")


if __name__ == "__main__":
    unittest.main()

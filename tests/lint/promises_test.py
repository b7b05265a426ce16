"""Checks that each test exists that docs/promises.md and docs/reliability.md name, that the tables of all pages render as they are
written, and that a server returns each reason of an error and a test expects it."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPP_TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)")
NAME = re.compile(r"(?:(?P<module>\w+\.\w+_test|\w+_test)(?:\.(?P<class>\w+)\.(?P<test>test_\w+))?)")


def last_cells(page):
    """Yields the last cell of each row of the tables on a page."""
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield line.strip("| ").split(" | ")[-1]


def cells(line):
    """The cells of a row as a renderer sees them: each bar ends one, also in code, unless it is escaped."""
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))


def uneven_rows(text):
    """The rows of the tables in a page that have more or fewer cells than their header; a renderer drops what is too much."""
    header, code, found = None, False, []
    for line in text.splitlines():
        code ^= line.lstrip().startswith("```")
        if code or not line.startswith("|"):
            header = None
            continue
        header = header or line
        if len(cells(line)) != len(cells(header)):
            found.append(line)
    return found


def cpp_tests():
    """Returns the names of all C++ tests, as Suite.Case, and the names of their cases alone."""
    found = set()
    for path in (ROOT / "tests").rglob("*_test.cc"):
        for suite, case in CPP_TEST.findall(path.read_text(encoding="utf-8")):
            found |= {f"{suite}.{case}", case, suite}
    return found


def programs():
    """Returns the names of all C++ test programs."""
    listings = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("CMakeLists.txt")]
    return {name for text in listings for name in re.findall(r"clustr_test\((\w+)", text)}


class PromisesTest(unittest.TestCase):
    def python_name_exists(self, name):
        """True for module and module.Class.test below tests/e2e, tests/chaos, tests/lint, tests/k8s and tests/packages."""
        found = NAME.fullmatch(name)
        for folder in ("e2e", "chaos", "lint", "k8s", "packages"):
            path = ROOT / "tests" / folder / f"{found['module'].replace('.', '/')}.py" if found else None
            if path is not None and path.exists():
                text = path.read_text(encoding="utf-8")
                return not found["test"] or (
                    f"class {found['class']}" in text and f"    def {found['test']}(" in text
                )
        return False

    def exists(self, name):
        if name.startswith("tests/"):
            return (ROOT / name.split()[0]).exists()
        program, _, case = name.rpartition(" ")
        return (case in self.cases and (not program or program in self.programs)) or self.python_name_exists(name)

    def setUp(self):
        self.cases, self.programs = cpp_tests(), programs()

    def test_each_named_test_exists(self):
        for page in ("promises.md", "reliability.md"):
            names = [name for cell in last_cells(page) for name in re.findall(r"`([^`]+)`", cell)]
            self.assertGreater(len(names), 10, page)
            missing = [name for name in names if not self.exists(name)]
            self.assertEqual(missing, [], f"{page} names tests that do not exist")

    def test_each_promise_has_a_test_or_says_that_it_has_none(self):
        cells = [cell for cell in last_cells("promises.md") if cell != "tests"]
        self.assertEqual([cell for cell in cells if "`" not in cell and not cell.startswith("**Not held.**")], [])

    def test_a_test_that_does_not_exist_is_noticed(self):
        for name in ("ValidatorTest.NoSuchCase", "no_test ValidatorTest.DatesExist", "whole.kill_test.KillTest.test_nothing"):
            self.assertFalse(self.exists(name), name)
        for name in ("schema_test ValidatorTest.DatesExist", "whole.kill_test", "tests/chaos/run.py --fault=kill"):
            self.assertTrue(self.exists(name), name)


class TablesTest(unittest.TestCase):
    def test_each_row_has_as_many_cells_as_its_header(self):
        folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and folder.name != "build"]
        pages = [*ROOT.glob("*.md"), *(page for folder in folders for page in folder.rglob("*.md"))]
        self.assertIn(ROOT / "docs/promises.md", pages)
        for page in pages:
            with self.subTest(str(page.relative_to(ROOT))):
                self.assertEqual(uneven_rows(page.read_text(encoding="utf-8")), [])

    def test_a_row_with_another_number_of_cells_is_noticed(self):
        for row in ("| | rule | tests |", "| rule |", "| `a|b` | tests |"):
            self.assertEqual(uneven_rows(f"| rule | tests |\n|---|---|\n{row}\n"), [row])
        self.assertEqual(uneven_rows("| rule | tests |\n|---|---|\n| `a\\|b` | tests |\n\n| one |\n|---|\n| two |\n"), [])


class ReasonsTest(unittest.TestCase):
    """A documented reason that nothing returns, or that no test expects, is a false promise."""

    #: Tests of the errors themselves, which make a reason up rather than get it from a server.
    MADE_UP = ("tests/common/base/", "tests/common/rpc/status_test.cc", "tests/lint/", "tests/e2e/harness/")

    def setUp(self):
        proto = (ROOT / "proto/clustr/common/v1/error_reason.proto").read_text(encoding="utf-8")
        self.reasons = re.findall(r"^  ERROR_REASON_(\w+) = [1-9]", proto, re.M)

    @staticmethod
    def sources(*folders):
        """The text of all C++ and Python sources below the folders."""
        paths = [path for folder in folders for ending in ("*.cc", "*.h", "*.py") for path in (ROOT / folder).rglob(ending)]
        return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}

    def unreturned(self, reasons):
        """Reasons that no code makes: by name, or for a resource (`<RESOURCE>_NOT_FOUND`) or a unique field (`<FIELD>_EXISTS`)."""
        code = "\n".join(self.sources("common", "services").values())
        protos = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "proto").rglob("*.proto"))
        stored = {f"{name}_NOT_FOUND" for name in re.findall(r'resource: "(\w+)"', protos)}
        unique = {f"{name.upper()}_EXISTS" for name in re.findall(r"(\w+) = \d+ \[[^;]*?\bunique[ :=]+true", protos)}
        return [
            reason
            for reason in reasons
            if reason not in stored | unique and not re.search(rf"\bERROR_REASON_{reason}\b", code)
        ]

    def unexpected(self, reasons):
        """Reasons that no test expects from running code."""
        tests = "\n".join(text for path, text in self.sources("tests").items() if not path.startswith(self.MADE_UP))
        return [
            reason
            for reason in reasons
            if not re.search(rf"[\"']{reason}[\"']|\bERROR_REASON_{reason}\b", tests)
            and f'not_found("{reason.removesuffix("_NOT_FOUND")}")' not in tests
        ]

    def test_every_reason_is_returned_by_some_code(self):
        self.assertGreater(len(self.reasons), 20)
        self.assertEqual(self.unreturned(self.reasons), [])

    def test_every_reason_is_expected_by_some_test(self):
        self.assertEqual(self.unexpected(self.reasons), [])

    def test_a_reason_that_nothing_returns_is_noticed(self):
        made_up = "_".join(["MEMORY", "LIMIT"])  # This file must not mention it as a whole.
        self.assertEqual(self.unreturned([made_up]), [made_up])
        self.assertEqual(self.unexpected([made_up]), [made_up])


if __name__ == "__main__":
    unittest.main()

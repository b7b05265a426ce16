"""Checks that each test exists that docs/promises.md and docs/reliability.md name."""

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
        """True for module and module.Class.test below tests/e2e, tests/chaos and tests/lint."""
        found = NAME.fullmatch(name)
        for folder in ("e2e", "chaos", "lint"):
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


if __name__ == "__main__":
    unittest.main()

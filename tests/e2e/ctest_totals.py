#!/usr/bin/python3
"""Counts the tests that ctest ran: ctest_totals.py REPORTS TOTALS

REPORTS is the folder of ctest.junit and of the XML report of each GoogleTest program. Each case of a program counts;
a program that fails without a failed case (a crash, a time limit) counts as one failure. Writes `passed failed skipped`
to TOTALS."""

import os
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

#: Text of a skip line by the name that CLUSTR_REQUIRE has for it.
REQUIREMENTS = {"buf": "no buf", "grpcurl": "no grpcurl", "data": "no shared data"}


def skip_lines(output):
    """Returns the line `skipped: ...` that a case printed, by the name of the case."""
    lines, case = {}, None
    for line in output.splitlines():
        if line.startswith("[ RUN "):
            case = line.split()[-1]
        elif line.startswith("skipped:") and case:
            lines[case] = line
    return lines


def cases(report, said, required):
    """Yields (name, outcome, text) for every case of one GoogleTest report."""
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            yield name, "failed", ""
        elif case.get("status") == "notrun" or case.get("result") == "suppressed":
            continue
        elif case.find("skipped") is not None:
            text = said.get(name, "skipped")
            needed = any(REQUIREMENTS.get(name, "\0") in text for name in required)
            yield name, "failed" if needed else "skipped", text
        else:
            yield name, "passed", ""


def main(reports, totals, required):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for program in ElementTree.parse(reports / "ctest.junit").getroot().iter("testcase"):
        name, status = program.get("name"), program.get("status")
        report = reports / f"{name}.xml"
        said = skip_lines(program.findtext("system-out") or "")
        found = list(cases(report, said, required)) if report.exists() and report.stat().st_size else []
        for case, fate, text in found:
            counts[fate] += 1
            if fate != "passed":
                print(f"{fate} {name} {case} {text}".rstrip())
        bad = status == "fail"
        if bad and not any(fate == "failed" for _, fate, _ in found):
            counts["failed"] += 1
            print(f"failed {name}: ended badly outside of its cases")
        elif not found and not bad:
            counts["passed" if status == "run" else "skipped"] += 1
    totals.write_text("{passed} {failed} {skipped}\n".format(**counts))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), os.environ.get("CLUSTR_REQUIRE", "").split(","))

#!/usr/bin/env python3
"""Counts test cases in what ctest wrote with --output-junit: tally.py JUNIT.xml [FAILURES.txt [SKIPPED.txt]]

Prints "PASSED FAILED SKIPPED". A GoogleTest program counts as its cases; any other test, and a program that ended before
its summary, counts as one. The output of what failed is written to FAILURES.txt, why cases were skipped to SKIPPED.txt.
"""

import re
import sys
import xml.etree.ElementTree as tree

PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.M)
FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.M)
SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below", re.M)
CASE_BEGINS = re.compile(r"^\[ RUN      \] ", re.M)
WHY_SKIPPED = re.compile(r"^\[ RUN      \] (\S+)\n(?:(?!\[ RUN  ).*\n)*?[^\n]*: Skipped\n(.*)\n", re.M)
CASE_FAILED = re.compile(r"^\[  FAILED  \] .*\(\d+ ms\)$", re.M)


def number(pattern, text):
    return sum(int(n) for n in pattern.findall(text))


def failing_output(output):
    """The cases that failed; the end of the output when none says so."""
    pieces = [piece for piece in CASE_BEGINS.split(output) if CASE_FAILED.search(piece)]
    if not pieces:
        return output[-6000:]
    return "\n".join(piece[: CASE_FAILED.search(piece).end()][-4000:] for piece in pieces[:20])


def main(path, failures_path=None, skipped_path=None):
    passed = failed = skipped = 0
    report, reasons = [], {}
    for case in tree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        is_ok = case.get("status") == "run"
        counts = number(PASSED, output), number(FAILED, output), number(SKIPPED, output)
        has_summary = PASSED.search(output) or FAILED.search(output)
        if is_ok and not has_summary:
            counts = 1, 0, 0
        elif not is_ok and counts[1] == 0:
            counts = counts[0], 1, counts[2]
        passed, failed, skipped = (a + b for a, b in zip((passed, failed, skipped), counts))
        for name, reason in WHY_SKIPPED.findall(output):
            reasons.setdefault(reason, []).append(name)
        if not is_ok:
            report.append(f"=== {case.get('name')}\n{failing_output(output)}")
    if failures_path:
        with open(failures_path, "w", encoding="utf-8") as file:
            file.write("\n".join(report))
    if skipped_path:
        with open(skipped_path, "w", encoding="utf-8") as file:
            file.writelines(f"  skipped, {reason}: {' '.join(names)}\n" for reason, names in reasons.items())
    print(passed, failed, skipped)


if __name__ == "__main__":
    main(*sys.argv[1:])

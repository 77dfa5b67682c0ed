#!/usr/bin/env python3
"""Measures Assay on a collection that generate.py wrote: precision, recall and F2 of every entity.

    measure.py --assay build/release/assay COLLECTION [--report docs/accuracy.md] [--verbose ENTITY]
    measure.py --assay build/release/assay --fresh ROUNDS [--min-recall R --min-precision P]

A finding is right when it overlaps a labelled value of its entity. What overlaps another value counts against the
precision of the entity reported, as does what overlaps nothing.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import report
from values import BY_ENTITY

# Reported beside or instead of the label, and right as well: (reported, labelled).
ALSO_RIGHT = {("DATE_TIME", "DATE_OF_BIRTH"), ("IP_ADDRESS", "URL"), ("EMAIL_ADDRESS", "URL"), ("DE_PLZ", "STREET_ADDRESS"), ("STREET_ADDRESS", "DE_PLZ")}


def scan(assay, collection, rules):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "findings.jsonl"
        subprocess.run([assay, "scan", "--quiet", "--format", "jsonl", "--min-confidence", "0.5", "--reveal", "-o", out, *(["--rules", rules, "--only-own-rules"] if rules else []), collection], check=True, stdout=subprocess.DEVNULL)
        with open(out, encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
    return [finding for finding in found if finding["type"] == "finding"]


class Places:
    """Where the values that were found stand in a file: cells and extracted text have offsets of their own."""

    def __init__(self, content):
        self.content, self.taken, self.lines = content, Counter(), [0]
        for i, byte in enumerate(content):
            if byte == 10:
                self.lines.append(i + 1)

    def of(self, finding):
        value = finding["value"].encode()
        start, locator = finding["start"], finding["locator"]
        if "row" not in locator and self.content[start:start + len(value)] == value:
            return start, start + len(value)
        if "row" in locator and locator.get("line", 0) - 1 < len(self.lines):
            low = self.lines[locator["line"] - 1]
            at = self.content.find(value, low)
            return (at, at + len(value)) if at >= 0 else None
        key = (finding["entity"], value)
        at = -1
        for _ in range(self.taken[key] + 1):
            at = self.content.find(value, at + 1)
        self.taken[key] += 1
        return (at, at + len(value)) if at >= 0 else None


class Score:
    def __init__(self):
        self.right, self.wrong, self.missed = 0, 0, 0
        self.by_how = {"labelled": [0, 0], "bare": [0, 0]}  # found, all
        self.instead, self.wrong_on = Counter(), Counter()

    precision = property(lambda self: self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0)
    recall = property(lambda self: self.right / (self.right + self.missed) if self.right + self.missed else 1.0)

    @property
    def f2(self):
        p, r = self.precision, self.recall
        return 5 * p * r / (4 * p + r) if p + r else 0.0


def judge(labels, findings, scores, log):
    """Compares what stands in one file with what was found there. `findings` have places."""
    hit, swallowed = set(), set()
    for start, end, finding in findings:
        entity = finding["entity"]
        over = [label for label in labels if label["start"] < end and start < label["end"]]
        same = [label for label in over if label["entity"] == entity]
        if same:
            hit.update(id(label) for label in same)
            swallowed.update(id(label) for label in over if label["entity"] != entity and start <= label["start"] and label["end"] <= end)
            continue
        if any((entity, label["entity"]) in ALSO_RIGHT for label in over):
            continue
        scores[entity].wrong += 1
        scores[entity].wrong_on[over[0]["entity"] if over else "nothing"] += 1
        log(entity, "wrong", finding, over[0] if over else None)
        for label in over:
            scores[label["entity"]].instead[entity] += 1
    for label in labels:
        score, found = scores[label["entity"]], id(label) in hit
        if not found and id(label) in swallowed:
            continue
        tally = score.by_how[label["how"]]
        tally[0] += found
        tally[1] += 1
        if label["how"] == "labelled" or BY_ENTITY[label["entity"]].alone:
            score.right += found
            score.missed += not found
            if not found:
                log(label["entity"], "missed", None, label)
        else:
            score.right += 0


def measure(assay, collection, rules, log):
    labels, findings = defaultdict(list), defaultdict(list)
    with open(collection / "labels.jsonl", encoding="utf-8") as lines:
        for line in lines:
            label = json.loads(line)
            labels[label["file"]].append(label)
    for finding in scan(assay, collection, rules):
        name = str(Path(finding["object"]).relative_to(collection))
        if name != "labels.jsonl":
            findings[name].append(finding)
    scores, decoy_wrong, decoy_bytes = defaultdict(Score), Counter(), 0
    styles = defaultdict(lambda: [0, 0])
    for path in sorted(p for p in collection.rglob("*") if p.is_file() and p.name != "labels.jsonl"):
        name, content = str(path.relative_to(collection)), path.read_bytes()
        places = Places(content)
        placed = [(*place, finding) for finding in findings[name] if (place := places.of(finding))]
        judge(labels[name], placed, scores, log)
        if name.startswith("decoys/"):
            decoy_bytes += len(content)
            decoy_wrong.update(finding["entity"] for finding in findings[name])
        for label in labels[name]:
            if label["how"] == "labelled":
                styles[label["style"]][0] += any(f["entity"] == label["entity"] and s < label["end"] and label["start"] < e for s, e, f in placed)
                styles[label["style"]][1] += 1
    return scores, styles, decoy_wrong, decoy_bytes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path, nargs="?")
    parser.add_argument("--assay", default="build/release/assay")
    parser.add_argument("--rules", type=Path, help="rules to measure instead of those built in")
    parser.add_argument("--fresh", type=int, metavar="ROUNDS", help="generate a collection for this run")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--verbose", metavar="ENTITY", help="print what was missed and wrong; ALL for every entity")
    parser.add_argument("--min-recall", type=float, default=0)
    parser.add_argument("--min-precision", type=float, default=0)
    arguments = parser.parse_args()

    def log(entity, what, finding, label):
        if arguments.verbose not in (entity, "ALL"):
            return
        where = label or {}
        print(f"{what:6} {entity:24} {where.get('file') or finding['object']}: {(finding or label)['value']!r}"
              + (f" {where.get('how')}" if what == "missed" else f" on {where.get('entity')} {finding['confidence']} {finding['reasons']}"))

    with tempfile.TemporaryDirectory() as folder:
        collection = arguments.collection or Path(folder)
        rounds = arguments.fresh or (0 if arguments.collection else 3)
        if rounds:
            subprocess.run([sys.executable, Path(__file__).with_name("generate.py"), collection, "--rounds", str(rounds), "--seed", str(arguments.seed)], check=True)
        result = measure(arguments.assay, collection, arguments.rules, log)
    text, recall, precision = report.write(*result, rounds, arguments.seed)
    print(text)
    if arguments.report:
        arguments.report.write_text(text, encoding="utf-8")
    if recall < arguments.min_recall or precision < arguments.min_precision:
        sys.exit(f"accuracy fell: macro recall {recall:.3f} (at least {arguments.min_recall}), precision {precision:.3f} (at least {arguments.min_precision})")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes a labelled collection of documents to measure Assay with: files and labels.jsonl.

    generate.py OUTPUT [--rounds N] [--seed N]

Each round puts every entity once into every style of document, among others of its kind, and adds sheets of decoys.
The same seed and rounds give the same bytes.
"""
import argparse
import json
import random
from pathlib import Path

import decoys
from documents import STYLES, Document
from values import KINDS


def country(kind):
    """The issuer's country; empty for what is the same everywhere."""
    prefix = kind.entity.split("_")[0]
    return {"ABA": "US", "MEDICAL": "US"}.get(prefix, prefix if len(prefix) == 2 and prefix != "IP" else "")


def companions(rng, kind):
    """What stands in one document with `kind`: more of its country, and what every country has."""
    alike = [other for other in KINDS if other is not kind and
             (country(other) == country(kind) if country(other) and country(kind) else other.group in (kind.group, "contact"))]
    return rng.sample(alike, min(len(alike), rng.randint(0, 3)))


def documents(rounds, seed):
    for turn in range(rounds):
        rng = random.Random(seed * 1000 + turn)
        for style, (write, ending) in STYLES.items():
            for kind in KINDS:
                doc = Document(f"{style}/{turn}-{kind.entity.lower()}.{ending}", style)
                chosen = [kind, *companions(rng, kind)]
                if style not in ("sql", "csv", "csv-bare"):
                    rng.shuffle(chosen)
                write(rng, chosen, doc)
                yield doc
        for name, make in decoys.SHEETS.items():
            doc = Document(f"decoys/{turn}-{name}.txt", "decoys")
            doc.text("".join(make(rng) + "\n" for _ in range(400)))
            yield doc
        doc = Document(f"decoys/{turn}-named.txt", "decoys")
        doc.text("".join("{}: {}\n".format(*rng.choice(decoys.INLINE)(rng)) for _ in range(400)))
        yield doc
        doc = Document(f"decoys/{turn}-keyed.log", "decoys")
        doc.text("".join(" ".join("{}={}".format(*make(rng)) for make in rng.sample(decoys.KEYED, 5)) + "\n" for _ in range(300)))
        yield doc


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with_labels = []
    for doc in documents(arguments.rounds, arguments.seed):
        path = arguments.output / doc.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(doc.content().encode())
        with_labels += doc.labels
    with open(arguments.output / "labels.jsonl", "w", encoding="utf-8") as out:
        for label in with_labels:
            out.write(json.dumps(label, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes what the program really prints into README.md, between its `<!-- begin NAME -->` and `<!-- end NAME -->` marks,
and, where a chromium is at hand, the picture of the HTML report. To be run after a change of what users see."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = "examples/generated"
# Lines of each section that the README shows; what is not named is shown whole.
SHOWN = {"Found": 14, "Where": 12, "Columns": 6, "By folder": 5}


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def shorten(section):
    title, *lines = section.split("\n")
    limit = next((n for start, n in SHOWN.items() if title.startswith(start)), len(lines) + 1)
    if title.startswith(("Where", "Columns")):
        seen, chosen = set(), []
        for line in sorted(lines, key=lambda l: "truncated" in l):  # stable: the damaged archive comes last
            if title.startswith("Columns") or line.split()[0] not in seen:
                if len(line) <= 118:
                    seen.add(line.split()[0])
                    chosen.append(line)
        order = {line.split()[0]: i for i, line in reversed(list(enumerate(lines)))}
        lines = sorted(chosen, key=lambda l: order[l.split()[0]]) if title.startswith("Where") else chosen
    more = ["  ..."] if len(lines) > limit - 1 else []
    return "\n".join([title, *lines[: limit - 1], *more])


def scan_output():
    text = run("build/release/assay", "scan", EXAMPLES)
    text = text.replace(EXAMPLES + "/", "").replace(EXAMPLES, ".")
    return "\n\n".join(shorten(section) for section in text.strip("\n").split("\n\n"))


def explain_output():
    log = (ROOT / EXAMPLES / "logs/app.log").read_text().split("\n")
    place = f"{EXAMPLES}/logs/app.log:{next(n for n, line in enumerate(log, 1) if 'card=' in line)}"
    head, *candidates = run("build/release/assay", "explain", place).strip().split("\n\n")
    reported = next(c for c in candidates if "CREDIT_CARD" in c and re.search(r"fate +reported", c))
    refused = [c for c in candidates if not re.search(r"fate +reported", c)][:1]
    return "\n\n".join([f"$ assay explain {place}\n{head}", reported, *refused, "..."])


def take_picture():
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("no chromium: docs/report.png stays as it is")
        return
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder) / "report.html", Path(folder) / "report.png"
        run("build/release/assay", "scan", "--format", "html", "-o", str(page), EXAMPLES)
        run(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1180,900",
            f"--screenshot={picture}", page.as_uri())
        shutil.copyfile(picture, ROOT / "docs/report.png")


def main():
    run("python3", "examples/generate.py")
    readme = ROOT / "README.md"
    text = readme.read_text()
    for name, content in {"scan": scan_output(), "explain": explain_output()}.items():
        block = f"<!-- begin {name} -->\n```text\n{content}\n```\n<!-- end {name} -->"
        text, count = re.subn(rf"<!-- begin {name} -->.*?<!-- end {name} -->", lambda _: block, text, flags=re.S)
        if count != 1:
            sys.exit(f"README.md has no marks for '{name}'")
    readme.write_text(text)
    take_picture()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks what the formatter cannot: floors of rooms, lengths of files, marks of unfinished work, paths of one machine.

Prints each offence as file:line: reason, and leaves with 1 when there is any. Looks at the files that git tracks, or at
those named on the command line.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A room includes itself and rooms on lower floors, never one beside it (ARCHITECTURE.md).
FLOORS = {
    "core": 0,
    "model": 1, "http": 1,
    "classify": 2, "profile": 2, "extract": 2, "sql": 2, "secure": 2,
    "connect": 3, "store": 3,
    "coordinate": 4,
    "scan": 5, "pipeline": 5, "govern": 5, "catalog": 5,
    "plan": 6,
    "server": 7, "cli": 7,
    "app": 8,
}
# What parses untrusted bytes is reached from the examiner only.
INSIDE_THE_SANDBOX = ("src/extract/", "src/scan/examine/", "src/app/examiner_main.cpp")
OUTSIDE_MAY_USE = ("extract/sandbox/", "scan/examiner_path.h")

MAX_LINES = 800
CODE = {".cpp", ".h", ".inc", ".py", ".sh", ".cmake", ".txt", ".yaml", ".yml"}
COUNTED = {".cpp", ".h", ".inc", ".py", ".sh", ".cmake"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
MACHINE_PATH = re.compile(r"""(?:^|[\s"'(=])/(?:wor""" + r"""k|tmp/bi""" + r"""n)/""")


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    return [name for name in listed.decode().split("\0") if name]


def check_include(name, included):
    """Why a file may not include another; None when it may."""
    parts = Path(name).parts
    if parts[0] != "src" or len(parts) < 3:
        return None
    room, other = parts[1], included.split("/")[0]
    if room not in FLOORS:
        return f"room '{room}' is on no floor; add it to FLOORS and to ARCHITECTURE.md"
    if "/" not in included:
        return f'"{included}" names no room; write the path from src/'
    if other in FLOORS and other != room and FLOORS[other] >= FLOORS[room]:
        return f"room {room} (floor {FLOORS[room]}) may not include {included} (floor {FLOORS[other]})"
    is_outside = not name.startswith(INSIDE_THE_SANDBOX)
    reaches_in = included.startswith(("extract/", "scan/examine/")) and not included.startswith(OUTSIDE_MAY_USE)
    if is_outside and reaches_in and not name.endswith("_test.cpp"):
        return f"{included} belongs into the sandbox; only the examiner may use it"
    return None


def check_file(name):
    path = ROOT / name
    if path.suffix not in CODE or not path.is_file() or name.startswith("tests/fixtures/"):
        return
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    if path.suffix in COUNTED and len(lines) > MAX_LINES:
        yield f"{name}:{MAX_LINES}: {len(lines)} lines; a file of over {MAX_LINES} asks to be split"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: a mark of unfinished work; do it or open an issue"
        if MACHINE_PATH.search(line):
            yield f"{name}:{number}: a path of one machine"
        if path.suffix in {".cpp", ".h", ".inc"}:
            include = INCLUDE.match(line)
            reason = check_include(name, include.group(1)) if include else None
            if reason:
                yield f"{name}:{number}: {reason}"


def main(names):
    offences = [offence for name in names or tracked_files() for offence in check_file(name)]
    print("\n".join(offences), end="\n" if offences else "")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

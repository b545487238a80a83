# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The sources of the repository, and who includes whom."""
import functools
import pathlib
import re

FOLDERS = ("core", "vnf", "controller", "scenarios", "tools", "bench", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def cpp_sources(root, suffixes=(".hpp", ".cpp")):
    """Paths relative to root of every C++ source, sorted."""
    root = pathlib.Path(root)
    return sorted(path.relative_to(root).as_posix() for folder in FOLDERS
                  for path in (root / folder).rglob("*") if path.suffix in suffixes and path.is_file())


@functools.lru_cache(maxsize=None)
def included(root, path):
    """(line number, included path) of every quoted include of a file."""
    text = (pathlib.Path(root) / path).read_text(encoding="utf-8")
    return [(text.count("\n", 0, match.start(1)) + 1, match.group(1)) for match in INCLUDE.finditer(text)]


@functools.lru_cache(maxsize=None)
def closure(root, path):
    """The file and all files of the repository it includes, directly or not."""
    reached, waiting = set(), [path]
    while waiting:
        current = waiting.pop()
        if current in reached or not (pathlib.Path(root) / current).is_file():
            continue
        reached.add(current)
        waiting.extend(target for _, target in included(root, current))
    return frozenset(reached)

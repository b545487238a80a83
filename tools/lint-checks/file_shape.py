# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The shape of files: first lines, length, names that say nothing, READMEs, unfinished marks."""
import re

import report
import sources

FIRST_LINES = ("SPDX-FileCopyrightText: Kiriko contributors", "SPDX-License-Identifier: Apache-2.0")
LONGEST = 500
VAGUE = re.compile(r"(?:^|_)(?:utils?|common|helpers?|managers?|misc)(?:_|$)", re.IGNORECASE)
VAGUE_TYPE = re.compile(r"\b(?:class|struct|namespace)\s+(\w*(?:Util|Helper|Manager|Misc|util|helper|manager|misc)s?)\b")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
SCRIPT = re.compile(r"^#!/bin/(?:ba)?sh")


def scripts(root):
    """Shell and Python scripts of ours, and the build's texts, relative to root."""
    for folder in (*sources.FOLDERS, ".ci"):
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            name = path.relative_to(root).as_posix()
            if path.suffix in (".py", ".sh") or path.name == "CMakeLists.txt":
                yield name
            elif path.suffix == "" and SCRIPT.match(path.read_bytes()[:20].decode("latin-1")):
                yield name


def first_lines(path, lines):
    mark = "// " if path.endswith((".hpp", ".cpp")) else "# "
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    for number, wanted in enumerate(FIRST_LINES):
        if len(lines) <= number or lines[number].strip() != mark + wanted:
            return [f"{path}:{number + 1}: the first lines are '{mark}{FIRST_LINES[0]}' and '{mark}{FIRST_LINES[1]}'"]
    purpose = lines[2] if len(lines) > 2 else ""
    if not purpose.startswith((mark, '"""')) or len(purpose) < 12:
        return [f"{path}:3: a sentence of purpose follows the SPDX lines"]
    return []


def shape(path, text):
    lines = text.splitlines()
    found = first_lines(path, lines)
    if len(lines) > LONGEST:
        found.append(f"{path}:{LONGEST + 1}: has {len(lines)} lines; past {LONGEST} a file wants splitting")
    if path.endswith(".hpp") and "#pragma once" not in lines:
        found.append(f"{path}:1: a header says #pragma once")
    for part in path.rsplit(".", 1)[0].split("/"):
        if VAGUE.search(part):
            found.append(f"{path}:1: '{part}' says nothing; name the concept")
    for number, line in enumerate(lines, 1):
        if path != "tools/lint-checks/file_shape.py" and UNFINISHED.search(line):
            found.append(f"{path}:{number}: '{UNFINISHED.search(line).group(0)}': finish it or file an issue")
        vague = VAGUE_TYPE.search(line) if path.endswith((".hpp", ".cpp")) else None
        if vague:
            found.append(f"{path}:{number}: '{vague.group(1)}' says nothing; name the concept")
    return found


def missing_readmes(root):
    """A folder of sources above tests/ and bench/ tells what it is."""
    folders = {path.rsplit("/", 1)[0] for path in sources.cpp_sources(root)
               if not path.startswith(("tests/", "bench/"))} | {"tests", "bench", "tools", "scenarios"}
    return [f"{folder}:1: has no README.md" for folder in sorted(folders)
            if (root / folder).is_dir() and not (root / folder / "README.md").is_file()]


def problems(root):
    paths = sorted(set(sources.cpp_sources(root)) | set(scripts(root)))
    found = [problem for path in paths for problem in shape(path, (root / path).read_text(encoding="utf-8"))]
    return found + missing_readmes(root)


if __name__ == "__main__":
    report.finish(problems(report.root()))

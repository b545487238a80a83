# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Which sources can stand in one file. As a program: reads lines "target;folder;source;source…" and prints the CMake
commands that have each target's sources built in such groups."""
import pathlib
import re
import sys

# Of a build: larger ones leave one core idle at the end.
MOST = 8


def names_within(text):
    """What a source defines for itself: at the margin of its unnamed namespaces, and entry points."""
    within = "".join(re.findall(r"^namespace \{\n(.*?)^\}  // namespace$", text, re.MULTILINE | re.DOTALL))
    names = set(re.findall(r"^(?:struct|class|enum class|using) (\w+)", within, re.MULTILINE))
    names |= set(re.findall(r"^[A-Za-z][^=({;]*?\b(\w+)(?:\(|\{| = |;|\[)", within, re.MULTILINE))
    return names | set(re.findall(r"\b(main|LLVMFuzzerTestOneInput)\(", text))


def groups(root, paths, most, kind):
    """Lists of up to `most` sources of one kind(path), none of which names anything as another one does."""
    found = []  # (kind, files, names)
    for path in paths:
        own, names = kind(path), names_within((pathlib.Path(root) / path).read_text(encoding="utf-8"))
        for common, members, taken in found:
            if common == own and len(members) < most and taken.isdisjoint(names):
                members.append(path)
                taken |= names
                break
        else:
            found.append((own, [path], set(names)))
    return [members for _, members, _ in found]


def main():
    for line in sys.stdin:
        target, folder, *sources = line.strip().split(";")
        sources = [source for source in sources if source.endswith(".cpp")]
        for number, members in enumerate(groups(folder, sources, MOST, lambda path: target)):
            files = " ".join(f'"{member}"' for member in members)
            print(f"set_source_files_properties({files} TARGET_DIRECTORY {target} PROPERTIES UNITY_GROUP g{number})")


if __name__ == "__main__":
    main()

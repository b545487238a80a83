# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on every source of build/lint/compile_commands.json that changed since it last passed."""
import hashlib
import json
import re
import shlex

import incremental
import report

# Most of a run is reading what a source includes, so sources share a run: a file that includes up to this many of them.
# Where two of them cannot stand in one file, the run fails and is halved.
TOGETHER = 16


def flags_of(entry):
    words = shlex.split(entry["command"])[1:]
    return tuple(word for at, word in enumerate(words)
                 if word not in ("-c", "-o", entry["file"]) and (at == 0 or words[at - 1] != "-o"))


def names_within(text):
    """What a source defines for itself: at the margin of its unnamed namespaces, and entry points."""
    within = "".join(re.findall(r"^namespace \{\n(.*?)^\}  // namespace$", text, re.MULTILINE | re.DOTALL))
    names = set(re.findall(r"^(?:struct|class|enum class|using) (\w+)", within, re.MULTILINE))
    names |= set(re.findall(r"^[A-Za-z][^=({;]*?\b(\w+)(?:\(|\{| = |;)", within, re.MULTILINE))
    return names | set(re.findall(r"\b(main|LLVMFuzzerTestOneInput)\(", text))


def groups(paths, flags, names):
    """Files of one top folder and the same flags, none of which names anything as another one does."""
    found = []  # (what all have in common, files, names)
    for path in paths:
        alike = (path.split("/")[0], flags[path])
        for common, members, taken in found:
            if common == alike and len(members) < TOGETHER and taken.isdisjoint(names[path]):
                members.append(path)
                taken |= names[path]
                break
        else:
            found.append((alike, [path], set(names[path])))
    return [members for _, members, _ in found]


def main():
    root = report.root()
    folder = root / "build" / "lint" / "groups"
    folder.mkdir(parents=True, exist_ok=True)
    commands = json.loads((root / "build/lint/compile_commands.json").read_text(encoding="utf-8"))
    flags = {entry["file"][len(str(root)) + 1:]: flags_of(entry) for entry in commands}
    names = {path: names_within((root / path).read_text(encoding="utf-8")) for path in flags}
    settings = (root / ".clang-tidy").read_text(encoding="utf-8")

    def command(paths):
        if len(paths) == 1:
            return ["clang-tidy", "--quiet", "-p", "build/lint", paths[0]]
        text = "".join(f'#include "{root}/{path}"\n' for path in paths)
        together = folder / (hashlib.sha256(text.encode()).hexdigest()[:16] + ".cpp")
        together.write_text(text, encoding="utf-8")
        return ["clang-tidy", "--quiet", "--checks=-bugprone-suspicious-include", str(together), "--",
                *flags[paths[0]]]

    report.finish(incremental.run_groups(root, "clang-tidy", sorted(flags), settings,
                                         lambda paths: groups(paths, flags, names), command))


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on every source of build/lint/compile_commands.json that changed since it last passed."""
import hashlib
import json
import shlex

import incremental
import report
import together

# Most of a run is reading what a source includes, so up to this many sources share a run, in one file that includes
# them. Where two of them cannot stand in one file all the same, the run fails and is halved.
MOST = 16


def flags_of(entry):
    words = shlex.split(entry["command"])[1:]
    return tuple(word for at, word in enumerate(words)
                 if word not in ("-c", "-o", entry["file"]) and (at == 0 or words[at - 1] != "-o"))


def main():
    root = report.root()
    folder = root / "build" / "lint" / "groups"
    folder.mkdir(parents=True, exist_ok=True)
    commands = json.loads((root / "build/lint/compile_commands.json").read_text(encoding="utf-8"))
    flags = {entry["file"][len(str(root)) + 1:]: flags_of(entry) for entry in commands}
    settings = (root / ".clang-tidy").read_text(encoding="utf-8")

    def command(paths):
        if len(paths) == 1:
            return ["clang-tidy", "--quiet", "-p", "build/lint", paths[0]]
        text = "".join(f'#include "{root}/{path}"\n' for path in paths)
        combined = folder / (hashlib.sha256(text.encode()).hexdigest()[:16] + ".cpp")
        combined.write_text(text, encoding="utf-8")
        return ["clang-tidy", "--quiet", "--checks=-bugprone-suspicious-include", str(combined), "--",
                *flags[paths[0]]]

    report.finish(incremental.run_groups(root, "clang-tidy", sorted(flags), settings,
                                         lambda paths: together.groups(root, paths, MOST, lambda path: (path.split("/")[0], flags[path])),
                                         command))


if __name__ == "__main__":
    main()

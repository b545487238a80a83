# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on every source of build/lint/compile_commands.json that changed since it last passed."""
import json

import incremental
import report


def main():
    root = report.root()
    commands = json.loads((root / "build/lint/compile_commands.json").read_text(encoding="utf-8"))
    settings = (root / ".clang-tidy").read_text(encoding="utf-8")
    paths = sorted({entry["file"][len(str(root)) + 1:] for entry in commands})
    report.finish(incremental.run_each(root, "clang-tidy", paths, settings,
                                       lambda path: ["clang-tidy", "--quiet", "-p", "build/lint", path]))


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Prints what a check found and ends it with the matching exit status."""
import pathlib
import sys


def root():
    """The folder to check: the argument, else the repository."""
    return pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()


def finish(problems):
    """problems: list of lines "file:line: what"."""
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)

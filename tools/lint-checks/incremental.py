# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs one command a file, two or more at a time, and skips files unchanged since they last passed."""
import concurrent.futures
import hashlib
import os
import subprocess

import sources


def fingerprint(root, path, settings):
    """Changes when the file, anything of ours it includes, or the settings change."""
    digest = hashlib.sha256(settings.encode())
    for name in sorted(sources.closure(root, path)):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest()


def run_each(root, check, paths, settings, command):
    """command(path) gives the words to run in `root`; returns the outputs of those that failed."""
    stamps = root / "build" / "lint-stamps" / check
    stamps.mkdir(parents=True, exist_ok=True)

    def one(path):
        stamp = stamps / fingerprint(root, path, settings)
        if stamp.exists():
            return None
        done = subprocess.run(command(path), cwd=root, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
            return None
        return f"{path}:1: {check} found:\n{done.stdout}{done.stderr if not done.stdout else ''}".rstrip()

    workers = int(os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or len(os.sched_getaffinity(0)))
    with concurrent.futures.ThreadPoolExecutor(max_workers=workers) as pool:
        return [output for output in pool.map(one, paths) if output]

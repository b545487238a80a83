# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs one command a group of files, two or more at a time, and skips files unchanged since they last passed."""
import concurrent.futures
import functools
import hashlib
import os
import subprocess
import time

import sources


@functools.lru_cache(maxsize=None)
def digest_of(root, name):
    return hashlib.sha256((root / name).read_bytes()).digest()


def fingerprint(root, path, settings):
    """Changes when the file, anything of ours it includes, or the settings change."""
    digest = hashlib.sha256(settings.encode())
    for name in sorted(sources.closure(root, path)):
        digest.update(name.encode() + b"\0" + digest_of(root, name))
    return digest.hexdigest()


def newest_first(root, groups):
    """The groups in the order in which the files they depend on were last committed; as they are where git cannot tell."""
    log = subprocess.run(["git", "log", "-n", "500", "--format=", "--name-only"], cwd=root, capture_output=True, text=True,
                         check=False).stdout.split()
    age = {}
    for at, name in enumerate(log):
        age.setdefault(name, at)
    return sorted(groups, key=lambda group: min(age.get(name, len(log)) for path in group
                                                for name in sources.closure(root, path)))


def run_groups(root, check, paths, settings, group, command):
    """group(paths) gives lists of paths to look at in one go, as each would be alone; command(paths) the words to run in
    `root`. A list that fails is halved until what failed is one file. With KIRIKO_LINT_SECONDS no group is begun after so
    many, and it is told how many files were left out: those whose last change is longest ago. Returns the outputs of those
    that failed."""
    stamps = root / "build" / "lint-stamps" / check
    stamps.mkdir(parents=True, exist_ok=True)
    stamp_of = {path: stamps / fingerprint(root, path, settings) for path in paths}

    seconds = os.environ.get("KIRIKO_LINT_SECONDS")
    end = time.monotonic() + float(seconds) if seconds else None
    left_out = []

    def look_at(together):
        done = subprocess.run(command(together), cwd=root, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            for path in together:
                stamp_of[path].touch()
            return []
        if len(together) == 1:
            return [f"{together[0]}:1: {check} found:\n{done.stdout}{done.stderr if not done.stdout else ''}".rstrip()]
        middle = len(together) // 2
        return look_at(together[:middle]) + look_at(together[middle:])

    def begin(together):
        if end is None or time.monotonic() <= end:
            return look_at(together)
        left_out.extend(together)
        return []

    groups = group([path for path in paths if not stamp_of[path].exists()])
    workers = int(os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or len(os.sched_getaffinity(0)))
    with concurrent.futures.ThreadPoolExecutor(max_workers=workers) as pool:
        found = [output for outputs in pool.map(begin, newest_first(root, groups)) for output in outputs]
    if left_out:
        print(f"{len(left_out)} of {len(paths)} files left out after {seconds} s (KIRIKO_LINT_SECONDS)")
    return found

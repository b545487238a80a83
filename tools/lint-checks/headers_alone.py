# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiles every header by itself: each includes what it needs."""
import incremental
import report
import sources

FLAGS = ("-std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror "
         "-march=x86-64-v3 -DKIRIKO_VERSION=\"\" -DSPDLOG_FMT_EXTERNAL -I. -isystem /usr/include/dpdk "
         "-isystem /usr/include/x86_64-linux-gnu/dpdk -include rte_config.h").split()


def chains(root, paths):
    """Lists in which each header is among those that the next one includes: compiled one after the other, none sees
    more than its own includes, and what they share is compiled once."""
    found = []
    for path in sorted(paths, key=lambda path: (len(sources.closure(root, path)), path)):
        reached = sources.closure(root, path)
        before = max((chain for chain in found if chain[-1] in reached), default=None,
                     key=lambda chain: len(sources.closure(root, chain[-1])))
        if before is None:
            found.append([path])
        else:
            before.append(path)
    return found


def command(paths):
    return ["g++", *FLAGS, *(word for path in paths for word in ("-include", path)), "-x", "c++", "/dev/null"]


def main():
    root = report.root()
    report.finish(incremental.run_groups(root, "headers", sources.cpp_sources(root, (".hpp",)), " ".join(FLAGS),
                                         lambda paths: chains(root, paths), command))


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiles every header by itself: each includes what it needs."""
import incremental
import report
import sources

FLAGS = ("-std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror "
         "-march=x86-64-v3 -DKIRIKO_VERSION=\"\" -DSPDLOG_FMT_EXTERNAL -I. -isystem /usr/include/dpdk "
         "-isystem /usr/include/x86_64-linux-gnu/dpdk -include rte_config.h").split()


def main():
    root = report.root()
    report.finish(incremental.run_each(root, "headers", sources.cpp_sources(root, (".hpp",)), " ".join(FLAGS),
                                       lambda path: ["g++", *FLAGS, "-include", path, "-x", "c++", "/dev/null"]))


if __name__ == "__main__":
    main()

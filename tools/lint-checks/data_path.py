# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Rejects allocation, locks, logs, clocks, system calls and exceptions in the functions that packets pass through.

Looked at are the bodies of functions with the names below, in the folders below. A line may be excused with a
comment that names the token and says why:   // lint: allow(new) grows once, before the first packet
"""
import re

import report
import sources

FOLDERS = ("core/link/", "core/traffic/", "core/engine/", "core/packet/", "core/device/", "core/function/",
           "core/net/", "vnf/")
FUNCTIONS = ("process", "wake", "transmit", "enqueue", "dequeue", "advance", "decide", "receive", "poll")
TOKENS = {
    "new": r"\bnew\b", "malloc": r"\b(?:m|c|re)alloc\s*\(", "rte_malloc": r"\brte_[mz]+alloc",
    "make_unique": r"\bmake_(?:unique|shared)\b",
    "mutex": r"\bmutex\b", "lock": r"\b(?:lock_guard|unique_lock|scoped_lock|rte_spinlock_lock)\b",
    "cout": r"\bstd::c(?:out|err)\b", "printf": r"\bf?printf\s*\(", "fmt": r"\bfmt::", "spdlog": r"\bspdlog\b",
    "RTE_LOG": r"\bRTE_LOG\b", "format": r"\bto_string\s*\(",
    "clock": r"\b(?:clock_gettime|gettimeofday|steady_clock|system_clock|rdtsc|rte_rdtsc|rte_get_tsc_cycles)\b",
    "sleep": r"\b(?:usleep|nanosleep|sleep_for|sleep_until)\b",
    "throw": r"\bthrow\b", "try": r"\btry\b",
    "map": r"\bstd::(?:unordered_)?(?:multi)?(?:map|set)\s*<", "std::function": r"\bstd::function\b",
    "rand": r"\b(?:s?rand|random_device|mt19937)\b",
}
PATTERNS = {name: re.compile(pattern) for name, pattern in TOKENS.items()}
NAME = re.compile(r"\b(" + "|".join(FUNCTIONS) + r")\s*\(")
ALLOW = re.compile(r"//\s*lint:\s*allow\(([^)]+)\)\s*\S")
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def closing(text, start, opener, closer):
    """Index of the bracket that closes the one at `start`, or -1."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] == opener:
            depth += 1
        elif text[index] == closer:
            depth -= 1
            if depth == 0:
                return index
    return -1


def bodies(code):
    """(name, first, last) of each definition: a name, its parameters, then `{` with only qualifiers between."""
    for match in NAME.finditer(code):
        end = closing(code, match.end() - 1, "(", ")")
        if end < 0:
            continue
        between = re.match(r"(?:\s|const|noexcept|override|final|->\s*[\w:<>]+)*(?::[^{;]*)?\{", code[end + 1:])
        if not between:
            continue
        first = end + between.end()
        last = closing(code, first, "{", "}")
        if last > 0:
            yield match.group(1), first, last


def problems_of(path, text):
    code = COMMENT_OR_STRING.sub(blank, text)
    lines = text.splitlines()
    found = []
    for name, first, last in bodies(code):
        for token, pattern in PATTERNS.items():
            for match in pattern.finditer(code, first, last):
                number = code.count("\n", 0, match.start()) + 1
                allowed = ALLOW.search(lines[number - 1])
                if not (allowed and token in [word.strip() for word in allowed.group(1).split(",")]):
                    found.append(f"{path}:{number}: {match.group(0).strip()} in {name}(), which packets pass through; "
                                 f"excuse: // lint: allow({token}) reason")
    return sorted(set(found))


def problems(root):
    return [problem for path in sources.cpp_sources(root) if path.startswith(FOLDERS)
            for problem in problems_of(path, (root / path).read_text(encoding="utf-8"))]


if __name__ == "__main__":
    report.finish(problems(report.root()))

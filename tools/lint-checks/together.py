# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Which sources can stand in one file."""
import pathlib
import re


def names_within(text):
    """What a source defines for itself: at the margin of its unnamed namespaces, and entry points."""
    within = "".join(re.findall(r"^namespace \{\n(.*?)^\}  // namespace$", text, re.MULTILINE | re.DOTALL))
    names = set(re.findall(r"^(?:struct|class|enum class|using) (\w+)", within, re.MULTILINE))
    names |= set(re.findall(r"^[A-Za-z][^=({;]*?\b(\w+)(?:\(|\{| = |;|\[)", within, re.MULTILINE))
    return names | set(re.findall(r"\b(main|LLVMFuzzerTestOneInput)\(", text))


def groups(root, paths, most, kind):
    """Lists of up to `most` sources of one kind(path) that use the same namespaces, none of which names anything as
    another one does."""
    found = []  # (what all have in common, files, names)
    for path in paths:
        text = (pathlib.Path(root) / path).read_text(encoding="utf-8")
        own = kind(path), frozenset(re.findall(r"^using namespace ([\w:]+);", text, re.MULTILINE))
        names = names_within(text)
        for common, members, taken in found:
            if common == own and len(members) < most and taken.isdisjoint(names):
                members.append(path)
                taken |= names
                break
        else:
            found.append((own, [path], set(names)))
    return [members for _, members, _ in found]

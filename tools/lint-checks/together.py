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
    names |= {name for line in re.findall(r"^(?:static )?constexpr \w[\w:<>]* (\w+\{.*);", within, re.MULTILINE)
              for name in re.findall(r"(\w+)\{", line)}
    return names | set(re.findall(r"\b(main|LLVMFuzzerTestOneInput)\(", text))


def words_of(text):
    """What a source says outside comments and strings: any of it may mean a name of its own or of what it includes."""
    return set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", text)))


def groups(root, paths, most, kind):
    """Lists of up to `most` sources of one kind(path) that use the same namespaces, none of which says what another
    one names for itself."""
    found = []  # (what all have in common, files, names, words)
    for path in paths:
        text = (pathlib.Path(root) / path).read_text(encoding="utf-8")
        own = kind(path), frozenset(re.findall(r"^using namespace ([\w:]+);", text, re.MULTILINE))
        names, words = names_within(text), words_of(text)
        for common, members, named, said in found:
            if common == own and len(members) < most and named.isdisjoint(words) and said.isdisjoint(names):
                members.append(path)
                named |= names
                said |= words
                break
        else:
            found.append((own, [path], set(names), set(words)))
    return [members for _, members, _, _ in found]

# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Proves that dependencies point inward: reads every quoted include and compares it with the rules below."""
import report
import sources

CORE_ORDER = ("base", "time", "net", "fiveg", "pfcp", "packet", "measure", "control", "function", "link",
              "traffic", "device", "engine")
CONTROLLER_MAY = ("base", "time", "net", "fiveg", "pfcp", "control", "measure")


def reason_against(source, target):
    """Why `source` must not include `target`, or None if it may."""
    from_parts, to_parts = source.split("/"), target.split("/")
    if to_parts[0] not in sources.FOLDERS or len(to_parts) < 2:
        return "includes are written from the repository's root"
    layer, to_layer = from_parts[0], to_parts[0]
    if to_layer == "tests" and layer not in ("tests",):
        return "nothing outside tests/ includes tests/"
    if layer in ("tools", "tests", "bench"):
        return None
    if layer == "core":
        if to_layer != "core":
            return f"core knows nothing of {to_layer}"
        folder, to_folder = from_parts[1], to_parts[1]
        if folder not in CORE_ORDER or to_folder not in CORE_ORDER:
            return "core's folders are " + ", ".join(CORE_ORDER)
        if CORE_ORDER.index(to_folder) > CORE_ORDER.index(folder):
            return f"core/{folder} comes before core/{to_folder}"
        return None
    if layer == "vnf":
        in_catalogue = len(from_parts) == 2
        if to_layer == "core" or (to_layer == "vnf" and (in_catalogue or from_parts[1] == to_parts[1])):
            return None
        if to_layer == "vnf" and len(to_parts) == 2:
            return "a function does not know the catalogue"
        return "a function knows core and its own folder only"
    if layer == "controller":
        if to_layer == "controller" or (to_layer == "core" and to_parts[1] in CONTROLLER_MAY):
            return None
        return "the controller knows itself and core/{" + ",".join(CONTROLLER_MAY) + "} only"
    if layer == "scenarios":
        if to_layer == "core" or target.startswith("scenarios/loader/"):
            return None
        if to_layer == "scenarios" and from_parts[1] != "loader":
            return None
        return "scenarios know core and scenarios only, the loader core and itself"
    return None


def problems(root):
    found = []
    for source in sources.cpp_sources(root):
        for line, target in sources.included(root, source):
            reason = reason_against(source, target)
            if reason:
                found.append(f'{source}:{line}: includes "{target}"; {reason}')
    return found


if __name__ == "__main__":
    report.finish(problems(report.root()))

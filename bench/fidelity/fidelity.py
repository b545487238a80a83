# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The fidelity bench's command line; `run` starts it in namespaces of its own."""
import argparse
import signal
import sys

import rows
import shapers
import testbed
from table import Table


def arguments():
    parser = argparse.ArgumentParser(prog="tools/bench fidelity", description="Asked and got of emulated links, with real packets "
                                     "between two network namespaces. Exit status: 0 measured; 1 not; 2 wrong command line; 130 interrupted.")
    parser.add_argument("--quick", action="store_true", help="under a minute; shows that it works, its figures are coarse")
    parser.add_argument("--only", action="append", choices=list(rows.ROWS), help="these rows only; may be repeated")
    parser.add_argument("--device", action="append", choices=["af_xdp", "af_packet"], help="these devices only; default both")
    parser.add_argument("--json", metavar="FILE", help="machine, rows, targets")
    return parser.parse_args()


def measure(options, table):
    devices = options.device or (["af_xdp"] if options.quick else ["af_xdp", "af_packet"])
    testbed.make()
    has_netem = shapers.kernel_has("netem")
    if not has_netem:
        table.note("this kernel has no netem: nothing of its own to compare delay, jitter, loss, reordering, duplication with")
    plan = rows.Plan(options.quick, devices, has_netem, table)
    failed = False
    table.head()
    for name in options.only or list(rows.ROWS):
        try:
            rows.ROWS[name](plan)
        except testbed.Failed as problem:
            failed = True
            table.note(f"{name}: not measured: {problem}")
    return failed


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    table = Table()
    try:
        failed = measure(options, table)
    except testbed.Failed as problem:
        print(f"fidelity: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fidelity: interrupted", file=sys.stderr)
        return 130
    finally:
        testbed.remove()
    table.finish(options.json)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

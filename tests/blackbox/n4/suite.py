# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts `kiriko upf`, runs every case against it, looks at all that was sent with tshark, and ends it."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import hostile_cases  # noqa: F401
import node_cases  # noqa: F401
import rate_cases  # noqa: F401
import session_cases  # noqa: F401
import user_plane_cases  # noqa: F401
from case import CASES, World

CONFIG = """name: upf1
n4: {address: 127.0.0.8}
n3: {address: 127.0.0.8}
data_networks:
  - {name: internet, pool: 10.45.0.0/16, tun: kt6}
"""


def start(program, folder):
    config = folder / "upf.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    log = open(folder / "upf.log", "wb")
    process = subprocess.Popen([program, "upf", "--config", str(config)], stdout=log, stderr=subprocess.STDOUT)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if b"Ctrl-C" in (folder / "upf.log").read_bytes():
            return process
        time.sleep(0.05)
    print((folder / "upf.log").read_text(errors="replace"))
    sys.exit("the UPF did not start")


def capture(folder):
    file = folder / "loopback.pcap"
    process = subprocess.Popen(["tcpdump", "-i", "lo", "-U", "-w", str(file), "udp port 8805 or udp port 2152"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stderr.readline()  # "listening on": from now on
    return process, file


def malformed(file):
    """What tshark finds wrong with what the UPF itself has sent."""
    found = subprocess.run(["tshark", "-r", str(file), "-Y", "ip.src == 127.0.0.8 && (_ws.malformed || pfcp && _ws.expert.severity >= 6291456)",
                            "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info", "-e", "_ws.expert.message"],
                           capture_output=True, text=True, check=False)
    return found.stdout.strip()


def main():
    wanted = sys.argv[1:]
    cases = [case for case in CASES if not wanted or any(word in case.name for word in wanted)]
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        process = start(os.environ["KIRIKO"], folder)
        sniffer, file = capture(folder)
        world = World(process)
        try:
            for case in cases:
                world.renew()
                try:
                    case.run(world)
                    if process.poll() is not None:
                        raise AssertionError("the UPF has ended")
                except Exception as problem:  # a case fails by any of them
                    failed.append(case.name)
                    print(f"FAILED: {case.name}\n{''.join(traceback.format_exception(problem)[-3:])}")
                    if process.poll() is not None:
                        break
        finally:
            world.close()
            process.send_signal(signal.SIGINT)
            try:
                status = process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                status = "none: it had to be killed"
            time.sleep(0.2)
            sniffer.terminate()
            sniffer.wait()
        if status != 0:
            failed.append(f"the end: exit status {status}")
        if wrong := malformed(file):
            failed.append("tshark finds fault")
            print(wrong)
        if failed:
            print((folder / "upf.log").read_text(errors="replace")[-4000:])
    for name in failed:
        print(f"failed: {name}")
    print(f"{len(cases) - len([c for c in cases if c.name in failed])} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The machine: its facts, its hugepages, its packages, and programs started on it that end with the bench."""
import contextlib
import os
import pathlib
import platform
import subprocess

PAGES = pathlib.Path("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages")


class Missing(Exception):
    """A peer cannot be measured here; the text says why."""


class KirikoFailed(Missing):
    """Kiriko cannot be measured, which is a fault of ours."""


def facts():
    processor = ""
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    return {"processor": processor, "cores": os.cpu_count(), "kernel": platform.release(),
            "load": os.getloadavg()[0]}


def version_of(package):
    """The installed version of a Debian package; "" if it is not there."""
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package],
                              capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    status, _, version = done.stdout.partition(" ")
    return version if status == "installed" else ""


def install(packages):
    """Installs what is missing; gives back what still is."""
    wanted = [package for package in packages if not version_of(package)]
    if wanted and os.geteuid() == 0:
        print("installing", " ".join(wanted), flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
        for package in wanted:  # one by one: that one is missing must not cost the others
            try:
                subprocess.run([*command, package], env=environment, stdout=subprocess.DEVNULL, check=False)
            except FileNotFoundError:
                break
    return [package for package in wanted if not version_of(package)]


@contextlib.contextmanager
def hugepages(count):
    """`count` more pages of 2 MiB while it lasts, as far as the kernel has them."""
    try:
        former = int(PAGES.read_text())
        PAGES.write_text(str(former + count))
    except OSError as error:
        raise Missing(f"no hugepages: {error}") from error
    try:
        if int(PAGES.read_text()) < former + count:
            raise Missing(f"the kernel has no {count} free hugepages in one piece")
        yield
    finally:
        PAGES.write_text(str(former))


@contextlib.contextmanager
def running(command, **options):
    """A child process that is ended, by its own id, when the block ends."""
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
    except FileNotFoundError as error:
        raise Missing(f"{command[0]} is not installed") from error
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def output_of(command, timeout=120, failure=Missing, **options):
    """What a command printed; raises `failure` with its last words if it failed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)
    except FileNotFoundError as error:
        raise failure(f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise failure(f"{command[0]} did not end within {timeout} s") from error
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise failure(f"{command[0]}: status {done.returncode}: {words[-1] if words else ''}")
    return done.stdout

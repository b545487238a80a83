# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Two network namespaces, joined by a plain veth pair and by the two veth pairs that Kiriko stands between."""
import contextlib
import ctypes
import os
import signal
import subprocess
import time

FROM, TO = "fidelity1", "fidelity2"
# By the emulator, and by the plain pair.
EMULATED, PLAIN = "192.168.77.2", "192.168.78.2"
PLAIN_DEVICE = "plain0"
OFFLOADS = ["tx", "off", "tso", "off", "gso", "off", "gro", "off", "txvlan", "off", "rxvlan", "off"]
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
children = []


class Failed(Exception):
    """A sentence for the user."""


def call(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return done


def inside(space, *words):
    return ["ip", "netns", "exec", space, *words]


def _cpus():
    """Those of the measuring programs, that of the emulator: the same where there is one."""
    cpus = sorted(os.sched_getaffinity(0))
    return cpus[:-1] or cpus, cpus[-1:]


def _prepare_child(emulator):
    """In the child: it dies with this process, and goes before what else the machine does, if allowed.
    The emulator has the last CPU, the measuring programs the others."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    others, last = _cpus()
    os.sched_setaffinity(0, last if emulator else others)
    # The kernel weighs sessions first (autogroup), processes after.
    try:
        with open("/proc/self/autogroup", "w", encoding="ascii") as autogroup:
            autogroup.write("-15")
    except OSError:
        pass
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except OSError:
        pass


def start(words, emulator=False, **kwargs):
    """A child in a session of its own: Ctrl-C reaches this program alone, which ends its children in order."""
    child = subprocess.Popen(words, start_new_session=True, preexec_fn=lambda: _prepare_child(emulator),
                             text=True, **kwargs)
    children.append(child)
    return child


def end(child, with_signal=signal.SIGINT, patience=20):
    """Its exit status."""
    if child.poll() is None:
        child.send_signal(with_signal)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in children:
        children.remove(child)
    return child.returncode


def end_all():
    for child in list(children):
        end(child, patience=3)


def output_of(words, seconds):
    child = start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, errors = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"{words[0]} took more than {seconds} s") from None
    finally:
        end(child, signal.SIGKILL)
    if child.returncode != 0:
        raise Failed(f"{' '.join(words)}: {(errors or out).strip()[-300:]}")
    return out


def _address(space, device, address):
    call("ip", "-n", space, "address", "add", address + "/24", "dev", device)
    call("ip", "-n", space, "link", "set", device, "up")


def _know(space, device, neighbour, neighbour_space):
    """No ARP: it would be lost, delayed and doubled with the rest."""
    words = call("ip", "-n", neighbour_space, "-o", "link", "show", "dev", device).stdout.split()
    call("ip", "-n", space, "neigh", "replace", neighbour, "lladdr", words[words.index("link/ether") + 1], "dev", device)


def make():
    # Namespaces' names are files there; with a /run of one's own they go with this process.
    call("mount", "-t", "tmpfs", "tmpfs", "/run")
    call("ip", "link", "set", "lo", "up")
    for number, space in enumerate((FROM, TO), 1):
        near = f"k{number}"
        call("ip", "netns", "add", space)
        call("ip", "-n", space, "link", "set", "lo", "up")
        call("ip", "link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", space)
        call("sysctl", "-qw", f"net.ipv6.conf.{near}.disable_ipv6=1", check=False)
        call("ethtool", "-K", near, *OFFLOADS)
    call("ip", "-n", FROM, "link", "add", PLAIN_DEVICE, "type", "veth", "peer", "name", PLAIN_DEVICE, "netns", TO)
    for number, space in enumerate((FROM, TO), 1):
        for device, net in (("eth0", "77"), (PLAIN_DEVICE, "78")):
            call(*inside(space, "sysctl", "-qw", f"net.ipv6.conf.{device}.disable_ipv6=1"), check=False)
            call(*inside(space, "ethtool", "-K", device, *OFFLOADS))
            _address(space, device, f"192.168.{net}.{number}")
        call("ip", "link", "set", f"k{number}", "up")
    for device, net in (("eth0", "77"), (PLAIN_DEVICE, "78")):
        _know(FROM, device, f"192.168.{net}.2", TO)
        _know(TO, device, f"192.168.{net}.1", FROM)


@contextlib.contextmanager
def reception_apart():
    """The namespaces' kernel receives on the measuring programs' CPUs (receive packet steering). A veth's frame is received
    where it is sent, which is on the emulator's CPU: under load that CPU would do most of a TCP connection's work. Steering
    costs an interrupt of the other CPU a burst, so it is for a connection's throughput only."""
    mask = f"{sum(1 << cpu for cpu in _cpus()[0]):x}"
    if len(mask) > 8:  # in groups of 32
        mask = ",".join(f"{int(mask, 16) >> shift & 0xffffffff:08x}" for shift in range((len(mask) - 1) // 8 * 32, -1, -32))
    try:
        for space in (FROM, TO):
            _steer(space, mask)
        yield
    finally:
        for space in (FROM, TO):
            _steer(space, "0")


def _steer(space, mask):
    for device in ("eth0", PLAIN_DEVICE):
        call(*inside(space, "sh", "-c", f"echo {mask} > /sys/class/net/{device}/queues/rx-0/rps_cpus"), check=False)


def remove():
    end_all()
    for number, space in enumerate((FROM, TO), 1):
        call("ip", "link", "delete", f"k{number}", check=False)
        call("ip", "netns", "delete", space, check=False)


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(what)
        time.sleep(0.05)

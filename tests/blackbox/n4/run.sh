#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# The UPF from outside: PFCP and GTP-U built by scapy, against `kiriko upf` on loopback and a TUN device. KIRIKO is the program.
# usage: run.sh [NAME...]: only cases whose names hold one of these
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3  # the system's, which has Debian's scapy
if ! "$python" -c 'import scapy.contrib.pfcp' 2> /dev/null; then
  echo "skipped: no scapy (python3-scapy)"
  exit 77
fi
# A network of its own, so that addresses and the TUN device collide with nothing and leave nothing.
separate=(unshare --net)
if ((EUID != 0)); then separate=(unshare --user --map-root-user --net); fi
if ! "${separate[@]}" bash -c 'ip link set lo up && ip tuntap add dev kt0 mode tun' 2> /dev/null; then
  echo "skipped: no network namespace or TUN device can be had"
  exit 77
fi
exec "${separate[@]}" bash -c 'ip link set lo up && exec "$0" -B "$@"' "$python" "$here/suite.py" "$@"

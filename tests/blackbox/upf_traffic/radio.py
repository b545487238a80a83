# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""An SMF that sets up one PDU session by PFCP (scapy), and a gNB whose UE is this kernel, behind the TUN device ue0."""
import fcntl
import os
import pathlib
import select
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "n4"))
import peers  # noqa: E402

N4_UPF, N4_OWN, N3_OWN, UE = "10.4.0.1", "10.4.0.2", "10.3.0.2", "10.45.0.77"
peers.UPF = N4_UPF
import rules  # noqa: E402

DOWNLINK_TEID = 0x1234
QFI = 9


def set_up_session():
    smf = peers.Smf(N4_OWN)
    assert rules.cause_of(smf.ask(rules.setup(address=N4_OWN))) == rules.ACCEPTED
    wanted = [rules.downlink_pdr(ue=UE, qers=(1,)), rules.uplink_pdr(ue=UE, qers=(1,)),
              rules.to_access(DOWNLINK_TEID, address=N3_OWN), rules.to_core(), rules.qer(qfi=QFI)]
    answer = smf.ask(rules.establishment(1, wanted, address=N4_OWN), seid=0)
    assert rules.cause_of(answer) == rules.ACCEPTED, f"cause {rules.cause_of(answer)}"
    created = [rules.find(ie, rules.p.IE_FTEID) for ie in rules.all_of(answer.payload, rules.p.IE_CreatedPDR)]
    return smf, next(f_teid for f_teid in created if f_teid)


def open_tun(name):
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x1001))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
    for command in (f"link set {name} mtu 1400 up", f"address add {UE}/32 dev {name}", f"route add 10.6.0.0/24 dev {name} src {UE}"):
        subprocess.run(["ip", *command.split()], check=True)
    return tun


def payload_of(message):
    """What a G-PDU carries (TS 29.281 clause 5.1), or None."""
    if len(message) < 8 or message[0] >> 4 != 3 or message[1] != 255:
        return None
    at = 8
    if message[0] & 7:
        following, at = message[11], 12
        while message[0] & 4 and following:
            length = 4 * message[at]
            following, at = message[at + length - 1], at + length
    return message[at:]


def main():
    smf, f_teid = set_up_session()
    tun = open_tun("ue0")
    gnb = peers.Gnb(N3_OWN)
    gnb.socket.setblocking(True)
    upf = (f_teid.ipv4, 2152)
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([tun, gnb.socket], [], [])
        if tun in readable:
            packet = os.read(tun, 65536)
            # E flag; PDU Session Container of an uplink packet (TS 38.415 clause 5.5.2.2).
            header = struct.pack("!BBHIHBBBBBB", 0x34, 255, len(packet) + 8, f_teid.TEID, 0, 0, 0x85, 1, 0x10, QFI, 0)
            gnb.socket.sendto(header + packet, upf)
        if gnb.socket in readable:
            packet = payload_of(gnb.socket.recv(65536))
            if packet:
                os.write(tun, packet)


main()

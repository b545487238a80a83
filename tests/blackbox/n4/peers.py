# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""The UPF's peers: an SMF and a gNB on UDP sockets of loopback, a data network behind the TUN device."""
import itertools
import logging
import socket
import time

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer  # noqa: E402
from scapy.contrib.pfcp import PFCP  # noqa: E402
from scapy.layers.inet import IP, UDP  # noqa: E402
from scapy.packet import Raw  # noqa: E402

SMF, UPF, GNB, OTHER_GNB, NETWORK = "127.0.0.1", "127.0.0.8", "127.0.0.4", "127.0.0.5", "10.45.0.1"
PATIENCE = 3.0
REQUESTS = (1, 3, 5, 7, 9, 12, 14, 16, 50, 52, 54, 56)  # PFCP message types, TS 29.244 table 7.3-1


class Silence(AssertionError):
    """Nothing came in time."""


class Smf:
    """One end of N4. Sequence numbers go on from one to the next: the UPF remembers its answers to the last ones."""

    sequence = itertools.count(1)

    def __init__(self, address=SMF, port=8805):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.address = address
        self.requests = []  # of the UPF, not heartbeats

    def close(self):
        self.socket.close()

    def send_octets(self, octets):
        self.socket.sendto(octets, (UPF, 8805))

    def send(self, body, seid=None, sequence=None):
        """Sends a message; returns its sequence number and octets."""
        sequence = next(self.sequence) if sequence is None else sequence
        header = PFCP(version=1, S=0, seq=sequence) if seid is None else PFCP(version=1, S=1, seid=seid, seq=sequence)
        octets = bytes(header / body)
        self.send_octets(octets)
        return sequence, octets

    def receive_octets(self, patience=PATIENCE):
        self.socket.settimeout(max(patience, 0.001))
        try:
            return self.socket.recv(65536)
        except socket.timeout:
            raise Silence("the UPF said nothing") from None

    def drain(self):
        """Takes what has come, unread: a full socket would lose what matters."""
        try:
            while True:
                self.receive_octets(0.05)
        except Silence:
            pass

    def receive(self, patience=PATIENCE):
        """The next message that is no heartbeat request."""
        end = time.monotonic() + patience
        while True:
            message = PFCP(self.receive_octets(end - time.monotonic()))
            if message.message_type == 1:
                continue
            return message

    def answer_to(self, sequence, patience=PATIENCE):
        end = time.monotonic() + patience
        while True:
            message = self.receive(end - time.monotonic())
            if message.seq == sequence and message.message_type not in REQUESTS:
                return message
            self.requests.append(message)

    def ask(self, body, seid=None):
        sequence, _ = self.send(body, seid)
        return self.answer_to(sequence)

    def next_request(self, kind, patience=PATIENCE):
        """The next request of the UPF of this PFCP message type."""
        end = time.monotonic() + patience
        while True:
            for message in self.requests:
                if message.message_type == kind:
                    self.requests.remove(message)
                    return message
            self.requests.append(self.receive(end - time.monotonic()))

    def quiet(self, patience=0.3):
        """Nothing more comes."""
        try:
            message = self.receive(patience)
        except Silence:
            return
        raise AssertionError(f"unexpected: {message.summary()}")


def empty(peer):
    """Takes what has come to a peer's socket, unread."""
    peer.setblocking(False)
    try:
        while True:
            peer.recv(65536)
    except BlockingIOError:
        pass


class Gnb:
    """One end of N3."""

    def __init__(self, address=GNB):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 2152))
        self.address = address

    def close(self):
        self.socket.close()

    def send_octets(self, octets):
        self.socket.sendto(octets, (UPF, 2152))

    def send(self, teid, packet, qfi=9):
        self.send_octets(bytes(GTP_U_Header(teid=teid, gtp_type=255, E=1, next_ex=0x85)
                               / GTPPDUSessionContainer(type=1, QFI=qfi) / packet))

    def receive(self, patience=PATIENCE):
        self.socket.settimeout(patience)
        try:
            return GTP_U_Header(self.socket.recv(65536))
        except socket.timeout:
            raise Silence("nothing on N3") from None

    def wait_for_echo(self):
        """Until the UPF has answered an echo request: then it has done with all that came to N3 before."""
        self.send_octets(bytes.fromhex("32010004 00000000 4b4b0000"))  # TS 29.281 clause 7.2.1, sequence number 0x4b4b
        while (answer := self.receive()).gtp_type != 2 or answer.seq != 0x4b4b:
            pass

    def quiet(self, patience=0.3):
        try:
            message = self.receive(patience)
        except Silence:
            return
        raise AssertionError(f"unexpected on N3: {message.summary()}")


class DataNetwork:
    """A UDP socket of the kernel behind the TUN device."""

    def __init__(self, port=7):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((NETWORK, port))
        self.port = port

    def close(self):
        self.socket.close()

    def send(self, ue, payload=b"down", port=4000, dscp=None):
        if dscp is not None:
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        self.socket.sendto(payload, (ue, port))

    def receive(self, patience=PATIENCE):
        self.socket.settimeout(patience)
        try:
            return self.socket.recvfrom(65536)
        except socket.timeout:
            raise Silence("nothing on N6") from None

    def quiet(self, patience=0.3):
        try:
            payload, sender = self.receive(patience)
        except Silence:
            return
        raise AssertionError(f"unexpected on N6: {payload} from {sender}")


def from_ue(ue, payload=b"up", port=7, to=NETWORK, source_port=4000):
    return IP(src=ue, dst=to) / UDP(sport=source_port, dport=port) / Raw(payload)

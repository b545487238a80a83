# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""What a hostile or broken peer sends: the UPF answers by the book or not at all, and serves on."""
import random

from scapy.contrib import pfcp as p
from scapy.contrib.pfcp import PFCP

import peers
import rules
from case import case, table
from rules import ACCEPTED, INVALID_LENGTH, MANDATORY_INCORRECT, MANDATORY_MISSING


def still_serves(world):
    session = world.session()
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    assert world.network.receive()[0] == b"up"


def usual_establishment():
    ue = rules.next_ue()
    body = rules.establishment(0x666, [rules.downlink_pdr(ue=ue), rules.uplink_pdr(ue=ue), rules.to_access(0x666), rules.to_core()])
    return bytes(PFCP(version=1, S=1, seid=0, seq=4_000_000) / body)


@table("when {} comes on N4, then nothing is said and the UPF serves on", [
    ("an empty datagram", b""), ("one octet", b"\x20"), ("seven octets", bytes.fromhex("20010004000001")),
    ("a message longer than its datagram", bytes.fromhex("2001ffff00000100")),
    ("a response that nobody asked for", bytes.fromhex("2002000c000123000060000400000001"))])
def _(world, octets):
    world.smf.send_octets(octets)
    world.smf.quiet(0.2)
    still_serves(world)


@case("when another version comes, then version not supported is answered")
def _(world):
    world.smf.send_octets(bytes.fromhex("4001000c000042000060000400000001"))
    assert world.smf.receive().message_type == 11


@case("when an IE is longer than its message, then the request is refused")
def _(world):
    octets = bytearray(usual_establishment())
    octets[18:20] = (0xfff0).to_bytes(2, "big")  # the length of the first IE, Node ID
    world.smf.send_octets(bytes(octets))
    assert rules.cause_of(world.smf.answer_to(4_000_000)) in (INVALID_LENGTH, MANDATORY_MISSING, MANDATORY_INCORRECT)
    still_serves(world)


@case("when an establishment is cut anywhere, then it is refused or ignored, and the UPF serves on")
def _(world):
    octets = usual_establishment()
    for length in range(0, len(octets) - 1, 3):
        cut = bytearray(octets[:length])
        if length >= 16:
            cut[2:4] = (length - 4).to_bytes(2, "big")
            cut[12:15] = (5_000_000 + length).to_bytes(3, "big")
        world.smf.send_octets(bytes(cut))
        if length >= 16:
            assert rules.cause_of(world.smf.answer_to(5_000_000 + length)) != ACCEPTED, length
    still_serves(world)


@case("when octets of establishments are flipped at random, then the UPF serves on")
def _(world):
    chance = random.Random(20260101)
    octets = usual_establishment()
    for number in range(400):
        wrong = bytearray(octets)
        for _ in range(chance.randrange(1, 6)):
            wrong[chance.randrange(16, len(wrong))] = chance.randrange(256)
        wrong[12:15] = (6_000_000 + number).to_bytes(3, "big")
        world.smf.send_octets(bytes(wrong))
        if number % 50 == 49:
            world.smf.drain()
    world.renew()
    still_serves(world)


@case("when groups are nested without end, then the request is refused and the UPF serves on")
def _(world):
    inner = b""
    for _ in range(60):
        inner = (2).to_bytes(2, "big") + len(inner).to_bytes(2, "big") + inner
    body = bytes(rules.node_id()) + (1).to_bytes(2, "big") + len(inner).to_bytes(2, "big") + inner
    header = bytes([0x21, 50]) + (12 + len(body)).to_bytes(2, "big") + bytes(8) + (4_100_000).to_bytes(3, "big") + b"\0"
    world.smf.send_octets(header + body)
    assert rules.cause_of(world.smf.answer_to(4_100_000)) != ACCEPTED
    still_serves(world)


@case("when unknown IEs stand among the known ones, then they are skipped")
def _(world):
    octets = bytearray(usual_establishment())
    octets += bytes.fromhex("7000000401020304") + bytes.fromhex("8001000600200a0b0c0d")  # an unknown type, and a vendor's
    octets[2:4] = (len(octets) - 4).to_bytes(2, "big")
    octets[12:15] = (4_200_000).to_bytes(3, "big")
    world.smf.send_octets(bytes(octets))
    assert rules.cause_of(world.smf.answer_to(4_200_000)) == ACCEPTED


@table("when {} comes on N3, then it is dropped and the UPF serves on", [
    ("an empty datagram", b""), ("three octets", b"\x30\xff\x00"), ("a wrong length", bytes.fromhex("30ffffff00000001")),
    ("an extension of length 0", bytes.fromhex("34ff00080000000100000085" "00000000")),
    ("a chain of extensions beyond the end", bytes.fromhex("34ff00080000000100000085" "ff100900")),
    ("another version", bytes.fromhex("50ff000400000001" "01020304")), ("a message type that is none", bytes.fromhex("3263000400000000" "00010000"))])
def _(world, octets):
    world.gnb.send_octets(octets)
    world.network.quiet(0.1)
    still_serves(world)


@case("when a tunnel carries no IP, then its packet is dropped and the UPF serves on")
def _(world):
    session = world.session()
    for inner in (b"", b"\x45", b"\x00" * 40, b"\x4f" + b"\xff" * 19, b"\x65" * 39):
        world.gnb.send_octets(bytes([0x30, 255]) + len(inner).to_bytes(2, "big") + session.uplink_teid.to_bytes(4, "big") + inner)
    world.network.quiet(0.2)
    still_serves(world)


@case("when a peer floods N4 with heartbeats, then the user plane goes on")
def _(world):
    session = world.session()
    for sequence in range(500):
        world.smf.send(p.PFCPHeartbeatRequest(IE_list=[p.IE_RecoveryTimeStamp(timestamp=3900000000)]), sequence=8_000_000 + sequence)
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    assert world.network.receive()[0] == b"up"

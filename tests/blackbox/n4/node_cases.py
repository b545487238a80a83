# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Procedures of nodes (TS 29.244 clause 7.4) and the reliable exchange (clause 6.4)."""
from scapy.contrib import pfcp as p

import peers
import rules
from case import case
from rules import ACCEPTED, NO_ASSOCIATION, NO_SESSION


@case("when a heartbeat comes, then it is answered with the recovery time stamp")
def _(world):
    answer = world.smf.ask(p.PFCPHeartbeatRequest(IE_list=[p.IE_RecoveryTimeStamp(timestamp=3900000000)]))
    assert answer.message_type == 2 and rules.find(answer.payload, p.IE_RecoveryTimeStamp).timestamp > 3900000000


@case("when a heartbeat comes from a stranger, then it is answered too")
def _(world):
    stranger = peers.Smf("127.0.0.77")
    try:
        assert stranger.ask(p.PFCPHeartbeatRequest(IE_list=[p.IE_RecoveryTimeStamp(timestamp=1)])).message_type == 2
    finally:
        stranger.close()


@case("when an association is set up, then the answer has node id, cause, time stamp and FTUP")
def _(world):
    answer = world.smf.ask(rules.setup()).payload
    assert rules.find(answer, p.IE_NodeId).ipv4 == peers.UPF
    assert rules.find(answer, p.IE_Cause).cause == ACCEPTED
    assert rules.find(answer, p.IE_RecoveryTimeStamp)
    assert rules.find(answer, p.IE_UPFunctionFeatures).FTUP == 1


@case("when a session is to be established without an association, then cause 72")
def _(world):
    stranger = peers.Smf("127.0.0.78")
    try:
        session = rules.Session(stranger)
        assert session.cause == NO_ASSOCIATION, session.cause
    finally:
        stranger.close()


@case("when an association is set up again, then its sessions are gone")
def _(world):
    session = world.session()
    assert rules.cause_of(world.smf.ask(rules.setup())) == ACCEPTED
    assert rules.cause_of(session.modify()) == NO_SESSION


@case("when the SMF has restarted, then its sessions are gone")
def _(world):
    session = world.session()
    assert rules.cause_of(world.smf.ask(rules.setup(stamp=3900000777))) == ACCEPTED
    assert rules.cause_of(session.delete()) == NO_SESSION


@case("when an association is updated, then it is accepted")
def _(world):
    answer = world.smf.ask(p.PFCPAssociationUpdateRequest(IE_list=[rules.node_id()]))
    assert answer.message_type == 8 and rules.cause_of(answer) == ACCEPTED


@case("when an association is released, then sessions end and new ones are refused with cause 72")
def _(world):
    world.session()
    answer = world.smf.ask(p.PFCPAssociationReleaseRequest(IE_list=[rules.node_id()]))
    assert answer.message_type == 10 and rules.cause_of(answer) == ACCEPTED
    assert rules.Session(world.smf).cause == NO_ASSOCIATION


@case("when a request comes twice, then it is executed once and answered twice alike")
def _(world):
    ue = rules.next_ue()
    body = rules.establishment(0x77, [rules.downlink_pdr(ue=ue), rules.uplink_pdr(ue=ue), rules.to_access(0x9999), rules.to_core()])
    sequence, octets = world.smf.send(body, seid=0)
    first = bytes(world.smf.answer_to(sequence))
    world.smf.send_octets(octets)
    second = bytes(world.smf.answer_to(sequence))
    assert first == second


@case("when requests overtake each other, then each gets its own answer")
def _(world):
    sequences = [7_000_003, 7_000_001, 7_000_002]
    for sequence in sequences:
        world.smf.send(p.PFCPHeartbeatRequest(IE_list=[p.IE_RecoveryTimeStamp(timestamp=1)]), sequence=sequence)
    assert [world.smf.answer_to(sequence).seq for sequence in sequences] == sequences


@case("when a request comes from another port, then the answer goes there")
def _(world):
    other = peers.Smf(peers.SMF, 30000)
    try:
        assert other.ask(p.PFCPHeartbeatRequest(IE_list=[p.IE_RecoveryTimeStamp(timestamp=1)])).message_type == 2
    finally:
        other.close()


@case("when the SMF says nothing to a report, then the report is sent again")
def _(world):
    session = world.session([rules.downlink_pdr(ue="10.45.9.9"), rules.uplink_pdr(ue="10.45.9.9"), rules.buffering(), rules.to_core()], ue="10.45.9.9")
    world.network.send("10.45.9.9")
    first = world.smf.next_request(56)
    again = world.smf.next_request(56, patience=6)
    assert bytes(first) == bytes(again) and first.seid == session.cp_seid

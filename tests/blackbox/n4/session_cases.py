# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Procedures of sessions (TS 29.244 clause 7.5): what is accepted, what is refused and why."""
from scapy.contrib import pfcp as p

import peers
import rules
from case import case, table
from rules import (ACCEPTED, CONDITIONAL_MISSING, MANDATORY_INCORRECT, MANDATORY_MISSING, NO_SESSION, RULE_FAILURE, choose, downlink_pdr,
                   to_access, to_core, uplink_pdr)


@case("when a usual session is established, then the answer has F-SEID and the chosen F-TEID")
def _(world):
    session = world.session()
    f_teid = session.created[2]
    assert f_teid.V4 == 1 and f_teid.ipv4 == peers.UPF and f_teid.TEID != 0
    assert rules.find(session.answer.payload, p.IE_FSEID).ipv4 == peers.UPF and session.up_seid != 0
    assert session.answer.seid == session.cp_seid


@case("when two PDRs have one choose id, then they get one F-TEID, and another id another")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(2, f_teid=choose(5)),
                             uplink_pdr(4, f_teid=choose(5), precedence=10, filters=["permit out 17 from any to assigned"]),
                             uplink_pdr(5, f_teid=choose(6)), to_access(0x100), to_core()], ue=ue)
    assert session.created[2].TEID == session.created[4].TEID != session.created[5].TEID


@case("when the SMF chooses the TEID, then it is taken")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(f_teid=p.IE_FTEID(V4=1, TEID=0xabc001, ipv4=peers.UPF)),
                             to_access(0x101), to_core()], ue=ue)
    world.gnb.send(0xabc001, peers.from_ue(ue))
    assert world.network.receive()[0] == b"up" and session.cause == ACCEPTED


@case("when the network instance is in DNS labels, then it is the same as in plain text")
def _(world):
    ue = rules.next_ue()
    world.session([downlink_pdr(ue=ue, instance=b"\x08internet"), uplink_pdr(instance=b"\x08internet"), to_access(0x102),
                   to_core(instance=b"\x08internet")], ue=ue)


@case("when the session is what a real SMF sends, then it is accepted")
def _(world):
    ue = rules.next_ue()
    from_cp = p.IE_CreatePDR(IE_list=[p.IE_PDR_Id(id=3), p.IE_Precedence(precedence=1000), p.IE_PDI(IE_list=[
        p.IE_SourceInterface(interface=rules.CP), choose()]), p.IE_OuterHeaderRemoval(header=0), p.IE_FAR_Id(id=1)])
    to_cp = p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=3), p.IE_ApplyAction(FORW=1), p.IE_ForwardingParameters(IE_list=[
        p.IE_DestinationInterface(interface=rules.CP), p.IE_OuterHeaderCreation(GTPUUDPIPV4=1, TEID=1, ipv4=peers.SMF)])])
    solicitation = uplink_pdr(4, far=3, f_teid=choose(5), precedence=255, filters=["permit out 58 from ff02::2/128 to assigned"])
    session = world.session([
        downlink_pdr(ue=ue, precedence=65535, qers=(1,), urrs=(1,)), uplink_pdr(2, f_teid=choose(5), precedence=65535, qers=(1,), qfi=1), from_cp, solicitation,
        rules.buffering(bar=1), to_core(), to_cp, rules.urr(total=100_000_000), rules.qer(uplink=1_000_000, downlink=1_000_000, qfi=1),
        p.IE_Create_BAR(IE_list=[p.IE_BAR_Id(id=1)])], ue=ue,
        more=(p.IE_APN_DNN(apn_dnn="internet"), p.IE_UserPlaneInactivityTimer(timer=0)))
    assert session.created[2].TEID == session.created[4].TEID


@table("when an establishment lacks its {}, then cause 66 names it", [
    ("Node ID", p.IE_NodeId, 60), ("CP F-SEID", p.IE_FSEID, 57), ("Create PDR", p.IE_CreatePDR, 1), ("Create FAR", p.IE_CreateFAR, 3)])
def _(world, kind, number):
    ue = rules.next_ue()
    body = rules.establishment(0x55, [downlink_pdr(ue=ue), uplink_pdr(), to_access(1), to_core()])
    body.IE_list = [ie for ie in body.IE_list if not isinstance(ie, kind)]
    answer = world.smf.ask(body, seid=0)
    assert answer.message_type == 51 and rules.cause_of(answer) == MANDATORY_MISSING, rules.cause_of(answer)
    assert rules.find(answer.payload, p.IE_OffendingIE).type == number


@case("when a PDR lacks its PDI, then cause 66")
def _(world):
    pdr = p.IE_CreatePDR(IE_list=[p.IE_PDR_Id(id=1), p.IE_Precedence(precedence=1), p.IE_FAR_Id(id=2)])
    answer = world.smf.ask(rules.establishment(0x56, [pdr, to_core()]), seid=0)
    assert rules.cause_of(answer) == MANDATORY_MISSING


@case("when a PDR names a FAR that is not there, then the rule's failure is told")
def _(world):
    answer = world.smf.ask(rules.establishment(0x57, [uplink_pdr(far=9), to_core()]), seid=0)
    assert rules.cause_of(answer) == RULE_FAILURE
    assert rules.find(answer.payload, p.IE_FailedRuleId) is not None


@case("when a FAR forwards to nowhere, then a conditional IE is missing")
def _(world):
    far = p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=2), p.IE_ApplyAction(FORW=1)])
    assert rules.cause_of(world.smf.ask(rules.establishment(0x58, [uplink_pdr(), far]), seid=0)) in (CONDITIONAL_MISSING, RULE_FAILURE)


@case("when a flow description is no filter, then the establishment is refused")
def _(world):
    answer = world.smf.ask(rules.establishment(0x59, [uplink_pdr(filters=["permit sideways 17 from here to there"]), to_core()]), seid=0)
    assert rules.cause_of(answer) in (MANDATORY_INCORRECT, RULE_FAILURE)


@case("when the F-TEID is another session's, then the establishment is refused and nothing is left")
def _(world):
    taken = p.IE_FTEID(V4=1, TEID=0xabc002, ipv4=peers.UPF)
    world.session([uplink_pdr(f_teid=taken), to_core()])
    assert rules.cause_of(world.smf.ask(rules.establishment(0x5a, [uplink_pdr(f_teid=taken), to_core()]), seid=0)) == RULE_FAILURE
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(), to_access(0x103), to_core()], ue=ue)
    world.gnb.send(session.uplink_teid, peers.from_ue(ue))
    world.network.receive()


@table("when a {} comes for no session, then cause 65", [
    ("modification", p.PFCPSessionModificationRequest, 53), ("deletion", p.PFCPSessionDeletionRequest, 55)])
def _(world, request, answer_type):
    answer = world.smf.ask(request(), seid=0xdeadbeef)
    assert answer.message_type == answer_type and rules.cause_of(answer) == NO_SESSION


@case("when a session is deleted, then it is gone, and a second time there is none")
def _(world):
    session = world.session()
    assert rules.cause_of(session.delete()) == ACCEPTED
    assert rules.cause_of(session.delete()) == NO_SESSION
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    world.network.quiet()


@case("when a modification has one wrong rule, then none of it is done")
def _(world):
    session = world.session()
    answer = session.modify(rules.update_far(0x777), p.IE_UpdateFAR(IE_list=[p.IE_FAR_Id(id=99), p.IE_ApplyAction(DROP=1)]))
    assert rules.cause_of(answer) == RULE_FAILURE
    world.network.send(session.ue)
    assert world.gnb.receive().teid == session.downlink_teid


@case("when a PDR is added and removed, then its filter holds as long")
def _(world):
    session = world.session()
    extra = uplink_pdr(7, far=7, f_teid=p.IE_FTEID(V4=1, TEID=session.uplink_teid, ipv4=peers.UPF), precedence=1,
                       filters=["permit out 17 from any 7 to assigned"])
    drop = p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=7), p.IE_ApplyAction(DROP=1)])
    assert rules.cause_of(session.modify(extra, drop)) == ACCEPTED
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    world.network.quiet()
    assert rules.cause_of(session.modify(p.IE_RemovePDR(IE_list=[p.IE_PDR_Id(id=7)]), p.IE_RemoveFAR(IE_list=[p.IE_FAR_Id(id=7)]))) == ACCEPTED
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    world.network.receive()


@case("when a modification creates a PDR with CHOOSE, then the answer has its F-TEID")
def _(world):
    session = world.session()
    answer = session.modify(uplink_pdr(8, f_teid=choose(9), precedence=20))
    assert rules.cause_of(answer) == ACCEPTED
    created = rules.find(answer.payload, p.IE_CreatedPDR)
    assert rules.find(created, p.IE_PDR_Id).id == 8 and rules.find(created, p.IE_FTEID).TEID not in (0, session.uplink_teid)


@case("when a rule is removed that is not there, then the modification is refused")
def _(world):
    assert rules.cause_of(world.session().modify(p.IE_RemovePDR(IE_list=[p.IE_PDR_Id(id=500)]))) == RULE_FAILURE


@case("when a QER is updated, then the gate closes at once")
def _(world):
    session = world.session()
    closed = p.IE_UpdateQER(IE_list=[p.IE_QER_Id(id=1), p.IE_GateStatus(ul=1, dl=1)])
    assert rules.cause_of(session.modify(closed)) == ACCEPTED
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue))
    world.network.send(session.ue)
    world.network.quiet()
    world.gnb.quiet(0.1)


@case("when many sessions are established, then each has tunnels of its own")
def _(world):
    sessions = [world.session() for _ in range(50)]
    assert len({session.uplink_teid for session in sessions}) == 50 and len({session.up_seid for session in sessions}) == 50
    for session in sessions[::10]:
        world.gnb.send(session.uplink_teid, peers.from_ue(session.ue, payload=session.ue.encode()))
        assert world.network.receive() == (session.ue.encode(), (session.ue, 4000))

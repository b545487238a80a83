# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Packets by the rules: N3 to N6 and back, QER, URR, buffering, path switch, GTP-U messages (TS 29.244 clause 5, TS 29.281)."""
import time

from scapy.contrib import pfcp as p
from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer
from scapy.layers.inet import ICMP, IP, UDP
from scapy.packet import Raw

import peers
import rules
from case import case, table
from rules import ACCEPTED, downlink_pdr, to_access, to_core, uplink_pdr


@case("when a UE sends, then its packet leaves on N6 as it was")
def _(world):
    session = world.session()
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue, b"hello"))
    assert world.network.receive() == (b"hello", (session.ue, 4000))


@case("when a packet comes for a UE, then it goes into the gNB's tunnel with its QFI")
def _(world):
    session = world.session()
    world.network.send(session.ue, b"answer")
    message = world.gnb.receive()
    assert message.teid == session.downlink_teid and message.gtp_type == 255
    container = message[GTPPDUSessionContainer]
    assert container.type == 0 and container.QFI == 9
    assert message[IP].dst == session.ue and bytes(message[UDP].payload) == b"answer"


@case("when the kernel pings a UE, then the echo request reaches it and its reply the kernel")
def _(world):
    session = world.session()
    world.gnb.send(session.uplink_teid, IP(src=session.ue, dst=peers.NETWORK) / ICMP(type=8, id=5, seq=1) / Raw(b"x" * 8))
    reply = world.gnb.receive()
    assert reply[ICMP].type == 0 and reply[ICMP].id == 5 and reply[IP].src == peers.NETWORK


@table("when a datagram has {} octets, then it passes both ways", [("1", 1), ("100", 100), ("1400", 1400), ("1472", 1472)])
def _(world, size):
    session = world.session()
    payload = bytes(i & 255 for i in range(size))
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue, payload))
    assert world.network.receive()[0] == payload
    world.network.send(session.ue, payload)
    assert bytes(world.gnb.receive()[UDP].payload) == payload


@case("when a UE forges its source, then its packet is dropped")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue), to_access(0x300), to_core()], ue=ue)
    world.gnb.send(session.uplink_teid, peers.from_ue("10.45.200.200"))
    world.network.quiet()


@case("when two PDRs match, then the one with the lower precedence value counts")
def _(world):
    ue = rules.next_ue()
    drop = p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=3), p.IE_ApplyAction(DROP=1)])
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(2, f_teid=rules.choose(1), precedence=200),
                             uplink_pdr(3, far=3, f_teid=rules.choose(1), precedence=100, filters=["permit out 17 from any 9 to assigned"]),
                             to_access(0x301), to_core(), drop], ue=ue)
    other = peers.DataNetwork(9)
    try:
        world.gnb.send(session.uplink_teid, peers.from_ue(ue, port=9))
        other.quiet()
    finally:
        other.close()
    world.gnb.send(session.uplink_teid, peers.from_ue(ue))
    world.network.receive()


@table("when the flow description is '{}', then it is read as such", [
    ("permit out 17 from 10.45.0.1 7 to assigned", "permit out 17 from 10.45.0.1 7 to assigned", True),
    ("permit out udp from 10.45.0.0/16 to assigned", "permit out udp from 10.45.0.0/16 to assigned", True),
    ("permit out ip from any 1-6,8-10 to assigned", "permit out ip from any 1-6,8-10 to assigned", False),
    ("permit out ip from any 5-9 to assigned 4000", "permit out ip from any 5-9 to assigned 4000", True),
    ("permit out icmp from any to assigned", "permit out icmp from any to assigned", False),
    ("permit out 6 from any to any", "permit out 6 from any to any", False)])
def _(world, text, passes):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue, filters=[text]), to_access(0x302), to_core()], ue=ue)
    world.gnb.send(session.uplink_teid, peers.from_ue(ue))
    if passes:
        world.network.receive()
    else:
        world.network.quiet()


@case("when a gate is closed in one direction, then the other is open")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue, qers=(1,)), uplink_pdr(ue=ue, qers=(1,)), to_access(0x303), to_core(),
                             rules.qer(gate=(1, 0))], ue=ue)
    world.gnb.send(session.uplink_teid, peers.from_ue(ue))
    world.network.quiet()
    world.network.send(ue)
    assert world.gnb.receive().teid == 0x303


@case("when the MBR is used up, then no more than rate and burst pass")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue, qers=(1,)), uplink_pdr(ue=ue, qers=(1,)), to_access(0x304), to_core(),
                             rules.qer(uplink=1000, downlink=1000)], ue=ue)
    began = time.monotonic()
    for _ in range(100):
        world.gnb.send(session.uplink_teid, peers.from_ue(ue, bytes(1000)))
    octets = 0
    while True:
        try:
            octets += 28 + len(world.network.receive(0.3)[0])
        except peers.Silence:
            break
    # 100 ms of burst, and the rate while it lasted.
    assert 12_500 - 1028 <= octets <= 12_500 + 125 * (time.monotonic() - began) * 1000 + 1028, octets


@case("when a URR's volume threshold is reached, then a usage report comes")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue, urrs=(1,)), uplink_pdr(ue=ue, urrs=(1,)), to_access(0x305), to_core(),
                             rules.urr(total=2000)], ue=ue)
    for _ in range(3):
        world.gnb.send(session.uplink_teid, peers.from_ue(ue, bytes(972)))
    request = world.smf.next_request(56)
    assert request.seid == session.cp_seid and rules.find(request.payload, p.IE_ReportType).USAR == 1
    report = rules.find(request.payload, p.IE_UsageReport_SRR)
    assert rules.find(report, p.IE_URR_Id).id == 1 and rules.find(report, p.IE_UsageReportTrigger).VOLTH == 1
    assert rules.find(report, p.IE_UR_SEQN).number == 0
    assert 2000 <= rules.find(report, p.IE_VolumeMeasurement).total <= 3000


@case("when a session with a URR is deleted, then the answer has its usage to the octet")
def _(world):
    session = world.session()
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue, bytes(72)))
    world.network.receive()
    world.network.send(session.ue, bytes(172))
    world.gnb.receive()
    report = rules.find(session.delete().payload, p.IE_UsageReport_SDR)
    volume = rules.find(report, p.IE_VolumeMeasurement)
    counted = (volume.uplink, volume.downlink, volume.total)
    assert counted == (100, 200, 300), counted
    assert rules.find(report, p.IE_UsageReportTrigger).TERMR == 1
    assert rules.find(report, p.IE_StartTime) and rules.find(report, p.IE_EndTime) and rules.find(report, p.IE_DurationMeasurement)


@case("when a URR is queried, then the modification's answer has an immediate report")
def _(world):
    session = world.session()
    world.gnb.send(session.uplink_teid, peers.from_ue(session.ue, bytes(72)))
    world.network.receive()
    answer = session.modify(p.IE_QueryURR(IE_list=[p.IE_URR_Id(id=1)]))
    report = rules.find(answer.payload, p.IE_UsageReport_SMR)
    assert rules.find(report, p.IE_UsageReportTrigger).IMMER == 1
    assert rules.find(report, p.IE_VolumeMeasurement).uplink == 100


@case("when a URR reports by period, then a report comes each time")
def _(world):
    ue = rules.next_ue()
    world.session([downlink_pdr(ue=ue, urrs=(1,)), uplink_pdr(ue=ue, urrs=(1,)), to_access(0x306), to_core(),
                   rules.urr(triggers=p.IE_ReportingTriggers(periodic_reporting=1), extra=(p.IE_MeasurementPeriod(period=1),))], ue=ue)
    for number in range(2):
        request = world.smf.next_request(56)
        world.smf.send(p.PFCPSessionReportResponse(IE_list=[p.IE_Cause(cause=1)]), seid=request.seid, sequence=request.seq)
        report = rules.find(request.payload, p.IE_UsageReport_SRR)
        assert rules.find(report, p.IE_UsageReportTrigger).PERIO == 1 and rules.find(report, p.IE_UR_SEQN).number == number


@case("when a FAR buffers and notifies, then a report comes once, and packets leave in order once a tunnel is known")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue), rules.buffering(), to_core()], ue=ue)
    for number in range(5):
        world.network.send(ue, bytes([number]))
    request = world.smf.next_request(56)
    assert rules.find(request.payload, p.IE_ReportType).DLDR == 1
    assert rules.find(rules.find(request.payload, p.IE_DownlinkDataReport), p.IE_PDR_Id).id == 1
    world.smf.send(p.PFCPSessionReportResponse(IE_list=[p.IE_Cause(cause=1)]), seid=request.seid, sequence=request.seq)
    world.gnb.quiet(0.2)
    assert rules.cause_of(session.modify(rules.update_far(0x310))) == ACCEPTED
    messages = [world.gnb.receive() for _ in range(5)]
    assert [bytes(m[UDP].payload)[0] for m in messages] == [0, 1, 2, 3, 4] and {m.teid for m in messages} == {0x310}


@case("when buffered packets are to be dropped, then none leaves")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue), rules.buffering(notify=False), to_core()], ue=ue)
    other = world.session()
    world.network.send(ue, b"old")
    world.network.send(other.ue, b"after it")  # the TUN device keeps their order
    assert world.gnb.receive().teid == other.downlink_teid
    assert rules.cause_of(session.modify(rules.update_far(0x311), p.IE_PFCPSMReqFlags(DROBU=1))) == ACCEPTED
    world.network.send(ue, b"new")
    assert bytes(world.gnb.receive()[UDP].payload) == b"new"


@case("when the downlink's tunnel moves to another gNB, then the old one gets an end marker and the new one the packets")
def _(world):
    session = world.session()
    assert rules.cause_of(session.modify(rules.update_far(0x320, address=peers.OTHER_GNB, send_end_marker=True))) == ACCEPTED
    marker = world.gnb.receive()
    assert marker.gtp_type == 254 and marker.teid == session.downlink_teid
    world.network.send(session.ue)
    assert world.other_gnb.receive().teid == 0x320
    world.gnb.quiet(0.1)


@case("when the FAR marks packets, then the outer header has the DSCP")
def _(world):
    ue = rules.next_ue()
    world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue), to_access(0x330, tos=46 << 2), to_core()], ue=ue)
    import socket
    world.gnb.socket.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    world.network.send(ue)
    world.gnb.socket.settimeout(peers.PATIENCE)
    _, ancillary, _, _ = world.gnb.socket.recvmsg(2048, 64)
    assert ancillary[0][2][0] >> 2 == 46, ancillary


@case("when a gNB asks for an echo, then it is answered with its sequence number")
def _(world):
    world.gnb.send_octets(bytes.fromhex("3201000400000000beef0000"))
    answer = world.gnb.receive()
    assert answer.gtp_type == 2 and answer.seq == 0xbeef


@case("when a G-PDU has an unknown TEID, then an error indication names it")
def _(world):
    world.gnb.send(0xdead, peers.from_ue("10.45.0.9"))
    answer = world.gnb.receive()
    assert answer.gtp_type == 26 and bytes(answer).find(bytes.fromhex("100000dead")) > 0


@case("when a gNB does not know the tunnel, then the SMF is told")
def _(world):
    session = world.session()
    element = bytes([16]) + session.downlink_teid.to_bytes(4, "big") + bytes([133, 0, 4, 127, 0, 0, 4])
    world.gnb.send_octets(bytes([0x32, 26]) + (4 + len(element)).to_bytes(2, "big") + bytes(4) + bytes(4) + element)
    request = world.smf.next_request(56)
    assert request.seid == session.cp_seid and rules.find(request.payload, p.IE_ReportType).ERIR == 1
    f_teid = rules.find(rules.find(request.payload, p.IE_ErrorIndicationReport), p.IE_FTEID)
    assert f_teid.TEID == session.downlink_teid and f_teid.ipv4 == peers.GNB


@case("when an end marker comes in, then it ends here")
def _(world):
    session = world.session()
    world.gnb.send_octets(bytes(GTP_U_Header(teid=session.uplink_teid, gtp_type=254)))
    world.network.quiet()
    world.gnb.quiet(0.1)


@case("when a G-PDU comes without a container, then it passes all the same")
def _(world):
    session = world.session()
    world.gnb.send_octets(bytes(GTP_U_Header(teid=session.uplink_teid, gtp_type=255) / peers.from_ue(session.ue)))
    world.network.receive()


@case("when a PDR wants one QFI, then packets of another match nothing")
def _(world):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue, qfi=5), to_access(0x340), to_core()], ue=ue)
    world.gnb.send(session.uplink_teid, peers.from_ue(ue), qfi=6)
    world.network.quiet()
    world.gnb.send(session.uplink_teid, peers.from_ue(ue), qfi=5)
    world.network.receive()

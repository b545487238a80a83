# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages and rules of usual sessions as a real SMF gives them, and looking into answers."""
import itertools

from scapy.contrib import pfcp as p

from peers import GNB, SMF

ACCESS, CORE, N6_LAN, CP = 0, 1, 2, 3
ACCEPTED, REJECTED, NO_SESSION, MANDATORY_MISSING, CONDITIONAL_MISSING, INVALID_LENGTH, MANDATORY_INCORRECT = 1, 64, 65, 66, 67, 68, 69
NO_ASSOCIATION, RULE_FAILURE = 72, 73

seids = itertools.count(0x1000)
ues = itertools.count(2)
teids = itertools.count(0x500)


def next_ue():
    number = next(ues)
    return f"10.45.{number >> 8}.{number & 255}"


def node_id(address=SMF):
    return p.IE_NodeId(id_type=0, ipv4=address)


def setup(stamp=3900000000, address=SMF):
    return p.PFCPAssociationSetupRequest(IE_list=[node_id(address), p.IE_RecoveryTimeStamp(timestamp=stamp)])


def find(message, *kinds):
    """The first IE of a kind, looked for in the IE lists that lead to it."""
    for kind in kinds:
        message = next((ie for ie in message.IE_list if isinstance(ie, kind)), None)
        if message is None:
            return None
    return message


def all_of(message, kind):
    return [ie for ie in message.IE_list if isinstance(ie, kind)]


def cause_of(message):
    return find(message.payload, p.IE_Cause).cause


def choose(choose_id=None):
    if choose_id is None:
        return p.IE_FTEID(CH=1, V4=1)
    return p.IE_FTEID(CH=1, CHID=1, V4=1, choose_id=choose_id)


def uplink_pdr(number=2, far=2, f_teid=None, ue=None, precedence=255, filters=(), qers=(), urrs=(), qfi=None, instance="internet"):
    pdi = [p.IE_SourceInterface(interface=ACCESS), f_teid if f_teid is not None else choose(),
           p.IE_NetworkInstance(instance=instance)]
    if ue:
        pdi.append(p.IE_UE_IP_Address(SD=0, V4=1, ipv4=ue))
    pdi += [sdf(text) for text in filters]
    if qfi is not None:
        pdi.append(p.IE_QFI(QFI=qfi))
    return p.IE_CreatePDR(IE_list=[p.IE_PDR_Id(id=number), p.IE_Precedence(precedence=precedence), p.IE_PDI(IE_list=pdi),
                                   p.IE_OuterHeaderRemoval(header=0), p.IE_FAR_Id(id=far)]
                          + [p.IE_URR_Id(id=n) for n in urrs] + [p.IE_QER_Id(id=n) for n in qers])


def downlink_pdr(number=1, far=1, ue=None, precedence=255, filters=(), qers=(), urrs=(), instance="internet"):
    pdi = [p.IE_SourceInterface(interface=CORE), p.IE_NetworkInstance(instance=instance),
           p.IE_UE_IP_Address(SD=1, V4=1, ipv4=ue)] + [sdf(text) for text in filters]
    return p.IE_CreatePDR(IE_list=[p.IE_PDR_Id(id=number), p.IE_Precedence(precedence=precedence), p.IE_PDI(IE_list=pdi),
                                   p.IE_FAR_Id(id=far)]
                          + [p.IE_URR_Id(id=n) for n in urrs] + [p.IE_QER_Id(id=n) for n in qers])


def sdf(text):
    return p.IE_SDF_Filter(FD=1, flow_description=text)


def tunnel(teid, address=GNB):
    return p.IE_OuterHeaderCreation(GTPUUDPIPV4=1, TEID=teid, ipv4=address)


def to_core(number=2, instance="internet"):
    return p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=number), p.IE_ApplyAction(FORW=1), p.IE_ForwardingParameters(
        IE_list=[p.IE_DestinationInterface(interface=CORE), p.IE_NetworkInstance(instance=instance)])])


def to_access(teid, number=1, address=GNB, **marks):
    parameters = [p.IE_DestinationInterface(interface=ACCESS), tunnel(teid, address)]
    if "tos" in marks:
        parameters.append(p.IE_TransportLevelMarking(tos=marks["tos"], traffic_class=0xfc))
    return p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=number), p.IE_ApplyAction(FORW=1), p.IE_ForwardingParameters(IE_list=parameters)])


def buffering(number=1, notify=True, bar=None):
    return p.IE_CreateFAR(IE_list=[p.IE_FAR_Id(id=number), p.IE_ApplyAction(BUFF=1, NOCP=1 if notify else 0)]
                          + ([p.IE_BAR_Id(id=bar)] if bar else []))


def update_far(teid, number=1, address=GNB, send_end_marker=False, action=None):
    parameters = [p.IE_DestinationInterface(interface=ACCESS), tunnel(teid, address)]
    if send_end_marker:
        parameters.append(p.IE_PFCPSMReqFlags(SNDEM=1))
    return p.IE_UpdateFAR(IE_list=[p.IE_FAR_Id(id=number), action or p.IE_ApplyAction(FORW=1),
                                   p.IE_UpdateForwardingParameters(IE_list=parameters)])


def qer(number=1, uplink=0, downlink=0, gate=(0, 0), qfi=9):
    """Rates in kbit/s; gates 0 open, 1 closed, uplink first."""
    ies = [p.IE_QER_Id(id=number), p.IE_GateStatus(ul=gate[0], dl=gate[1])]
    if uplink or downlink:
        ies.append(p.IE_MBR(ul=uplink, dl=downlink))
    return p.IE_CreateQER(IE_list=ies + [p.IE_QFI(QFI=qfi)])


def urr(number=1, total=None, method=None, triggers=None, extra=()):
    ies = [p.IE_URR_Id(id=number), method or p.IE_MeasurementMethod(VOLUM=1),
           triggers or p.IE_ReportingTriggers(volume_threshold=1 if total else 0)]
    if total:
        ies.append(p.IE_VolumeThreshold(TOVOL=1, total=total))
    return p.IE_CreateURR(IE_list=ies + list(extra))


def establishment(cp_seid, rules, address=SMF, more=()):
    return p.PFCPSessionEstablishmentRequest(
        IE_list=[node_id(address), p.IE_FSEID(v4=1, seid=cp_seid, ipv4=address), *rules, p.IE_PDNType(pdn_type=1), *more])


class Session:
    """An established session: its SEIDs, UE address, tunnels."""

    def __init__(self, smf, rules=None, ue=None, teid=None, more=()):
        self.smf, self.ue = smf, ue or next_ue()
        self.downlink_teid = teid or next(teids)
        self.cp_seid = next(seids)
        if rules is None:
            rules = [downlink_pdr(ue=self.ue, qers=(1,), urrs=(1,)), uplink_pdr(ue=self.ue, qers=(1,), urrs=(1,)), to_access(self.downlink_teid),
                     to_core(), urr(method=p.IE_MeasurementMethod(VOLUM=1, DURAT=1)), qer()]
        self.answer = smf.ask(establishment(self.cp_seid, rules, more=more), seid=0)
        self.cause = cause_of(self.answer)
        f_seid = find(self.answer.payload, p.IE_FSEID)
        self.up_seid = f_seid.seid if f_seid else None
        created = [ie for ie in all_of(self.answer.payload, p.IE_CreatedPDR) if find(ie, p.IE_FTEID)]
        self.created = {find(ie, p.IE_PDR_Id).id: find(ie, p.IE_FTEID) for ie in created}
        self.uplink_teid = next(iter(self.created.values())).TEID if created else None

    def modify(self, *ies):
        return self.smf.ask(p.PFCPSessionModificationRequest(IE_list=list(ies)), seid=self.up_seid)

    def delete(self):
        return self.smf.ask(p.PFCPSessionDeletionRequest(), seid=self.up_seid)

// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The sample messages. Values differ from one another so that a mix-up shows.
#include "tests/core/pfcp/sample_messages.hpp"

namespace kiriko::pfcp {
namespace {

const Ipv4Address smf{10, 0, 0, 1};
const Ipv4Address upf{10, 0, 0, 2};
const Ipv4Address gnb{10, 0, 1, 3};
const NtpTime started = ntp_time(1'700'000'000);
const NtpTime later = ntp_time(1'700'000'600);

Ipv6Address v6(const char* text) { return *Ipv6Address::parse(text); }
Text<ApplicationIdTag> application(const char* name) { return {name}; }

CreatePdr downlink_pdr() {
  CreatePdr pdr;
  pdr.pdr_id = PdrId{1};
  pdr.precedence = Precedence{255};
  pdr.pdi.source_interface = SourceInterface::core;
  pdr.pdi.network_instance = NetworkInstance{"internet"};
  pdr.pdi.ue_ip_addresses.push_back(
      {.ipv4 = Ipv4Address{10, 45, 0, 2}, .ipv6 = v6("2001:db8:cafe::"), .destination = true});
  pdr.pdi.source_interface_type = InterfaceType3gpp{17};
  pdr.pdi.framed_routes.push_back({"192.168.10.0/24 0.0.0.0 1"});
  pdr.pdi.framed_ipv6_routes.push_back({"2001:db8:1::/48 :: 1"});
  pdr.far_id = FarId{1};
  pdr.urr_ids = {UrrId{1}, UrrId{2}};
  pdr.qer_ids = {QerId{1}, QerId{2}};
  return pdr;
}

CreatePdr uplink_pdr() {
  CreatePdr pdr;
  pdr.pdr_id = PdrId{2};
  pdr.precedence = Precedence{100};
  pdr.pdi.source_interface = SourceInterface::access;
  pdr.pdi.local_f_teid = ChooseFTeid{.ipv4 = true, .ipv6 = true, .choose_id = ChooseId{5}};
  pdr.pdi.network_instance = NetworkInstance{labels_of("internet.mnc001")};
  pdr.pdi.ue_ip_addresses.push_back({.ipv4 = Ipv4Address{10, 45, 0, 2}});
  pdr.pdi.sdf_filters.push_back(
      {.flow_description = "permit out 17 from 10.0.0.0/8 1000-2000,80 to assigned 5000",
       .tos_traffic_class = TosTrafficClass{0xb8, 0xfc},
       .security_parameter_index = SecurityParameterIndex{0x11223344},
       .flow_label = FlowLabel{0xabcde},
       .sdf_filter_id = SdfFilterId{9}});
  pdr.pdi.sdf_filters.push_back({.sdf_filter_id = SdfFilterId{10}});
  pdr.pdi.application_id = application("video");
  pdr.pdi.qfis = {QfiIe{Qfi{1}}, QfiIe{Qfi{9}}};
  pdr.outer_header_removal =
      OuterHeaderRemoval{OuterHeaderRemoval::Description::gtpu_udp_ip, GtpuExtensionHeaderDeletion{true}};
  pdr.far_id = FarId{2};
  pdr.activate_predefined_rules.push_back({"operator rule"});
  pdr.activation_time = started;
  pdr.deactivation_time = later;
  return pdr;
}

CreatePdr ethernet_pdr() {
  CreatePdr pdr;
  pdr.pdr_id = PdrId{3};
  pdr.precedence = Precedence{50};
  pdr.pdi.source_interface = SourceInterface::access;
  pdr.pdi.traffic_endpoint_ids = {TrafficEndpointId{1}};
  pdr.pdi.ethernet_pdu_session_information = EthernetPduSessionInformation{true};
  EthernetPacketFilter filter;
  filter.ethernet_filter_id = EthernetFilterId{4};
  filter.ethernet_filter_properties = EthernetFilterProperties{true};
  filter.mac_addresses.push_back({.source = MacAddress::local(1), .destination = MacAddress::local(2)});
  filter.ethertype = Ethertype{0x0800};
  filter.c_tag = VlanTag{.priority = std::uint8_t{5}, .vlan_identifier = std::uint16_t{100}};
  filter.s_tag = VlanTag{.drop_eligible = true, .vlan_identifier = std::uint16_t{4094}};
  filter.sdf_filters.push_back({.flow_description = "permit out ip from any to assigned"});
  pdr.pdi.ethernet_packet_filters.push_back(filter);
  pdr.far_id = FarId{2};
  return pdr;
}

CreateFar buffering_far() {
  CreateFar far;
  far.far_id = FarId{1};
  far.apply_action.buff = true;
  far.apply_action.nocp = true;
  far.bar_id = BarId{1};
  return far;
}

CreateFar forwarding_far() {
  CreateFar far;
  far.far_id = FarId{2};
  far.apply_action.forw = true;
  far.apply_action.dupl = true;
  auto& forwarding = far.forwarding_parameters.emplace();
  forwarding.destination_interface = DestinationInterface::core;
  forwarding.network_instance = NetworkInstance{"internet"};
  forwarding.redirect_information =
      RedirectInformation{RedirectInformation::AddressType::url, "http://example.org/topup", {}, {}};
  forwarding.transport_level_marking = TransportLevelMarking{{0x88, 0xfc}};
  forwarding.forwarding_policy = ForwardingPolicy{"policy"};
  forwarding.header_enrichment = HeaderEnrichment{0, "X-UE", "10.45.0.2"};
  forwarding.linked_traffic_endpoint_id = TrafficEndpointId{1};
  forwarding.proxying = Proxying{true, true};
  forwarding.destination_interface_type = InterfaceType3gpp{17};
  DuplicatingParameters duplicate;
  duplicate.destination_interface = DestinationInterface::li_function;
  duplicate.outer_header_creation = OuterHeaderCreation::gtpu(Teid{77}, v6("2001:db8::77"));
  duplicate.forwarding_policy = ForwardingPolicy{"copy"};
  far.duplicating_parameters.push_back(duplicate);
  return far;
}

CreateUrr full_urr() {
  CreateUrr urr;
  urr.urr_id = UrrId{1};
  urr.measurement_method = {.durat = true, .volum = true};
  urr.reporting_triggers = {.perio = true, .volth = true, .timqu = true, .quvti = true, .reemr = true};
  urr.measurement_period = WholeSeconds{60};
  urr.volume_threshold = Volumes{.total = 1'000'000, .uplink = 400'000, .downlink = 600'000};
  urr.volume_quota = Volumes{.total = 5'000'000'000};
  urr.event_threshold = EventCount{3};
  urr.event_quota = EventCount{30};
  urr.time_threshold = WholeSeconds{300};
  urr.time_quota = WholeSeconds{3000};
  urr.quota_holding_time = WholeSeconds{20};
  urr.dropped_dl_traffic_threshold = DroppedDlTrafficThreshold{.packets = 10, .octets_dropped = 15'000};
  urr.quota_validity_time = WholeSeconds{7200};
  urr.monitoring_time = later;
  urr.subsequent_volume_threshold = Volumes{.downlink = 7};
  urr.subsequent_time_threshold = WholeSeconds{30};
  urr.subsequent_volume_quota = Volumes{.uplink = 8};
  urr.subsequent_time_quota = WholeSeconds{31};
  urr.subsequent_event_threshold = EventCount{4};
  urr.subsequent_event_quota = EventCount{40};
  urr.inactivity_detection_time = WholeSeconds{15};
  urr.linked_urr_ids = {UrrId{2}};
  urr.measurement_information = MeasurementInformation{.mbqe = true, .mnop = true};
  urr.far_id_for_quota_action = FarId{3};
  urr.ethernet_inactivity_timer = WholeSeconds{16};
  AdditionalMonitoringTime monitoring;
  monitoring.monitoring_time = later;
  monitoring.subsequent_volume_threshold = Volumes{.total = 1};
  urr.additional_monitoring_times.push_back(monitoring);
  urr.number_of_reports = NumberOfReports{5};
  return urr;
}

CreateQer full_qer() {
  CreateQer qer;
  qer.qer_id = QerId{1};
  qer.qer_correlation_id = QerCorrelationId{12};
  qer.gate_status = {.uplink = GateStatus::Gate::closed, .downlink = GateStatus::Gate::open};
  qer.maximum_bit_rate = BitRates{BitsPerSecond{100'000'000}, BitsPerSecond{1'000'000'000'000}};
  qer.guaranteed_bit_rate = BitRates{BitsPerSecond{64'000}, BitsPerSecond{128'000}};
  qer.packet_rate = PacketRate{.uplink = PacketRateLimit{PacketRateLimit::TimeUnit::hour, 100},
                               .downlink = PacketRateLimit{PacketRateLimit::TimeUnit::day, 200}};
  qer.dl_flow_level_marking = DlFlowLevelMarking{.tos_traffic_class = TosTrafficClass{0x28, 0xfc}};
  qer.qfi = QfiIe{Qfi{9}};
  qer.reflective_qos = Rqi{true};
  qer.paging_policy_indicator = PagingPolicyIndicator{6};
  qer.averaging_window = AveragingWindow{2000};
  return qer;
}

UsageReport usage_report() {
  UsageReport report;
  report.urr_id = UrrId{1};
  report.ur_seqn = UrSeqn{3};
  report.usage_report_trigger = {.perio = true, .termr = true, .tebur = true};
  report.start_time = started;
  report.end_time = later;
  report.volume_measurement = VolumeMeasurement{.total_volume = 3000,
                                                .uplink_volume = 1000,
                                                .downlink_volume = 2000,
                                                .total_packets = 30,
                                                .uplink_packets = 10,
                                                .downlink_packets = 20};
  report.duration_measurement = WholeSeconds{600};
  report.time_of_first_packet = started;
  report.time_of_last_packet = later;
  report.usage_information = UsageInformation{.aft = true, .uae = true};
  report.query_urr_reference = QueryUrrReference{44};
  return report;
}

UsageReport detection_report() {
  UsageReport report;
  report.urr_id = UrrId{2};
  report.ur_seqn = UrSeqn{1};
  report.usage_report_trigger = {.start = true};
  ApplicationDetectionInformation detected;
  detected.application_id = application("video");
  detected.application_instance_id = ApplicationInstanceId{"7"};
  detected.flow_information =
      FlowInformation{FlowInformation::Direction::downlink, "permit out 6 from any to assigned"};
  report.application_detection_information = detected;
  report.ue_ip_address = UeIpAddress{.ipv4 = Ipv4Address{10, 45, 0, 2}};
  report.network_instance = NetworkInstance{"internet"};
  report.event_time_stamps = {started, later};
  EthernetTrafficInformation ethernet;
  ethernet.mac_addresses_detected.push_back({.addresses = {MacAddress::local(1), MacAddress::local(2)}});
  ethernet.mac_addresses_removed.push_back({.addresses = {MacAddress::local(3)}});
  report.ethernet_traffic_information = ethernet;
  return report;
}

LoadControlInformation load() {
  return {.load_control_sequence_number = LoadSequenceNumber{1}, .load_metric = Metric{40}};
}
OverloadControlInformation overload() {
  OverloadControlInformation information;
  information.overload_control_sequence_number = LoadSequenceNumber{2};
  information.overload_reduction_metric = Metric{10};
  information.period_of_validity = {UnitTimer::Unit::one_minute, 5};
  information.overload_control_information_flags = OciFlags{true};
  return information;
}

UpFunctionFeatures up_features() {
  UpFunctionFeatures features;
  features.ftup = features.empu = features.mnop = features.ueip = features.bundl = features.vtime = true;
  return features;
}

SessionEstablishmentRequest establishment_request() {
  SessionEstablishmentRequest request;
  request.node_id = smf;
  request.cp_f_seid = {.seid = Seid{0x1122334455667788}, .ipv4 = smf, .ipv6 = v6("2001:db8::1")};
  request.create_pdrs = {downlink_pdr(), uplink_pdr(), ethernet_pdr()};
  request.create_fars = {buffering_far(), forwarding_far()};
  request.create_urrs = {full_urr()};
  request.create_qers = {full_qer()};
  CreateBar bar;
  bar.bar_id = BarId{1};
  bar.downlink_data_notification_delay = DownlinkDataNotificationDelay{4};
  bar.suggested_buffering_packets_count = SuggestedBufferingPacketsCount{32};
  bar.mt_edt_control_information = MtEdtControlInformation{true};
  request.create_bars = {bar};
  CreateTrafficEndpoint endpoint;
  endpoint.traffic_endpoint_id = TrafficEndpointId{1};
  endpoint.local_f_teid = FTeid{.teid = Teid{0x01020304}, .ipv4 = upf};
  endpoint.network_instance = NetworkInstance{"access"};
  endpoint.ethernet_pdu_session_information = EthernetPduSessionInformation{true};
  request.create_traffic_endpoints = {endpoint};
  request.pdn_type = PdnType{PdnType::Value::ipv4v6};
  request.user_plane_inactivity_timer = WholeSeconds{600};
  request.user_id = UserId{.imsi = Octets{0x99, 0x99, 0x07, 0x00, 0x00, 0x00, 0x00, 0xf1},
                           .imei = {},
                           .msisdn = {},
                           .nai = "user@example.org",
                           .supi = "imsi-999700000000001",
                           .gpsi = {},
                           .pei = {}};
  request.apn_dnn = ApnDnn{labels_of("internet")};
  request.s_nssai = SNssai{sst::embb, Sd{0x000001}};
  request.rat_type = RatType{10};
  request.recovery_time_stamp = started;
  return request;
}

SessionModificationRequest modification_request() {
  SessionModificationRequest request;
  request.cp_f_seid = FSeid{.seid = Seid{9}, .ipv4 = smf};
  request.remove_pdrs.push_back({.pdr_id = PdrId{3}});
  request.remove_fars.push_back({.far_id = FarId{3}});
  request.remove_urrs.push_back({.urr_id = UrrId{3}});
  request.remove_qers.push_back({.qer_id = QerId{3}});
  request.remove_bars.push_back({.bar_id = BarId{2}});
  request.remove_traffic_endpoints.push_back({.traffic_endpoint_id = TrafficEndpointId{2}});
  request.create_pdrs = {uplink_pdr()};
  UpdatePdr pdr;
  pdr.pdr_id = PdrId{1};
  pdr.precedence = Precedence{200};
  pdr.far_id = FarId{1};
  pdr.qer_ids = {QerId{4}};
  pdr.deactivate_predefined_rules.push_back({"operator rule"});
  request.update_pdrs = {pdr};
  UpdateFar far;
  far.far_id = FarId{1};
  far.apply_action = ApplyAction{.forw = true};
  auto& forwarding = far.update_forwarding_parameters.emplace();
  forwarding.destination_interface = DestinationInterface::access;
  forwarding.network_instance = NetworkInstance{"access"};
  forwarding.outer_header_creation = OuterHeaderCreation::gtpu(Teid{0xcafe}, gnb);
  forwarding.outer_header_creation->gtpu_udp_ipv6 = true;
  forwarding.outer_header_creation->ipv6 = v6("2001:db8::3");
  forwarding.pfcpsmreq_flags = PfcpsmReqFlags{.sndem = true};
  request.update_fars = {far};
  UpdateUrr urr;
  urr.urr_id = UrrId{1};
  urr.volume_quota = Volumes{.total = 10'000'000'000};
  urr.removed = {IeType::measurement_period};
  request.update_urrs = {urr};
  UpdateQer qer;
  qer.qer_id = QerId{1};
  qer.gate_status = GateStatus{};
  qer.maximum_bit_rate = BitRates{BitsPerSecond{1'000}, BitsPerSecond{2'000}};
  request.update_qers = {qer};
  UpdateBar bar;
  bar.bar_id = BarId{1};
  bar.suggested_buffering_packets_count = SuggestedBufferingPacketsCount{8};
  request.update_bars = {bar};
  request.pfcpsmreq_flags = PfcpsmReqFlags{.drobu = true, .qaurr = true};
  request.query_urrs.push_back({.urr_id = UrrId{1}});
  request.query_urr_reference = QueryUrrReference{44};
  request.user_plane_inactivity_timer = WholeSeconds{30};
  request.node_id = smf;
  return request;
}

AssociationSetupRequest association_setup() {
  AssociationSetupRequest request;
  request.node_id = Fqdn{labels_of("smf.example.org")};
  request.recovery_time_stamp = started;
  request.cp_function_features = CpFunctionFeatures{.load = true, .bundl = true, .rpgur = true};
  UeIpAddressPoolInformation pool;
  pool.ue_ip_address_pool_identities.push_back({"pool 1"});
  pool.network_instance = NetworkInstance{"internet"};
  pool.s_nssais.push_back({sst::urllc, Sd{7}});
  pool.ip_version = IpVersion{true, true};
  request.ue_ip_address_pool_information.push_back(pool);
  request.pfcp_session_retention_information.emplace().cp_pfcp_entity_ip_addresses.push_back({.ipv4 = smf});
  return request;
}

template <class M>
M answer(Cause cause) {
  M response;
  response.cause = cause;
  if constexpr (requires { response.node_id; }) response.node_id = upf;
  return response;
}

void add_node_messages(std::vector<SampleMessage>& samples) {
  samples.push_back({"heartbeat_request", {}, HeartbeatRequest{started, SourceIpAddress{.ipv4 = smf}, {}}});
  samples.push_back({"heartbeat_response", {}, HeartbeatResponse{started, {}}});
  PfdManagementRequest pfd;
  auto& application_pfds = pfd.application_ids_pfds.emplace_back();
  application_pfds.application_id = application("video");
  application_pfds.pfd_contexts.emplace_back().pfd_contents.push_back(
      {.flow_description = "permit out ip from 198.51.100.0/24 to assigned", .url = "^http://video"});
  pfd.node_id = smf;
  samples.push_back({"pfd_management_request", {}, pfd});
  auto pfd_response = answer<PfdManagementResponse>(Cause::mandatory_ie_missing);
  pfd_response.offending_ie = IeType::application_id;
  samples.push_back({"pfd_management_response", {}, pfd_response});
  samples.push_back({"association_setup_request", {}, association_setup()});
  auto setup_response = answer<AssociationSetupResponse>(Cause::request_accepted);
  setup_response.recovery_time_stamp = later;
  setup_response.up_function_features = up_features();
  setup_response.user_plane_ip_resource_information.push_back({.ipv4 = upf,
                                                               .teid_range_bits = 2,
                                                               .teid_range = 0x40,
                                                               .network_instance = labels_of("access"),
                                                               .source_interface = SourceInterface::access});
  samples.push_back({"association_setup_response", {}, setup_response});
  AssociationUpdateRequest update;
  update.node_id = v6("2001:db8::2");
  update.up_function_features = up_features();
  update.pfcp_association_release_request = PfcpAssociationReleaseRequest{.sarr = true};
  update.graceful_release_period = UnitTimer{UnitTimer::Unit::two_seconds, 10};
  samples.push_back({"association_update_request", {}, update});
  samples.push_back(
      {"association_update_response", {}, answer<AssociationUpdateResponse>(Cause::request_accepted)});
  samples.push_back({"association_release_request", {}, AssociationReleaseRequest{smf, {}}});
  samples.push_back(
      {"association_release_response", {}, answer<AssociationReleaseResponse>(Cause::request_accepted)});
  samples.push_back({"version_not_supported_response", {}, VersionNotSupportedResponse{}});
  NodeReportRequest node_report;
  node_report.node_id = upf;
  node_report.node_report_type.upfr = true;
  node_report.user_plane_path_failure_report.emplace().remote_gtpu_peers.push_back(
      {.ipv4 = gnb, .destination_interface = DestinationInterface::access, .network_instance = "access"});
  samples.push_back({"node_report_request", {}, node_report});
  samples.push_back({"node_report_response", {}, answer<NodeReportResponse>(Cause::request_accepted)});
  SessionSetDeletionRequest deletion;
  deletion.node_id = smf;
  deletion.fq_csids.push_back({{0x01, 10, 0, 0, 1, 0x00, 0x05}});
  samples.push_back({"session_set_deletion_request", {}, deletion});
  samples.push_back(
      {"session_set_deletion_response", {}, answer<SessionSetDeletionResponse>(Cause::request_accepted)});
  SessionSetModificationRequest set_modification;
  set_modification.node_id = smf;
  auto& change = set_modification.pfcp_session_change_info.emplace_back();
  change.cp_ip_addresses.push_back({.ipv4 = smf});
  change.alternative_smf_ip_address.ipv4 = Ipv4Address{10, 0, 0, 9};
  samples.push_back({"session_set_modification_request", {}, set_modification});
  samples.push_back({"session_set_modification_response",
                     {},
                     answer<SessionSetModificationResponse>(Cause::request_accepted)});
}

void add_session_responses(std::vector<SampleMessage>& samples) {
  const Seid cp{0x1122334455667788};
  auto establishment = answer<SessionEstablishmentResponse>(Cause::request_accepted);
  establishment.up_f_seid = FSeid{.seid = Seid{2}, .ipv4 = upf};
  CreatedPdr created;
  created.pdr_id = PdrId{2};
  created.local_f_teid = FTeid{.teid = Teid{0x0a0b0c0d}, .ipv4 = upf, .ipv6 = v6("2001:db8::2")};
  created.ue_ip_addresses.push_back({.ipv4 = Ipv4Address{10, 45, 0, 2}});
  establishment.created_pdrs.push_back(created);
  establishment.load_control_information = load();
  establishment.overload_control_information = overload();
  samples.push_back({"session_establishment_response", cp, establishment});
  auto refused = answer<SessionEstablishmentResponse>(Cause::rule_creation_or_modification_failure);
  refused.failed_rule_id = FarId{2};
  samples.push_back({"session_establishment_refused", cp, refused});
  auto modification = answer<SessionModificationResponse>(Cause::request_accepted);
  modification.created_pdrs.push_back(created);
  modification.usage_reports = {usage_report(), detection_report()};
  modification.additional_usage_reports_information = AdditionalUsageReportsInformation{true, 3};
  samples.push_back({"session_modification_response", cp, modification});
  auto deletion = answer<SessionDeletionResponse>(Cause::request_accepted);
  deletion.usage_reports = {usage_report()};
  samples.push_back({"session_deletion_response", cp, deletion});
  auto report = answer<SessionReportResponse>(Cause::request_accepted);
  UpdateBarInReportResponse bar;
  bar.bar_id = BarId{1};
  bar.dl_buffering_duration = UnitTimer{UnitTimer::Unit::ten_minutes, 1};
  bar.dl_buffering_suggested_packet_count = DlBufferingSuggestedPacketCount{300};
  report.update_bars = {bar};
  report.pfcpsrrsp_flags = PfcpsrRspFlags{true};
  samples.push_back({"session_report_response", Seid{2}, report});
}

}  // namespace

std::vector<SampleMessage> sample_messages() {
  std::vector<SampleMessage> samples;
  add_node_messages(samples);
  samples.push_back({"session_establishment_request", Seid{0}, establishment_request()});
  samples.push_back({"session_modification_request", Seid{2}, modification_request()});
  samples.push_back({"session_deletion_request", Seid{2}, SessionDeletionRequest{}});
  SessionReportRequest report;
  report.report_type = {.dldr = true, .usar = true, .erir = true};
  auto& downlink = report.downlink_data_report.emplace();
  downlink.pdr_ids = {PdrId{1}};
  downlink.downlink_data_service_information.push_back(
      {.paging_policy_indication = std::uint8_t{46}, .qfi = Qfi{9}});
  report.usage_reports = {usage_report()};
  report.error_indication_report.emplace().remote_f_teids.push_back({.teid = Teid{0xcafe}, .ipv4 = gnb});
  report.pfcpsrreq_flags = PfcpsrReqFlags{true};
  samples.push_back({"session_report_request", Seid{0x1122334455667788}, report});
  add_session_responses(samples);
  return samples;
}

}  // namespace kiriko::pfcp

// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// S-NSSAI, DNN, ARP, RRM policies and identifiers.
#include <catch2/catch.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "core/fiveg/ambr.hpp"
#include "core/fiveg/arp_priority.hpp"
#include "core/fiveg/dnn.hpp"
#include "core/fiveg/identifiers.hpp"
#include "core/fiveg/rrm_policy.hpp"
#include "core/fiveg/s_nssai.hpp"

using namespace kiriko;

static_assert(!std::is_convertible_v<Teid, Precedence> && !std::is_convertible_v<FarId, QerId>);
static_assert(!std::is_constructible_v<FarId, QerId> && !std::is_convertible_v<std::uint32_t, Teid>);
static_assert(sizeof(Seid) == 8 && sizeof(PdrId) == 2 && sizeof(Qfi) == 1);

TEST_CASE("when an S-NSSAI is printed, then it parses back") {
  struct Case {
    const char* text;
    SNssai value;
    const char* printed;
  };
  for (const Case& c : {Case{"4-000001", {sst::v2x, Sd{1}}, "4-000001"},
                        {"1", {sst::embb, no_sd}, "1"},
                        {"1-00000a", {sst::embb, Sd{10}}, "1-00000A"},
                        {"255-ABCDEF", {Sst{255}, Sd{0xabcdef}}, "255-ABCDEF"},
                        {"2-FFFFFF", {sst::urllc, no_sd}, "2"}}) {
    const auto parsed = SNssai::parse(c.text);
    CAPTURE(c.text);
    REQUIRE(parsed);
    CHECK(*parsed == c.value);
    CHECK(to_string(*parsed) == c.printed);
    CHECK(SNssai::parse(to_string(*parsed)) == c.value);
  }
}

TEST_CASE("when a text is not an S-NSSAI, then it is refused") {
  for (const char* text : {"", "-", "1-", "-000001", "256-000001", "1-00001", "1-0000001", "1-00000g",
                           "1-0x0001", "x", "1 ", "1-000001 ", "1--00001", "eMBB"}) {
    CAPTURE(text);
    CHECK_FALSE(SNssai::parse(text));
  }
}

TEST_CASE("when an SST is named, then the name is that of TS 23.501 Table 5.15.2.2-1") {
  const std::vector<std::string> names{"reserved", "eMBB",  "URLLC", "MIoT",    "V2X",
                                       "HMTC",     "HDLLC", "GBRSS", "reserved"};
  for (std::uint8_t i = 0; i < names.size(); ++i) CHECK(sst_name(Sst{i}) == names[i]);
  CHECK(sst_name(Sst{127}) == "reserved");
  CHECK(sst_name(Sst{128}) == "operator");
  CHECK(sst_name(Sst{255}) == "operator");
}

TEST_CASE("when a DNN is checked, then its labels decide") {
  CHECK(Dnn::parse("Internet")->text() == "internet");
  CHECK(Dnn::parse("IMS") == Dnn::parse("ims"));
  CHECK(Dnn::parse("edge.platoon-1.5g"));
  CHECK(Dnn::parse(std::string(63, 'a')));
  CHECK(Dnn::parse(std::string(50, 'a') + "." + std::string(49, 'b')));
  for (const std::string& text : std::vector<std::string>{
           "", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a b", "a_b", "a/b", "caf\xc3\xa9",
           std::string("a\0b", 3), std::string(64, 'a'), std::string(51, 'a') + "." + std::string(49, 'b')}) {
    CAPTURE(text);
    CHECK_FALSE(Dnn::parse(text));
  }
}

TEST_CASE("when ARPs compete, then only a higher priority takes from a vulnerable lower one") {
  const AllocationRetentionPriority high{1, true, false};
  const AllocationRetentionPriority low{15, false, true};
  CHECK(high.may_preempt(low));
  CHECK_FALSE(low.may_preempt(high));
  CHECK_FALSE(high.may_preempt(high));
  CHECK_FALSE(AllocationRetentionPriority{1, false, false}.may_preempt(low));
  CHECK_FALSE(high.may_preempt({15, false, false}));
  CHECK_FALSE(AllocationRetentionPriority{5, true, true}.may_preempt({5, true, true}));
  CHECK(high.check());
  CHECK(low.check());
  CHECK_FALSE(AllocationRetentionPriority{0, false, false}.check());
  CHECK_FALSE(AllocationRetentionPriority{16, false, false}.check());
}

TEST_CASE("when RRM policy ratios are checked, then their order and their sum count") {
  CHECK(RrmPolicyRatio{}.check());
  CHECK(RrmPolicyRatio{no_slice, 10, 20, 30}.check());
  CHECK(RrmPolicyRatio{no_slice, 20, 20, 20}.check());
  CHECK(RrmPolicyRatio{no_slice, 100, 100, 100}.check());
  CHECK_FALSE(RrmPolicyRatio{no_slice, 21, 20, 30}.check());
  CHECK_FALSE(RrmPolicyRatio{no_slice, 10, 31, 30}.check());
  CHECK_FALSE(RrmPolicyRatio{no_slice, 0, 0, 101}.check());

  const std::vector<RrmPolicyRatio> full{
      {SliceId{0}, 10, 60, 100}, {SliceId{1}, 0, 40, 100}, {SliceId{2}, 0, 0, 50}};
  CHECK(check(full));
  const std::vector<RrmPolicyRatio> too_much{{SliceId{0}, 10, 60, 100}, {SliceId{1}, 0, 41, 100}};
  REQUIRE_FALSE(check(too_much));
  CHECK(check(too_much).error().found == "min ratios of 101 percent together");
  const std::vector<RrmPolicyRatio> second_wrong{{}, {SliceId{1}, 5, 0, 100}};
  REQUIRE_FALSE(check(second_wrong));
  CHECK(check(second_wrong).error().where == "policy 2");

  const std::vector<RrmPolicyRatio> twice{{SliceId{3}, 0, 10, 100}, {SliceId{4}}, {SliceId{3}, 0, 10, 100}};
  REQUIRE_FALSE(check(twice));
  CHECK(check(twice).error().where == "policy 3");
}

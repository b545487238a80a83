// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The records of two directions, put in order, explained and written.
#include "core/link/link_capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "core/measure/pcapng_writer.hpp"

namespace kiriko {
namespace {

struct Entry {
  ModelTime at;
  std::uint8_t* record;  ///< CaptureRecord, unaligned, and its octets
  PcapngDirection direction;
};

CaptureRecord load(const std::uint8_t* at) {
  CaptureRecord record;
  std::memcpy(&record, at, sizeof record);
  return record;
}

void store(std::uint8_t* at, const CaptureRecord& record) { std::memcpy(at, &record, sizeof record); }

void move_start(Entry& entry, const CaptureRecord& replanned) {
  CaptureRecord record = load(entry.record);
  record.queued += replanned.at - record.at;
  record.at = replanned.at;
  record.propagation = replanned.propagation;
  store(entry.record, record);
  entry.at = record.at;
}

/// Appends what was sent before `end`, then what was dropped.
void list(std::span<std::uint8_t> records, PcapngDirection direction, ModelTime end,
          std::vector<Entry>& out) {
  std::vector<Entry> sent, dropped;
  for (std::size_t offset = 0; offset < records.size();) {
    std::uint8_t* at = records.data() + offset;
    const CaptureRecord record = load(at);
    switch (record.kind) {
      case CaptureKind::sent: sent.push_back({record.at, at, direction}); break;
      case CaptureKind::dropped: dropped.push_back({record.at, at, direction}); break;
      case CaptureKind::replanned:
        if (record.sequence < sent.size()) move_start(sent[sent.size() - 1 - record.sequence], record);
        break;
    }
    offset += sizeof record + record.captured;
  }
  std::copy_if(sent.begin(), sent.end(), std::back_inserter(out),
               [&](const Entry& entry) { return entry.at < end; });
  out.insert(out.end(), dropped.begin(), dropped.end());
}

void explain(const CaptureRecord& record, const CaptureNames& names, std::string& out) {
  out.clear();
  const auto to = std::back_inserter(out);
  if (record.kind == CaptureKind::dropped) {
    const DropReasonText& text = drop_reason_texts[static_cast<std::size_t>(record.reason)];
    fmt::format_to(to, "dropped: {}: {}", text.name, text.sentence);
  } else {
    fmt::format_to(to, "queued {}; propagation {}", to_string(record.queued), to_string(record.propagation));
  }
  if (record.slice.value < names.slices.size())
    fmt::format_to(to, "; slice {}", names.slices[record.slice.value]);
  if (record.flow.value < names.flows.size())
    fmt::format_to(to, "; flow {}; sequence {}", names.flows[record.flow.value], record.sequence);
}

}  // namespace

Result<std::unique_ptr<LinkCapture>> LinkCapture::create(Setup setup) {
  auto capture = std::unique_ptr<LinkCapture>(new LinkCapture(std::move(setup)));
  for (auto* direction : {&capture->forward_, &capture->backward_}) {
    auto made = DirectionCapture::create(capture->setup_.path);
    if (!made) return fail(made.error());
    *direction = std::move(*made);
  }
  return capture;
}

Result<void> LinkCapture::finish(const CaptureNames& names, ModelTime end) {
  const auto forward = forward_->read_back();
  const auto backward = backward_->read_back();
  for (const auto* read : {&forward, &backward}) {
    if (*read) continue;
    Problem problem = read->error();
    problem.found = setup_.path;
    return fail(std::move(problem));
  }
  std::vector<Entry> entries;
  list(*forward, PcapngDirection::outbound, end, entries);
  list(*backward, PcapngDirection::inbound, end, entries);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& x, const Entry& y) { return x.at < y.at; });

  auto writer =
      PcapngWriter::create(setup_.path, setup_.application,
                           fmt::format("Link {}, as its senders see it: a packet's time is model time since "
                                       "the start of the run, when it starts on the wire or is dropped. "
                                       "Outbound is from {} to {}.",
                                       setup_.link, setup_.a, setup_.b));
  if (!writer) return fail(writer.error());
  const std::uint32_t outbound =
      writer->add_interface({setup_.a + " → " + setup_.b, "link " + setup_.link, setup_.forward_rate});
  const std::uint32_t inbound =
      writer->add_interface({setup_.b + " → " + setup_.a, "link " + setup_.link, setup_.backward_rate});
  std::string comment;
  for (const Entry& entry : entries) {
    const CaptureRecord record = load(entry.record);
    explain(record, names, comment);
    writer->write({.interface = entry.direction == PcapngDirection::outbound ? outbound : inbound,
                   .at = entry.at,
                   .bytes = {entry.record + sizeof record, record.captured},
                   .original_length = record.length,
                   .direction = entry.direction,
                   .comment = comment});
  }
  return writer->close();
}

}  // namespace kiriko

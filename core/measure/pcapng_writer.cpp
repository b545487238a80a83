// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The blocks of a pcapng section, and the file they go to.
#include "core/measure/pcapng_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kiriko {
namespace {

constexpr std::uint32_t section_header_block = 0x0a0d0d0a;
constexpr std::uint32_t interface_description_block = 1;
constexpr std::uint32_t enhanced_packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t link_type_ethernet = 1;
constexpr std::size_t length_offset = 4;
constexpr std::size_t largest_option = 0xffff;

namespace option {
constexpr std::uint16_t end_of_options = 0;
constexpr std::uint16_t comment = 1;
constexpr std::uint16_t shb_userappl = 4;
constexpr std::uint16_t if_name = 2;
constexpr std::uint16_t if_description = 3;
constexpr std::uint16_t if_speed = 8;
constexpr std::uint16_t if_tsresol = 9;
constexpr std::uint16_t epb_flags = 2;
}  // namespace option

constexpr std::size_t padding(std::size_t size) { return (4 - size % 4) % 4; }

std::string aside(const std::string& path) { return path + ".part"; }

Problem not_written(const std::string& path) {
  return {.message = "a capture cannot be written", .found = path, .hint = std::strerror(errno)};
}

}  // namespace

Result<PcapngWriter> PcapngWriter::create(const std::string& path, std::string_view application,
                                          std::string_view comment) {
  std::FILE* file = std::fopen(aside(path).c_str(), "wb");
  if (file == nullptr) return fail(not_written(path));
  PcapngWriter writer(path, file);
  writer.begin(section_header_block);
  writer.put(byte_order_magic);
  writer.put(std::uint16_t{1});  // version 1.0
  writer.put(std::uint16_t{0});
  writer.put(std::int64_t{-1});  // the section's length is not stated
  writer.put_text(option::comment, comment);
  writer.put_text(option::shb_userappl, application);
  writer.end();
  return writer;
}

std::uint32_t PcapngWriter::add_interface(const PcapngInterface& interface) {
  begin(interface_description_block);
  put(link_type_ethernet);
  put(std::uint16_t{0});
  put(std::uint32_t{0});  // no snap length
  put_text(option::if_name, interface.name);
  put_text(option::if_description, interface.description);
  if (interface.speed.value > 0)
    put_option(option::if_speed, &interface.speed.value, sizeof interface.speed.value);
  constexpr std::uint8_t nanoseconds_exponent = 9;
  put_option(option::if_tsresol, &nanoseconds_exponent, sizeof nanoseconds_exponent);
  end();
  return interfaces_++;
}

void PcapngWriter::write(const PcapngPacket& packet) {
  const auto at = static_cast<std::uint64_t>(packet.at.ns);
  begin(enhanced_packet_block);
  put(packet.interface);
  put(static_cast<std::uint32_t>(at >> 32));
  put(static_cast<std::uint32_t>(at));
  put(static_cast<std::uint32_t>(packet.bytes.size()));
  put(packet.original_length);
  put(packet.bytes.data(), packet.bytes.size());
  block_.resize(block_.size() + padding(packet.bytes.size()));
  put_text(option::comment, packet.comment);
  if (packet.direction != PcapngDirection::unknown) {
    const std::uint32_t flags = static_cast<std::uint32_t>(packet.direction);
    put_option(option::epb_flags, &flags, sizeof flags);
  }
  end();
}

Result<void> PcapngWriter::close() {
  const bool whole = !failed_ && std::fflush(file_.get()) == 0;
  file_.reset();
  if (whole && std::rename(aside(path_).c_str(), path_.c_str()) == 0) return {};
  const Problem problem = not_written(path_);
  std::remove(aside(path_).c_str());
  return fail(problem);
}

void PcapngWriter::begin(std::uint32_t block_type) {
  block_.clear();
  put(block_type);
  put(std::uint32_t{0});  // the length, known at the end
}

void PcapngWriter::put(const void* bytes, std::size_t size) {
  const auto* first = static_cast<const std::uint8_t*>(bytes);
  block_.insert(block_.end(), first, first + size);
}

void PcapngWriter::put_option(std::uint16_t code, const void* value, std::size_t size) {
  put(code);
  put(static_cast<std::uint16_t>(size));
  put(value, size);
  block_.resize(block_.size() + padding(size));
}

void PcapngWriter::put_text(std::uint16_t code, std::string_view text) {
  if (!text.empty()) put_option(code, text.data(), std::min(text.size(), largest_option));
}

void PcapngWriter::end() {
  put(option::end_of_options);
  put(std::uint16_t{0});
  const auto length = static_cast<std::uint32_t>(block_.size() + sizeof(std::uint32_t));
  std::memcpy(block_.data() + length_offset, &length, sizeof length);
  put(length);
  if (std::fwrite(block_.data(), 1, block_.size(), file_.get()) != block_.size()) failed_ = true;
}

}  // namespace kiriko

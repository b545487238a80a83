// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PcapngWriter: packets with nanosecond model time and an explanation each, as a pcapng file.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace kiriko {

enum class PcapngDirection : std::uint8_t {
  unknown = 0,
  inbound = 1,
  outbound = 2
};  ///< epb_flags, bits 0 and 1

struct PcapngInterface {
  std::string name;         ///< if_name
  std::string description;  ///< if_description; may be empty
  BitsPerSecond speed{};    ///< if_speed; 0 = not said
};

struct PcapngPacket {
  std::uint32_t interface {};  ///< what add_interface() gave
  ModelTime at{};
  std::span<const std::uint8_t> bytes{};  ///< from the Ethernet header on, without FCS
  std::uint32_t original_length{};        ///< octets on the link; at least bytes.size()
  PcapngDirection direction{};
  std::string_view comment{};  ///< opt_comment, UTF-8; may be empty
};

/// One section of Ethernet interfaces with if_tsresol 9, in the host's byte order
/// (draft-ietf-opsawg-pcapng: Section Header, Interface Description and Enhanced Packet Blocks). The file is written
/// aside and stands under its name only after close(). The same calls give the same bytes.
class PcapngWriter {
 public:
  /// `application` becomes shb_userappl, `comment` the section's opt_comment.
  static Result<PcapngWriter> create(const std::string& path, std::string_view application,
                                     std::string_view comment);

  /// Before the first packet of that interface.
  std::uint32_t add_interface(const PcapngInterface& interface);
  void write(const PcapngPacket& packet);
  /// Whatever could not be written is reported here.
  Result<void> close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  PcapngWriter(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  void begin(std::uint32_t block_type);
  void put(const void* bytes, std::size_t size);
  template <class Integer>
  void put(Integer value) {
    put(&value, sizeof value);
  }
  void put_option(std::uint16_t code, const void* value, std::size_t size);
  void put_text(std::uint16_t code, std::string_view text);
  void end();

  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<std::uint8_t> block_;
  std::uint32_t interfaces_{};
  bool failed_{false};
};

}  // namespace kiriko

// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Records go to a buffer, the buffer to a file without a name, the file back as memory.
#include "core/link/direction_capture.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kiriko {
namespace {

CaptureRecord describe(const Packet* packet, ModelTime at, CaptureKind kind) noexcept {
  const PacketMetadata& metadata = metadata_of(packet);
  CaptureRecord record;
  record.at = at;
  record.sequence = metadata.sequence;
  record.flow = metadata.flow;
  record.captured = std::min<std::uint32_t>(packet->data_len, packet->pkt_len);
  record.length = packet->pkt_len;
  record.slice = metadata.slice;
  record.kind = kind;
  return record;
}

Problem not_kept(int error) {
  return {.message = "a capture's packets cannot be kept", .hint = std::strerror(error)};
}

}  // namespace

Result<std::unique_ptr<DirectionCapture>> DirectionCapture::create(const std::string& path) {
  std::string name = path + ".XXXXXX";
  const int file = ::mkstemp(name.data());
  if (file < 0) {
    Problem problem = not_kept(errno);
    problem.found = path;
    return fail(std::move(problem));
  }
  ::unlink(name.c_str());  // gone with the process, whatever ends it
  return std::unique_ptr<DirectionCapture>(new DirectionCapture(file));
}

DirectionCapture::~DirectionCapture() {
  if (!mapped_.empty()) ::munmap(mapped_.data(), mapped_.size());
  ::close(file_);
}

void DirectionCapture::sent(const Packet* packet, ModelTime at, Duration queued,
                            Duration propagation) noexcept {
  CaptureRecord record = describe(packet, at, CaptureKind::sent);
  record.queued = queued;
  record.propagation = propagation;
  append(record, packet);
}

void DirectionCapture::dropped(const Packet* packet, ModelTime at, DropReason reason) noexcept {
  CaptureRecord record = describe(packet, at, CaptureKind::dropped);
  record.reason = reason;
  append(record, packet);
}

void DirectionCapture::replanned(std::size_t back, ModelTime at, Duration propagation) noexcept {
  CaptureRecord record;
  record.at = at;
  record.propagation = propagation;
  record.sequence = back;
  record.kind = CaptureKind::replanned;
  append(record, nullptr);
}

void DirectionCapture::append(CaptureRecord record, const Packet* packet) noexcept {
  if (buffer_.size() - used_ < sizeof record + record.captured) flush();
  std::memcpy(buffer_.data() + used_, &record, sizeof record);
  used_ += sizeof record;
  if (record.captured > 0) std::memcpy(buffer_.data() + used_, bytes_of(packet), record.captured);
  used_ += record.captured;
}

void DirectionCapture::flush() noexcept {
  std::size_t done = 0;
  while (done < used_ && error_ == 0) {
    const ssize_t count = ::write(file_, buffer_.data() + done, used_ - done);
    if (count > 0)
      done += static_cast<std::size_t>(count);
    else if (errno != EINTR)
      error_ = errno;
  }
  written_ += done;
  used_ = 0;
}

Result<std::span<std::uint8_t>> DirectionCapture::read_back() {
  flush();
  if (error_ != 0) return fail(not_kept(error_));
  if (written_ == 0) return mapped_;
  void* memory = ::mmap(nullptr, written_, PROT_READ | PROT_WRITE, MAP_PRIVATE, file_, 0);
  if (memory == MAP_FAILED) return fail(not_kept(errno));
  mapped_ = {static_cast<std::uint8_t*>(memory), written_};
  return mapped_;
}

}  // namespace kiriko

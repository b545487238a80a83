// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// KernelFiles: /proc and /sys as texts, below a root that a test can choose.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kiriko::doctor {

/// Nothing here fails: what is missing or cannot be read is absent.
class KernelFiles {
 public:
  explicit KernelFiles(std::filesystem::path root = "/") : root_(std::move(root)) {}

  /// A regular file's first MiB. `path` is relative to the root: "proc/stat".
  std::optional<std::string> read(const std::string& path) const;
  /// Names in a folder, sorted; at most 4096.
  std::vector<std::string> list(const std::string& folder) const;
  /// The last part of what a symbolic link points to.
  std::optional<std::string> link_name(const std::string& path) const;
  bool exists(const std::string& path) const;

 private:
  std::filesystem::path root_;
};

}  // namespace kiriko::doctor

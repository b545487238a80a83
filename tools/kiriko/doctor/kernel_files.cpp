// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of files that may be missing, forbidden or endless.
#include "tools/kiriko/doctor/kernel_files.hpp"

#include <algorithm>
#include <fstream>

namespace kiriko::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_text = std::size_t{1} << 20;
constexpr std::size_t most_names = 4096;

}  // namespace

std::optional<std::string> KernelFiles::read(const std::string& path) const {
  std::error_code error;
  // A pipe in the place of a file would never answer.
  if (!fs::is_regular_file(root_ / path, error)) return std::nullopt;
  std::ifstream stream(root_ / path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(longest_text, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::vector<std::string> KernelFiles::list(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(root_ / folder, error), end;
       !error && it != end && names.size() < most_names; it.increment(error))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> KernelFiles::link_name(const std::string& path) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(root_ / path, error);
  if (error || target.filename().empty()) return std::nullopt;
  return target.filename().string();
}

bool KernelFiles::exists(const std::string& path) const {
  std::error_code error;
  return fs::exists(root_ / path, error);
}

}  // namespace kiriko::doctor

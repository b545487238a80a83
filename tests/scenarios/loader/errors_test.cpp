// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Every wrong file of tests/scenarios/errors has exactly the messages stored beside it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

namespace {

constexpr const char* errors_folder = "tests/scenarios/errors";

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> yaml_files(const std::string& folder) {
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("when a scenario file is wrong, then its messages are those stored beside it") {
  const auto files = yaml_files(errors_folder);
  REQUIRE(files.size() >= 40);
  for (const auto& file : files) {
    INFO(file);
    const LoadResult result = load_file({.text = {}, .file_name = file}, test_tables());
    CHECK_FALSE(result.ok());
    CHECK(to_text(result.problems, file) ==
          content_of(std::filesystem::path(file).replace_extension(".txt")));
  }
}

TEST_CASE("when a scenario is an example or a trial, then it has no problems") {
  const auto examples = yaml_files("scenarios/examples");
  REQUIRE(examples.size() >= 8);
  auto files = yaml_files("scenarios/trials");
  files.insert(files.end(), examples.begin(), examples.end());
  for (const auto& file : files) {
    INFO(file);
    const LoadResult result = load_file({.text = {}, .file_name = file}, test_tables());
    CHECK(to_text(result.problems, file).empty());
  }
}

TEST_CASE("when the README shows a file, then it has no problems") {
  const std::string page = content_of("scenarios/README.md");
  const std::string fence = "```yaml\n";
  const std::size_t begin = page.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = page.find("```", begin + fence.size());
  std::string text = page.substr(begin + fence.size(), end - begin - fence.size());
  CHECK(problems_of(text, {"run.clock=real"}).empty());
}

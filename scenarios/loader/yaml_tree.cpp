// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Builds the tree from yaml-cpp's events, so that limits hold while the text is read.
#include "scenarios/loader/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>

namespace kiriko {
namespace {

Position position_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {.line = mark.line + 1, .column = mark.column + 1};
}

/// Leaves yaml-cpp's parser; caught in parse_yaml().
struct TreeRefused : std::exception {
  YamlProblem problem;
  explicit TreeRefused(YamlProblem p) : problem(std::move(p)) {}
};

std::size_t size_of(const YamlNode& node) {
  std::size_t size = 1;
  for (const auto& item : node.items) size += size_of(item);
  return size;
}

int depth_of(const YamlNode& node) {
  int depth = 0;
  for (const auto& item : node.items) depth = std::max(depth, depth_of(item));
  return depth + 1;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlLimits limits) : limits_(limits) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    put({.kind = YamlNode::Kind::null, .at = position_of(mark)}, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    put({.kind = YamlNode::Kind::scalar, .text = value, .at = position_of(mark)}, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      refuse(position_of(mark), {.message = "an alias refers to what contains it"});
    count(position_of(mark), found->second.size);
    if (static_cast<int>(open_.size()) + found->second.depth > limits_.depth) refuse_depth(position_of(mark));
    YamlNode copy = found->second.node;
    place(std::move(copy));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start({.kind = YamlNode::Kind::sequence, .at = position_of(mark)}, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start({.kind = YamlNode::Kind::mapping, .at = position_of(mark)}, anchor);
  }
  void OnMapEnd() override {
    merge(open_.back().node);
    end();
  }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor{};
  };
  struct Anchored {
    YamlNode node;
    std::size_t size{};
    int depth{};
  };

  [[noreturn]] static void refuse(Position at, Problem problem) {
    throw TreeRefused({.at = at, .problem = std::move(problem)});
  }
  [[noreturn]] void refuse_depth(Position at) const {
    refuse(at, {.message = "the file is nested too deeply",
                .allowed = "at most " + std::to_string(limits_.depth) + " levels"});
  }

  void count(Position at, std::size_t nodes) {
    count_ += nodes;
    if (count_ > limits_.nodes)
      refuse(at, {.message = "the file has too many entries, aliases counted as often as they are used",
                  .allowed = "at most " + std::to_string(limits_.nodes)});
  }

  void start(YamlNode node, YAML::anchor_t anchor) {
    count(node.at, 1);
    if (static_cast<int>(open_.size()) >= limits_.depth) refuse_depth(node.at);
    open_.push_back({std::move(node), anchor});
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    remember(done.node, done.anchor);
    place(std::move(done.node));
  }

  void put(YamlNode node, YAML::anchor_t anchor) {
    count(node.at, 1);
    remember(node, anchor);
    place(std::move(node));
  }

  void remember(const YamlNode& node, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    const std::size_t size = size_of(node);
    count(node.at, size);
    anchors_[anchor] = {node, size, depth_of(node)};
  }

  void place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back().node;
    if (parent.kind == YamlNode::Kind::mapping && parent.keys.size() == parent.items.size()) {
      if (node.kind != YamlNode::Kind::scalar)
        refuse(node.at, {.message = "a key is not a text",
                         .found = describe(node),
                         .hint = "quote a text that begins with {, [ or *"});
      parent.keys.push_back(std::move(node));
    } else {
      parent.items.push_back(std::move(node));
    }
  }

  /// YAML's merge key: what the mapping itself says wins over what is merged into it.
  void merge(YamlNode& mapping) {
    for (std::size_t i = 0; i < mapping.keys.size();) {
      if (mapping.keys[i].text != "<<") {
        ++i;
        continue;
      }
      const YamlNode merged = std::move(mapping.items[i]);
      mapping.keys.erase(mapping.keys.begin() + static_cast<std::ptrdiff_t>(i));
      mapping.items.erase(mapping.items.begin() + static_cast<std::ptrdiff_t>(i));
      if (merged.kind != YamlNode::Kind::mapping)
        refuse(merged.at, {.message = "'<<' does not merge a mapping", .found = describe(merged)});
      for (std::size_t k = 0; k < merged.keys.size(); ++k) {
        if (mapping.find(merged.keys[k].text) != nullptr) continue;
        mapping.keys.push_back(merged.keys[k]);
        mapping.items.push_back(merged.items[k]);
      }
    }
  }

  YamlLimits limits_;
  std::size_t count_{};
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  YamlNode root_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size() && i < items.size(); ++i)
    if (keys[i].text == key) return &items[i];
  return nullptr;
}

YamlNode* YamlNode::find(std::string_view key) {
  return const_cast<YamlNode*>(static_cast<const YamlNode*>(this)->find(key));
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "'";
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Cut between characters of UTF-8, never within one.
    if (i >= longest && (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) {
      out += "…";
      break;
    }
    const auto c = static_cast<unsigned char>(text[i]);
    out += c < 0x20 || c == 0x7f ? '?' : text[i];
    if (i > longest + 8) break;
  }
  return out + "'";
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null: return "nothing";
    case YamlNode::Kind::scalar: return in_quotes(node.text);
    case YamlNode::Kind::sequence: return "a list";
    case YamlNode::Kind::mapping: return "a mapping";
  }
  return {};
}

namespace {

/// yaml-cpp's words for it do not say so.
bool indented_by_tab(std::string_view text, int line) {
  for (; line > 1 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  const std::string_view indent = text.substr(0, text.find_first_not_of(" \t"));
  return indent.find('\t') != std::string_view::npos;
}

/// yaml-cpp's words repeat the file's octets.
std::string printable_of(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  return text;
}

}  // namespace

tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text, YamlLimits limits) {
  const auto bad = [](Position at, std::string message) {
    return tl::unexpected<YamlProblem>(YamlProblem{.at = at, .problem = {.message = std::move(message)}});
  };
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(limits);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    YamlNode root = builder.take();
    TreeBuilder next(limits);
    if (parser.HandleNextDocument(next)) {
      const YamlNode second = next.take();
      return bad(second.at, "the file has a second document");
    }
    return root;
  } catch (const TreeRefused& refused) {
    return tl::unexpected<YamlProblem>(refused.problem);
  } catch (const YAML::Exception& error) {
    YamlProblem problem{.at = position_of(error.mark),
                        .problem = {.message = "not YAML: " + printable_of(error.msg)}};
    if (indented_by_tab(text, problem.at.line)) problem.problem.hint = "indent by spaces, not by tabs";
    return tl::unexpected<YamlProblem>(std::move(problem));
  } catch (const std::exception& error) {
    return bad({}, "not YAML: " + printable_of(error.what()));
  }
}

}  // namespace kiriko

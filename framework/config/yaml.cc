// The only file that knows yaml-cpp. It reads events, not yaml-cpp's nodes: those lose keys'
// places, accept duplicate keys and share aliased subtrees.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cstdint>
#include <set>
#include <sstream>
#include <utility>

#include "framework/base/utf8.h"
#include "framework/config/node.h"

namespace nabla {
namespace {

constexpr size_t kMaxBytes = 1 << 20;
constexpr size_t kMaxDepth = 32;
// Keeps what is built from them below 100 MB: a layer takes 1 kB.
constexpr size_t kMaxValues = 60000;
// YAML ends a key within 1024 characters, and quotes may double it when it is printed.
constexpr size_t kMaxKeyBytes = 500;
// yaml-cpp takes an unclosed bracket for the beginning of a key.
constexpr const char* kBadKey = "a key must be a name; is a [ or { not closed?";

// The offset of the first byte that is not UTF-8 (or is a control character), or npos.
size_t FirstBadByte(std::string_view text) {
  constexpr std::string_view kSpace = "\t\n\r";
  for (size_t i = 0; i < text.size();) {
    const size_t bytes = CharacterBytes(text.substr(i));
    const bool control =
        static_cast<uint8_t>(text[i]) < 0x20 && kSpace.find(text[i]) == kSpace.npos;
    if (bytes == 0 || control) return i;
    i += bytes;
  }
  return std::string_view::npos;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string origin) : origin_(std::move(origin)) {}

  Node Take() { return std::move(root_); }
  bool saw_document() const { return saw_document_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (saw_document_) Fail(mark, "a second document; one file holds one experiment");
    saw_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Refuse(mark, "", anchor);
    Node null;
    null.place = At(mark);
    Put(std::move(null), mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Fail(mark, "aliases (*name) are not supported; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Refuse(mark, tag, anchor);
    // yaml-cpp decodes \N and \_ to bytes that are not UTF-8.
    if (FirstBadByte(value) != std::string_view::npos) {
      Fail(mark, "an escape (\\x, \\N, ...) that does not give valid text");
    }
    Node node = Node::Scalar(value, At(mark));
    node.quoted = tag == "!";
    Put(std::move(node), mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Refuse(mark, tag, anchor);
    Open(Node::List({}, At(mark)), mark);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Refuse(mark, tag, anchor);
    Open(Node::Map(At(mark)), mark);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Level {
    Node node;
    bool has_key = false;
    std::string key;
    Place key_place;
    std::set<std::string> keys;
  };

  Place At(const YAML::Mark& mark) const { return {origin_, mark.line + 1, mark.column + 1}; }

  [[noreturn]] void Fail(const YAML::Mark& mark, const std::string& message) const {
    throw InputError(std::vector<Problem>{{At(mark), message}});
  }

  void Refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) Fail(mark, "anchors (&name) are not supported");
    if (!tag.empty() && tag != "?" && tag != "!") {
      Fail(mark, "tags (" + tag + ") are not supported");
    }
  }

  void Count(const YAML::Mark& mark) {
    if (++values_ <= kMaxValues) return;
    Fail(mark, "more than " + std::to_string(kMaxValues) +
                   " keys and values; an experiment file is a page of text");
  }

  void Open(Node node, const YAML::Mark& mark) {
    Count(mark);
    if (levels_.size() >= kMaxDepth) {
      Fail(mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    if (!levels_.empty() && levels_.back().node.IsMap() && !levels_.back().has_key) {
      Fail(mark, kBadKey);
    }
    levels_.push_back({std::move(node), false, "", {}, {}});
  }

  void Close() {
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    Attach(std::move(node));
  }

  void Put(Node node, const YAML::Mark& mark) {
    Count(mark);
    if (!levels_.empty() && levels_.back().node.IsMap() && !levels_.back().has_key) {
      Level& level = levels_.back();
      if (!node.IsScalar()) Fail(mark, kBadKey);
      if (node.text.size() > kMaxKeyBytes) {
        Fail(mark, "a key of more than " + std::to_string(kMaxKeyBytes) + " bytes");
      }
      if (!level.keys.insert(node.text).second) {
        Fail(mark, "duplicate key \"" + node.text + "\"");
      }
      level.has_key = true;
      level.key = node.text;
      level.key_place = node.place;
      return;
    }
    Attach(std::move(node));
  }

  void Attach(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.IsList()) {
      level.node.items.push_back(std::move(node));
    } else {
      // A missing value has the place of its key.
      if (node.IsNull()) node.place = level.key_place;
      level.node.entries.push_back({level.key, level.key_place, std::move(node)});
      level.has_key = false;
    }
  }

  std::string origin_;
  std::vector<Level> levels_;
  Node root_;
  size_t values_ = 0;
  bool saw_document_ = false;
};

Place PlaceOfByte(std::string_view text, size_t offset, const std::string& origin) {
  Place place{origin, 1, 1};
  for (size_t i = 0; i < offset; ++i) {
    place.column = text[i] == '\n' ? 1 : place.column + 1;
    place.line += text[i] == '\n';
  }
  return place;
}

void CheckBytes(std::string_view text, const std::string& origin) {
  if (text.size() > kMaxBytes) {
    throw InputError({{{origin, 1, 1}, "larger than 1 MiB; an experiment file is a page of text"}});
  }
  const size_t bad = FirstBadByte(text);
  if (bad == std::string_view::npos) return;
  const bool control = static_cast<uint8_t>(text[bad]) < 0x20;
  throw InputError({{PlaceOfByte(text, bad, origin),
                     control ? "a control character" : "a byte that is not UTF-8 text"}});
}

// Clearer words for yaml-cpp's messages about the most common mistakes.
std::string Explain(const std::string& message) {
  static constexpr std::pair<const char*, const char*> kWords[] = {
      {"end of map flow not found", "a { is not closed"},
      {"end of sequence flow not found", "a [ is not closed"},
      {"illegal document indicator in scalar", "a quoted text is not closed"},
      {"illegal map value",
       "a ':' is out of place; text with ': ' needs quotes, indentation needs spaces"},
      {"end of map not found", "this does not continue the lines above; check its indentation"},
      {"illegal block entry", "a list item is out of place; indentation needs spaces, not tabs"},
      {"illegal flow end", "this ] or } has no matching bracket"},
      {"unknown token", "text cannot begin with this character; put it in quotes"},
      {"the referenced anchor is not defined",
       "aliases (*name) are not supported; write the value out"},
  };
  for (const auto& [theirs, ours] : kWords) {
    if (message.starts_with(theirs)) return ours;  // yaml-cpp 0.8 adds the name of an anchor
  }
  return message;
}

// Columns inside one assignment would mislead: the origin shows the whole assignment.
void Relocate(Node& node, const Place& place) {
  node.place = place;
  for (Node& item : node.items) Relocate(item, place);
  for (Node::Entry& entry : node.entries) {
    entry.place = place;
    Relocate(entry.value, place);
  }
}

}  // namespace

Node ParseYaml(std::string_view text, const std::string& origin) {
  CheckBytes(text, origin);
  TreeBuilder builder(origin);
  try {
    // Without an end-of-document marker yaml-cpp accepts a quoted text that is never closed.
    const char* end = text.empty() || text.back() == '\n' ? "...\n" : "\n...\n";
    std::istringstream stream(std::string(text) + end);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& e) {
    const Place place{origin, e.mark.line + 1, e.mark.column + 1};
    throw InputError({{place, "this is not YAML: " + Explain(e.msg)}});
  }
  Node root = builder.Take();
  if (root.IsNull()) root.place = {origin, 1, 1};
  return root;
}

Node ParseYamlValue(std::string_view text, const std::string& origin) {
  Node node;
  try {
    node = ParseYaml(text, origin);
  } catch (const InputError& e) {
    throw InputError({{{origin, 0, 0}, e.problems().front().message}});
  }
  Relocate(node, {origin, 0, 0});
  return node;
}

}  // namespace nabla

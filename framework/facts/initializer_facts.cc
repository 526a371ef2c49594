#include "framework/facts/initializer_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

bool Close(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b));
}

// Initializers that are a width of a normal or uniform distribution by the sizes of the layer.
struct Rule {
  const char* how;
  const char* name;
  double (*width)(double inputs, double units);
};

constexpr Rule kRules[] = {
    {"normal", "randn", [](double, double) { return 1.0; }},
    {"normal", "he_normal", [](double i, double) { return std::sqrt(2 / i); }},
    {"normal", "lecun_normal", [](double i, double) { return std::sqrt(1 / i); }},
    {"normal", "xavier_normal", [](double i, double o) { return std::sqrt(2 / (i + o)); }},
    {"uniform", "torch_linear", [](double i, double) { return std::sqrt(1 / i); }},
    {"uniform", "he_uniform", [](double i, double) { return std::sqrt(6 / i); }},
    {"uniform", "xavier_uniform", [](double i, double o) { return std::sqrt(6 / (i + o)); }}};

// A width that somebody wrote down rather than computed: 1, 0.5, 0.01.
bool IsPlain(double width) { return std::isnan(width) || NumberText(std::abs(width)).size() <= 5; }

bool Fits(const Rule& rule, const TracedLayer& layer) {
  const Filling& f = layer.weight_filling;
  if (f.how != rule.how || !layer.inputs.IsNumber() || !layer.units.IsNumber()) return false;
  const double width = rule.width(layer.inputs.number, layer.units.number);
  if (f.how == "normal") return f.a == 0 && Close(f.b, width);
  return Close(f.a, -width) && Close(f.b, width);
}

// Rows of numbers that the program spells, one for each input; "?" if they are too many.
std::string SpelledRows(const Filling& f, bool rows_first) {
  constexpr size_t kMostNumbers = 200;
  std::vector<std::vector<double>> rows;
  size_t count = 0;
  for (const Value& item : f.spelled->items) {
    const bool row = item.Is(ValueKind::kSequence);
    if (row || rows.empty()) rows.emplace_back();
    const std::vector<Value> alone = {item};
    for (const Value& n : row ? item.object->items : alone) {
      if (!n.IsKnown() || ++count > kMostNumbers) return "\"?\"";
      rows.back().push_back(n.number);
    }
  }
  const size_t width = rows.empty() ? 0 : rows[0].size();
  const size_t lines = rows_first ? rows.size() : width;
  std::string text;
  for (size_t i = 0; i < lines; ++i) {
    std::string line;
    for (size_t k = 0; k < (rows_first ? width : rows.size()); ++k) {
      const size_t r = rows_first ? i : k, c = rows_first ? k : i;
      if (c >= rows[r].size()) return "\"?\"";
      line += (line.empty() ? "" : ", ") + NumberText(rows[r][c]);
    }
    text += fmt::format("{}[{}]", text.empty() ? "" : ", ", line);
  }
  return "[" + text + "]";
}

// A question where the program does not say it.
std::string Number(double value) { return std::isnan(value) ? "\"?\"" : NumberText(value); }

// The initializer of one array in YAML.
std::string Initializer(Filling f, const Rule* rule, bool rows_first) {
  const std::string layout = rows_first ? "" : ", layout: out_in";
  if (!f.named.empty()) {
    return f.named.starts_with("{") ? f.named : NamedInitializer(f.named);
  }
  if (rule != nullptr) {
    return layout.empty() ? rule->name : fmt::format("{{name: {}{}}}", rule->name, layout);
  }
  if (f.invented) f.a = f.b = std::nan("");
  if (f.how == "constant") {
    return f.a == 0 ? "zeros" : fmt::format("{{name: constant, value: {}}}", NumberText(f.a));
  }
  if (f.how == "explicit") {
    return fmt::format("{{name: explicit, values: {}}}", SpelledRows(f, rows_first));
  }
  if (f.how == "normal" && f.a == 0 && f.b == 1) return "randn";
  if (f.how == "normal" && (f.a == 0 || std::isnan(f.b))) {
    return fmt::format("{{name: scaled_randn, scale: {}{}}}", Number(std::abs(f.b)), layout);
  }
  if (f.how == "normal") {
    return fmt::format("{{name: normal, mean: {}, std: {}{}}}", Number(f.a), Number(std::abs(f.b)),
                       layout);
  }
  if (f.how == "uniform") {
    return fmt::format("{{name: uniform, low: {}, high: {}{}}}", Number(f.a), Number(f.b), layout);
  }
  return "";
}

// One rule for all layers, since sqrt(2 / (64 + 64)) alone could be two.
const Rule* CommonRule(const CodeTrace& trace, const std::vector<size_t>& chain) {
  for (const Rule& rule : kRules) {
    if (std::all_of(chain.begin(), chain.end(),
                    [&](size_t i) { return Fits(rule, trace.layers[i]); })) {
      return &rule;
    }
  }
  return nullptr;
}

const Rule* RuleOf(const CodeTrace& trace, const std::vector<size_t>& chain, size_t i) {
  const bool plain = IsPlain(trace.layers[i].weight_filling.b);
  const Rule* common = CommonRule(trace, chain);
  if (common != nullptr && (chain.size() > 1 || !plain)) return common;
  // 0.5 may be sqrt(2 / 8) by chance.
  if (plain) return nullptr;
  for (const Rule& rule : kRules) {
    if (Fits(rule, trace.layers[i])) return &rule;
  }
  return nullptr;
}

}  // namespace

std::string NamedInitializer(const std::string& name) {
  std::string n;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      if (!n.empty() && n.back() != '_') n += '_';
      n += static_cast<char>(c - 'A' + 'a');
    } else {
      n += c;
    }
  }
  if (n.starts_with("glorot")) n = "xavier" + n.substr(6);
  static constexpr const char* kKnown[] = {
      "xavier_normal",   "xavier_uniform", "he_normal", "he_uniform",   "kaiming_normal",
      "kaiming_uniform", "orthogonal",     "zeros",     "lecun_normal", "torch_linear"};
  for (const char* known : kKnown) {
    if (n == known) return n;
  }
  return "";
}

std::string WeightInitializer(const CodeTrace& trace, const std::vector<size_t>& chain, size_t i) {
  const TracedLayer& layer = trace.layers[i];
  return Initializer(layer.weight_filling, RuleOf(trace, chain, i),
                     layer.right != layer.transposed);
}

std::string UnreadInitializer(const CodeTrace& trace) {
  for (const TracedCall& call : trace.calls) {
    const bool fills = Contains(call.path, "nn.init.") && !call.path.ends_with("calculate_gain");
    if (!fills || call.arguments.empty()) continue;
    const Value& of = call.arguments[0];
    if (of.Is(ValueKind::kLibrary) && of.object != nullptr) continue;  // a parameter
    return fmt::format("weight: the program calls {} in line {}", LastPart(call.path),
                       call.place.line);
  }
  return "";
}

std::string BiasInitializer(const Filling& filling) { return Initializer(filling, nullptr, true); }

}  // namespace nabla

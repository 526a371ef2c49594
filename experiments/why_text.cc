#include "experiments/why_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/config/edit_text.h"
#include "framework/record/finite.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kColumns = 80;
constexpr size_t kMostTensors = 6;

// The words of a text in lines of a terminal; all but the first are indented by four columns.
std::string Wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string line(text.find_first_not_of(' '), ' ');
  std::string lines;
  for (std::string word; words >> word;) {
    const bool first = line.find_first_not_of(' ') == std::string::npos;
    if (!first && line.size() + 1 + word.size() > kColumns) {
      lines += line + "\n";
      line = "    " + word;
    } else {
      line += (first ? "" : " ") + word;
    }
  }
  return lines + line + "\n";
}

std::string Cut(std::string text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most - 3;
  // Not within a character of several bytes.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string ValueText(const std::optional<Node>& value) { return value ? InlineYaml(*value) : "-"; }

std::string ConfigText(const std::vector<ConfigEdit>& edits) {
  if (edits.empty()) return "config: the same\n";
  constexpr size_t kMostOfA = 24;
  size_t path = 0;
  size_t a = 0;
  for (const ConfigEdit& edit : edits) {
    path = std::max(path, edit.path.size());
    a = std::max(a, std::min(kMostOfA, ValueText(edit.a).size()));
  }
  const size_t left = kColumns - std::min(kColumns - kMostOfA, path + a + 6);
  std::string text = "config:\n";
  for (const ConfigEdit& edit : edits) {
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", edit.path, path, Cut(ValueText(edit.a), kMostOfA),
                        a, Cut(ValueText(edit.b), left));
  }
  return text;
}

std::string RowsText(const WhyResult& result) {
  std::string text;
  for (const char side : {'a', 'b'}) {
    for (const std::string& what : (side == 'a' ? result.a : result.b).changed) {
      text += Wrapped(
          fmt::format("data: {} changed since the run of {}: what follows is of what is there now",
                      what, side));
    }
  }
  for (const RowsDifference& d : result.rows) {
    const std::string count = d.rows > 0 ? fmt::format("; {} {} rows differ", d.rows, d.split) : "";
    text += Wrapped(fmt::format("data: the {} rows differ: {} is {} in a, {} in b{}", d.split,
                                d.what, d.a, d.b, count));
  }
  if (!result.rows.empty()) return text;
  const size_t validated = result.validation_rows;
  return text + fmt::format("data: the same {} rows to train, {}{} to test\n", result.train_rows,
                            validated > 0 ? fmt::format("{} to validate, ", validated) : "",
                            result.test_rows);
}

std::string TensorText(const TensorDifference& d) {
  return fmt::format("  {} ({}): {} of {} numbers differ{}\n", d.name, d.layer, d.differing, d.size,
                     d.rounding ? ", by rounding" : "") +
         fmt::format("    most at [{}, {}]: {:.9g} in a, {:.9g} in b\n", d.row, d.column, d.a,
                     d.b) +
         fmt::format("    largest relative difference: {:.2g}\n", d.relative);
}

std::string TensorsText(const TensorsDifference& tensors) {
  if (!tensors.shapes.empty()) return Wrapped("  shapes: " + tensors.shapes);
  if (tensors.tensors.empty()) return "  weights: the same after the update\n";
  std::string text = TensorText(tensors.tensors[0]);
  for (size_t i = 1; i < std::min(kMostTensors, tensors.tensors.size()); ++i) {
    const TensorDifference& d = tensors.tensors[i];
    text += fmt::format("  {} ({}): {} of {}\n", d.name, d.layer, d.differing, d.size);
  }
  if (tensors.tensors.size() > kMostTensors) {
    text += fmt::format("  and {} more tensors\n", tensors.tensors.size() - kMostTensors);
  }
  return text;
}

std::string LossesText(double a, double b) {
  return a == b ? fmt::format("{:.9g} in both", a) : fmt::format("{} in a, {} in b", a, b);
}

std::string DifferenceText(const std::string& title, const Parting& parting) {
  if (parting.step == 0) {
    return title + ": the first weights, before any step\n" + TensorsText(parting.tensors);
  }
  return fmt::format("{}: step {} (epoch {}, batch {})\n", title, parting.step, parting.epoch,
                     parting.batch) +
         fmt::format("  batch: {}\n", parting.rows.empty() ? "the same rows" : parting.rows) +
         fmt::format("  loss before the update: {}\n", LossesText(parting.loss_a, parting.loss_b)) +
         TensorsText(parting.tensors);
}

std::string PartingsText(const Lockstep& together) {
  const Parting& first = *together.parting;
  std::string text;
  if (first.step > 0) {
    text += together.steps == 0 ? "first weights: the same\n"
                                : fmt::format("the same: the first weights, and {} step{}\n",
                                              together.steps, together.steps == 1 ? "" : "s");
  }
  text += DifferenceText("first difference", first);
  if (together.beyond) {
    text += DifferenceText("first difference beyond rounding", *together.beyond);
  } else if (first.OnlyRounding()) {
    text += fmt::format("no difference beyond rounding in {} step{}\n", together.taken,
                        together.taken == 1 ? "" : "s");
  }
  return text;
}

std::string FailureText(const WhyResult& result) {
  const std::string& a = result.a.failure;
  const std::string& b = result.b.failure;
  if (a.empty() && b.empty()) return "";
  if (a == b) return Wrapped("both replays " + a);
  return (a.empty() ? "" : Wrapped("the replay of a " + a)) +
         (b.empty() ? "" : Wrapped("the replay of b " + b));
}

std::string ReplayText(const WhyResult& result) {
  const Lockstep& together = result.together;
  std::string text;
  if (together.loss_step > 0) {
    text += fmt::format("losses: differ from step {} on, where the weights do not: {}\n",
                        together.loss_step, LossesText(together.loss_a, together.loss_b));
  }
  text += together.parting ? PartingsText(together)
                           : fmt::format("no difference: the first weights, and {} step{}\n",
                                         together.steps, together.steps == 1 ? "" : "s");
  if (!result.limit.empty()) text += fmt::format("the replay ended early: {}\n", result.limit);
  return text + FailureText(result);
}

std::string RecordText(char side, const WhyRecord& record) {
  std::string text;
  if (record.status != "complete") {
    text += fmt::format("{} is {} after {} epoch{}\n", side, record.status, record.epochs,
                        record.epochs == 1 ? "" : "s");
  }
  if (record.difference) {
    const RecordDifference& d = *record.difference;
    text += Wrapped(fmt::format("record of {}: {} of epoch {} is {}, and the replay gives {}", side,
                                d.metric, d.epoch, Shown(d.recorded), Shown(d.replayed)));
  } else if (!record.hash_then.empty()) {
    text += Wrapped(fmt::format("record of {}: its last weights are {}, those of the replay {}",
                                side, record.hash_then, record.hash_now));
  } else if (record.compared > 0) {
    text += fmt::format("record of {}: what the replay gives, for {} epoch{}\n", side,
                        record.compared, record.compared == 1 ? "" : "s");
  }
  if (!record.IsMissed()) return text;
  if (record.elsewhere.empty() && record.changed.empty()) {
    text += "  another build, a run that was resumed for more epochs, or a changed folder\n";
  }
  for (const std::string& what : record.elsewhere) text += Wrapped("  since then: " + what);
  return text;
}

std::string KeyText(const TurnedKey& key, const MetricGap& gap, size_t width) {
  if (!key.value)
    return Wrapped(fmt::format("  {:<{}}  no figure: {}", key.name, width, key.error));
  return fmt::format("  {:<{}}  {:>14.10g}  {:>8.1f} %\n", key.name, width, *key.value,
                     100 * gap.Share(*key.value));
}

double LeftOver(const WhyResult& result) {
  double left = 1;
  for (const TurnedKey& key : result.keys) {
    if (key.value) left -= result.gap.Share(*key.value);
  }
  return left;
}

Json OptionalYaml(const std::optional<Node>& value) {
  return value ? Json(InlineYaml(*value)) : Json();
}

Json RecordJson(const WhyRecord& record) {
  Json json = {{"folder", record.folder},
               {"status", record.status},
               {"epochs", record.epochs},
               {"changed", record.changed},
               {"epochs_compared", record.compared}};
  if (record.difference) {
    const RecordDifference& d = *record.difference;
    json["difference"] = {{"epoch", d.epoch},
                          {"metric", d.metric},
                          {"recorded", d.recorded},
                          {"replayed", d.replayed}};
  }
  if (!record.hash_then.empty()) {
    json["weights_hash"] = {{"recorded", record.hash_then}, {"replayed", record.hash_now}};
  }
  if (!record.elsewhere.empty()) json["since_then"] = record.elsewhere;
  if (!record.failure.empty()) json["failure"] = record.failure;
  return json;
}

Json PartingJson(const Parting& parting) {
  Json json = {{"step", parting.step}};
  if (parting.step > 0) {
    json["epoch"] = parting.epoch;
    json["batch"] = parting.batch;
    json["rows"] = parting.rows;
    json["loss"] = {{"a", parting.loss_a}, {"b", parting.loss_b}};
  }
  if (!parting.tensors.shapes.empty()) json["shapes"] = parting.tensors.shapes;
  Json& tensors = json["tensors"] = Json::array();
  for (const TensorDifference& d : parting.tensors.tensors) {
    tensors.push_back({{"tensor", d.name},
                       {"layer", d.layer},
                       {"row", d.row},
                       {"column", d.column},
                       {"a", d.a},
                       {"b", d.b},
                       {"largest_relative_difference", d.relative},
                       {"by_rounding", d.rounding},
                       {"differing", d.differing},
                       {"numbers", d.size}});
  }
  return json;
}

Json KeysJson(const WhyResult& result) {
  Json json = {{"metric", result.gap.metric}, {"a", result.gap.a}, {"b", result.gap.b}};
  Json& keys = json["turned"] = Json::array();
  for (const TurnedKey& key : result.keys) {
    Json& one = keys.emplace_back(Json::object());
    for (const ConfigEdit& edit : key.edits) one["keys"].push_back(edit.path);
    if (key.value) {
      one["value"] = *key.value;
      one["share"] = result.gap.Share(*key.value);
    } else {
      one["error"] = key.error;
    }
  }
  json["left_over"] = LeftOver(result);
  return json;
}

}  // namespace

std::string PartingText(const WhyResult& result) {
  return fmt::format("a: {}\nb: {}\n", result.a.folder, result.b.folder) +
         ConfigText(result.edits) + RowsText(result) + ReplayText(result) +
         RecordText('a', result.a) + RecordText('b', result.b);
}

std::string KeysText(const WhyResult& result) {
  if (!result.no_keys.empty()) return Wrapped("keys: not turned: " + result.no_keys);
  const MetricGap& gap = result.gap;
  size_t width = 9;
  for (const TurnedKey& key : result.keys) width = std::max(width, key.name.size());
  std::string text = Wrapped(fmt::format(
      "a with each key of b alone: the last {} is {} in a, {} in b", gap.metric, gap.a, gap.b));
  text += fmt::format("  {:<{}}  {:>14}  {:>10}\n", "key", width, "a with it", "of the gap");
  for (const TurnedKey& key : result.keys) text += KeyText(key, gap, width);
  if (result.keys.size() > 1) {
    text += fmt::format("  {:<{}}  {:>14}  {:>8.1f} %\n", "left over", width, "",
                        100 * LeftOver(result));
    text += "These are single runs: with another seed the shares are others.\n";
  }
  if (result.a.IsMissed() || result.b.IsMissed()) {
    text += "The shares compare runs of now with records that the replay does not give.\n";
  }
  return text;
}

std::string WhyJson(const WhyResult& result) {
  Json json = {{"a", RecordJson(result.a)}, {"b", RecordJson(result.b)}};
  Json& config = json["config"] = Json::array();
  for (const ConfigEdit& edit : result.edits) {
    config.push_back(
        {{"key", edit.path}, {"a", OptionalYaml(edit.a)}, {"b", OptionalYaml(edit.b)}});
  }
  Json& rows = json["rows"] = Json::array();
  for (const RowsDifference& d : result.rows) {
    rows.push_back(
        {{"split", d.split}, {"what", d.what}, {"a", d.a}, {"b", d.b}, {"differing", d.rows}});
  }
  const Lockstep& together = result.together;
  json["same_steps"] = together.steps;
  json["ended_by"] = result.limit;
  json["replayed_steps"] = together.taken;
  json["first_difference"] = together.parting ? PartingJson(*together.parting) : Json();
  json["first_beyond_rounding"] = together.beyond ? PartingJson(*together.beyond) : Json();
  if (together.loss_step > 0) {
    json["losses_differ"] = {
        {"step", together.loss_step}, {"a", together.loss_a}, {"b", together.loss_b}};
  }
  if (result.no_keys.empty()) {
    json["keys"] = KeysJson(result);
  } else {
    json["no_keys"] = result.no_keys;
  }
  // Folders and values may have any bytes.
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla

#include "framework/import/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"
#include "framework/import/loss_hints.h"
#include "framework/import/main_cell.h"
#include "framework/import/print_hints.h"
#include "framework/import/reference_lists.h"
#include "framework/import/run_order.h"
#include "framework/import/shell_options.h"
#include "framework/import/yaml_lines.h"
#include "framework/notebook/output_series.h"
#include "framework/python/interpreter.h"
#include "framework/python/lexer.h"
#include "framework/python/parser.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

constexpr size_t kLongestName = 60;
constexpr const char* kUnanswered = "\"?\"";

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string NameOf(const std::string& path) {
  const std::string file = FileName(path);
  std::string name;
  for (const char c : file.substr(0, file.rfind('.'))) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
    if (good || name.empty() || name.back() != '_') name += good ? c : '_';
  }
  name.resize(std::min(name.size(), kLongestName));
  if (name.empty() || name.front() == '.' || name == "_") name = "notebook" + name;
  return name;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

// 1..10, or [1, 11, 21], with runs of neighbours as ranges.
std::string EpochsText(const std::vector<int64_t>& epochs) {
  std::string all;
  size_t parts = 0;
  for (size_t i = 0; i < epochs.size(); ++parts) {
    size_t end = i + 1;
    while (end < epochs.size() && epochs[end] == epochs[end - 1] + 1) ++end;
    all += parts == 0 ? "" : ", ";
    all += std::to_string(epochs[i]);
    if (end > i + 1) all += ".." + std::to_string(epochs[end - 1]);
    i = end;
  }
  return parts == 1 ? all : "[" + all + "]";
}

// What names were set to last, where that is a number.
std::map<std::string, double> NumbersOf(const CodeTrace& trace) {
  std::map<std::string, double> numbers;
  for (const TracedSetting& s : trace.settings) {
    if (s.value.IsKnown()) numbers[s.name] = s.value.number;
  }
  return numbers;
}

// The parts of all names in each cell.
std::map<int, std::vector<std::string>> NamesOf(const Notebook& notebook) {
  std::map<int, std::vector<std::string>> names;
  for (const NotebookCell& cell : notebook.cells) {
    std::vector<std::string>& all = names[cell.number];
    for (const Token& token : Tokenize(cell.source)) {
      if (token.kind != TokenKind::kName || all.size() > 5000) continue;
      for (std::string& part : NameParts(token.text)) all.push_back(std::move(part));
    }
  }
  return names;
}

class Draft {
 public:
  Draft(const CodeFacts& facts, const ReferenceLists& references, const Registry& registry)
      : facts_(facts), references_(references), registry_(registry) {}

  std::string Write(const Notebook& notebook, const std::string& path) {
    Head(path);
    Dataset();
    Section("split", facts_.split);
    if (facts_.rows.found()) Section("subset", {{"train", facts_.rows}});
    if (facts_.standardise.found()) y_.Value(0, "standardise", facts_.standardise);
    if (facts_.min_max.found()) y_.Value(0, "min_max", facts_.min_max);
    if (facts_.standardise_by.found()) y_.Value(0, "standardise_by", facts_.standardise_by);
    if (facts_.scale_rows.found()) y_.Value(0, "scale_rows", facts_.scale_rows);
    if (facts_.standardise_targets.found()) {
      y_.Value(0, "standardise_targets", facts_.standardise_targets);
    }
    Model();
    y_.Value(0, "loss", Or(facts_.loss, "loss"));
    if (facts_.shown_loss.found()) y_.Value(0, "shown_loss", facts_.shown_loss);
    if (facts_.class_weights.found()) y_.Value(0, "class_weights", facts_.class_weights);
    Penalties();
    Optimizer();
    Section("schedule", facts_.schedule);
    Section("reduce_on_plateau", facts_.reduce_on_plateau);
    Train();
    Evaluate();
    References();
    LeftOver(notebook);
    return y_.text();
  }

 private:
  // The fact, or a question with all choices.
  Fact Or(Fact fact, const std::string& kind) const {
    const std::vector<std::string> names = registry_.Names(kind);
    if (!fact.found()) {
      return {kUnanswered, {}, true, "not found; choices: " + Joined(names)};
    }
    std::string name = fact.text;
    if (name.starts_with("{name: ")) name = name.substr(7, name.find_first_of(",}") - 7);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      fact.Guess("nabla has none of this name; choices: " + Joined(names));
    }
    return fact;
  }

  void Head(const std::string& path) {
    y_.Comment("Read from " + FileName(path) + " by `run import`, which runs nothing.");
    y_.Comment("Comments give the cell (all are counted, from 1) and the line of each value;");
    y_.Comment("\"# ?\" marks what was guessed or not found.");
    y_.Line(0, "name: " + NameOf(path));
    y_.Line(0, "source: " + QuotedYaml(FileName(path)));
    y_.Value(0, "seed", facts_.seed);
    if (facts_.rng.found()) y_.Value(0, "rng", facts_.rng);
    y_.Value(0, "dtype", facts_.dtype);
    if (facts_.skip_draws.empty()) return;
    y_.Line(0, "skip_draws:");
    for (const Fact& draw : facts_.skip_draws) y_.Item(2, draw);
  }

  void Penalties() {
    if (facts_.penalties.empty()) return;
    y_.Line(0, "penalties:");
    for (const std::vector<NamedFact>& entry : facts_.penalties) {
      bool first = true;
      for (const NamedFact& each : entry) {
        y_.Value(first ? 2 : 4, (first ? "- " : "") + each.key, each.fact);
        first = false;
      }
    }
  }

  void Dataset() {
    y_.Line(0, "dataset:");
    y_.Value(2, "name", Or(facts_.dataset, "dataset"));
    for (const NamedFact& each : facts_.dataset_keys) y_.Value(2, each.key, each.fact);
  }

  void Section(const std::string& name, const std::vector<NamedFact>& keys) {
    if (keys.empty()) return;
    y_.Line(0, name + ":");
    for (const NamedFact& each : keys) y_.Value(2, each.key, each.fact);
  }

  void Model() {
    y_.Line(0, "model:");
    for (const LayerFact& layer : facts_.model) y_.Item(2, layer.line);
    if (facts_.model.empty()) {
      y_.Item(2, {kUnanswered,
                  {},
                  true,
                  "no layers found; such as {name: linear, units: 10}, relu, sigmoid"});
    }
  }

  void Optimizer() {
    y_.Line(0, "optimizer:");
    y_.Value(2, "name", Or(facts_.optimizer, "optimizer"));
    Fact rate = facts_.rate;
    if (!rate.found()) rate = {kUnanswered, {}, true, "the learning rate was not found"};
    y_.Value(2, "lr", rate);
    for (const NamedFact& each : facts_.optimizer_keys) y_.Value(2, each.key, each.fact);
  }

  void Train() {
    y_.Line(0, "train:");
    Fact batch = facts_.batch_size;
    if (!batch.found()) {
      batch = {"1000000", {}, true, "the batch size was not found; this means all rows"};
    }
    y_.Value(2, "batch_size", batch);
    Fact epochs = facts_.epochs;
    if (!epochs.found()) {
      const int64_t last = references_.last_epoch;
      epochs = {last > 0 ? std::to_string(last) : kUnanswered,
                {},
                true,
                last > 0 ? "from the printed steps" : "the number of epochs was not found"};
    }
    const int64_t ended = references_.ended;
    if (ended > 0) epochs.Say(fmt::format("printed up to {}", ended));
    if (facts_.may_end && !ReachesEnd()) epochs.Guess("a break may end them before");
    y_.Value(2, "epochs", epochs);
    if (facts_.shuffle.found()) y_.Value(2, "shuffle", facts_.shuffle);
    if (facts_.order.found()) y_.Value(2, "order", facts_.order);
    if (facts_.rows_per_epoch.found()) y_.Value(2, "rows_per_epoch", facts_.rows_per_epoch);
    for (const NamedFact& each : facts_.train_keys) y_.Value(2, each.key, each.fact);
  }

  // Whether a printed series goes on to the last epoch, or as near as its steps do.
  bool ReachesEnd() const {
    return std::any_of(references_.lists.begin(), references_.lists.end(),
                       [&](const ReferenceList& list) {
                         const size_t n = list.epochs.size();
                         if (n < 2) return false;
                         const int64_t next = 2 * list.epochs[n - 1] - list.epochs[n - 2];
                         return next > facts_.epochs_number.value_or(0);
                       });
  }

  bool Prints(const std::string& prefix) const {
    return std::any_of(references_.lists.begin(), references_.lists.end(),
                       [&](const ReferenceList& l) { return l.metric.starts_with(prefix); });
  }

  void Evaluate() {
    const bool test = Prints("test_") || Prints("confusion");
    const bool batches = facts_.batch_size.found() && facts_.batch_size.text != "1000000";
    const bool train = Prints("train_accuracy");
    const bool after = train && batches && facts_.train_accuracy_after;
    const bool validates = Prints("validation_");
    y_.Line(0, "evaluate:");
    y_.Line(2,
            std::string("split: ") + (validates       ? "validation"
                                      : test && train ? "both"
                                      : test          ? "test"
                                      : after         ? "train"
                                                      : "none"),
            validates       ? ""
            : test && train ? "? test: train_accuracy is that of the batches"
            : after         ? "? none: train_accuracy is that of the batches"
                            : "");
    const bool ordered = facts_.train_loss.why == "computed after the update";
    if (facts_.train_loss.found() && (batches || ordered) && Prints("train_loss")) {
      y_.Value(2, "train_loss", facts_.train_loss);
    }
    if (Prints("confusion")) y_.Line(0, "metrics: [confusion_matrix]");
  }

  void References() {
    if (references_.lists.empty()) {
      y_.Comment("No printed metrics were found.");
      return;
    }
    y_.Line(0, "reference:");
    for (const ReferenceList& list : references_.lists) {
      if (list.columns > 0) {
        Matrix(list);
      } else {
        List(list);
      }
    }
  }

  void List(const ReferenceList& list) {
    const std::string which = list.list.empty() ? "" : "list: " + QuotedYaml(list.list) + ", ";
    const bool one = list.printed.size() == 1;
    const std::string numbers = Joined(list.printed);
    const std::string when =
        list.rows > 0 ? fmt::format("rows: {}", list.rows) : "epochs: " + EpochsText(list.epochs);
    y_.Line(2,
            fmt::format("- {{{}metric: {}, {}, printed: {}{}{}}}", which, list.metric, when,
                        one ? "" : "[", numbers, one ? "" : "]"),
            (list.guessed ? "? " : "") + list.why);
  }

  void Matrix(const ReferenceList& list) {
    y_.Line(2, "- metric: " + list.metric, list.why);
    y_.Line(4, "printed:");
    for (size_t i = 0; i < list.printed.size(); i += list.columns) {
      const std::vector<std::string> row(
          list.printed.begin() + static_cast<long>(i),
          list.printed.begin() + static_cast<long>(i + list.columns));
      y_.Line(6, "- [" + Joined(row) + "]");
    }
  }

  // Gaps in the counts tell of cells that ran several times.
  static std::string Gaps(const Notebook& notebook) {
    std::string gaps;
    int before = -1;
    for (const NotebookCell& cell : notebook.cells) {
      if (!cell.execution) continue;
      if (before >= 0 && *cell.execution != before + 1 && gaps.size() < 150) {
        gaps += fmt::format("{}In [{}] to In [{}] (cell {})", gaps.empty() ? "" : ", ", before,
                            *cell.execution, cell.number);
      }
      before = *cell.execution;
    }
    if (gaps.empty()) return "";
    return "cells ran more often, or in another order, than they stand there: " + gaps +
           "; the printed values may continue an earlier run";
  }

  void LeftOver(const Notebook& notebook) {
    std::vector<std::string> lines;
    for (const Fact& fact : facts_.inexpressible) {
      lines.push_back(fact.text + (fact.place.line > 0 ? ", " + fact.place.ToString() : ""));
    }
    lines.insert(lines.end(), references_.left_out.begin(), references_.left_out.end());
    const std::string gaps = Gaps(notebook);
    if (!gaps.empty()) lines.push_back(gaps);
    lines.insert(lines.end(), notebook.warnings.begin(), notebook.warnings.end());
    if (lines.empty()) return;
    constexpr size_t kMost = 40;
    y_.Comment("Seen, and not in this file:");
    for (size_t i = 0; i < std::min(lines.size(), kMost); ++i) y_.Comment("- " + lines[i]);
    if (lines.size() > kMost) y_.Comment(fmt::format("- and {} more", lines.size() - kMost));
  }

  const CodeFacts& facts_;
  const ReferenceLists& references_;
  const Registry& registry_;
  YamlLines y_;
};

// A "?" behind each line that nabla finds something wrong with, such as a size out of bounds: what
// keeps the draft from being an experiment is always a question.
std::string Questioned(const std::string& yaml, const Registry& registry) {
  std::set<int> lines;
  try {
    CheckExperiment(ParseYaml(yaml, "draft"), registry);
  } catch (const InputError& e) {
    for (const Problem& problem : e.problems()) lines.insert(problem.place.line);
  }
  std::string questioned;
  int number = 0;
  for (size_t at = 0; at < yaml.size();) {
    const size_t end = std::min(yaml.find('\n', at), yaml.size());
    std::string line = yaml.substr(at, end - at);
    at = end + 1;
    const bool asks = line.find("# ?") != std::string::npos;
    const size_t comment = line.find("  # ");
    if (lines.contains(++number) && !asks) {
      line = comment == std::string::npos
                 ? line + "  # ? nabla does not take this"
                 : line.insert(comment + 4, "? nabla does not take this; ");
    }
    questioned += line + "\n";
  }
  return questioned;
}

}  // namespace

std::string DraftExperiment(const Notebook& notebook, const std::string& name,
                            const Registry& registry) {
  std::map<int, std::vector<Statement>> programs;
  for (const NotebookCell& cell : notebook.cells) {
    programs.emplace(cell.number, ParsePython(cell.source));
  }
  CodeTrace trace;
  Interpreter interpreter(&trace);
  interpreter.SetCommandLine(CommandLine(notebook));
  const PrintedMetrics metrics = ReadPrintedMetrics(notebook);
  const MainTraining main = MainTrainingOf(metrics);
  interpreter.SetDisordered(DisorderedNames(notebook, programs, main.cell));
  for (const auto& [cell, program] : programs) interpreter.Run(program, cell);
  interpreter.RunUncalled();
  AddShellOptions(notebook, &trace);
  ChooseMainTraining(main, &trace);
  CodeFacts facts = ReadFacts(trace);
  facts.main_cell = main.cell;
  const bool keras = FindKerasFit(trace) != nullptr;
  facts.train_accuracy_after = !keras && !CountsRightRows(programs);
  if (!facts.train_loss.found()) facts.train_loss = ReadLossHint(programs);
  const ReferenceLists references =
      MakeReferences(metrics, ReadPrintHints(programs, NumbersOf(trace)), NamesOf(notebook), facts);
  return Questioned(Draft(facts, references, registry).Write(notebook, name), registry);
}

}  // namespace nabla

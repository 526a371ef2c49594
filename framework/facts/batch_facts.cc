#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// What a library gets for a batch size that is not a known number: all rows, or a question.
Fact UnreadBatch(const TracedCall& call, const Value& v) {
  const bool loader = LastPart(call.path) == "DataLoader" && call.arguments.size() > 1;
  const bool given = loader || call.keywords.contains("batch_size");
  if (!given || v.IsKnown() || v.Is(ValueKind::kNone) || v.Is(ValueKind::kString)) return {};
  if (v.counts_rows && v.base != 0) return UnreadNumber(Value(), call.place);  // len(x) / 100
  if (v.counts_rows) return {"1000000", call.place, true, "as many as the data has rows"};
  return UnreadNumber(v, call.place);
}

// Of 60000 rows, len(x) / 100 is 600.
Fact SizeFact(const Value& v, CellPlace otherwise) {
  Fact fact = NumberFact(v, otherwise);
  if (v.counts_rows && v.base != 0) fact.text = NumberText(v.number);
  return fact;
}

// The event of the call that made the loader whose batches the training takes; 0 if none is known.
int TrainedLoader(const CodeTrace& trace) {
  int first = 0;
  for (const TracedLoop& loop : trace.loops) {
    if (loop.loader == 0 || !loop.trains) continue;
    const bool known = std::any_of(trace.calls.begin(), trace.calls.end(),
                                   [&](const auto& call) { return call.order == loop.loader; });
    if (known && trace.InMain(loop.order)) return loop.loader;
    if (known && first == 0) first = loop.loader;
  }
  return first;
}

// Whether another loader or fit than this one is that of the training.
bool IsAside(const TracedCall& call, int loader, const TracedCall* fit) {
  if (LastPart(call.path) == "DataLoader") return loader > 0 && call.order != loader;
  return fit != nullptr && IsKerasFit(call) && &call != fit;
}

// Other fits that may be meant as well, with batches of other sizes.
void DoubtOtherBatches(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* fit = FindKerasFit(trace);
  if (fit == nullptr || facts->batch_size.guessed) return;
  for (const TracedCall& call : trace.calls) {
    const bool apart = (trace.InMain(fit->order) && !trace.InMain(call.order)) ||
                       (fit->loops == 0 && call.loops > 0);
    if (&call == fit || apart || !IsKerasFit(call)) continue;
    const Fact other = GivenNumber(call, {"batch_size"}, {"32"});
    if (other.text == facts->batch_size.text || facts->batch_size.guessed) continue;
    facts->batch_size.guessed = true;
    facts->batch_size.why = "another fit has " + other.text;
  }
}

bool ReadLibraryBatch(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* best = nullptr;
  Value size;
  const TracedCall* fit = FindKerasFit(trace);
  const int loader = TrainedLoader(trace);
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    Value v;
    if (IsAside(call, loader, fit)) continue;
    if (name == "fit" || name == "flow") v = KeywordArgument(call, {"batch_size"});
    if (name == "fit" && !call.keywords.contains("batch_size")) v = FitArgument(call, 2);
    const bool dataset = Contains(call.path, "tensor_slices") || Contains(call.path, "tf.data");
    if (name == "batch" && dataset && !call.arguments.empty()) v = call.arguments[0];
    if (Contains(call.path, "skorch") && name.starts_with("NeuralNet")) {
      v = KeywordArgument(call, {"batch_size"});
      if (v.Is(ValueKind::kUnknown)) v = NumberValue(128);  // the library's default
    }
    if (name == "DataLoader") {
      v = KeywordArgument(call, {"batch_size"});
      if (!v.IsNumber() && call.arguments.size() > 1) v = call.arguments[1];
      const Value shuffled = KeywordArgument(call, {"shuffle"});
      if (shuffled.IsKnown() && shuffled.number != 0 && v.IsKnown()) {
        facts->order = {"dataloader", call.place, false, ""};
      }
      if (best == nullptr && v.IsKnown()) {
        facts->shuffle = {shuffled.IsKnown() && shuffled.number != 0 ? "true" : "false",
                          call.place};
        const Value dropped = KeywordArgument(call, {"drop_last"});
        if (dropped.IsKnown() && dropped.number != 0) {
          facts->train_keys.push_back({"drop_last", {"true", call.place, false, ""}});
        }
      }
    }
    // The rows to train on are shuffled, those to test on not.
    const Value mixed = KeywordArgument(call, {"shuffle"});
    const bool better = best != nullptr && LastPart(best->path) == "DataLoader" &&
                        name == "DataLoader" && mixed.IsKnown() && mixed.number != 0 &&
                        facts->shuffle.text == "false" && v.IsKnown();
    if (better) {
      best = &call;
      size = v;
      facts->shuffle = {"true", call.place};
    }
    if (best != nullptr) continue;
    const bool takes = name == "fit" || name == "flow" || name == "DataLoader";
    if (takes && !facts->batch_size.found()) facts->batch_size = UnreadBatch(call, v);
    if (facts->batch_size.found() || !v.IsKnown()) continue;
    best = &call;
    size = v;
  }
  if (best == nullptr && facts->batch_size.found()) return true;
  if (best == nullptr) {
    if (fit == nullptr) return false;
    facts->batch_size =
        GivenNumber(*fit, {"batch_size"}, {"32", fit->place, false, "the library's default"});
    return true;
  }
  facts->batch_size = SizeFact(size, best->place);
  return true;
}

// A loop over the rows of a batch, whose weights change at each.
bool LearnsRowByRow(const CodeTrace& trace, const TracedLoop& batches) {
  return std::any_of(trace.loops.begin(), trace.loops.end(), [&batches](const TracedLoop& loop) {
    const bool within = loop.depth > batches.depth && loop.order > batches.order;
    const bool rows = loop.over_rows || (loop.counted && loop.stop.counts_rows);
    return within && rows && loop.trains_layers && !(loop.step.number > 1);
  });
}

// Loops within the one over epochs.
bool ReadBatchLoop(const CodeTrace& trace, CodeFacts* facts) {
  // Those around updates, then those of a generator of batches.
  for (const bool trains : {true, false}) {
    for (const TracedLoop& loop : trace.loops) {
      if (loop.trains != trains || loop.depth == 0 || !loop.counted) continue;
      if (trains && loop.step.Is(ValueKind::kLibrary)) {
        facts->batch_size = GivenNumber(loop.step, loop.place, {});
        return true;
      }
      if (!loop.step.IsKnown() || loop.step.number <= 1) continue;
      facts->batch_size = NumberFact(loop.step, loop.place);
      if (LearnsRowByRow(trace, loop)) {
        facts->batch_size = {"1", loop.place, true, "a loop over single rows in each batch"};
      }
      return true;
    }
  }
  return false;
}

// np.array_split(order, 600) in a loop: so many batches, whose size the number of rows tells.
// `named`: those whose number has the name of a batch, np.split(X, batch), in a loop or not.
bool ReadSections(const CodeTrace& trace, bool named, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    if (name != "array_split" && name != "split") continue;
    if (call.arguments.size() < 2 || !call.arguments[1].IsNumber()) continue;
    if (named ? !IsBatchName(call.arguments[1].name) : call.loops == 0) continue;
    const Value& of = call.arguments[0];
    const Value& sections = call.arguments[1];
    const bool sized = of.Is(ValueKind::kArray) && !of.object->shape.empty();
    const Value rows = sized ? of.object->shape[0] : Value();
    if (rows.IsKnown() && sections.IsKnown() && sections.number >= 1) {
      facts->batch_size = {NumberText(std::ceil(rows.number / sections.number)), call.place};
    } else {
      facts->batch_size = {"\"?\"", call.place, true, "the rows in so many parts"};
    }
    return true;
  }
  return false;
}

// Whether the net's outputs are computed in each turn.
bool Computes(const CodeTrace& trace, const TracedLoop& loop) {
  return std::any_of(trace.layers.begin(), trace.layers.end(), [&](const TracedLayer& layer) {
    return layer.input < 0 && std::any_of(layer.uses.begin(), layer.uses.end(), [&](int use) {
             return use > loop.order && use < loop.end;
           });
  });
}

void ReadBatchSize(const CodeTrace& trace, CodeFacts* facts) {
  if (facts->batch_size.found() || ReadLibraryBatch(trace, facts)) return;
  if (ReadBatchLoop(trace, facts) || ReadSections(trace, true, facts)) return;
  if (const TracedSetting* s = FindSetting(trace, IsBatchName, true)) {
    facts->batch_size = NumberFact(s->value, s->place);
    return;
  }
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool next = name == "next_batch";
    if ((name != "choice" && name != "randint" && !next) || call.loops == 0) continue;
    Value size = KeywordArgument(call, {"size", "batch_size"});
    const size_t position = next ? 0 : name == "choice" ? 1 : 2;
    if (size.Is(ValueKind::kUnknown) && position < call.arguments.size())
      size = call.arguments[position];
    if (size.Is(ValueKind::kSequence) && size.object->items.size() == 1) {
      size = size.object->items[0];
    }
    if (size.IsKnown() && size.number >= 1) {
      facts->batch_size = NumberFact(size, call.place);
      return;
    }
  }
  if (ReadSections(trace, false, facts)) return;
  const TracedLoop* epochs = EpochLoop(trace);
  if (epochs == nullptr) return;
  // Where a layer changes only behind the loop over rows, that adds up their gradients.
  const bool layers = epochs->trains_layers;
  for (const TracedLoop& loop : trace.loops) {
    if (!(layers ? loop.trains_layers : loop.trains) || loop.depth <= epochs->depth ||
        loop.order < epochs->order)
      continue;
    const bool rows =
        loop.over_rows || (loop.counted && (loop.stop.invented || loop.stop.counts_rows));
    if (!rows) continue;
    facts->batch_size = {"1", loop.place, true, "a loop over single rows"};
    if (loop.stop.counts_rows && loop.stop.IsKnown())
      facts->rows = NumberFact(loop.stop, loop.place);
    return;
  }
  facts->batch_size = {"1000000", epochs->place, false, "all rows: no batches seen"};
  for (const TracedLoop& loop : trace.loops) {
    const bool within = loop.depth > epochs->depth && loop.order > epochs->order;
    const bool trains = layers ? loop.trains_layers : loop.trains;
    if (within && loop.order < epochs->end && trains && Computes(trace, loop)) {
      facts->batch_size = {"\"?\"", loop.place, true, "the loop over batches was not understood"};
    }
  }
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool number = name == "randint" || name == "randrange";
    const bool one = number && call.arguments.size() <= 2 && !call.keywords.contains("size");
    if (one && call.loops == epochs->depth + 1 && call.order > epochs->order &&
        call.order < epochs->end) {
      facts->batch_size = {"1", call.place, true, "one row is drawn, or all are taken"};
    }
  }
}

// for x, y in data.take(1000): as many batches.
void ReadTakenBatches(const CodeTrace& trace, CodeFacts* facts) {
  if (!facts->epochs.guessed || !facts->batch_size.found()) return;
  for (const TracedCall& call : trace.calls) {
    const bool taken = LastPart(call.path) == "take" && Contains(call.path, "tensor_slices");
    const bool all = taken && call.arguments.size() == 1 && call.arguments[0].IsKnown() &&
                     NumberText(call.arguments[0].number) == facts->epochs.text;
    if (!all) continue;
    facts->rows_per_epoch = {facts->batch_size.text, call.place, true,
                             "a batch, since it takes so many"};
    return;
  }
}

// fit(steps_per_epoch=100)
void ReadStepsPerEpoch(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* fit = FindKerasFit(trace);
  if (fit == nullptr || facts->rows_per_epoch.found()) return;
  const Value steps = KeywordArgument(*fit, {"steps_per_epoch"});
  const double batch = std::strtod(facts->batch_size.text.c_str(), nullptr);
  if (!steps.IsKnown() || steps.counts_rows || steps.number < 1 || batch < 1) return;
  facts->rows_per_epoch = {NumberText(steps.number * batch), fit->place, true,
                           "steps_per_epoch: " + NumberText(steps.number) + " batches"};
}

// Batches drawn anew in each turn of the only loop: its turns are epochs of one batch.
void ReadDrawnBatches(const CodeTrace& trace, CodeFacts* facts) {
  const TracedLoop* epochs = EpochLoop(trace);
  if (epochs == nullptr || !facts->batch_size.found() || facts->batch_size.guessed) return;
  if (facts->batch_size.text == "1000000") return;
  for (const TracedLoop& loop : trace.loops) {
    const bool inner = loop.depth > epochs->depth && loop.order > epochs->order && loop.trains;
    if (inner && (loop.over_rows || loop.counted)) return;
  }
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool draws =
        name == "choice" || name == "randint" || name == "sample" || name == "next_batch";
    if (!draws || call.loops != epochs->depth + 1 || call.order < epochs->order) continue;
    facts->rows_per_epoch = {facts->batch_size.text, call.place, false,
                             name == "next_batch"
                                 ? "a step takes one batch, so steps are epochs here"
                                 : "each step draws its rows anew, so steps are epochs here"};
    return;
  }
}

void ReadShuffle(const CodeTrace& trace, CodeFacts* facts) {
  if (facts->shuffle.found()) return;
  if (facts->batch_size.text == "1000000") {
    facts->shuffle = {"false", {}, false, ""};
    return;
  }
  const TracedCall* fit = FindKerasFit(trace);
  if (fit != nullptr || FindCall(trace, {"MLPClassifier", "MLPRegressor"}) != nullptr) {
    facts->shuffle = {"true", fit != nullptr ? fit->place : CellPlace{}, false, ""};
    return;
  }
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool shuffles = name == "shuffle" || name == "permutation" || name == "randperm" ||
                          name == "choice" || name == "sample" || name == "next_batch";
    const bool dataset = Contains(call.path, "tensor_slices") || Contains(call.path, "tf.data");
    if (!shuffles || (call.loops == 0 && !dataset)) continue;
    facts->shuffle = {"true", call.place, false, ""};
    return;
  }
  if (facts->batch_size.found()) facts->shuffle = {"false", {}, true, "no shuffle seen"};
}

}  // namespace

// Gradients of several batches that one step takes.
void DoubtCollected(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* sometimes = nullptr;
  for (const TracedCall& call : trace.calls) {
    const bool steps = LastPart(call.path) == "step" && !Contains(call.path, "scheduler");
    if (!steps || call.loops == 0) continue;
    if (!call.sometimes) return;
    sometimes = &call;
  }
  if (sometimes == nullptr || !facts->batch_size.found()) return;
  facts->batch_size.Guess("times the batches of a step: " + sometimes->place.ToString());
}

void ReadBatchFacts(const CodeTrace& trace, CodeFacts* facts) {
  ReadBatchSize(trace, facts);
  DoubtOtherBatches(trace, facts);
  DoubtCollected(trace, facts);
  ReadTakenBatches(trace, facts);
  ReadDrawnBatches(trace, facts);
  ReadStepsPerEpoch(trace, facts);
  ReadShuffle(trace, facts);
}

}  // namespace nabla

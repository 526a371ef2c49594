#include "framework/facts/trace_search.h"

#include <algorithm>
#include <cmath>

namespace nabla {

std::string LastPart(const std::string& path) {
  const size_t dot = path.rfind('.');
  return path.substr(dot == std::string::npos ? 0 : dot + 1);
}

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

double KnownSize(const Value& v) {
  const bool over_rows = v.counts_rows && v.base != 0;  // 0.1 / len(x)
  return std::abs(v.invented || over_rows ? v.base : v.number);
}

Fact NumberFact(const Value& v, CellPlace otherwise) {
  Fact fact{NumberText(KnownSize(v)), v.place.line > 0 ? v.place : otherwise, false, ""};
  AddDoubt(v.doubt, &fact);
  return fact;
}

void AddDoubt(const Doubt* doubt, Fact* fact) {
  if (doubt != nullptr && doubt->why != nullptr) fact->Guess(doubt->why);
}

const TracedCall* FindCall(const CodeTrace& trace, std::initializer_list<const char*> endings) {
  for (const TracedCall& call : trace.calls) {
    for (const char* ending : endings) {
      if (call.path.ends_with(ending)) return &call;
    }
  }
  return nullptr;
}

Value KeywordArgument(const TracedCall& call, std::initializer_list<const char*> keywords) {
  for (const char* keyword : keywords) {
    const auto found = call.keywords.find(keyword);
    if (found != call.keywords.end()) return found->second;
  }
  return {};
}

Fact UnreadNumber(const Value& v, CellPlace otherwise) {
  const bool named = v.Is(ValueKind::kLibrary) && !v.name.empty();
  return {"\"?\"", v.place.line > 0 ? v.place : otherwise, true,
          named ? v.name + " is not said in the notebook" : "the program computes it"};
}

Fact GivenNumber(const Value& v, CellPlace otherwise, const Fact& absent) {
  if (v.IsNumber()) return NumberFact(v, otherwise);
  return v.Is(ValueKind::kLibrary) ? UnreadNumber(v, otherwise) : absent;
}

Fact GivenNumber(const TracedCall& call, std::initializer_list<const char*> keywords,
                 const Fact& absent) {
  const Value v = KeywordArgument(call, keywords);
  const bool given = std::any_of(keywords.begin(), keywords.end(), [&](const char* keyword) {
    return call.keywords.contains(keyword);
  });
  // None and "auto" stand for the default.
  const bool unread = v.Is(ValueKind::kUnknown) || v.Is(ValueKind::kArray);
  return given && unread ? UnreadNumber(v, call.place) : GivenNumber(v, call.place, absent);
}

namespace {

// The one in the main training, else the first.
template <typename F>
const TracedCall* Chosen(const CodeTrace& trace, F is) {
  const TracedCall* chosen = nullptr;
  for (const TracedCall& call : trace.calls) {
    if (!is(call)) continue;
    if (trace.InMain(call.order)) return &call;
    if (chosen == nullptr) chosen = &call;
  }
  return chosen;
}

bool Trains(const CodeTrace& trace, int from, int to) {
  const auto within = [&](const auto& event) { return event.order > from && event.order <= to; };
  const auto call = [&](const TracedCall& c) {
    static constexpr const char* kTrains[] = {"fit", "train", "SGD", "step", "learn"};
    const std::string name = LastPart(c.path);
    return within(c) && std::any_of(std::begin(kTrains), std::end(kTrains),
                                    [&](const char* each) { return name == each; });
  };
  return std::any_of(trace.updates.begin(), trace.updates.end(), within) ||
         std::any_of(trace.calls.begin(), trace.calls.end(), call) ||
         std::any_of(trace.loops.begin(), trace.loops.end(),
                     [&](const TracedLoop& loop) { return within(loop) && loop.counted; });
}

}  // namespace

bool IsKerasFit(const TracedCall& call) {
  const bool fit = call.path.ends_with("Sequential.fit") || call.path.ends_with("Model.fit");
  return fit && (Contains(call.path, "keras") || Contains(call.path, "tensorflow"));
}

const TracedCall* FindKerasFit(const CodeTrace& trace) { return Chosen(trace, IsKerasFit); }

const TracedCall* FindFit(const CodeTrace& trace) {
  return Chosen(trace, [](const TracedCall& call) {
    const bool fits = call.path.ends_with(".fit") || call.path.ends_with(".fit_generator");
    return fits && (IsKerasFit(call) || call.keywords.contains("epochs") ||
                    call.keywords.contains("nb_epoch"));
  });
}

std::vector<const TracedCall*> MainCallsFirst(const CodeTrace& trace) {
  std::vector<const TracedCall*> calls;
  for (const TracedCall& call : trace.calls) {
    if (trace.InMain(call.order)) calls.push_back(&call);
  }
  const auto first = static_cast<long>(calls.size());
  for (const TracedCall& call : trace.calls) {
    if (!trace.InMain(call.order)) calls.push_back(&call);
  }
  const auto before = std::find_if(calls.begin() + first, calls.end(),
                                   [&](const TracedCall* c) { return c->order > trace.main_end; });
  std::reverse(calls.begin() + first, before);
  return calls;
}

const TracedCall* FindPerceptron(const CodeTrace& trace) {
  const TracedCall* chosen = nullptr;
  for (const TracedCall& call : trace.calls) {
    if (!call.path.ends_with("MLPClassifier") && !call.path.ends_with("MLPRegressor")) continue;
    if (trace.InMain(call.order)) return &call;
    if (chosen == nullptr || call.loops == 0 || chosen->loops > 0) chosen = &call;
  }
  return chosen;
}

std::vector<const TracedCall*> OtherPerceptrons(const CodeTrace& trace, const TracedCall& chosen) {
  std::vector<const TracedCall*> others;
  for (const TracedCall& call : trace.calls) {
    const bool net = call.path.ends_with("MLPClassifier") || call.path.ends_with("MLPRegressor");
    const bool apart = (trace.InMain(chosen.order) && !trace.InMain(call.order)) ||
                       (chosen.loops == 0 && call.loops > 0);
    if (net && &call != &chosen && !apart) others.push_back(&call);
  }
  return others;
}

bool IsSearched(const CodeTrace& trace, const std::string& setting) {
  const auto tries = [&](const Value& v) {
    if (!v.Is(ValueKind::kDict)) return false;
    const auto& fields = v.object->fields;
    return std::any_of(fields.begin(), fields.end(),
                       [&](const auto& field) { return field.first.ends_with(setting); });
  };
  for (const TracedCall& call : trace.calls) {
    if (!LastPart(call.path).ends_with("SearchCV")) continue;
    Value grid = KeywordArgument(call, {"param_grid", "param_distributions"});
    if (grid.Is(ValueKind::kUnknown) && call.arguments.size() > 1) grid = call.arguments[1];
    const bool list = grid.Is(ValueKind::kSequence);
    const bool any =
        list && std::any_of(grid.object->items.begin(), grid.object->items.end(), tries);
    if (any || tries(grid) || (!list && !grid.Is(ValueKind::kDict))) return true;
  }
  return false;
}

Value FitArgument(const TracedCall& call, size_t position) {
  return IsKerasFit(call) && position < call.arguments.size() ? call.arguments[position] : Value();
}

const TracedSetting* FindSetting(const CodeTrace& trace, bool (*is_name)(const std::string&),
                                 bool whole) {
  const TracedSetting* best = nullptr;
  for (const TracedSetting& setting : trace.settings) {
    if (!is_name(setting.name) || !setting.value.IsKnown() || setting.value.number <= 0) continue;
    if (whole && setting.value.number != std::floor(setting.value.number)) continue;
    if (whole && setting.value.text == "True") continue;
    // "lr" says more than "a", "epochs" more than "t".
    const bool clear = setting.name.size() > 1;
    if (best == nullptr || clear || best->name.size() == 1) best = &setting;
  }
  return best;
}

std::optional<double> TurnsOf(const TracedLoop& loop) {
  if (!loop.stop.IsKnown()) return std::nullopt;
  const double start = loop.start.IsKnown() ? loop.start.number : 0;
  const double step = loop.step.IsKnown() && loop.step.number > 0 ? loop.step.number : 1;
  const double count = std::ceil((loop.stop.number - start) / step);
  return count >= 1 && count <= 1e9 ? std::optional(count) : std::nullopt;
}

// A loop whose weights change where the program does not show it.
const TracedLoop* NamedLoop(const CodeTrace& trace) {
  for (const TracedLoop& loop : trace.loops) {
    const bool named = Contains(LowerCase(loop.variable), "epoch") || IsEpochsName(loop.stop.name);
    if (named && loop.counted && TurnsOf(loop)) return &loop;
  }
  return nullptr;
}

namespace {

bool IsEpochsLoop(const TracedLoop& loop) {
  const std::string variable = LowerCase(loop.variable);
  return Contains(variable, "epoch") || variable == "ep" || IsEpochsName(loop.stop.name);
}

}  // namespace

const TracedLoop* EpochLoop(const CodeTrace& trace) {
  const TracedLoop* best = nullptr;
  int most = -1;
  for (const TracedLoop& loop : trace.loops) {
    if (!loop.trains || !loop.counted || !TurnsOf(loop)) continue;
    const bool named = IsEpochsLoop(loop);
    const int score = (trace.InMain(loop.order) ? 1000 : 0) + (named ? 100 : 0) +
                      (loop.depth == 0 ? 10 : 0) + (loop.depth <= 1 ? 5 : 0);
    if (score <= most) continue;
    most = score;
    best = &loop;
  }
  // Within a loop over as many epochs as another module says, it is one over batches.
  for (const TracedLoop& loop : trace.loops) {
    const bool around = best != nullptr && loop.trains && loop.depth < best->depth &&
                        loop.order < best->order && loop.counted && !TurnsOf(loop);
    if (around && IsEpochsLoop(loop) && !IsEpochsLoop(*best)) return nullptr;
  }
  return best;
}

const TracedLoop* LoopAround(const CodeTrace& trace, int depth, int order) {
  const TracedLoop* best = nullptr;
  for (const TracedLoop& loop : trace.loops) {
    if (loop.depth < depth && loop.order < order && loop.counted && TurnsOf(loop) > 1) best = &loop;
  }
  return best;
}

void ChooseMainTraining(const MainTraining& chosen, CodeTrace* trace) {
  const int cell = chosen.cell;
  trace->trainings = chosen.trainings;
  const auto end = trace->cell_ends.find(cell);
  if (chosen.trainings == 0 || end == trace->cell_ends.end()) return;
  // What nothing called comes behind all cells, and may be of this one.
  const int last = trace->cell_ends.rbegin()->second, stop = end->second;
  const int begin = end == trace->cell_ends.begin() ? 0 : std::prev(end)->second;
  const bool trained = Trains(*trace, 0, stop);
  if (Trains(*trace, begin, stop)) {
    trace->main_begin = begin;
    trace->main_end = stop;
  }
  if (!trained) return;
  const auto later = [&](const auto& event) { return event.order > stop && event.order <= last; };
  std::erase_if(trace->settings, later);
  std::erase_if(trace->calls, later);
  std::erase_if(trace->loops, later);
  std::erase_if(trace->updates, later);
  const auto behind = [&](const auto& event) { return event.place.cell > cell; };
  std::erase_if(trace->decays, behind);
  std::erase_if(trace->changes, behind);
  std::erase_if(trace->falls, behind);
  std::erase_if(trace->penalties, behind);
}

}  // namespace nabla

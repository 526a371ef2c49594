#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "framework/facts/facts.h"
#include "framework/facts/library_optimizers.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// Settings that another perceptron, which may be meant as well, has otherwise.
void DoubtByOthers(const CodeTrace& trace, const TracedCall& call, CodeFacts* facts) {
  for (const TracedCall* other : OtherPerceptrons(trace, call)) {
    for (const auto& [fact, key, otherwise] :
         {std::tuple{&facts->rate, "learning_rate_init", "0.001"},
          std::tuple{&facts->epochs, "max_iter", "200"},
          std::tuple{&facts->batch_size, "batch_size", "200"}}) {
      const std::string text = GivenNumber(*other, {key}, {otherwise}).text;
      if (text == fact->text || fact->guessed) continue;
      *fact = {fact->text, fact->place, true, "another net has " + text};
    }
  }
}

bool ReadPerceptron(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* call = FindPerceptron(trace);
  if (call == nullptr) return false;
  facts->scores_squares = call->path.ends_with("MLPRegressor");
  const Value solver = KeywordArgument(*call, {"solver", "algorithm"});
  const std::string name = solver.Is(ValueKind::kString) ? solver.text : "adam";
  const bool known = name == "sgd" || name == "adam";
  facts->optimizer = {known ? name : "sgd", call->place, !known,
                      known ? "" : name + ", which nabla has not"};
  const auto usual = [&](const char* text) {
    return Fact{text, call->place, false, "the library's default"};
  };
  facts->rate = GivenNumber(*call, {"learning_rate_init"}, usual("0.001"));
  if (name == "lbfgs") facts->rate = {"\"?\"", call->place, true, name + " has none"};
  facts->epochs = GivenNumber(*call, {"max_iter"}, usual("200"));
  // Fitted on, an epoch at a time.
  const TracedLoop* loop = NamedLoop(trace);
  const bool single = facts->epochs.text == "1" || FindCall(trace, {".partial_fit"}) != nullptr;
  if (single && loop != nullptr) facts->epochs = {NumberText(*TurnsOf(*loop)), loop->place};
  const TracedCall* fit = FindCall(trace, {"MLPClassifier.fit", "MLPRegressor.fit"});
  const TracedLoop* around = fit != nullptr ? LoopAround(trace, fit->loops, fit->order) : nullptr;
  if (facts->epochs.text == "1" && around != nullptr) {
    facts->epochs = {NumberText(*TurnsOf(*around)), around->place, true, "an epoch at a time"};
  }
  facts->batch_size = GivenNumber(*call, {"batch_size"}, usual("200"));
  if (name == "sgd") {
    facts->optimizer_keys.push_back({"momentum", GivenNumber(*call, {"momentum"}, usual("0.9"))});
    const Value nesterov = KeywordArgument(*call, {"nesterovs_momentum"});
    const bool off = nesterov.IsKnown() && nesterov.number == 0;
    if (!off) facts->optimizer_keys.push_back({"nesterov", usual("true")});
  }
  for (const auto& [fact, key] :
       {std::pair{&facts->rate, "learning_rate_init"}, std::pair{&facts->epochs, "max_iter"},
        std::pair{&facts->batch_size, "batch_size"}, std::pair{&facts->optimizer, "solver"}}) {
    if (!IsSearched(trace, key)) continue;
    fact->guessed = true;
    fact->why = "several are tried";
  }
  DoubtByOthers(trace, *call, facts);
  facts->train_loss = {"rows", call->place, false, "as the library has it"};
  const Fact l2 = GivenNumber(*call, {"alpha"}, usual("0.0001"));
  if (l2.text != "0") {
    facts->penalties.push_back({{"l2", l2}, {"per_row", {"true", call->place, false, ""}}});
    Fact& weight = facts->penalties.back().front().fact;
    if (IsSearched(trace, "alpha")) weight = {l2.text, l2.place, true, "several are tried"};
  }
  const Value seed = KeywordArgument(*call, {"random_state"});
  if (seed.IsKnown()) facts->seed = NumberFact(seed, call->place);
  return true;
}

// The rate among the factors of an update: a name that says so, else the first that can be one.
const Value* RateAmong(const std::vector<Value>& factors) {
  for (bool (*says)(const std::string&) : {IsClearRateName, IsRateName}) {
    for (const Value& f : factors) {
      if (says(f.name) && KnownSize(f) > 0) return &f;
    }
  }
  for (const Value& f : factors) {
    const double known = KnownSize(f);
    const bool sized = f.invented || f.counts_rows;
    if (known > 0 && known != 1 && (!sized || f.base != 0)) return &f;
  }
  return nullptr;
}

// Whether a loop changes a rate.
void NoteChange(const CodeTrace& trace, const Value& rate, const std::string& name,
                CodeFacts* facts) {
  const bool falls = std::any_of(trace.changes.begin(), trace.changes.end(),
                                 [&](const TracedChange& change) { return change.name == name; });
  const bool computed =
      std::any_of(trace.changes.begin(), trace.changes.end(),
                  [](const TracedChange& change) { return change.name == kComputedRate; });
  if (!(rate.changes || falls || computed) || !trace.decays.empty()) return;
  facts->rate.guessed = true;
  facts->rate.why = "in the first epoch; it changes: see schedule";
}

// eta_b, lr2 and the like.
bool IsSomeRate(const std::string& name) {
  const std::string lower = LowerCase(name);
  return IsClearRateName(name) || lower.starts_with("lr") || lower.starts_with("eta") ||
         lower.starts_with("alpha") || lower.ends_with("_lr");
}

// Whether other parameters, such as biases, learn with a rate of their own.
void NoteOtherUpdates(const CodeTrace& trace, const TracedUpdate& chosen, const Value& rate,
                      CodeFacts* facts) {
  for (const TracedUpdate& update : trace.updates) {
    const Value* other = RateAmong(update.factors);
    const bool apart = trace.InMain(update.order) != trace.InMain(chosen.order);
    if (apart || other == nullptr || !IsSomeRate(other->name) || other->name == rate.name) continue;
    if (KnownSize(*other) == KnownSize(rate) || other->changes) continue;
    facts->rate.guessed = true;
    facts->rate.why = "other parameters learn with " + NumberText(KnownSize(*other));
    return;
  }
}

// The rate of an update that `takes` accepts.
bool ReadUpdates(const CodeTrace& trace, bool (*takes)(const TracedUpdate&, const Value& rate),
                 CodeFacts* facts) {
  for (const bool in_main : {true, false}) {
    for (const TracedUpdate& update : trace.updates) {
      const Value* rate = RateAmong(update.factors);
      if (trace.InMain(update.order) != in_main || rate == nullptr || !takes(update, *rate)) {
        continue;
      }
      facts->rate = NumberFact(*rate, update.place);
      NoteChange(trace, *rate, rate->name, facts);
      NoteOtherUpdates(trace, update, *rate, facts);
      return true;
    }
  }
  return false;
}

// net.train(X, y, 0.1, 1000) of a module that is not there: a fraction and a count. A second count
// is that of a batch: net.SGD(data, 30, 10, 3.0).
void ReadForeignTraining(const CodeTrace& trace, CodeFacts* facts) {
  static constexpr const char* kTrains[] = {
      "train",         "fit",       "SGD",         "sgd", "learn", "optimize", "gradient_descent",
      "fit_one_cycle", "fine_tune", "fit_flat_cos"};
  for (const TracedCall* each : MainCallsFirst(trace)) {
    const TracedCall& call = *each;
    const std::string name = LastPart(call.path);
    const bool trains = std::any_of(std::begin(kTrains), std::end(kTrains),
                                    [&](const char* verb) { return name == verb; });
    if (!trains || IsKerasFit(call)) continue;
    bool counted = false;
    for (const Value& v : call.arguments) {
      if (!v.IsKnown() || v.number <= 0) continue;
      Fact fact = NumberFact(v, call.place);
      fact.guessed = true;
      fact.why = "a number given to " + name;
      const bool whole = v.number == std::floor(v.number) && v.text.find('.') == std::string::npos;
      if (!whole && !facts->rate.found()) facts->rate = fact;
      if (!whole || v.number <= 1) continue;
      const bool named = FindSetting(trace, IsBatchName, true) != nullptr;
      if (counted && !named && !facts->batch_size.found()) facts->batch_size = fact;
      if (!facts->epochs.found()) facts->epochs = fact;
      counted = true;
    }
  }
}

bool ReadRateSetting(const CodeTrace& trace, bool (*is_name)(const std::string&),
                     CodeFacts* facts) {
  const TracedSetting* s = FindSetting(trace, is_name, false);
  if (s == nullptr) return false;
  facts->rate = NumberFact(s->value, s->place);
  NoteChange(trace, s->value, s->name, facts);
  return true;
}

// Updates of layers by a name whose value is not known leave the rate to a setting.
void DoubtUnread(const CodeTrace& trace, CodeFacts* facts) {
  bool unread = false;
  for (const TracedUpdate& update : trace.updates) {
    if (!update.of_layer) continue;
    if (RateAmong(update.factors) != nullptr) return;
    unread = unread || update.unread_factor;
  }
  if (unread && !facts->rate.guessed) facts->rate.Guess("by its name");
}

// Updates of layers, then names that mean nothing else, then what is but likely.
void ReadRate(const CodeTrace& trace, CodeFacts* facts) {
  if (facts->rate.found()) return;
  const auto of_layer = [](const TracedUpdate& u, const Value&) { return u.of_layer; };
  const auto by_name = [](const TracedUpdate&, const Value& r) { return IsRateName(r.name); };
  const auto named = [](const TracedUpdate&, const Value& r) { return r.name.size() > 1; };
  if (ReadUpdates(trace, of_layer, facts) || ReadUpdates(trace, by_name, facts) ||
      ReadRateSetting(trace, IsClearRateName, facts)) {
    DoubtUnread(trace, facts);
    return;
  }
  const auto any = [](const TracedUpdate&, const Value&) { return true; };
  if (ReadUpdates(trace, named, facts) || ReadRateSetting(trace, IsRateName, facts) ||
      ReadUpdates(trace, any, facts)) {
    facts->rate.guessed = true;
    if (facts->rate.why.empty()) facts->rate.why = "by its place or name";
    return;
  }
  const auto plain = std::find_if(trace.updates.begin(), trace.updates.end(),
                                  [](const TracedUpdate& u) { return u.of_layer; });
  if (plain != trace.updates.end() && !plain->unread_factor) {
    const bool none = plain->factors.empty();
    facts->rate = {"1", plain->place, !none,
                   none ? "the update has no factor" : "none of the update's factors says so"};
  }
}

// Other rates that the program sets, such as in cells that run once for each.
void ReadOtherRates(const CodeTrace& trace, CodeFacts* facts) {
  if (!facts->rate.found()) return;
  std::vector<std::string> others;
  for (const TracedSetting& s : trace.settings) {
    const std::string name = LowerCase(s.name);
    const bool clear = name == "lr" || Contains(name, "learning_rate");
    if (!clear || !s.value.IsKnown() || s.value.number <= 0 || others.size() >= 6) continue;
    const std::string number = NumberText(s.value.number);
    const bool told = std::find(others.begin(), others.end(), number) != others.end();
    if (number != facts->rate.text && !told) others.push_back(number);
  }
  if (!others.empty() && trace.trainings > 1 && trace.main_end > 0) {
    facts->rate.Guess("of the last training that printed many steps");
  }
  for (const std::string& other : others) {
    const bool first = &other == &others.front();
    facts->rate.why += (!first                    ? ", "
                        : facts->rate.why.empty() ? "elsewhere "
                                                  : "; elsewhere ") +
                       other;
  }
}

// Optimizers written by hand, by the names of what they need.
void ReadHandwrittenOptimizer(const CodeTrace& trace, CodeFacts* facts) {
  if (facts->optimizer.found()) return;
  const TracedSetting *beta1 = nullptr, *beta2 = nullptr, *momentum = nullptr;
  for (const TracedSetting& s : trace.settings) {
    if (!s.value.IsKnown() || s.value.number <= 0 || s.value.number >= 1) continue;
    const std::string name = LowerCase(s.name);
    if (name == "beta1" || name == "beta_1" || name == "b1") beta1 = &s;
    if (name == "beta2" || name == "beta_2" || name == "b2") beta2 = &s;
    if (Contains(name, "momentum") || (name == "mu" && s.value.number >= 0.5)) momentum = &s;
  }
  if (beta1 != nullptr && beta2 != nullptr) {
    facts->optimizer = {"adam", beta1->place, true, "two betas: adam?"};
    return;
  }
  const bool unseen = trace.updates.empty() && trace.layers.empty();
  facts->optimizer = {"sgd", {}, unseen, unseen ? "the program does not show it" : ""};
  if (momentum != nullptr) {
    Fact fact = NumberFact(momentum->value, momentum->place);
    fact.guessed = true;
    facts->optimizer_keys.push_back({"momentum", fact});
  }
}

// Other fits that may be meant as well, with other numbers of epochs.
void DoubtOtherFits(const CodeTrace& trace, const TracedCall& chosen, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    const Value epochs = KeywordArgument(call, {"epochs", "nb_epoch"});
    const bool apart = (trace.InMain(chosen.order) && !trace.InMain(call.order)) ||
                       (chosen.loops == 0 && call.loops > 0);
    if (&call == &chosen || apart || LastPart(call.path) != "fit" || !epochs.IsKnown()) continue;
    const std::string text = NumberText(epochs.number);
    if (facts->epochs.guessed || !facts->epochs.found() || text == facts->epochs.text) continue;
    facts->epochs.guessed = true;
    facts->epochs.why = "another fit has " + text;
  }
}

// A loop that a condition may end, or with a loop over epochs within.
void DoubtLoop(const CodeTrace& trace, const TracedLoop& loop, CodeFacts* facts) {
  facts->may_end = loop.may_end;
  for (const TracedLoop& inner : trace.loops) {
    const bool within =
        inner.order > loop.order && inner.order < loop.end && inner.depth > loop.depth;
    const std::optional<double> turns = TurnsOf(inner);
    const bool named = Contains(LowerCase(inner.variable), "epoch");
    if (!within || !inner.trains || !inner.counted || !named || turns.value_or(1) <= 1) continue;
    facts->epochs.guessed = true;
    facts->epochs.why = "times " + NumberText(*turns) + " of the loop within";
    return;
  }
}

void ReadEpochs(const CodeTrace& trace, CodeFacts* facts) {
  // train(epochs=1) in a loop.
  const auto one_by_one = [&](int depth, int order) {
    const TracedLoop* around = LoopAround(trace, depth, order);
    if (facts->epochs.text != "1" || around == nullptr) return;
    facts->epochs = {NumberText(*TurnsOf(*around)), around->place, true, "an epoch at a time"};
  };
  if (const TracedCall* fit = FindFit(trace)) {
    Value v = KeywordArgument(*fit, {"epochs", "nb_epoch"});
    if (!v.IsKnown()) v = FitArgument(*fit, 3);
    if (v.IsKnown()) facts->epochs = NumberFact(v, fit->place);
    const Value begun = KeywordArgument(*fit, {"initial_epoch"});
    if (v.IsKnown() && begun.IsKnown() && begun.number > 0 && begun.number < v.number) {
      facts->epochs = {NumberText(v.number - begun.number), fit->place, true,
                       "those from initial_epoch on"};
    }
    one_by_one(fit->loops, fit->order);
    DoubtOtherFits(trace, *fit, facts);
    if (IsKerasFit(*fit)) facts->train_loss = {"rows", fit->place, false, "as the library has it"};
  }
  if (facts->epochs.found()) return;
  const TracedLoop* loop = EpochLoop(trace);
  if (loop == nullptr) loop = NamedLoop(trace);
  if (loop != nullptr) {
    const CellPlace& stop = loop->stop.place;
    facts->epochs = {NumberText(*TurnsOf(*loop)), stop.line > 0 ? stop : loop->place, false, ""};
    AddDoubt(loop->stop.doubt, &facts->epochs);
    if (!loop->start.IsKnown() && !loop->start.Is(ValueKind::kUnknown)) {
      facts->epochs.guessed = true;
      facts->epochs.why = "where it begins is not known";
    }
    one_by_one(loop->depth, loop->order);
    DoubtLoop(trace, *loop, facts);
    return;
  }
  if (const TracedSetting* s = FindSetting(trace, IsEpochsName, true)) {
    facts->epochs = NumberFact(s->value, s->place);
    facts->epochs.guessed = Contains(LowerCase(s->name), "step");
    if (facts->epochs.guessed) facts->epochs.why = "steps; of batches?";
  }
}

// Cells whose loops change weights that a cell before has changed.
void ReadContinued(const CodeTrace& trace, CodeFacts* facts) {
  std::map<const Object*, int> first;
  for (const TracedUpdate& update : trace.updates) {
    if (!update.of_layer || update.weight == nullptr) continue;
    const int cell = update.place.cell;
    const int begun = first.try_emplace(update.weight, cell).first->second;
    if (cell > begun) facts->continued.insert(cell);
  }
}

}  // namespace

void ReadTrainingFacts(const CodeTrace& trace, CodeFacts* facts) {
  if (!ReadPerceptron(trace, facts)) ReadLibraryOptimizer(trace, facts);
  ReadRate(trace, facts);
  ReadOtherRates(trace, facts);
  ReadHandwrittenOptimizer(trace, facts);
  ReadEpochs(trace, facts);
  ReadForeignTraining(trace, facts);
  ReadBatchFacts(trace, facts);
  ReadContinued(trace, facts);
  if (facts->epochs.found()) {
    const double epochs = std::strtod(facts->epochs.text.c_str(), nullptr);
    if (epochs >= 1 && epochs <= 1e9) facts->epochs_number = static_cast<int64_t>(epochs);
  }
}

}  // namespace nabla

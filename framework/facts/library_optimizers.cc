#include "framework/facts/library_optimizers.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// nabla's name of a library's optimizer; "" if there is none.
std::string OptimizerOf(const std::string& name) {
  static constexpr const char* kNames[] = {"sgd",      "adam",   "adamw", "adagrad", "rmsprop",
                                           "adadelta", "adamax", "nadam", "radam",   "lion"};
  for (const char* known : kNames) {
    if (LowerCase(name) == known) return known;
  }
  return "";
}

// Of TensorFlow 1's AdamOptimizer and the like; "" if it is none.
std::string OldOptimizerOf(const std::string& name) {
  constexpr std::string_view kEnd = "Optimizer";
  if (!name.ends_with(kEnd)) return "";
  const std::string kind = LowerCase(name.substr(0, name.size() - kEnd.size()));
  return kind == "gradientdescent" || kind == "momentum" ? "sgd" : OptimizerOf(kind);
}

double DefaultRate(const std::string& optimizer, bool keras) {
  if (optimizer == "sgd") return 0.01;
  if (optimizer == "adagrad") return keras ? 0.001 : 0.01;
  if ((optimizer == "adamax" || optimizer == "nadam") && !keras) return 0.002;
  if (optimizer == "lion" && !keras) return 0.0001;
  if (optimizer == "rmsprop" && !keras) return 0.01;
  return optimizer == "adadelta" && !keras ? 1 : 0.001;
}

void AddOptimizerKeys(const TracedCall& call, CodeFacts* facts) {
  const std::pair<const char*, std::vector<const char*>> kKeys[] = {
      {"momentum", {"momentum"}},
      {"weight_decay", {"weight_decay", "decay"}},
      {"alpha", {"alpha", "rho"}},
      {"eps", {"eps", "epsilon"}},
      {"nesterov", {"nesterov"}}};
  const bool second = LastPart(call.path) == "MomentumOptimizer" && call.arguments.size() > 1;
  if (second) {
    const Fact unread = UnreadNumber(call.arguments[1], call.place);
    facts->optimizer_keys.push_back(
        {"momentum", GivenNumber(call.arguments[1], call.place, unread)});
  }
  for (const auto& [key, names] : kKeys) {
    for (const char* name : names) {
      const Value v = KeywordArgument(call, {name});
      if (v.Is(ValueKind::kLibrary)) {
        facts->optimizer_keys.push_back({key, GivenNumber(v, call.place, {})});
        continue;
      }
      if (!v.IsKnown() || v.number == 0) continue;
      if (std::string(name) == "decay") {
        facts->inexpressible.push_back(
            {"decay = " + NumberText(v.number) + " of the rate", v.place});
      } else if (std::string(key) == "nesterov") {
        facts->optimizer_keys.push_back({key, {"true", v.place}});
      } else {
        facts->optimizer_keys.push_back({key, NumberFact(v, call.place)});
      }
    }
  }
}

// betas=(0.5, 0.999), or beta_1=0.5.
void AddBetas(const TracedCall& call, CodeFacts* facts) {
  Value pair = KeywordArgument(call, {"betas"});
  const bool torch = Contains(call.path, "torch.optim.");
  if (torch && call.arguments.size() > 2) pair = call.arguments[2];
  std::string betas[2] = {"0.9", "0.999"};
  bool given = pair.Is(ValueKind::kSequence) && pair.object->items.size() == 2;
  for (size_t i = 0; i < 2; ++i) {
    Value v = given ? pair.object->items[i] : KeywordArgument(call, {i == 0 ? "beta_1" : "beta_2"});
    if (v.IsKnown()) betas[i] = NumberText(v.number);
  }
  given = given || call.keywords.contains("beta_1") || call.keywords.contains("beta_2");
  if (!given || (betas[0] == "0.9" && betas[1] == "0.999")) return;
  facts->optimizer_keys.push_back(
      {"betas", {fmt::format("[{}, {}]", betas[0], betas[1]), call.place}});
}

// The rate where the program gives none. Keras has changed some of its own.
Fact UsualRate(const std::string& optimizer, bool keras, CellPlace place) {
  Fact fact{NumberText(DefaultRate(optimizer, keras)), place, false, "the library's default"};
  static constexpr std::pair<const char*, const char*> kOlder[] = {
      {"adagrad", "0.01"}, {"adadelta", "1"}, {"nadam", "0.002"}, {"adamax", "0.002"}};
  for (const auto& [name, older] : kOlder) {
    if (!keras || optimizer != name) continue;
    fact.guessed = true;
    fact.why += std::string("; ") + older + " in old versions";
  }
  return fact;
}

// torch.optim.SGD(..., lr=0.1), keras.optimizers.Adam(0.01), compile(optimizer='adam').
struct LibraryOptimizer {
  std::string name;  // "" if the call makes none
  Value rate;
  bool rated = false;  // the program gives a rate, known or not
  bool torch = false;
  std::string other;             // the library's name, if nabla has none
  const Doubt* doubt = nullptr;  // about all of it
};

// The rate of [{'params': ..., 'lr': 0.1}], where all groups have the same.
Value GroupRate(const TracedCall& call) {
  Value rate;
  if (call.arguments.empty() || !call.arguments[0].Is(ValueKind::kSequence)) return rate;
  for (const Value& group : call.arguments[0].object->items) {
    if (!group.Is(ValueKind::kDict) || !group.object->fields.contains("lr")) return {};
    const Value own = group.object->fields.at("lr");
    if (rate.IsNumber() && rate.number != own.number) return {};
    rate = own;
  }
  return rate;
}

// LBFGS, Rprop, Ftrl.
bool IsOtherOptimizer(const std::string& path, const std::string& name) {
  const bool type = !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && name != "Optimizer";
  return type && !Contains(path, "schedule") && !path.ends_with(kOwnClass) &&
         (path.starts_with("torch.optim.") || Contains(path, "keras.optimizers."));
}

LibraryOptimizer OptimizerBy(const TracedCall& call) {
  const bool keras = Contains(call.path, "keras") || Contains(call.path, "tensorflow");
  LibraryOptimizer made;
  made.torch = Contains(call.path, "optim.") && !keras;
  const std::string name = LastPart(call.path);
  if (made.torch || Contains(call.path, "optimizers.") || call.path.starts_with("optax.")) {
    made.name = OptimizerOf(name);
    if (made.name.empty() && IsOtherOptimizer(call.path, name)) {
      made.name = "sgd";
      made.other = name;
    }
    made.rate = KeywordArgument(call, {"lr", "learning_rate"});
    const size_t position = made.torch ? 1 : 0;
    const bool named = call.keywords.contains("lr") || call.keywords.contains("learning_rate");
    if (!named && position < call.arguments.size()) made.rate = call.arguments[position];
    made.rated = (named || position < call.arguments.size()) && !made.rate.Is(ValueKind::kNone);
    const Value group = GroupRate(call);
    if (made.torch && group.IsNumber()) made.rate = group;
  } else if (name == "compile") {
    Value given = KeywordArgument(call, {"optimizer"});
    if (given.Is(ValueKind::kUnknown) && !call.arguments.empty()) given = call.arguments[0];
    if (given.Is(ValueKind::kString)) made.name = OptimizerOf(given.text);
    made.doubt = given.doubt;
  } else if (const std::string old = OldOptimizerOf(name); !old.empty()) {
    made.name = old;
    made.rate =
        call.arguments.empty() ? KeywordArgument(call, {"learning_rate"}) : call.arguments[0];
    made.rated = !call.arguments.empty() || call.keywords.contains("learning_rate");
  }
  return made;
}

// Whether the program sets a rate later on, or makes another optimizer in the same cell.
void DoubtRate(const CodeTrace& trace, const TracedCall& best, int training, CodeFacts* facts) {
  const auto doubt = [&](const std::string& why) { facts->rate.Guess(why); };
  for (const TracedChange& change : trace.changes) {
    if (change.name == kSetAgain) doubt("set again in " + change.place.ToString());
  }
  const LibraryOptimizer made = OptimizerBy(best);
  const bool groups = !best.arguments.empty() && best.arguments[0].Is(ValueKind::kSequence);
  for (const Value& group : groups ? best.arguments[0].object->items : std::vector<Value>()) {
    const bool own = group.Is(ValueKind::kDict) && group.object->fields.contains("lr");
    const Value rate = own ? group.object->fields.at("lr") : Value();
    if (own && rate.number != made.rate.number)
      doubt("groups of parameters have rates of their own");
  }
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool assigned = Contains(call.path, "lr.assign") || Contains(call.path, "rate.assign");
    const bool set = name == "set_value" && !call.arguments.empty() &&
                     (call.arguments[0].name == "lr" || call.arguments[0].name == "learning_rate");
    if (set || assigned) doubt("set again in " + call.place.ToString());
    const LibraryOptimizer other = OptimizerBy(call);
    const bool beside = call.place.cell == best.place.cell && call.order < training;
    if (&call == &best || other.name.empty() || !beside) continue;
    if (other.rate.IsKnown() && made.rate.IsKnown() && other.rate.number != made.rate.number) {
      doubt("another optimizer has " + NumberText(other.rate.number));
    }
  }
}

}  // namespace

// The one that stands last before the training, since a notebook may show a single step before;
// else the first.
bool ReadLibraryOptimizer(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* fit = FindKerasFit(trace);
  const TracedLoop* loop = fit == nullptr ? EpochLoop(trace) : nullptr;
  const int training = fit != nullptr ? fit->order : loop != nullptr ? loop->order : 0;
  const TracedCall* best = nullptr;
  for (const TracedCall& call : trace.calls) {
    if (OptimizerBy(call).name.empty()) continue;
    const bool before = call.order < training;
    if (best == nullptr || before) best = &call;
  }
  if (best == nullptr) return false;
  const LibraryOptimizer made = OptimizerBy(*best);
  facts->optimizer = {made.name, best->place, false, ""};
  if (!made.other.empty()) {
    facts->optimizer.guessed = true;
    facts->optimizer.why = made.other + ", which nabla has not";
  }
  const Fact usual = made.rated ? UnreadNumber(made.rate, best->place)
                                : UsualRate(made.name, !made.torch, best->place);
  facts->rate = GivenNumber(made.rate, best->place, usual);
  DoubtRate(trace, *best, training, facts);
  // One of several that a loop compiles the net with.
  for (const TracedCall& call : trace.calls) {
    const bool compiles = LastPart(call.path) == "compile" && call.order > best->order;
    const Doubt* doubt = &call == best || compiles ? OptimizerBy(call).doubt : nullptr;
    AddDoubt(doubt, &facts->optimizer);
    AddDoubt(doubt, &facts->rate);
  }
  AddOptimizerKeys(*best, facts);
  if (made.name.starts_with("adam") || made.name.ends_with("adam")) AddBetas(*best, facts);
  return true;
}

}  // namespace nabla

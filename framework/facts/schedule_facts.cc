// What changes the rate, limits gradients or ends the training early, as libraries spell it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// A parameter of a scheduler, which nabla calls by the same name, and its place among the
// arguments; the optimizer stands first.
struct SchedulerParameter {
  const char* name;
  size_t position;
};

struct Scheduler {
  const char* torch;
  const char* name;  // nabla's
  std::vector<SchedulerParameter> parameters;
};

const Scheduler* SchedulerOf(const std::string& torch) {
  static const Scheduler kSchedulers[] = {
      {"StepLR", "step", {{"step_size", 1}, {"gamma", 2}}},
      {"MultiStepLR", "multi_step", {{"milestones", 1}, {"gamma", 2}}},
      {"ExponentialLR", "exponential", {{"gamma", 1}}},
      {"CosineAnnealingLR", "cosine", {{"T_max", 1}, {"eta_min", 2}}},
      {"CosineAnnealingWarmRestarts",
       "cosine_warm_restarts",
       {{"T_0", 1}, {"T_mult", 2}, {"eta_min", 3}}},
      {"OneCycleLR",
       "one_cycle",
       {{"max_lr", 1}, {"total_steps", 2}, {"pct_start", 5}, {"div_factor", 10}}},
      {"PolynomialLR", "polynomial", {{"total_iters", 1}, {"power", 2}}}};
  const auto* found = std::find_if(std::begin(kSchedulers), std::end(kSchedulers),
                                   [&](const Scheduler& s) { return torch == s.torch; });
  return found == std::end(kSchedulers) ? nullptr : found;
}

Value ArgumentOf(const TracedCall& call, const char* name, size_t position) {
  const Value named = KeywordArgument(call, {name});
  const bool given = call.keywords.contains(name) || position >= call.arguments.size();
  return given ? named : call.arguments[position];
}

// Of a number, or of a list of numbers; nothing where the argument is left out.
Fact ArgumentFact(const Value& v, CellPlace place) {
  if (!v.Is(ValueKind::kSequence)) return GivenNumber(v, place, {});
  std::string list;
  for (const Value& item : v.object->items) {
    if (!item.IsKnown()) return {"\"?\"", place, true, "the program computes the list"};
    list += (list.empty() ? "" : ", ") + NumberText(item.number);
  }
  return {"[" + list + "]", place, false, ""};
}

// Whether the scheduler's step stands in the loop over batches.
bool StepsInBatches(const CodeTrace& trace) {
  const TracedLoop* epochs = EpochLoop(trace);
  return std::any_of(trace.calls.begin(), trace.calls.end(), [&](const TracedCall& call) {
    return Contains(call.path, "lr_scheduler.") && LastPart(call.path) == "step" &&
           epochs != nullptr && call.loops > epochs->depth + 1;
  });
}

void DoubtRate(const std::string& why, CodeFacts* facts) {
  if (facts->rate.found()) facts->rate.Guess(why);
}

void AddScheduler(const CodeTrace& trace, const TracedCall& call, const Scheduler& scheduler,
                  CodeFacts* facts) {
  facts->schedule.push_back({"name", {scheduler.name, call.place, false, ""}});
  for (const SchedulerParameter& parameter : scheduler.parameters) {
    const Fact fact =
        ArgumentFact(ArgumentOf(call, parameter.name, parameter.position), call.place);
    if (fact.found()) facts->schedule.push_back({parameter.name, fact});
  }
  const bool cycle = std::string(scheduler.name) == "one_cycle";
  if (!cycle && !StepsInBatches(trace)) {
    facts->schedule.push_back({"per", {"epoch", call.place, false, ""}});
  }
}

// nabla's name for what Keras monitors. Without a name it is the loss of the rows held out.
std::string MonitoredBy(const TracedCall& call) {
  const Value monitor = KeywordArgument(call, {"monitor"});
  const std::string name = monitor.Is(ValueKind::kString) ? monitor.text : "val_loss";
  const std::string split = name.starts_with("val_") ? "test_" : "train_";
  return split + (Contains(name, "acc") ? "accuracy" : "loss");
}

// ReduceLROnPlateau of either library: Keras counts changes, not fractions.
void AddPlateau(const TracedCall& call, bool torch, CodeFacts* facts) {
  std::vector<NamedFact>& plateau = facts->reduce_on_plateau;
  if (torch) {
    const Value mode = ArgumentOf(call, "mode", 1);
    const bool up = mode.Is(ValueKind::kString) && mode.text == "max";
    plateau.push_back({"metric",
                       {up ? "test_accuracy" : "test_loss", call.place, true,
                        "what its step gets; or that of the training rows"}});
  } else {
    plateau.push_back({"metric", {MonitoredBy(call), call.place, false, ""}});
    plateau.push_back({"threshold_mode", {"abs", call.place, false, "as in Keras"}});
  }
  const std::pair<const char*, const char*> kKeys[] = {
      {"factor", "factor"},       {"patience", "patience"}, {"threshold", "threshold"},
      {"threshold", "min_delta"}, {"cooldown", "cooldown"}, {"min_lr", "min_lr"}};
  for (const auto& [key, name] : kKeys) {
    const Fact fact = ArgumentFact(KeywordArgument(call, {name}), call.place);
    if (fact.found()) plateau.push_back({key, fact});
  }
}

// keras.optimizers.schedules.X(initial_learning_rate, ...): its times are steps.
bool AddKerasSchedule(const TracedCall& call, CodeFacts* facts) {
  const std::string name = LastPart(call.path);
  if (name != "ExponentialDecay" && name != "CosineDecay") return false;
  const Value first = ArgumentOf(call, "initial_learning_rate", 0);
  const Value steps = ArgumentOf(call, "decay_steps", 1);
  const Value third = ArgumentOf(call, name == "CosineDecay" ? "alpha" : "decay_rate", 2);
  if (!first.IsKnown() || !steps.IsKnown() || steps.number < 1) return false;
  std::vector<NamedFact> keys;
  const auto number = [&](double n, const char* why) {
    return Fact{NumberText(n), call.place, false, why};
  };
  if (name == "CosineDecay") {
    keys = {{"name", {"cosine", call.place}}, {"T_max", number(steps.number, "in steps")}};
    if (third.IsKnown() && third.number > 0) {
      keys.push_back({"eta_min", number(third.number * first.number, "alpha times the rate")});
    }
  } else {
    const Value stairs = ArgumentOf(call, "staircase", 3);
    if (!third.IsKnown() || third.number <= 0) return false;
    if (stairs.IsKnown() && stairs.number != 0) {
      keys = {{"name", {"step", call.place}},
              {"step_size", number(steps.number, "in steps")},
              {"gamma", number(third.number, "")}};
    } else {
      keys = {{"name", {"exponential", call.place}},
              {"gamma",
               number(std::pow(third.number, 1 / steps.number), "decay_rate ^ (1 / decay_steps)")}};
    }
  }
  facts->schedule = std::move(keys);
  facts->rate = NumberFact(first, call.place);
  return true;
}

// TensorFlow 1's exponential_decay(0.1, ...) and optax's schedules, which give the rate.
bool AddOldSchedule(const TracedCall& call, CodeFacts* facts) {
  const std::string name = LastPart(call.path);
  const bool decays = name.ends_with("_decay") || name.ends_with("_schedule");
  const bool library = call.path.starts_with("tensorflow.") || call.path.starts_with("tf.") ||
                       call.path.starts_with("optax.");
  if (!decays || !library) return false;
  Value first = KeywordArgument(call, {"learning_rate", "init_value"});
  if (!first.IsKnown() && !call.arguments.empty()) first = call.arguments[0];
  const bool unread = !facts->rate.found() || facts->rate.text == "\"?\"";
  if (unread && first.IsKnown()) facts->rate = NumberFact(first, call.place);
  DoubtRate(name + " changes it", facts);
  facts->inexpressible.push_back({name + ": the rate changes", call.place});
  return true;
}

// A loop is traced twice, and so are its calls.
void AddTrainKey(const char* key, const Fact& fact, CodeFacts* facts) {
  const bool known = std::ranges::any_of(facts->train_keys,
                                         [&](const NamedFact& each) { return each.key == key; });
  if (fact.found() && !known) facts->train_keys.push_back({key, fact});
}

// PyTorch's clip_grad_norm_(parameters, max_norm), Keras' clipvalue.
void ReadClipping(const TracedCall& call, CodeFacts* facts) {
  const std::string name = LastPart(call.path);
  if (name == "clip_grad_norm_" || name == "clip_grad_norm") {
    AddTrainKey("clip_norm", ArgumentFact(ArgumentOf(call, "max_norm", 1), call.place), facts);
  } else if (name == "clip_grad_value_") {
    AddTrainKey("clip_value", ArgumentFact(ArgumentOf(call, "clip_value", 1), call.place), facts);
  } else if (call.keywords.contains("clipvalue")) {
    AddTrainKey("clip_value", ArgumentFact(KeywordArgument(call, {"clipvalue"}), call.place),
                facts);
  } else if (call.keywords.contains("global_clipnorm")) {
    AddTrainKey("clip_norm", ArgumentFact(KeywordArgument(call, {"global_clipnorm"}), call.place),
                facts);
  } else if (call.keywords.contains("clipnorm")) {
    facts->inexpressible.push_back({"clipnorm: a limit for each parameter by itself", call.place});
  }
}

void ReadEarlyStopping(const TracedCall& call, CodeFacts* facts) {
  const Value patience = KeywordArgument(call, {"patience"});
  facts->inexpressible.push_back(
      {fmt::format("EarlyStopping of {}{}: in a file, early_stop, which may end before the epochs "
                   "that are printed",
                   MonitoredBy(call),
                   patience.IsKnown() ? ", patience " + NumberText(patience.number) : ""),
       call.place});
}

// What scikit-learn's MLP does beyond a constant rate.
void ReadPerceptronExtras(const TracedCall& call, CodeFacts* facts) {
  const Value schedule = KeywordArgument(call, {"learning_rate"});
  if (schedule.Is(ValueKind::kString) && schedule.text != "constant") {
    facts->inexpressible.push_back(
        {"learning_rate = " + schedule.text + ": the rate falls", call.place});
  }
}

bool IsOtherScheduler(const std::string& path, const std::string& name) {
  const bool torch = Contains(path, "lr_scheduler.") && name.size() > 2 && name.ends_with("LR");
  return torch || name == "LearningRateScheduler" ||
         (Contains(path, "schedules.") && name.ends_with("Decay"));
}

// 0.1 if epoch < 10 else 0.01, of the loop over epochs.
void ReadFall(const CodeTrace& trace, CodeFacts* facts) {
  const TracedLoop* loop = EpochLoop(trace);
  for (const TracedFall& fall : trace.falls) {
    const bool rate = facts->rate.text == NumberText(fall.before) && fall.before > 0;
    if (!rate || loop == nullptr || fall.variable != loop->variable) continue;
    facts->rate.guessed = false;
    facts->rate.why = "at first";
    const auto add = [&](const char* key, const std::string& text) {
      facts->schedule.push_back({key, {text, fall.place, false, ""}});
    };
    add("name", "multi_step");
    add("milestones", "[" + NumberText(fall.turns) + "]");
    add("gamma", fmt::format("{:.10g}", fall.after / fall.before));
    add("per", "epoch");
    return;
  }
}

// A rate over 1 + decay t, where t counts the turns of the loop over epochs or smaller steps.
void ReadDecay(const CodeTrace& trace, CodeFacts* facts) {
  if (trace.decays.empty()) {
    ReadFall(trace, facts);
    return;
  }
  const TracedDecay& decay = trace.decays.front();
  facts->schedule.push_back({"name", {"inverse_time", decay.place, false, ""}});
  facts->schedule.push_back({"decay", NumberFact(decay.decay, decay.place)});
  facts->schedule.push_back({"per", {"epoch", decay.place, true, "or step"}});
}

}  // namespace

void ReadScheduleFacts(const CodeTrace& trace, CodeFacts* facts) {
  ReadDecay(trace, facts);
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    ReadClipping(call, facts);
    if (name == "EarlyStopping") ReadEarlyStopping(call, facts);
    if (name == "MLPClassifier" || name == "MLPRegressor") ReadPerceptronExtras(call, facts);
    const bool torch = Contains(call.path, "lr_scheduler.");
    if (name == "ReduceLROnPlateau" && facts->reduce_on_plateau.empty()) {
      AddPlateau(call, torch, facts);
      continue;
    }
    const Scheduler* scheduler = torch ? SchedulerOf(name) : nullptr;
    if (facts->schedule.empty() && scheduler != nullptr) {
      AddScheduler(trace, call, *scheduler, facts);
    } else if (facts->schedule.empty() && AddKerasSchedule(call, facts)) {
      continue;
    } else if (AddOldSchedule(call, facts)) {
      continue;
    } else if (scheduler != nullptr || IsOtherScheduler(call.path, name)) {
      facts->inexpressible.push_back({name + ": the rate changes", call.place});
      if (scheduler == nullptr) DoubtRate(name + " changes it", facts);
    }
  }
}

}  // namespace nabla

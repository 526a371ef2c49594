#include "framework/facts/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

// The name in lower case without marks between its words.
std::string Folded(const std::string& name) {
  std::string folded;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return folded;
}

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

}  // namespace

bool IsClearRateName(const std::string& name) {
  static constexpr const char* kParts[] = {"learningrate", "learnrate", "stepsize",
                                           "lernrate",     "aprend",    "apprentissage"};
  const std::string f = Folded(name);
  // learning_rate_decay is none.
  for (const char* other : {"decay", "drop", "factor", "schedule"}) {
    if (f.find(other) != std::string::npos) return false;
  }
  return std::any_of(std::begin(kParts), std::end(kParts),
                     [&](const char* part) { return f.find(part) != std::string::npos; }) ||
         IsOneOf(f, {"lr", "eta", "rate", "lrate", "eta0", "baselr", "initlr", "lr0", "initiallr"});
}

bool IsRateName(const std::string& name) {
  const std::string f = Folded(name);
  return IsClearRateName(name) ||
         IsOneOf(f, {"alpha", "epsilon", "l", "mu", "learning", "step", "a", "lrt", "gamma",
                     "learninr", "tau", "learningr", "learnr", "lambda", "lam", "leraningrate",
                     "learningrateinit", "maxlr"});
}

bool IsEpochsName(const std::string& name) {
  const std::string f = Folded(name);
  if (f.find("per") != std::string::npos || f.find("batch") != std::string::npos) return false;
  return f.find("epoch") != std::string::npos || f.find("iter") != std::string::npos ||
         f.find("epoc") != std::string::npos ||
         IsOneOf(f, {"numpasses", "numsteps", "nsteps", "steps", "maxsteps", "trainingsteps",
                     "passes", "t", "rounds", "trainsteps", "numit", "nit"});
}

bool IsBatchName(const std::string& name) {
  const std::string f = Folded(name);
  return f.find("batchsize") != std::string::npos ||
         IsOneOf(
             f, {"bs", "batch", "minibatch", "nbatch", "batchsz", "sizebatch", "bsz", "sizeofbatch",
                 "samplesperbatch", "batchlen", "minibatchsize", "mbs", "mb", "mini"});
}

std::string NumberText(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15) {
    return fmt::format("{}", static_cast<int64_t>(number));
  }
  return fmt::format("{}", number);
}

std::vector<size_t> TrainedLayers(const CodeTrace& trace) {
  const std::vector<TracedLayer>& layers = trace.layers;
  std::vector<size_t> best;
  size_t most = 0;
  for (size_t leaf = 0; leaf < layers.size(); ++leaf) {
    const bool inner = std::any_of(layers.begin(), layers.end(), [&](const TracedLayer& layer) {
      return layer.input == static_cast<int>(leaf);
    });
    if (inner) continue;
    std::vector<size_t> chain;
    size_t updated = 0;
    for (int i = static_cast<int>(leaf); i >= 0 && chain.size() < 1000;
         i = layers[static_cast<size_t>(i)].input) {
      const TracedLayer& layer = layers[static_cast<size_t>(i)];
      chain.insert(chain.begin(), static_cast<size_t>(i));
      updated += layer.updated || !layer.library.empty() ? 1 : 0;
    }
    const bool in_main = std::any_of(chain.begin(), chain.end(), [&](size_t i) {
      return std::any_of(layers[i].uses.begin(), layers[i].uses.end(),
                         [&](int use) { return trace.InMain(use + 1); });
    });
    // Nets of the main training, then those whose weights change, then longer ones, then earlier
    // ones.
    const size_t score = (in_main ? 10000000 : 0) + updated * 1000 + chain.size();
    if (score <= most) continue;
    most = score;
    best = std::move(chain);
  }
  return best;
}

Fact NamedFunction(const CodeTrace& trace, std::string (*named)(std::string_view)) {
  for (const TracedFunction& f : trace.functions) {
    const std::string text = named(f.name);
    if (!text.empty()) return {text, f.place, true, "the program defines " + f.name};
  }
  return {};
}

CodeFacts ReadFacts(const CodeTrace& trace) {
  CodeFacts facts;
  ReadTrainingFacts(trace, &facts);
  ReadScheduleFacts(trace, &facts);
  ReadModelFacts(trace, &facts);
  ReadClassWeightFacts(trace, &facts);
  ReadDataFacts(trace, &facts);
  ReadValidationFacts(trace, &facts);
  ReadPenaltyFacts(trace, &facts);
  ReadSeedFacts(trace, &facts);
  ReadBesides(trace, &facts);
  return facts;
}

}  // namespace nabla

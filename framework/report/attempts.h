// What to type after an experiment's name to try something else.
#ifndef NABLA_FRAMEWORK_REPORT_ATTEMPTS_H_
#define NABLA_FRAMEWORK_REPORT_ATTEMPTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "framework/config/node.h"

namespace nabla {

// Whether units behind this activation can put out one value for all inputs.
bool IsActivationThatDies(std::string_view name);

// Overrides that fit a resolved configuration; "" where it has no such key.
class Attempts {
 public:
  // `config` must outlive it.
  explicit Attempts(const Node& config) : config_(config) {}

  // Whether train_loss is the mean cross entropy alone, so that a guess costs log C.
  bool HasPlainCrossEntropy() const;
  bool StopsEarly() const;
  // Whether a batch has so many rows or more.
  bool HasBatchesOf(double rows) const;
  // The part of the training rows that is put aside; 0: none, or another key says how many.
  double ValidationFraction() const;

  std::string SmallerRate() const;
  std::string LargerRate() const;
  // Smaller first outputs: by the first weights that are drawn without regard to the inputs, or
  // else by the inputs.
  std::string SmallerStart() const;
  // Of a model that ignores its inputs.
  std::string AwayFromConstant() const;
  std::string LivingActivation(const std::string& layer, const std::string& name) const;
  std::string BalancedClasses() const;
  std::string Restraint() const;
  std::string Epochs(int64_t epochs) const;
  std::string MoreEpochs(size_t trained) const;

 private:
  const Node* At(std::string_view path) const;
  std::optional<double> NumberAt(std::string_view path) const;
  bool Is(std::string_view path, std::string_view value) const;
  bool IsRaw() const;  // neither standardised nor brought to a range
  // The name of a plugin, with or without parameters.
  std::string NameAt(std::string_view path) const;
  // The path of the first layer's weight that `holds` for; "" if there is none.
  template <typename F>
  std::string FirstWeight(F holds) const;

  const Node& config_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_ATTEMPTS_H_

// What the targets of rows stand for.
#ifndef NABLA_FRAMEWORK_MODEL_TARGET_MEANING_H_
#define NABLA_FRAMEWORK_MODEL_TARGET_MEANING_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

struct TargetMeaning {
  std::vector<std::string> classes = {};  // the names of the classes (C), or empty: their numbers
  std::vector<std::string> values = {};   // the names of the target values, or empty
  bool labels = false;                    // each target value says whether its label holds: 0 or 1
  bool inputs = false;  // each target value is the input in its place: an autoencoder
  // Of each target value where they are standardised, otherwise empty: v = stored * std + mean.
  std::vector<double> mean = {};
  std::vector<double> std = {};

  // "setosa", or "0" where the classes are numbered.
  std::string ClassName(size_t c) const {
    return c < classes.size() ? classes[c] : std::to_string(c);
  }
  // Target value c in the units of the data set.
  double Raw(size_t c, double stored) const {
    return mean.empty() ? stored : stored * std[c] + mean[c];
  }
  bool operator==(const TargetMeaning&) const = default;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_TARGET_MEANING_H_

// In which settings the runs of a folder differ, found in their configurations: a sweep that goes
// on, one that has ended, and runs that somebody put side by side are all told apart in one way.
#ifndef NABLA_FRAMEWORK_SPEC_DIFFERING_SETTINGS_H_
#define NABLA_FRAMEWORK_SPEC_DIFFERING_SETTINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

struct DifferingSettings {
  // Paths as overrides name them, such as "optimizer.lr"; "name" if there are several experiments.
  std::vector<std::string> keys;
  // By run and key; nothing where a run has no such key.
  std::vector<std::vector<std::optional<std::string>>> values;
};

// The keys of which resolved configurations have several values, in their order.
//   - What a plugin's name decides is not listed beside the name: with sgd and adam the key is
//     "optimizer". If runs with one of the two differ in "optimizer.lr", that is another key where
//     both were tried with the same rates, or with many; else a part of the value: "adam lr=0.1".
//   - Of keys of one name that have the same value in each run, such as "model.0.weight" and
//     "model.2.weight", only the first is listed.
//   - Otherwise the value of a plugin is its name. Lists of scalars, and lists that are not equally
//     long, are one value, such as "[linear units=8, relu, linear units=3]".
//   - The seed, the fold and what says nothing of the training are left out.
DifferingSettings FindDifferingSettings(const std::vector<const Node*>& configs);

// "optimizer.lr=0.1, model.0.units=64"; a name without its key. Keys that the run does not have are
// left out.
std::string SettingsText(const std::vector<std::string>& keys,
                         const std::vector<std::optional<std::string>>& values);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_DIFFERING_SETTINGS_H_

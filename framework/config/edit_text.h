// Changing single values in the text of an experiment, so that its comments stay.
#ifndef NABLA_FRAMEWORK_CONFIG_EDIT_TEXT_H_
#define NABLA_FRAMEWORK_CONFIG_EDIT_TEXT_H_

#include <string>

#include "framework/config/node.h"

namespace nabla {

// A value on one line: {name: normal, std: 0.1}.
std::string InlineYaml(const Node& value);

// `text`, a YAML file, with the value that SetAtPath (override.h) would set, written on one line.
// Nothing else changes. Where that is not possible, since a value of several lines would be
// replaced, the text comes back as it is: compare it with the tree that was wanted. Throws
// InputError for a text that is not YAML.
std::string WithValueAt(const std::string& text, const std::string& path, const Node& value);

// Whether the file says what `tree` says, whatever the order of its keys. Throws InputError for a
// text that is not YAML.
bool SameYaml(const std::string& text, const Node& tree);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_EDIT_TEXT_H_

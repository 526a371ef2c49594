// A value in one line, for names and tables.
#ifndef NABLA_FRAMEWORK_CONFIG_SHORT_TEXT_H_
#define NABLA_FRAMEWORK_CONFIG_SHORT_TEXT_H_

#include <string>

#include "framework/config/node.h"

namespace nabla {

// "adam lr=0.1" for {name: adam, lr: 0.1}, "[linear units=8, relu]" for a list, "{patience: 3}" for
// any other map; scalars as YAML has them.
std::string ShortText(const Node& value);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_SHORT_TEXT_H_

// Options that are numbers.
#ifndef NABLA_EXPERIMENTS_NUMBER_OPTION_H_
#define NABLA_EXPERIMENTS_NUMBER_OPTION_H_

#include <CLI/CLI.hpp>
#include <cmath>
#include <string>

namespace nabla {

// Refuses what is not finite and above 0: CLI::PositiveNumber lets NaN pass.
inline CLI::Validator PositiveNumber() {
  return {[](std::string& text) {
            double number = 0;
            const bool good = CLI::detail::lexical_cast(text, number) && std::isfinite(number);
            return good && number > 0 ? "" : text + " is not a positive finite number";
          },
          "POSITIVE"};
}

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_NUMBER_OPTION_H_

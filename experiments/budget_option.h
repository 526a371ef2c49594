// The option --budget of commands that search: 90, 90s, 10m or 1h.
#ifndef NABLA_EXPERIMENTS_BUDGET_OPTION_H_
#define NABLA_EXPERIMENTS_BUDGET_OPTION_H_

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>

namespace nabla {

// Stores seconds.
inline void DeclareBudget(CLI::App& command, std::optional<double>* budget,
                          const std::string& text) {
  const std::map<std::string, double> units = {{"s", 1}, {"m", 60}, {"h", 3600}};
  command.add_option("--budget", *budget, text)
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_OPTIONAL))
      ->check(CLI::Range(0.0, 1e7));
}

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_BUDGET_OPTION_H_

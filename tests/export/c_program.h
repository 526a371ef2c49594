// Exported C headers in one program, compiled as strictly as C99 can be.
#ifndef NABLA_TESTS_EXPORT_C_PROGRAM_H_
#define NABLA_TESTS_EXPORT_C_PROGRAM_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/inference/model_file.h"
#include "framework/record/model_input.h"

namespace nabla {

// The words of a call of the compiler, up to its files.
inline constexpr const char* kGcc = "gcc -std=c99 -Wall -Wextra -pedantic -Werror -O1";
inline constexpr const char* kGxx = "g++ -std=c++17 -Wall -Wextra -pedantic -Werror -O1";

class CProgram {
 public:
  struct Net {
    std::string name;
    bool exact = false;                 // whether its header promises nabla's bits
    std::vector<double> expected;       // of all rows: what PredictOutputs gives
    std::vector<double> predicted;      // what the header gives
    std::vector<double> probabilities;  // likewise, if it has the function
  };

  template <typename T>
  void Add(const std::string& name, const Model<T>& model, RawRows rows);

  // Compiles and runs all that was added.
  const std::vector<Net>& Run();

 private:
  template <typename N>
  void AddRows(const std::string& prefix, const std::vector<N>& numbers, size_t width,
               const char* type, bool probabilities);

  std::vector<Net> nets_;
  std::string includes_;
  std::string code_;
  std::string folder_;
};

}  // namespace nabla

#endif  // NABLA_TESTS_EXPORT_C_PROGRAM_H_

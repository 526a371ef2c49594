// The file that a user names for what a command writes. Nothing is lost there: a file of another
// kind is never replaced.
#ifndef NABLA_EXPERIMENTS_OUTPUT_FILE_H_
#define NABLA_EXPERIMENTS_OUTPUT_FILE_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace nabla {

// The beginning of a file.
using FileHead = std::span<const uint8_t>;

struct OutputFile {
  std::string option;  // that names it, "--out"; "" for a command's own choice
  std::string path;    // as it is opened
  std::string what;    // that is written there: "a page"
  // Whether a file that begins so was written by nabla for the same purpose, so that it may be
  // replaced; nothing: a person goes on with such a file, and it is never replaced.
  std::function<bool(FileHead)> is_ours = nullptr;
};

// Call it before the work whose result is written. Throws InputError where something is at the path
// that must not be replaced.
void CheckOutputFile(const OutputFile& file);

// A page of any command.
bool IsPage(FileHead head);

// For options that name what is written: elsewhere "-" stands for the standard output, here it
// would be the name of a file.
CLI::Validator NoDash();

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_OUTPUT_FILE_H_

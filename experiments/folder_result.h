// What scripts get to know of a command whose result is a folder.
#ifndef NABLA_EXPERIMENTS_FOLDER_RESULT_H_
#define NABLA_EXPERIMENTS_FOLDER_RESULT_H_

#include <string>

#include "framework/training/run_options.h"

namespace nabla {

// `json`, an object, with "folder" as its first key.
std::string WithFolder(const std::string& folder, const std::string& json);

// Prints on standard output: with --json what a file of the folder holds, `json`, an object, and in
// it "folder"; with --quiet the folder's name; otherwise nothing, since people have been told. Of
// processes that were started together only the first one prints.
void PrintFolderResult(const std::string& folder, const std::string& json,
                       const RunOptions& options);

// The same, where the object stands in `file` of the folder.
void PrintFolderResultOf(const std::string& folder, const std::string& file,
                         const RunOptions& options);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_FOLDER_RESULT_H_

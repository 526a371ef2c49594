// What the folders of settings are called.
#ifndef NABLA_EXPERIMENTS_SETTING_FOLDERS_H_
#define NABLA_EXPERIMENTS_SETTING_FOLDERS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace nabla {

// A different folder for each label, which ends with "/"; "" for a label that is empty. Characters
// that are special to shells or file systems become "_".
std::vector<std::string> SettingFolders(const std::vector<std::string>& labels);

// "seed-3", or "seed-3-fold-0" if the seed has folds.
std::string SeedFolder(int64_t seed, bool has_folds, int64_t fold);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SETTING_FOLDERS_H_

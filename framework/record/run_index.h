// runs.db: an SQLite index of all runs in a folder, built from the run folders and updated whenever
// it is opened, so that it may be deleted at any time. A file of that name that nabla did not make
// is left alone.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_INDEX_H_
#define NABLA_FRAMEWORK_RECORD_RUN_INDEX_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/record/sqlite.h"

namespace nabla {

struct IndexedRun {
  std::string path;  // relative to the folder
  std::string name;
  std::string status;
  std::string dataset;
  std::string started;  // UTC
  int64_t seed = 0;
  int64_t epochs = 0;
  std::optional<double> train_loss;
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
  std::vector<std::pair<std::string, double>> metrics;  // all others of the last epoch, by name
  double seconds = 0;
  double samples_per_second = 0;
  std::string weights_hash;
};

struct RunQuery {
  // "name=mnist_3layer", "test_accuracy>0.9", "optimizer.lr=0.1": a key of summary.json or of the
  // config, one of = != < <= > >=, and a value. All must hold.
  std::vector<std::string> conditions;
  std::string sort = "started";  // such a key; largest first, or smallest with "-" before it
  size_t most = 0;               // 0 = all
};

class RunIndex {
 public:
  // Opens or creates `folder`/runs.db and updates it; rebuilds it if it is damaged, and in memory
  // if it cannot be written. Throws InputError if there is no such folder, or if runs.db is not an
  // index that nabla made.
  explicit RunIndex(const std::string& folder);
  ~RunIndex();

  // Throws InputError for an invalid condition or an unknown key.
  std::vector<IndexedRun> Find(const RunQuery& query) const;

  // For each run the values of these keys, NULL where it has none. Keys are those of conditions, or
  // "folder", the run's path. Throws InputError for an unknown key.
  std::vector<SqlRow> Values(const std::vector<IndexedRun>& runs,
                             const std::vector<std::string>& keys) const;

  // The keys of the config, but the name and the seed, of which the runs have several values.
  std::vector<std::string> DifferingKeys(const std::vector<IndexedRun>& runs) const;

 private:
  struct Database;

  bool Open(const std::string& file);
  void Update();

  const std::string folder_;
  std::unique_ptr<Database> database_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_INDEX_H_

#include "framework/experiment/run_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/config/flat.h"
#include "framework/experiment/run_folder.h"
#include "framework/experiment/sqlite.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Changes with the tables below: an index of another form is made anew.
constexpr int64_t kForm = 1;

constexpr const char* kColumns[] = {"path",
                                    "name",
                                    "status",
                                    "dataset",
                                    "started",
                                    "seed",
                                    "epochs",
                                    "train_loss",
                                    "test_accuracy",
                                    "seconds",
                                    "samples_per_second",
                                    "weights_hash"};

bool IsColumn(const std::string& key) {
  return std::find(std::begin(kColumns), std::end(kColumns), key) != std::end(kColumns);
}

SqlValue OrNull(const std::optional<double>& value) {
  return value ? SqlValue(*value) : SqlValue(std::monostate());
}

// A number where the text is one and nothing else, so that 0.1 and 1e-1 are the same.
SqlValue ValueOf(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return text;
}

struct Condition {
  std::string key;
  std::string comparison;
  SqlValue value;
};

Condition ParseCondition(const std::string& text) {
  const size_t at = text.find_first_of("=!<>");
  const size_t after = at == std::string::npos ? at : text.find_first_not_of("=!<>", at);
  const std::string comparison =
      at == std::string::npos ? "" : text.substr(at, std::min(after, text.size()) - at);
  const std::set<std::string> known = {"=", "!=", "<", "<=", ">", ">="};
  if (at == 0 || !known.contains(comparison)) {
    throw InputError(fmt::format(
        "\"{}\" is no condition: expected a key, one of = != < <= > >=, and a value", text));
  }
  return {text.substr(0, at), comparison,
          ValueOf(after == std::string::npos ? "" : text.substr(after))};
}

std::string Text(const SqlValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

double Number(const SqlValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ? 0 : *number;
}

std::optional<double> Maybe(const SqlValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  return Number(value);
}

// Changes whenever the run's summary is written anew.
int64_t Stamp(const fs::path& summary) {
  std::error_code error;
  return fs::last_write_time(summary, error).time_since_epoch().count();
}

}  // namespace

struct RunIndex::Database {
  explicit Database(const std::string& path) : sqlite(path) {
    const auto form = sqlite.Run("PRAGMA user_version");
    if (std::get<int64_t>(form[0][0]) == kForm) return;
    for (const char* table : {"runs", "config"}) {
      sqlite.Run(fmt::format("DROP TABLE IF EXISTS {}", table));
    }
    sqlite.Run(
        "CREATE TABLE runs (path TEXT PRIMARY KEY, stamp INTEGER, name, status, dataset, started,"
        " seed INTEGER, epochs INTEGER, train_loss REAL, test_accuracy REAL, seconds REAL,"
        " samples_per_second REAL, weights_hash)");
    sqlite.Run("CREATE TABLE config (path TEXT, key TEXT, value, PRIMARY KEY (path, key))");
    sqlite.Run(fmt::format("PRAGMA user_version = {}", kForm));
  }

  void Forget(const std::string& path) {
    sqlite.Run("DELETE FROM runs WHERE path = ?", {path});
    sqlite.Run("DELETE FROM config WHERE path = ?", {path});
  }

  // A folder that no run wrote, or that is damaged, is no run.
  void Add(const std::string& folder, const std::string& path, int64_t stamp) {
    try {
      const Summary s = ReadRun(folder).summary;
      const Node config = ParseYaml(ReadRunText(folder + "/config.yaml"), path);
      std::string started;
      if (fs::exists(folder + "/environment.json")) {
        for (const auto& [key, value] : ReadEnvironment(folder)) {
          if (key == "started") started = value;
        }
      }
      sqlite.Run("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {path, stamp, s.name, s.status, s.dataset, started, s.seed, s.epochs,
                  OrNull(s.train_loss), OrNull(s.test_accuracy), s.seconds, s.samples_per_second,
                  s.weights_hash});
      for (const auto& [key, value] : FlatScalars(config)) {
        sqlite.Run("INSERT INTO config VALUES (?, ?, ?)", {path, key, ValueOf(value)});
      }
    } catch (const InputError&) {
    }
  }

  Sqlite sqlite;
};

RunIndex::RunIndex(const std::string& folder) : folder_(folder) {
  if (!fs::is_directory(folder)) {
    throw InputError(std::vector<Problem>{{{folder}, "no such folder: no run was made here yet"}});
  }
  const std::string file = folder + "/runs.db";
  try {
    database_ = std::make_unique<Database>(file);
    Update();
  } catch (const RunError&) {
    // Whatever is wrong with it, everything in it can be had again.
    database_.reset();
    fs::remove(file);
    database_ = std::make_unique<Database>(file);
    Update();
  }
}

RunIndex::~RunIndex() = default;

void RunIndex::Update() {
  Sqlite& sqlite = database_->sqlite;
  std::map<std::string, int64_t> known;
  for (const SqlRow& row : sqlite.Run("SELECT path, stamp FROM runs")) {
    known[Text(row[0])] = std::get<int64_t>(row[1]);
  }
  sqlite.Run("BEGIN IMMEDIATE");
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.path().filename() != "summary.json") continue;
    const fs::path run = entry.path().parent_path();
    const std::string path = fs::relative(run, folder_).string();
    const int64_t stamp = Stamp(entry.path());
    const auto found = known.find(path);
    const bool fresh = found != known.end() && found->second == stamp;
    if (found != known.end()) known.erase(found);
    if (fresh) continue;
    database_->Forget(path);
    database_->Add(run.string(), path, stamp);
  }
  for (const auto& [path, stamp] : known) database_->Forget(path);
  sqlite.Run("COMMIT");
}

std::vector<IndexedRun> RunIndex::Find(const RunQuery& query) const {
  Sqlite& sqlite = database_->sqlite;
  std::vector<std::string> keys(std::begin(kColumns), std::end(kColumns));
  for (const SqlRow& row : sqlite.Run("SELECT DISTINCT key FROM config")) {
    keys.push_back(Text(row[0]));
  }
  const auto term = [&keys](const std::string& key, SqlRow* values) -> std::string {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      throw InputError(fmt::format("no run has a key \"{}\"{}", key, Suggest(key, keys)));
    }
    if (IsColumn(key)) return "runs." + key;
    values->push_back(key);
    return "(SELECT value FROM config WHERE config.path = runs.path AND key = ?)";
  };
  SqlRow values;
  std::string sql = fmt::format("SELECT {} FROM runs WHERE 1", fmt::join(kColumns, ", "));
  for (const std::string& text : query.conditions) {
    const Condition condition = ParseCondition(text);
    sql += fmt::format(" AND {} {} ?", term(condition.key, &values), condition.comparison);
    values.push_back(condition.value);
  }
  const bool smallest = query.sort.front() == '-';
  sql += fmt::format(" ORDER BY {} {}, path", term(query.sort.substr(smallest ? 1 : 0), &values),
                     smallest ? "ASC" : "DESC");
  if (query.most > 0) sql += fmt::format(" LIMIT {}", query.most);
  std::vector<IndexedRun> runs;
  for (const SqlRow& r : sqlite.Run(sql, values)) {
    runs.push_back({Text(r[0]), Text(r[1]), Text(r[2]), Text(r[3]), Text(r[4]),
                    static_cast<int64_t>(Number(r[5])), static_cast<int64_t>(Number(r[6])),
                    Maybe(r[7]), Maybe(r[8]), Number(r[9]), Number(r[10]), Text(r[11])});
  }
  return runs;
}

}  // namespace nabla

#include "framework/record/run_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/config/flat.h"
#include "framework/record/finished_run.h"
#include "framework/record/finite.h"
#include "framework/record/run_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Tells our files from those of other programs: "nbla" in the header of the database.
constexpr uint32_t kApplication = 0x6e626c61;

// Increase it when the tables below, or what stands in them, change: an index of another form is
// rebuilt.
constexpr int64_t kForm = 5;

constexpr const char* kTables[] = {
    "CREATE TABLE runs (path TEXT PRIMARY KEY, stamp INTEGER, name, status, dataset, started,"
    " seed INTEGER, epochs INTEGER, train_loss REAL, test_loss REAL, test_accuracy REAL,"
    " seconds REAL, samples_per_second REAL, weights_hash)",
    "CREATE TABLE config (path TEXT, key TEXT, value, PRIMARY KEY (path, key))",
    "CREATE TABLE metrics (path TEXT, key TEXT, value REAL, PRIMARY KEY (path, key))"};

constexpr const char* kColumns[] = {"path",        "name",          "status",  "dataset",
                                    "started",     "seed",          "epochs",  "train_loss",
                                    "test_loss",   "test_accuracy", "seconds", "samples_per_second",
                                    "weights_hash"};

bool IsColumn(const std::string& key) {
  return std::find(std::begin(kColumns), std::end(kColumns), key) != std::end(kColumns);
}

SqlValue OrNull(const std::optional<double>& value) {
  return FiniteOf(value) ? SqlValue(*value) : SqlValue(std::monostate());
}

// The columns that always hold text, even if it looks like a number: a hash may be all digits.
bool IsTextColumn(const std::string& key) {
  constexpr const char* kText[] = {"path",    "folder",  "name",        "status",
                                   "dataset", "started", "weights_hash"};
  return std::find(std::begin(kText), std::end(kText), key) != std::end(kText);
}

// A number if the whole text is one, so that 0.1 and 1e-1 are equal.
SqlValue ValueOf(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && std::isfinite(number)) return number;
  return text;
}

struct Condition {
  std::string key;
  std::string comparison;
  std::string text;

  SqlValue Value() const { return IsTextColumn(key) ? SqlValue(text) : ValueOf(text); }
  // The SQLite types that the value is compared with. SQLite orders every number before every text;
  // here a number and a text never match.
  const char* Type() const {
    return std::holds_alternative<std::string>(Value()) ? "'text'" : "'integer', 'real'";
  }
};

Condition ParseCondition(const std::string& text) {
  const size_t at = text.find_first_of("=!<>");
  const size_t after = at == std::string::npos ? at : text.find_first_not_of("=!<>", at);
  const std::string comparison =
      at == std::string::npos ? "" : text.substr(at, std::min(after, text.size()) - at);
  const std::set<std::string> known = {"=", "!=", "<", "<=", ">", ">="};
  if (at == 0 || !known.contains(comparison)) {
    throw InputError(fmt::format(
        "\"{}\" is not a condition: expected a key, one of = != < <= > >=, and a value; "
        "use --folder to list another folder than runs",
        text));
  }
  return {text.substr(0, at), comparison, after == std::string::npos ? "" : text.substr(after)};
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

// The nearest of all keys, then the keys that every run has.
std::string SuggestKey(const std::string& key, const std::vector<std::string>& keys) {
  const std::string near = Nearest(key, keys);
  return (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
         fmt::format("{} known: {}, and every key of config.yaml", near.empty() ? ";" : "",
                     fmt::join(kColumns, ", "));
}

// A run's metrics that are no columns, in their order.
std::vector<std::pair<std::string, double>> OtherMetrics(const std::string& path, Sqlite& sqlite) {
  std::vector<std::pair<std::string, double>> metrics;
  for (const SqlRow& row :
       sqlite.Run("SELECT key, value FROM metrics WHERE path = ? AND value NOT NULL ORDER BY rowid",
                  {path})) {
    metrics.emplace_back(Text(row[0]), Number(row[1]));
  }
  return metrics;
}

// The texts in the first column of what a statement finds.
std::vector<std::string> Texts(const std::string& sql, const SqlRow& values, Sqlite& sqlite) {
  std::vector<std::string> texts;
  for (const SqlRow& row : sqlite.Run(sql, values)) texts.push_back(Text(row[0]));
  return texts;
}

// What conditions, orders and columns may name.
class KnownKeys {
 public:
  explicit KnownKeys(Sqlite& sqlite)
      : metrics_(Texts("SELECT DISTINCT key FROM metrics", {}, sqlite)),
        all_(std::begin(kColumns), std::end(kColumns)) {
    const auto configs = Texts("SELECT DISTINCT key FROM config", {}, sqlite);
    all_.insert(all_.end(), metrics_.begin(), metrics_.end());
    all_.insert(all_.end(), configs.begin(), configs.end());
  }

  // The SQL of a key; appends the values of its ? parameters. Throws InputError.
  std::string Term(const std::string& key, SqlRow* values) const {
    if (key == "folder") return "runs.path";
    if (std::find(all_.begin(), all_.end(), key) == all_.end()) {
      throw InputError(fmt::format("no run has a key \"{}\"{}", key, SuggestKey(key, all_)));
    }
    if (IsColumn(key)) return "runs." + key;
    values->push_back(key);
    return fmt::format("(SELECT value FROM {0} WHERE {0}.path = runs.path AND key = ?)",
                       std::ranges::count(metrics_, key) > 0 ? "metrics" : "config");
  }

 private:
  const std::vector<std::string> metrics_;
  std::vector<std::string> all_;
};

// Throws InputError if runs have values of the key, but none of the condition's type.
void RequireType(const Condition& condition, const KnownKeys& keys, Sqlite& sqlite) {
  const auto count = [&](const std::string& which) {
    SqlRow values;
    const std::string sql = fmt::format("SELECT COUNT(*) FROM runs WHERE typeof({}) {}",
                                        keys.Term(condition.key, &values), which);
    return std::get<int64_t>(sqlite.Run(sql, values)[0][0]);
  };
  if (count("!= 'null'") == 0 || count(fmt::format("IN ({})", condition.Type())) > 0) return;
  const bool text = std::holds_alternative<std::string>(condition.Value());
  throw InputError(fmt::format("{} is {} in every run, but \"{}\" is {}", condition.key,
                               text ? "a number" : "text", condition.text,
                               text ? "not" : "a number"));
}

// Changes whenever the run's summary is rewritten.
int64_t Stamp(const fs::path& summary) {
  std::error_code error;
  return fs::last_write_time(summary, error).time_since_epoch().count();
}

// Whether the file is an index that nabla made, an empty one, or none at all. It is read without
// SQLite, which might change it. A database begins with "SQLite format 3" and a zero, and its
// application stands in bytes 68 to 71, big-endian (https://www.sqlite.org/fileformat2.html).
bool IsOurs(const std::string& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return !fs::is_symlink(file, error);
  if (!fs::is_regular_file(status)) return false;
  if (fs::file_size(file, error) == 0 && !error) return true;
  constexpr std::string_view kMagic("SQLite format 3", 16);
  constexpr size_t kAt = 68;
  char header[kAt + sizeof(uint32_t)] = {};
  std::ifstream(file, std::ios::binary).read(header, sizeof(header));
  uint32_t application = 0;
  for (size_t i = kAt; i < sizeof(header); ++i) {
    application = application << 8 | static_cast<uint8_t>(header[i]);
  }
  return std::string_view(header, kMagic.size()) == kMagic && application == kApplication;
}

}  // namespace

struct RunIndex::Database {
  static std::vector<SqlRow> Rows(std::span<const char* const> texts) {
    std::vector<SqlRow> rows;
    for (const char* text : texts) rows.push_back({SqlValue(text)});
    return rows;
  }

  // Throws RunError for a file that is damaged or of another form, and where it cannot be written.
  explicit Database(const std::string& path) : sqlite(path) {
    sqlite.Run("BEGIN IMMEDIATE");  // of processes that begin at once one makes the tables
    const auto tables = sqlite.Run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL");
    if (tables.empty()) {
      for (const char* table : kTables) sqlite.Run(table);
      sqlite.Run(fmt::format("PRAGMA application_id = {}", kApplication));
      sqlite.Run(fmt::format("PRAGMA user_version = {}", kForm));
    } else if (tables != Rows(kTables) ||
               sqlite.Run("PRAGMA user_version") != std::vector<SqlRow>{SqlRow{kForm}}) {
      throw RunError(path + ": an index of another form");
    }
    sqlite.Run("COMMIT");
  }

  void Forget(const std::string& path) {
    sqlite.Run("DELETE FROM runs WHERE path = ?", {path});
    sqlite.Run("DELETE FROM config WHERE path = ?", {path});
    sqlite.Run("DELETE FROM metrics WHERE path = ?", {path});
  }

  // Skips a folder that no run wrote, or that is damaged.
  void Add(const std::string& folder, const std::string& path, int64_t stamp) {
    try {
      const Summary s = ReadSummary(folder);
      const std::map<std::string, double> metrics(s.metrics.begin(), s.metrics.end());
      const auto metric = [&](const char* name) {
        const auto found = metrics.find(name);
        return OrNull(found == metrics.end() ? std::nullopt : std::optional(found->second));
      };
      const Node config = ParseYaml(ReadRunText(folder + "/config.yaml"), path);
      std::string started;
      if (fs::exists(folder + "/environment.json")) {
        for (const auto& [key, value] : ReadEnvironment(folder)) {
          if (key == "started") started = value;
        }
      }
      sqlite.Run("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {path, stamp, s.name, s.status, s.dataset, started, s.seed, s.epochs,
                  metric("train_loss"), metric("test_loss"), metric("test_accuracy"), s.seconds,
                  s.samples_per_second, s.weights_hash});
      for (const auto& [key, value] : FlatScalars(config)) {
        sqlite.Run("INSERT INTO config VALUES (?, ?, ?)", {path, key, ValueOf(value)});
      }
      for (const auto& [name, value] : s.metrics) {
        if (IsColumn(name)) continue;
        sqlite.Run("INSERT OR REPLACE INTO metrics VALUES (?, ?, ?)", {path, name, OrNull(value)});
      }
    } catch (const InputError&) {
    }
  }

  Sqlite sqlite;
};

RunIndex::RunIndex(const std::string& folder) : folder_(folder) {
  if (!fs::is_directory(folder)) {
    throw InputError(
        std::vector<Problem>{{{folder}, "no such folder: nothing has been run here yet"}});
  }
  const std::string file = folder + "/runs.db";
  if (!IsOurs(file)) {
    throw InputError(std::vector<Problem>{
        {{file},
         "not an index of runs that nabla made: move it away, or delete it if nobody needs "
         "it"}});
  }
  if (Open(file)) return;
  // Everything in our index can be rebuilt: in a new file, or in memory if the folder cannot be
  // written.
  std::error_code error;
  fs::remove(file, error);
  if (Open(file)) return;
  database_ = std::make_unique<Database>(":memory:");
  Update();
}

bool RunIndex::Open(const std::string& file) {
  try {
    database_ = std::make_unique<Database>(file);
    Update();
    return true;
  } catch (const RunError&) {
    database_.reset();
    return false;
  }
}

RunIndex::~RunIndex() = default;

void RunIndex::Update() {
  Sqlite& sqlite = database_->sqlite;
  std::map<std::string, int64_t> known;
  for (const SqlRow& row : sqlite.Run("SELECT path, stamp FROM runs")) {
    // As a double it would lose its last digits, and every run would look new.
    const auto* stamp = std::get_if<int64_t>(&row[1]);
    known[Text(row[0])] = stamp == nullptr ? 0 : *stamp;
  }
  sqlite.Run("BEGIN IMMEDIATE");
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(
           folder_, fs::directory_options::skip_permission_denied, error);
       it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->path().filename() != "summary.json") continue;
    const fs::path run = it->path().parent_path();
    const std::string path = fs::relative(run, folder_).string();
    const int64_t stamp = Stamp(it->path());
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
  const KnownKeys keys(sqlite);
  SqlRow values;
  std::string sql = fmt::format("SELECT {} FROM runs WHERE 1", fmt::join(kColumns, ", "));
  for (const std::string& text : query.conditions) {
    const Condition condition = ParseCondition(text);
    RequireType(condition, keys, sqlite);
    sql += fmt::format(" AND {} {} ?", keys.Term(condition.key, &values), condition.comparison);
    values.push_back(condition.Value());
    if (condition.comparison == "!=") continue;
    sql +=
        fmt::format(" AND typeof({}) IN ({})", keys.Term(condition.key, &values), condition.Type());
  }
  const bool smallest = query.sort.front() == '-';
  sql += fmt::format(" ORDER BY {} {} NULLS LAST, path",
                     keys.Term(query.sort.substr(smallest ? 1 : 0), &values),
                     smallest ? "ASC" : "DESC");
  if (query.most > 0) sql += fmt::format(" LIMIT {}", query.most);
  std::vector<IndexedRun> runs;
  for (const SqlRow& r : sqlite.Run(sql, values)) {
    const auto whole = [&](size_t i) { return static_cast<int64_t>(Number(r[i])); };
    runs.push_back({Text(r[0]), Text(r[1]), Text(r[2]), Text(r[3]), Text(r[4]), whole(5), whole(6),
                    Maybe(r[7]), Maybe(r[8]), Maybe(r[9]), OtherMetrics(Text(r[0]), sqlite),
                    Number(r[10]), Number(r[11]), Text(r[12])});
  }
  return runs;
}

std::vector<SqlRow> RunIndex::Values(const std::vector<IndexedRun>& runs,
                                     const std::vector<std::string>& wanted) const {
  const KnownKeys keys(database_->sqlite);
  SqlRow values;
  std::vector<std::string> terms;
  for (const std::string& key : wanted) terms.push_back(keys.Term(key, &values));
  const std::string sql = fmt::format("SELECT {} FROM runs WHERE path = ?", fmt::join(terms, ", "));
  std::vector<SqlRow> rows;
  for (const IndexedRun& run : runs) {
    SqlRow bound = values;
    bound.emplace_back(run.path);
    rows.push_back(database_->sqlite.Run(sql, bound).at(0));
  }
  return rows;
}

std::vector<std::string> RunIndex::DifferingKeys(const std::vector<IndexedRun>& runs) const {
  // A table, since a statement takes only so many values.
  Sqlite& sqlite = database_->sqlite;
  sqlite.Run("CREATE TEMP TABLE IF NOT EXISTS chosen (path PRIMARY KEY)", {});
  sqlite.Run("DELETE FROM chosen", {});
  for (const IndexedRun& run : runs) {
    sqlite.Run("INSERT OR IGNORE INTO chosen VALUES (?)", {run.path});
  }
  std::vector<std::string> keys = Texts(
      "SELECT key FROM config WHERE path IN (SELECT path FROM chosen) GROUP BY key "
      "HAVING COUNT(DISTINCT value) > 1",
      {}, sqlite);
  std::erase_if(keys, IsColumn);
  return keys;
}

}  // namespace nabla

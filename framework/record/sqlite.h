// The few calls of SQLite that nabla needs, with errors as exceptions.
#ifndef NABLA_FRAMEWORK_RECORD_SQLITE_H_
#define NABLA_FRAMEWORK_RECORD_SQLITE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

struct sqlite3;

namespace nabla {

using SqlValue = std::variant<std::monostate, int64_t, double, std::string>;  // monostate: NULL
using SqlRow = std::vector<SqlValue>;

class Sqlite {
 public:
  // Opens a database, or creates it. Throws RunError.
  explicit Sqlite(const std::string& path);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  // Runs one statement with its ?s bound to `values` and returns its rows. Throws RunError.
  std::vector<SqlRow> Run(const std::string& sql, const SqlRow& values = {});

 private:
  [[noreturn]] void Fail(const std::string& what) const;

  const std::string path_;
  sqlite3* database_ = nullptr;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_SQLITE_H_

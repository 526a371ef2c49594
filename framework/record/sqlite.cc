#include "framework/record/sqlite.h"

#include <sqlite3.h>

#include <memory>

#include "framework/base/error.h"

namespace nabla {
namespace {

// How long to wait while another process writes.
constexpr int kBusyMilliseconds = 5000;

void Bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

SqlValue Column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, index);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_NULL:
      return std::monostate();
    default:
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, index)),
                         static_cast<size_t>(sqlite3_column_bytes(statement, index)));
  }
}

}  // namespace

Sqlite::Sqlite(const std::string& path) : path_(path) {
  if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw RunError(path + ": " + why);
  }
  sqlite3_busy_timeout(database_, kBusyMilliseconds);
  // What a database of somebody else could do beside holding rows.
  sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

Sqlite::~Sqlite() { sqlite3_close(database_); }

std::vector<SqlRow> Sqlite::Run(const std::string& sql, const SqlRow& values) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) Fail(sql);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
  for (size_t i = 0; i < values.size(); ++i) Bind(raw, static_cast<int>(i) + 1, values[i]);
  std::vector<SqlRow> rows;
  int result = sqlite3_step(raw);
  for (; result == SQLITE_ROW; result = sqlite3_step(raw)) {
    SqlRow& row = rows.emplace_back();
    for (int c = 0; c < sqlite3_column_count(raw); ++c) row.push_back(Column(raw, c));
  }
  if (result != SQLITE_DONE) Fail(sql);
  return rows;
}

void Sqlite::Fail(const std::string& what) const {
  throw RunError(path_ + ": " + sqlite3_errmsg(database_) + " in " + what);
}

}  // namespace nabla

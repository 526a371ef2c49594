// Builds a C header statement by statement.
#ifndef NABLA_FRAMEWORK_EXPORT_C_BUILDER_H_
#define NABLA_FRAMEWORK_EXPORT_C_BUILDER_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/export/c_functions.h"
#include "framework/formats/named_tensor.h"

namespace nabla {

// The numbers of a row while it is computed: array[offset .. offset + size).
struct CRow {
  std::string array;
  size_t offset = 0;
  size_t size = 0;
  bool scratch = false;  // whether whoever reads it last may overwrite it

  // As a pointer, "s + 64", and as its element i, "s[64 + i]".
  std::string Pointer() const;
  std::string Element(const std::string& i = "i") const;
};

// Names begin with `name`_; numbers are double if `wide`, else float.
class CBuilder {
 public:
  CBuilder(std::string name, bool wide);

  const std::string& prefix() const { return prefix_; }
  const std::string& real() const { return real_; }
  bool wide() const { return wide_; }

  // A number rounded to the header's type.
  std::string Number(double value) const;
  // Adds a table of numbers and returns its name: of the header's type, all finite, or of double,
  // which may be infinite. Throws InputError for others, or if the tables become too large for a
  // compiler.
  std::string Table(const std::string& what, const std::vector<double>& numbers);
  std::string DoubleTable(const std::string& what, const std::vector<double>& numbers);
  std::string Table(const NamedTensor& tensor);
  // Adds a table of strings.
  void Names(const std::string& what, const std::vector<std::string>& names);

  // Adds the function, with what it needs, unless it is there; returns its name.
  std::string Function(std::string_view name);
  // `text` as a CFunction has it.
  void AddText(std::string_view text);

  // Room on the stack for a row; the same room may be taken again after Give. Throws InputError
  // if the stack becomes too large.
  CRow Take(size_t size);
  void Give(const CRow& row);
  // x itself if it may be overwritten, else room of the same size.
  CRow Over(const CRow& x) { return x.scratch ? x : Take(x.size); }

  // Adds a statement to the body.
  void Line(const std::string& statement);
  // for (i < row.size) row[i] = value;
  void Each(const CRow& row, const std::string& value);

  // What was built. The scratch of the body is not declared in it.
  const std::string& tables() const { return tables_; }
  const std::string& functions() const { return functions_; }
  const std::string& body() const { return body_; }
  size_t scratch() const { return scratch_; }
  size_t numbers() const { return numbers_; }
  bool rounded() const { return rounded_; }  // whether a function is not exact: see CFunction

 private:
  std::string AddTable(const std::string& what, const std::vector<double>& numbers, bool wide);

  const std::string prefix_;
  const bool wide_;
  const std::string real_;
  std::string tables_;
  std::string functions_;
  std::string body_;
  std::set<std::string, std::less<>> added_;  // functions
  std::map<size_t, size_t> taken_;            // sizes by offset
  size_t scratch_ = 0;
  size_t numbers_ = 0;  // of all tables
  bool rounded_ = false;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_BUILDER_H_

#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/connection.h"

namespace assay::store {

/// One statement for two databases. What they say differently is marked in the text:
///   @now          the database's clock, milliseconds since 1970
///   @lock         FOR UPDATE; nothing in SQLite, which has one writer
///   @skip_locked  FOR UPDATE SKIP LOCKED; nothing in SQLite. @skip_locked_tasks: of the table called t only
///   @change       what a write of counters leaves in changed_in
///   @settled      whatever is written from now on, or is being written, has at least this in changed_in
///   @newest       whatever can be seen has less than this in changed_in
///   @in_ids(N)    is one of the numbers in the array $N
///   @in_texts(N)  is one of the texts in the array $N
std::string expand(std::string_view marked, sql::Dialect dialect);

/// The expanded texts of literals, kept by their address.
class Statements {
 public:
  explicit Statements(sql::Dialect dialect) : dialect_(dialect) {}
  template <size_t size>
  std::string_view operator()(const char (&literal)[size]) const {
    return find(literal, {literal, size - 1});
  }

 private:
  std::string_view find(const char* address, std::string_view marked) const;

  sql::Dialect dialect_;
  mutable std::shared_mutex mutex_;
  mutable std::unordered_map<const char*, std::unique_ptr<std::string>> texts_;
};

template <std::integral Number>
  requires(!std::same_as<Number, bool>)
sql::Value value_of(Number number) {
  return static_cast<int64_t>(number);
}
inline sql::Value value_of(bool flag) { return flag; }
inline sql::Value value_of(double number) { return number; }
inline sql::Value value_of(std::string_view text) { return text; }
inline sql::Value value_of(const std::string& text) { return std::string_view(text); }
inline sql::Value value_of(const char* text) { return std::string_view(text); }
inline sql::Value value_of(sql::Blob bytes) { return bytes; }
inline sql::Value value_of(std::span<const int64_t> numbers) { return numbers; }
inline sql::Value value_of(const std::vector<int64_t>& numbers) { return std::span<const int64_t>(numbers); }
inline sql::Value value_of(std::span<const std::string_view> texts) { return texts; }
inline sql::Value value_of(const std::vector<std::string_view>& texts) {
  return std::span<const std::string_view>(texts);
}

/// The parameters must outlive the call, as with sql::Value.
template <typename... Parameters>
sql::Rows query(sql::Connection& connection, std::string_view sql, const Parameters&... parameters) {
  const std::array<sql::Value, sizeof...(Parameters)> values{value_of(parameters)...};
  return connection.query(sql, values);
}
template <typename... Parameters>
uint64_t execute(sql::Connection& connection, std::string_view sql, const Parameters&... parameters) {
  const std::array<sql::Value, sizeof...(Parameters)> values{value_of(parameters)...};
  return connection.execute(sql, values);
}

/// What `make` makes of each row: make(rows, index).
template <typename Make>
auto each_row(const sql::Rows& rows, const Make& make) {
  std::vector<decltype(make(rows, size_t{0}))> made;
  made.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) made.push_back(make(rows, i));
  return made;
}
/// The numbers of the first column.
inline std::vector<int64_t> numbers_of(const sql::Rows& rows) {
  return each_row(rows, [](const sql::Rows& all, size_t row) { return all.integer(row, 0); });
}

/// Parameters of many rows, for execute_many(). Texts must outlive the call.
class Batch {
 public:
  explicit Batch(size_t width) : width_(width) {}
  template <typename... Parameters>
  void add(const Parameters&... parameters) {
    (values_.push_back(value_of(parameters)), ...);
  }
  bool empty() const { return values_.empty(); }
  uint64_t run(sql::Connection& connection, std::string_view sql) const {
    return values_.empty() ? 0 : connection.execute_many(sql, width_, values_);
  }

 private:
  size_t width_;
  std::vector<sql::Value> values_;
};

}  // namespace assay::store

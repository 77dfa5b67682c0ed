#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>

#include "extract/ole/compound_file_maker.h"
#include "tests/support/samples.h"

namespace assay::tests {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

void execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(std::string("sqlite: ") + sqlite3_errmsg(database));
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string compound_file_of(const Files& streams) {
  extract::CompoundFileMaker maker;
  for (const auto& [name, content] : streams) maker.stream(name, content);
  return maker.bytes();
}

std::string sqlite_of(std::string_view table, const std::vector<std::string>& columns,
                      const std::vector<std::vector<std::string>>& rows) {
  sqlite3* opened = nullptr;
  if (sqlite3_open(":memory:", &opened) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
  const std::unique_ptr<sqlite3, CloseDatabase> database(opened);
  execute(opened, "PRAGMA page_size = 1024");
  execute(opened, fmt::format("CREATE TABLE {} ({})", table, fmt::join(columns, ", ")));
  execute(opened, "BEGIN");
  for (const auto& row : rows) {
    std::vector<std::string> values;
    for (const auto& value : row) values.push_back(quoted(value));
    execute(opened, fmt::format("INSERT INTO {} VALUES ({})", table, fmt::join(values, ", ")));
  }
  execute(opened, "COMMIT");
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(sqlite3_serialize(opened, "main", &size, 0),
                                                                      &sqlite3_free);
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<size_t>(size)};
}

}  // namespace assay::tests

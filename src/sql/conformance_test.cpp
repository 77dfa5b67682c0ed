#include "sql/conformance_test.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace assay::sql {

Conformance::Conformance() {
  std::string name = (std::filesystem::temp_directory_path() / "assay-sql-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  options_.url = "sqlite:" + folder_ + "/a.db";
  options_.durable = false;
  options_.busy_timeout_ms = 60'000;
  connection_ = connect(options_);
}

Conformance::~Conformance() {
  connection_.reset();
  std::filesystem::remove_all(folder_);
}

std::string Conformance::cell(std::string_view sql, std::span<const Value> parameters) {
  const Rows rows = connection_->query(sql, parameters);
  EXPECT_EQ(rows.size(), 1u) << sql;
  EXPECT_EQ(rows.columns(), 1u) << sql;
  return std::string(rows.text(0, 0));
}

int64_t Conformance::number(std::string_view sql, std::span<const Value> parameters) {
  return connection_->query(sql, parameters).integer(0, 0);
}

Error failure_in_transaction(Connection& connection, std::string_view sql, std::span<const Value> parameters) {
  return error_of([&] {
    Transaction transaction(connection);
    connection.execute(sql, parameters);
  });
}

}  // namespace assay::sql

#include "sql/conformance_test.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/support/postgres_server.h"

namespace assay::sql {

Conformance::Conformance() {
  if (is_sqlite()) {
    std::string name = (std::filesystem::temp_directory_path() / "assay-sql-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    place_ = name;
    options_.url = "sqlite:" + place_ + "/a.db";
  } else {
    place_ = test::PostgresServer::shared().create_database();
    options_.url = test::PostgresServer::shared().url(place_);
  }
  options_.durable = false;
  options_.busy_timeout_ms = 60'000;
  connection_ = connect(options_);
}

Conformance::~Conformance() {
  connection_.reset();
  if (is_sqlite()) std::filesystem::remove_all(place_);
  else test::PostgresServer::shared().drop_database(place_);
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

#include "tests/secrets/world.h"

namespace assay::tests {

SecretsWorld::SecretsWorld(sql::Dialect dialect, Server server) {
  if (dialect == sql::Dialect::sqlite) {
    url_ = "sqlite:" + tree_.path("store.db");
  } else {
    if (server == Server::own) own_ = std::make_unique<test::PostgresServer>();
    server_ = own_ ? own_.get() : &test::PostgresServer::shared();
    database_ = server_->create_database();
    url_ = server_->url(database_);
  }
  store::StoreOptions options;
  options.url = url_;
  store::Store::migrate(options);
}

SecretsWorld::~SecretsWorld() {
  if (server_ != nullptr) server_->drop_database(database_);
}

std::unique_ptr<store::Store> SecretsWorld::open() const {
  store::StoreOptions options;
  options.url = url_;
  return store::Store::open(options, false);
}

std::unique_ptr<sql::Connection> SecretsWorld::connect() const {
  sql::ConnectOptions options;
  options.url = url_;
  return sql::connect(options);
}

}  // namespace assay::tests

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "secure/key_ring.h"
#include "secure/locked_bytes.h"
#include "sql/connection.h"
#include "store/store.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {

/// A database with a schema, of either kind, as long as it lives.
class SecretsWorld {
 public:
  enum class Server { shared, own };
  /// `own`: a PostgreSQL that no other test has used.
  explicit SecretsWorld(sql::Dialect dialect, Server server = Server::shared);
  ~SecretsWorld();
  SecretsWorld(const SecretsWorld&) = delete;
  SecretsWorld& operator=(const SecretsWorld&) = delete;

  const std::string& url() const { return url_; }
  std::unique_ptr<store::Store> open() const;
  /// For looking at it.
  std::unique_ptr<sql::Connection> connect() const;
  const TemporaryTree& tree() const { return tree_; }
  const std::filesystem::path& server_folder() const { return server_->folder(); }

 private:
  TemporaryTree tree_;
  std::unique_ptr<test::PostgresServer> own_;
  test::PostgresServer* server_ = nullptr;
  std::string url_, database_;
};

inline secure::LockedBytes bytes_of(std::string_view text) { return secure::LockedBytes::copy_of(text); }

/// As quick as it gets.
inline secure::KeyDerivation quick() { return secure::new_derivation("argon2id-interactive"); }

}  // namespace assay::tests

#pragma once

#include <memory>
#include <string>

#include "tests/support/cluster.h"
#include "tests/support/postgres_server.h"
#include "tests/support/soundness.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {

/// A tree of small files, each with a finding or two, and rules that find them.
class ScannedTree {
 public:
  explicit ScannedTree(int files);
  int files() const { return files_; }
  std::string path() const { return folder_.path("tree"); }
  std::string template_file() const { return folder_.path("scan.yaml"); }
  /// As examiners name it: the i-th in the order of the walk.
  static std::string name_of(int i);

 private:
  int files_;
  TemporaryTree folder_;
};

/// A PostgreSQL of its own, a tree, and what a scan of it comes to when nothing disturbs it.
class World {
 public:
  /// The one that tests share which do no harm to the server.
  static World& shared();

  World(std::shared_ptr<const ScannedTree> tree, test::PostgresServer::Options options);

  test::PostgresServer& server() { return server_; }
  const ScannedTree& tree() const { return *tree_; }
  std::shared_ptr<const ScannedTree> share_tree() const { return tree_; }
  /// Found by an undisturbed run, the first time that it is asked for.
  const Expected& expected();
  void set_expected(const Expected& expected) { expected_ = expected; }

  /// Around a fresh database with the source and the template `scan`, and witnesses.
  std::unique_ptr<Cluster> cluster(const ClusterOptions& options = {});
  /// The same around a SQLite file in that folder.
  std::unique_ptr<Cluster> sqlite_cluster(const std::string& file, const ClusterOptions& options = {});
  /// The database of the URL that clusters of this world use, through another port.
  static std::string through_port(const test::PostgresServer& server, const Cluster& cluster, int port);

 private:
  std::filesystem::path new_folder();
  void prepare(const Cluster& cluster) const;

  std::shared_ptr<const ScannedTree> tree_;
  TemporaryTree logs_;
  test::PostgresServer server_;
  std::string prepared_database_;
  Expected expected_;
  int clusters_ = 0;
};

}  // namespace assay::tests

#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "core/fd.h"

namespace assay::tests {

/// Stands between clients and a PostgreSQL server on the loopback, and can lose what the server says of a COMMIT: the
/// transaction is committed, and the client sees its connection end.
class CommitCutter {
 public:
  explicit CommitCutter(int server_port);
  ~CommitCutter();
  CommitCutter(const CommitCutter&) = delete;
  CommitCutter& operator=(const CommitCutter&) = delete;

  int port() const { return port_; }
  /// From now on the answer to every n-th COMMIT is lost; 0: none is.
  void lose_every(int n) { every_ = n; }
  /// From now on the client's connection ends as soon as every n-th COMMIT is on its way to the server, which may be
  /// at it for a while yet; 0: none does.
  void leave_every(int n) { leave_every_ = n; }
  int lost() const { return lost_; }

 private:
  void accept_clients(const std::stop_token& stop);
  void serve(const core::Fd& client, const core::Fd& server, const std::stop_token& stop);
  /// Passes on what there is; false when the connection is over.
  bool pass_answers(const core::Fd& server, const core::Fd& client, std::string& tail);
  bool pass_questions(const core::Fd& client, const core::Fd& server);

  int server_port_;
  int port_ = 0;
  core::Fd listener_;
  std::atomic<int> every_{0}, leave_every_{0}, commits_{0}, lost_{0};
  std::mutex mutex_;
  std::list<std::jthread> connections_;
  std::jthread acceptor_;
};

}  // namespace assay::tests

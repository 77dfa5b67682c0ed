#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/fd.h"

namespace assay::test {

/// A line to a server on a loopback port that can be cut at a chosen moment.
class TcpRelay {
 public:
  explicit TcpRelay(int server_port);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

  /// Where clients connect to, on 127.0.0.1.
  int port() const noexcept { return port_; }

  /// Lets the next request that holds `word` through, waits for its answer, and ends that client's connection instead
  /// of passing the answer on, or what comes behind so many bytes of it.
  void cut_answers_after(const std::string& word, size_t bytes = 0);

  /// From now on, answers say `to` wherever the server says `from`, which is as long.
  void replace_in_answers(const std::string& from, const std::string& to);

  /// Whether a request that came since then held `word`.
  void watch_for(const std::string& word);
  bool has_seen() const noexcept { return has_seen_; }
  /// How many connections came so far.
  size_t connections() const noexcept { return connections_; }

 private:
  struct Line {
    core::Fd client;
    core::Fd server;
    bool is_to_be_cut = false;
    size_t passes = 0;  ///< bytes, before it is cut
  };

  void run();
  void accept_one();
  /// Both say whether the line goes on.
  bool pass_request(Line& line);
  bool pass_answer(Line& line);

  int server_port_;
  int port_ = 0;
  core::Fd listener_;
  core::Fd stop_;
  std::mutex mutex_;
  std::string word_, watched_, replaced_, replacement_;
  std::atomic<bool> has_seen_ = false;
  std::atomic<size_t> connections_ = 0;
  size_t bytes_ = 0;
  std::vector<Line> lines_;
  std::thread thread_;
};

}  // namespace assay::test

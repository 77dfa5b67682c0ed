#pragma once

#include <atomic>
#include <list>
#include <string>
#include <thread>

#include "core/fd.h"

namespace assay::test {

/// A listener on a loopback port that says the same to everybody who comes, whatever they say; then it ends the
/// connection or keeps silent.
class BabblingServer {
 public:
  enum class Then { ends, keeps_silent };
  BabblingServer(std::string words, Then then);
  ~BabblingServer();
  BabblingServer(const BabblingServer&) = delete;
  BabblingServer& operator=(const BabblingServer&) = delete;

  int port() const noexcept { return port_; }
  /// How many have come so far, and were told the words.
  int clients() const noexcept { return count_; }

 private:
  void run();

  const std::string words_;
  const Then then_;
  int port_ = 0;
  core::Fd listener_, stop_;
  std::list<core::Fd> clients_;
  std::atomic<int> count_ = 0;
  std::thread thread_;
};

}  // namespace assay::test

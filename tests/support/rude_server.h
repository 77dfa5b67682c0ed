#pragma once

#include <string>
#include <thread>

#include "core/fd.h"

namespace assay::test {

/// Listens on a loopback port, says the same words to whoever comes, whatever they ask, and hangs up.
class RudeServer {
 public:
  explicit RudeServer(std::string words);
  ~RudeServer();
  RudeServer(const RudeServer&) = delete;
  RudeServer& operator=(const RudeServer&) = delete;
  int port() const noexcept { return port_; }

 private:
  void run() const;

  std::string words_;
  int port_ = 0;
  core::Fd listener_, stop_;
  std::thread thread_;
};

}  // namespace assay::test

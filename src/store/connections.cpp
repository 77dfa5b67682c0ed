#include "store/connections.h"

#include <chrono>

#include "core/error.h"

namespace assay::store {
namespace {

constexpr std::chrono::seconds longest_wait{30};

}  // namespace

Connections::Connections(sql::ConnectOptions options, unsigned most) : options_(std::move(options)), free_(most) {}

Connections::Lease Connections::take() {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, longest_wait, [this] { return free_ > 0; }))
      throw core::Error(core::ErrorKind::transient, "no connection to the database became free for 30 s");
    --free_;
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->is_usable()) return {*this, std::move(connection)};
    }
  }
  try {
    return {*this, sql::connect(options_)};
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void Connections::drop_idle() {
  const std::lock_guard lock(mutex_);
  std::erase_if(idle_, [](const auto& connection) { return !connection->is_usable(); });
}

void Connections::give_back(std::unique_ptr<sql::Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    ++free_;
    if (connection && connection->is_usable() && !connection->in_transaction()) idle_.push_back(std::move(connection));
  }
  changed_.notify_one();
}

}  // namespace assay::store

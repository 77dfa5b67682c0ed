#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "connect/connector.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect {

/// Reads one file of a server. When the connection breaks it goes on at the same byte over another one, as long as the
/// file is the same; another one, or none any more, is CHANGED, and so is one that is not at its end as it was at its
/// beginning.
class RemoteReader final : public ObjectReader {
 public:
  RemoteReader(std::shared_ptr<RemoteTree> tree, std::string path, std::unique_ptr<RemoteFile> file,
               std::stop_token stop);
  size_t read(std::span<char> out) override;

 private:
  size_t read_once(std::span<char> out);
  void go_on();
  void check_unchanged(const RemoteEntry& now) const;

  const std::shared_ptr<RemoteTree> tree_;
  const std::string path_;
  const std::stop_token stop_;
  std::unique_ptr<RemoteFile> file_;
  const RemoteEntry entry_;
  uint64_t offset_ = 0;
  int breaks_ = 0;
  bool is_at_end_ = false;
};

}  // namespace assay::connect

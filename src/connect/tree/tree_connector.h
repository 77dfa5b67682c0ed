#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connect/connector_kind.h"
#include "connect/name_selection.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect {

/// Folders of a server as a source: what SFTP and SMB have in common. A name is the path below the root; "" is the file
/// that the root itself names. What is worth a retry is tried again over a new connection, five times at most.
class TreeConnector final : public Connector {
 public:
  /// A root: how it is shown, and the server's path of it.
  struct Root {
    std::string url, path;
  };
  TreeConnector(const SourceAddress& address, std::vector<Root> roots, std::shared_ptr<RemoteTree> tree,
                std::stop_token stop);

  const std::vector<std::string>& roots() const override { return urls_; }
  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;

 private:
  std::string path_of_name(size_t root, const std::string& name) const;

  std::vector<std::string> urls_;
  std::vector<std::string> paths_;
  NameSelection selection_;
  std::shared_ptr<RemoteTree> tree_;
  std::stop_token stop_;
};

}  // namespace assay::connect

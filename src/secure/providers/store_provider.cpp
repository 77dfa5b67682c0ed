#include <mutex>

#include "secure/credentials.h"
#include "secure/store_credentials.h"

namespace assay::secure {
namespace {

class StoreProvider final : public CredentialProvider {
 public:
  explicit StoreProvider(std::function<std::unique_ptr<StoreCredentials>()> open) : open_(std::move(open)) {}
  std::string_view scheme() const noexcept override { return "store"; }
  core::Sensitive<std::string> resolve(const Reference& reference) override {
    return credentials().get(reference.path);
  }

 private:
  StoreCredentials& credentials() {
    const std::lock_guard lock(mutex_);
    if (!credentials_) credentials_ = open_();
    return *credentials_;
  }

  const std::function<std::unique_ptr<StoreCredentials>()> open_;
  std::mutex mutex_;
  std::unique_ptr<StoreCredentials> credentials_;
};

}  // namespace

std::unique_ptr<CredentialProvider> store_provider(std::function<std::unique_ptr<StoreCredentials>()> open) {
  return std::make_unique<StoreProvider>(std::move(open));
}

}  // namespace assay::secure

#include "core/error.h"
#include "secure/credentials.h"

namespace assay::secure {
namespace {

class AbsentProvider final : public CredentialProvider {
 public:
  AbsentProvider(std::string scheme, std::string what_to_do)
      : scheme_(std::move(scheme)), what_to_do_(std::move(what_to_do)) {}
  std::string_view scheme() const noexcept override { return scheme_; }
  core::Sensitive<std::string> resolve(const Reference&) override {
    throw core::Error(core::ErrorKind::bad_input, what_to_do_);
  }

 private:
  const std::string scheme_, what_to_do_;
};

}  // namespace

std::unique_ptr<CredentialProvider> absent_provider(std::string scheme, std::string what_to_do) {
  return std::make_unique<AbsentProvider>(std::move(scheme), std::move(what_to_do));
}

}  // namespace assay::secure

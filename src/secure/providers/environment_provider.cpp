#include <fmt/format.h>

#include <cstdlib>

#include "core/error.h"
#include "core/printable.h"
#include "secure/credentials.h"

namespace assay::secure {
namespace {

class EnvironmentProvider final : public CredentialProvider {
 public:
  std::string_view scheme() const noexcept override { return "env"; }
  core::Sensitive<std::string> resolve(const Reference& reference) override {
    if (reference.path.find('=') != std::string::npos)
      throw core::Error(core::ErrorKind::bad_input, "the name of a variable has no = in it");
    // Nothing in Assay changes the environment once there are threads.
    const char* value = std::getenv(reference.path.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0')
      throw core::Error(core::ErrorKind::not_found,
                        fmt::format("the variable {} is not set, or empty", core::printable(reference.path, 200)));
    return core::Sensitive<std::string>(value);
  }
};

}  // namespace

std::unique_ptr<CredentialProvider> environment_provider() { return std::make_unique<EnvironmentProvider>(); }

}  // namespace assay::secure

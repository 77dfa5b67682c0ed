#include "tests/support/vault_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace assay::test {
namespace {

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "assay-vault-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  return name;
}

// An authority and a certificate of it, as an operator would make them.
constexpr const char* make_certificates_script = R"(
set -e
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 \
  -subj "/CN=A test's authority" -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj "/CN=vault"
printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.pem
)";

}  // namespace

VaultServer::VaultServer(Transport transport) : transport_(transport), folder_(new_folder()) {
  if (transport_ == Transport::tls) make_certificates();
  std::array<int, 2> to{}, from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  const core::Fd their_input(to[0]), their_output(from[1]);
  input_ = core::Fd(to[1]);
  output_ = ::fdopen(from[0], "r");
  const std::string certificate = (folder_ / "server.pem").string(), key = (folder_ / "server.key").string();
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(their_input.get(), 0);
    ::dup2(their_output.get(), 1);
    const char* script = ASSAY_SOURCE_DIR "/tests/support/vault_server.py";
    if (transport_ == Transport::tls) ::execlp("python3", "python3", script, certificate.c_str(), key.c_str(), nullptr);
    else ::execlp("python3", "python3", script, nullptr);
    ::_exit(127);
  }
  std::array<char, 64> line{};
  if (process_ < 0 || std::fgets(line.data(), line.size(), output_) == nullptr)
    throw std::runtime_error("the Vault of the tests does not start; python3 and openssl are needed");
  port_ = std::atoi(line.data());
}

VaultServer::~VaultServer() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  std::fclose(output_);
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

void VaultServer::make_certificates() const {
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int nothing = ::open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd) ::dup2(nothing, fd);
    ::execlp("sh", "sh", "-c", make_certificates_script, "sh", folder_.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid || status != 0)
    throw std::runtime_error("no certificates can be made; openssl is needed");
}

std::string VaultServer::address() const {
  return fmt::format("{}://127.0.0.1:{}", transport_ == Transport::tls ? "https" : "http", port_);
}

std::string VaultServer::tell(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(input_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("the Vault of the tests has ended");
  std::string answer;
  std::array<char, 4096> part{};
  while (!answer.ends_with('\n')) {
    if (std::fgets(part.data(), part.size(), output_) == nullptr)
      throw std::runtime_error("the Vault of the tests did not understand " + command);
    answer += part.data();
  }
  return answer;
}

size_t VaultServer::count(std::string_view request) {
  const std::string answer = tell(R"({"do":"requests"})"), begin = '"' + std::string(request);
  size_t count = 0;
  for (size_t at = 0; (at = answer.find(begin, at)) != std::string::npos; at += begin.size()) ++count;
  return count;
}

}  // namespace assay::test

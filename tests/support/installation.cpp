#include "tests/support/installation.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace assay::tests {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto long_enough = std::chrono::seconds(60);

// The line with which a process says that it has started, or nothing.
std::optional<boost::json::object> started_line(const std::string& log) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);)
    if (line.find("\"message\":\"started\"") != std::string::npos) return boost::json::parse(line).as_object();
  return std::nullopt;
}

}  // namespace

Installation::Installation(std::string database) : database_(std::move(database)) {
  tree_.write("fingerprint.key", std::string(64, 'a') + "\n");
}

std::map<std::string, std::string> Installation::environment() const {
  std::map<std::string, std::string> all = {{"HOME", tree_.root()},
                                            {"ASSAY_CONFIG", "/dev/null"},
                                            {"ASSAY_DATA_DIR", path("data")},
                                            {"ASSAY_DATABASE", database_},
                                            {"ASSAY_FINGERPRINT_KEY_FILE", path("fingerprint.key")},
                                            {"ASSAY_LISTEN", "127.0.0.1:0"}};
  for (const auto& [name, value] : more_environment_) all[name] = value;
  return all;
}

ProgramResult Installation::run_as(uid_t user, std::vector<std::string> arguments) const {
  ProgramOptions options;
  options.user = user;
  return run(std::move(arguments), options);
}

ProgramResult Installation::run(std::vector<std::string> arguments, ProgramOptions options) const {
  arguments.insert(arguments.begin(), assay_program());
  options.environment.merge(environment());
  return run_program(arguments, options);
}

std::string Installation::must(std::vector<std::string> arguments) const {
  const auto result = run(arguments);
  EXPECT_EQ(result.exit_code, 0) << fmt::format("assay {}\n{}", fmt::join(arguments, " "), result.err);
  return result.out;
}

boost::json::value Installation::json(std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--format", "json"});
  return boost::json::parse(must(std::move(arguments)));
}

std::unique_ptr<Service> Installation::start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), assay_program());
  auto service = std::make_unique<Service>(Service::Options{.arguments = std::move(arguments),
                                                            .environment = environment(),
                                                            .log_path = path(fmt::format("log{}", ++services_))});
  for (const auto begin = Clock::now(); Clock::now() - begin < long_enough;) {
    if (const auto line = started_line(service->log())) {
      address_ = line->at("listen").as_string();
      return service;
    }
    if (service->wait(std::chrono::milliseconds(20))) break;
  }
  throw std::runtime_error("it did not start: " + service->log());
}

std::unique_ptr<Service> Installation::start_program(std::vector<std::string> arguments,
                                                     const std::string& log_path) const {
  return std::make_unique<Service>(
      Service::Options{.arguments = std::move(arguments), .environment = environment(), .log_path = log_path});
}

void Installation::add_source_and_template(const std::string& folder) const {
  must({"source", "add", "files", "--path", folder});
  must({"template", "add", write("all.yaml", "name: all\nsources: [files]\n")});
}

std::string Installation::wait_for_status(int64_t job_id, const std::vector<std::string>& statuses) const {
  for (const auto begin = Clock::now(); Clock::now() - begin < long_enough;) {
    const auto jobs = json({"job", "show", std::to_string(job_id)}).as_array();
    const std::string status(jobs.at(0).at("status").as_string());
    if (std::ranges::find(statuses, status) != statuses.end()) return status;
  }
  return {};
}

std::string http_get(const std::string& address, const std::string& target) {
  const size_t colon = address.rfind(':');
  const core::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoul(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", target);
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string answer;
  char part[4096];
  for (ssize_t n = 0; (n = ::recv(fd.get(), part, sizeof part, 0)) > 0;) answer.append(part, static_cast<size_t>(n));
  return answer;
}

}  // namespace assay::tests

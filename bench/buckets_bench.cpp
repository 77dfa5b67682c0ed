#include "buckets_bench.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench.h"
#include "command.h"
#include "connect/s3/s3_connector.h"
#include "core/error.h"
#include "tests/support/s3_server.h"

namespace assay::bench {
namespace {

namespace fs = std::filesystem;
using namespace connect;
using test::S3Server;

constexpr size_t connections = 4;
constexpr uint64_t object_bytes = uint64_t{256} << 20;
constexpr int rounds = 5;

std::vector<std::string> curl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"curl", "-sf", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--no-progress-meter", "--aws-sigv4",
                    fmt::format("aws:amz:{}:s3", S3Server::region), "--user",
                    fmt::format("{}:{}", S3Server::access_key_id, S3Server::secret_access_key)});
  return arguments;
}

std::string object_name(size_t n) { return fmt::format("object-{}", n); }

void fill_bucket(const std::string& bucket) {
  const fs::path file = fs::temp_directory_path() / fmt::format("assay-buckets-bench-{}", ::getpid());
  const std::string block = log_lines(16 << 20);
  std::ofstream out(file, std::ios::binary);
  for (uint64_t written = 0; written < object_bytes; written += block.size()) out << block;
  if (!out.flush()) throw core::Error(core::ErrorKind::transient, "there is no room for the object");
  run_program(curl({"-X", "PUT", bucket}));
  for (size_t n = 0; n < connections; ++n) run_program(curl({"-T", file, bucket + "/" + object_name(n)}));
  fs::remove(file);
}

/// Reads and lets go, since reading is what is measured and not what is made of it.
void read_all(const SourceAddress& address) {
  std::atomic<uint64_t> bytes = 0;
  std::vector<std::jthread> threads;
  for (size_t n = 0; n < connections; ++n)
    threads.emplace_back([&, n] {
      const auto connector =
          ConnectorKinds({s3::s3_kind()})
              .make("s3", address,
                    {.resolve_secret = [](auto) { return core::Sensitive<std::string>(S3Server::secret_access_key); },
                     .stop = {}});
      const auto opened = connector->open(0, object_name(n));
      std::string piece(256 << 10, '\0');
      while (const size_t size = opened ? opened->reader->read(piece) : 0) bytes += size;
    });
  threads.clear();
  if (bytes != connections * object_bytes) throw core::Error(core::ErrorKind::permanent, "an object came cut");
}

}  // namespace

void measure_buckets() {
  const S3Server server;
  const std::string bucket = server.url() + "/bench";
  fill_bucket(bucket);
  std::vector<std::string> parallel = {"-Z", "--parallel-immediate", "--parallel-max", std::to_string(connections)};
  for (size_t n = 0; n < connections; ++n)
    parallel.insert(parallel.end(), {"-o", "/dev/null", bucket + "/" + object_name(n)});
  const SourceAddress address{.roots = {"s3://bench"},
                              .settings = {{"endpoint", server.url()},
                                           {"region", S3Server::region},
                                           {"access_key_id", S3Server::access_key_id},
                                           {"secret_access_key", "env:SECRET"}},
                              .include = {},
                              .exclude = {}};
  const auto times = take_turns(rounds, {[&] { read_all(address); }, [&] { run_program(curl(parallel)); }});
  const auto speed = [](double seconds) { return static_cast<double>(connections * object_bytes) / seconds / 1e6; };
  const std::string what = fmt::format("s3: {} objects of 256 MiB at a time", connections);
  const std::string against = fmt::format("curl, {} connections", connections);
  row(what, speed(times[0].best_s), "MB/s", against, speed(times[1].best_s), 0.8, true);
  row(what + ", median", speed(times[0].median_s), "MB/s", against, speed(times[1].median_s), 0.8, true);
}

}  // namespace assay::bench

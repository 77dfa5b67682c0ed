#include "tests/faults/world.h"

#include <fmt/format.h>

#include <stdexcept>

namespace assay::tests {
namespace {

namespace fs = std::filesystem;

constexpr int files_of_the_shared_tree = 600;  // three packs
constexpr int files_a_folder = 200;

constexpr std::string_view rules = R"(rules:
  - name: staff-number
    entity: STAFF_NUMBER
    title: Staff number
    category: personal
    sensitivity: low
    patterns:
      - {name: number, regex: '\bSTAFF-[0-9]{6}\b', confidence: 0.9}
    examples: ['STAFF-000001']
)";

}  // namespace

std::string ScannedTree::name_of(int i) { return fmt::format("d{:03}/f{:05}.txt", i / files_a_folder, i); }

ScannedTree::ScannedTree(int files) : files_(files) {
  for (int i = 0; i < files; ++i) {
    std::string text = fmt::format("Order {} was signed by STAFF-{:06}.\n", i, i);
    if (i % 3 == 0) text += fmt::format("It was seen by STAFF-{:06} as well.\n", i + 1);
    folder_.write("tree/" + name_of(i), text);
  }
  folder_.write("rules.yaml", rules);
  folder_.write("scan.yaml", "name: scan\nsources: [tree]\nbuiltin_rules: false\nrules: [rules.yaml]\n");
}

World& World::shared() {
  static World world(std::make_shared<ScannedTree>(files_of_the_shared_tree),
                     {.fsync = false, .settings = {"max_connections=300"}});
  return world;
}

World::World(std::shared_ptr<const ScannedTree> tree, test::PostgresServer::Options options)
    : tree_(std::move(tree)), server_(std::move(options)) {}

fs::path World::new_folder() {
  const fs::path folder = logs_.path(fmt::format("cluster-{}", ++clusters_));
  fs::create_directories(folder);
  return folder;
}

void World::prepare(const Cluster& cluster) const {
  const auto run = [&cluster](std::vector<std::string> arguments) {
    const auto result = cluster.command(std::move(arguments));
    if (result.exit_code != 0) throw std::runtime_error("cannot prepare the database: " + result.output);
  };
  run({"db", "migrate"});
  run({"source", "add", "tree", "--path", tree_->path()});
  run({"template", "add", tree_->template_file()});
}

std::unique_ptr<Cluster> World::cluster(const ClusterOptions& options) {
  if (prepared_database_.empty()) {
    const std::string name = server_.create_database();
    {
      const Cluster cluster(server_.url(name), new_folder(), options);
      prepare(cluster);
    }
    add_witnesses(server_.url(name));
    prepared_database_ = name;
  }
  return std::make_unique<Cluster>(server_.url(server_.create_database(prepared_database_)), new_folder(), options);
}

std::unique_ptr<Cluster> World::sqlite_cluster(const std::string& file, const ClusterOptions& options) {
  auto cluster = std::make_unique<Cluster>("sqlite:" + file, new_folder(), options);
  prepare(*cluster);
  add_witnesses(cluster->url());
  return cluster;
}

std::string World::through_port(const test::PostgresServer& server, const Cluster& cluster, int port) {
  const std::string prefix = server.url("");
  const size_t begin = prefix.find("@/") + 2;
  const std::string name = cluster.url().substr(begin, cluster.url().find('?') - begin);
  return fmt::format("postgresql://assay@127.0.0.1:{}/{}", port, name);
}

const Expected& World::expected() {
  if (expected_.objects != 0) return expected_;
  const auto quiet = cluster();
  quiet->start_orchestrator({.name = "orchestrator"});
  quiet->start_worker({.name = "worker"});
  const int64_t job = quiet->start_job();
  if (quiet->wait_for_end(job) != "COMPLETED") throw std::runtime_error("an undisturbed scan did not complete");
  Expected expected{.objects = tree_->files(), .findings = findings_of(*quiet)};
  expect_sound(*quiet, job);
  expect_complete(*quiet, job, expected);
  expect_swept_last(*quiet, job);
  expected_ = std::move(expected);
  return expected_;
}

}  // namespace assay::tests

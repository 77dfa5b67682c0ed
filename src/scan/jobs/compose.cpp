#include <fmt/format.h>
#include <sodium.h>

#include <boost/json.hpp>
#include <map>

#include "core/error.h"
#include "core/printable.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/template.h"

#include "scan/jobs/source_address.h"

namespace assay::scan {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(const ScanTemplate& t, const std::string& why) {
  throw core::Error(core::ErrorKind::bad_input, fmt::format("the template '{}' {}", core::printable(t.name, 200), why));
}

JobSource job_source(const ScanTemplate& t, const model::Datasource& source) {
  const std::string name = core::printable(source.name, 200);
  if (!source.enabled) refuse(t, fmt::format("names the source '{}', which is disabled", name));
  if (source.node_group.empty()) refuse(t, fmt::format("names the source '{}', which has no node group", name));
  JobSource out{.datasource_id = source.id, .name = source.name, .kind = source.kind, .address = {}};
  try {
    out.address = source_address_from_json(source.configuration);
  } catch (const std::exception&) {
    refuse(t, fmt::format("names the source '{}', whose configuration cannot be read", name));
  }
  if (out.address.roots.empty()) refuse(t, fmt::format("names the source '{}', which has no place to read", name));
  return out;
}

std::string random_id() {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  char hex[sizeof bytes * 2 + 1];
  return sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
}

struct Group {
  JobConfiguration configuration;
  std::vector<model::NewTask> tasks;
};

std::map<std::string, Group> grouped(store::Store& store, const ScanTemplate& t) {
  std::map<std::string, Group> groups;
  for (const auto& name : t.sources) {
    const auto source = store.find_datasource(name);
    if (!source)
      refuse(t, fmt::format("names the source '{}', which does not exist; `assay source list` shows those that do",
                            core::printable(name, 200)));
    auto [place, is_new] = groups.try_emplace(source->node_group);
    Group& group = place->second;
    if (is_new) {
      group.configuration = t.options;
      group.configuration.rule_set_hash = t.rule_set_hash;
      group.configuration.sources.clear();
    }
    group.configuration.sources.push_back(job_source(t, *source));
    group.tasks.push_back(enumerate_task(group.configuration.sources.back()));
  }
  return groups;
}

}  // namespace

store::SubmittedJob compose_job(store::Store& store, const ScanTemplate& t, std::string_view idempotency_key,
                                std::string_view requested_by) {
  if (t.sources.empty()) refuse(t, "names no source");
  if (t.rule_set_hash.empty()) refuse(t, "has no rules");
  if (!store.find_rule_set(t.rule_set_hash))
    refuse(t, "has no rules: its rule set is not in this database; add the template again");
  store::NewMasterJob job;
  job.template_name = t.name;
  job.idempotency_key = idempotency_key;
  job.requested_by = requested_by;
  job.correlation_id = random_id();
  job.priority = t.priority;
  job.max_attempts = t.max_attempts;
  job.rule_set_hash = t.rule_set_hash;
  for (auto& [node_group, group] : grouped(store, t)) {
    group.configuration.correlation_id = job.correlation_id;
    job.children.push_back({.node_group = node_group,
                            .configuration = to_json(group.configuration),
                            .first_tasks = std::move(group.tasks)});
  }
  return store.submit_job(job);
}

}  // namespace assay::scan

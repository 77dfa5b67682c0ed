#include "connect/rest/rest_connector.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "connect/documents/document_rows.h"
#include "connect/name_selection.h"
#include "connect/object_store/digest.h"
#include "connect/object_store/store.h"
#include "connect/rest/records.h"
#include "connect/rest/url.h"
#include "connect/tables/table_name.h"
#include "connect/trial.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::rest {
namespace {

using core::ErrorKind;
using model::VerdictKind;

constexpr std::string_view schemes[] = {"rest"};
constexpr std::string_view root_prefix = "rest:";
constexpr SettingKey setting_keys[] = {
    {.name = "ca_file", .help = "PEM file of the authorities to trust in place of the system's"},
    {.name = "connect_to", .help = "HOST:PORT to connect to, whatever the URLs' name"},
    {.name = "environment_proxy", .help = "true: use the proxy that https_proxy and its like name; default false"},
};
constexpr size_t most_shown = 300;

class RestConnector final : public Connector {
 public:
  RestConnector(const SourceAddress& address, ConnectorContext context)
      : context_(std::move(context)), selection_(address.include, address.exclude), options_(client_options(address)) {
    for (const std::string& root : address.roots) {
      if (!root.starts_with(root_prefix) || root.size() == root_prefix.size())
        throw core::Error(ErrorKind::bad_input, fmt::format("'{}' is no rest:FILE", core::printable(root, most_shown)));
      apis_.emplace_back(load_description(root.substr(root_prefix.size())));
      roots_.push_back(apis_.back().description.base_url);
    }
    const http::Client checked(options_);  // whether its ca_file can be read
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  Trial test(uint64_t most_objects) override;
  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override;
  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override;
  std::optional<model::TableDescription> describe(size_t root, const std::string& name) override;

 private:
  struct Place {
    explicit Place(Description&& read) : description(std::move(read)) {}
    Description description;
    std::unique_ptr<Api> api;
  };
  // A resource whose first pages were read.
  struct Begun {
    size_t root = 0;
    std::string name;
    DocumentSample sample;
    std::unique_ptr<Records> records;
  };

  Api& api(size_t root) {
    Place& place = apis_.at(root);
    if (!place.api) place.api = std::make_unique<Api>(place.description, options_, context_);
    return *place.api;
  }
  const Resource* find(size_t root, const std::string& name) const;
  void begin(size_t root, const std::string& name, const Resource& resource);
  std::string change_id(size_t root, const Resource& resource);
  std::string try_out(size_t root, uint64_t most_objects, Trial& trial);

  ConnectorContext context_;
  NameSelection selection_;
  http::ClientOptions options_;
  std::deque<Place> apis_;
  std::vector<std::string> roots_;
  Begun begun_;  // what describe() read is not asked for again by open()
};

std::string object_name(const Resource& resource) { return table_object_name({}, resource.name); }

const Resource* RestConnector::find(size_t root, const std::string& name) const {
  for (const Resource& resource : apis_.at(root).description.resources)
    if (object_name(resource) == name) return &resource;
  return nullptr;
}

std::string RestConnector::change_id(size_t root, const Resource& resource) {
  const Description& description = apis_.at(root).description;
  const bool is_latest = resource.change == ChangeSign::latest;
  std::string url = Records::first_url(description, resource, 0);
  if (is_latest) url = with_query(url, resource.latest_query);
  const http::Response answer = api(root).get(std::move(url));
  if (!answer.is_success()) return {};  // open() says why
  std::string sign;
  if (resource.change == ChangeSign::etag) sign = answer.header("ETag").value_or("");
  if (resource.change == ChangeSign::last_modified) sign = answer.header("Last-Modified").value_or("");
  if (is_latest)
    for (const auto& record : take_records(parse_json(answer.body), resource)) {
      const auto* value = JsonPath(resource.updated).find(record);
      const auto text = value == nullptr ? std::nullopt : scalar_text(*value);
      if (!text) return {};
      sign += *text + "\n";
    }
  if (sign.empty()) return {};
  return resource.digest + " " + hex(bytes_of(sha256(sign))).substr(0, 32);
}

void RestConnector::enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) {
  const auto& resources = apis_.at(root).description.resources;
  auto at = std::ranges::find(resources, resume_after, object_name);
  at = at == resources.end() ? resources.begin() : at + 1;
  bool has_answered = false;
  for (; at != resources.end(); ++at) {
    if (visitor.stop_requested()) return;
    std::string name = object_name(*at);
    if (const auto exclusion = selection_.exclusion(name); exclusion.why != nullptr) {
      visitor.on_unread(std::move(name), 0, {VerdictKind::excluded, exclusion.why});
      continue;
    }
    // One answer at least, so that an API that is gone, or that refuses us, is no list of resources.
    std::string change;
    if (!has_answered || at->change != ChangeSign::none) {
      try {
        change = change_id(root, *at);
      } catch (const ReadFailure&) {
        change.clear();  // open() says why
      }
      has_answered = true;
    }
    visitor.on_object({.name = std::move(name), .change_id = std::move(change), .is_table = true});
  }
}

void RestConnector::begin(size_t root, const std::string& name, const Resource& resource) {
  if (begun_.records && begun_.root == root && begun_.name == name) return;
  begun_ = {};
  auto records = std::make_unique<Records>(api(root), apis_.at(root).description, resource);
  DocumentSample sample = take_sample(*records);
  begun_ = {.root = root, .name = name, .sample = std::move(sample), .records = std::move(records)};
}

std::expected<OpenedObject, model::Verdict> RestConnector::open(size_t root, const std::string& name) {
  const Resource* resource = find(root, name);
  if (resource == nullptr)
    return std::unexpected(model::Verdict{VerdictKind::io_error, "the description names no such resource"});
  try {
    begin(root, name, *resource);
  } catch (const ReadFailure& failure) {
    return std::unexpected(failure.verdict());
  }
  Begun begun = std::exchange(begun_, {});
  OpenedObject opened;
  opened.entry = {.name = name, .is_table = true};
  opened.reader = std::make_unique<DocumentRows>(resource->name, std::move(begun.sample), std::move(begun.records));
  return opened;
}

std::optional<model::TableDescription> RestConnector::describe(size_t root, const std::string& name) {
  const Resource* resource = find(root, name);
  if (resource == nullptr) return std::nullopt;
  try {
    begin(root, name, *resource);
  } catch (const ReadFailure&) {
    return std::nullopt;  // open() says why
  }
  model::TableDescription description;
  description.name = resource->name;
  description.kind = "resource";
  description.columns = DocumentColumns(begun_.sample).described();
  for (model::ColumnDescription& column : description.columns)
    if (column.name == resource->id) column.key_position = 1;
  if (begun_.sample.is_all) description.estimated_rows = begun_.sample.documents.size();
  return description;
}

std::string RestConnector::try_out(size_t root, uint64_t most_objects, Trial& trial) {
  uint64_t tried = 0, answered = 0, left_out = 0;
  const auto& resources = apis_.at(root).description.resources;
  for (const Resource& resource : resources) {
    if (tried == most_objects) break;
    if (selection_.exclusion(object_name(resource)).why != nullptr) {
      ++left_out;
      continue;
    }
    ++tried;
    try {
      Document unused;
      Records(api(root), apis_.at(root).description, resource).next(unused);
      ++answered;
    } catch (const ReadFailure& failure) {
      add_problem(trial, path_of(root, resource.name), failure.verdict().reason);
    }
  }
  trial.ok = trial.ok && (tried == 0 || answered != 0);
  return fmt::format("{} of {} resources answered, {} left out", answered, tried, left_out);
}

Trial RestConnector::test(uint64_t most_objects) {
  return try_roots(*this, [&](size_t root, Trial& trial) { return try_out(root, most_objects, trial); });
}

std::unique_ptr<Connector> make_rest(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<RestConnector>(address, std::move(context));
}

}  // namespace

const ConnectorKind& rest_kind() {
  static constexpr ConnectorKind kind{.name = "rest",
                                      .schemes = schemes,
                                      .settings = setting_keys,
                                      .has_tables = true,
                                      .takes_files = true,
                                      .make = make_rest};
  return kind;
}

}  // namespace assay::connect::rest

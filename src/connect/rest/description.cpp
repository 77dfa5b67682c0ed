#include "connect/rest/description.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "classify/yaml_reader.h"
#include "connect/object_store/digest.h"
#include "connect/rest/url.h"
#include "core/byte_size.h"
#include "core/error.h"
#include "core/printable.h"
#include "http/message.h"

namespace assay::connect::rest {
namespace {

using classify::YamlReader;

constexpr size_t max_file_bytes = size_t{1} << 20;
constexpr size_t max_name_bytes = 1000;
constexpr size_t max_resources = 10'000;
constexpr size_t max_parameter_sets = 10'000;
constexpr uint64_t default_max_pages = 100'000;
constexpr uint64_t most_pages = 10'000'000;
constexpr uint64_t default_page_bytes = uint64_t{16} << 20;
constexpr uint64_t most_page_bytes = uint64_t{64} << 20;
constexpr uint64_t least_page_bytes = 1024;
constexpr double most_requests_per_s = 10'000;
constexpr size_t most_shown = 200;

/// Reads one file: a function a key that holds keys of its own.
class DescriptionReader {
 public:
  explicit DescriptionReader(const std::string& file) : yaml_(file) {}

  Description read(const YAML::Node& root) const {
    yaml_.expect_map(root, "the description of an API");
    keys(root, {"base_url", "headers", "auth", "rate_limit", "max_page_bytes", "plain_http", "resources"});
    Description api;
    api.base_url = base_url(root);
    for (const auto& [name, value] : texts_by_name(root, "headers")) {
      if (is_secret_header(name))
        yaml_.fail(root["headers"], fmt::format("the header {} is a matter of 'auth', which takes a reference to it",
                                                core::printable(name, most_shown)));
      api.headers.emplace_back(name, value);
    }
    if (const YAML::Node node = root["auth"]) api.auth = auth(node);
    const bool may_be_plain = yaml_.flag(root, "plain_http", false) || api.auth.type == Auth::Type::none;
    for (const std::string& url : {api.base_url, api.auth.token_url})
      if (is_plain_http(url) && !may_be_plain && !is_loopback(url))
        yaml_.fail(root, "secrets would be sent over http:// for everybody to read; say 'plain_http: true' to do so");
    if (const YAML::Node node = root["rate_limit"]) api.rate_limit = rate_limit(node);
    api.max_page_bytes = page_bytes(root);
    read_resources(root, api);
    return api;
  }

 private:
  void keys(const YAML::Node& node, std::initializer_list<std::string_view> known) const {
    yaml_.expect_keys(node, known);
    std::set<std::string> seen;
    for (const auto& entry : node)
      if (!seen.insert(entry.first.Scalar()).second)
        yaml_.fail(entry.first, fmt::format("'{}' is given twice", core::printable(entry.first.Scalar(), most_shown)));
  }

  std::string url(const YAML::Node& node, const char* key) const {
    std::string text = yaml_.required_text(node, key);
    const auto resolved = resolve_url(text, "");
    if (!resolved || text.find_first_of("?#") != std::string::npos)
      yaml_.fail(node[key],
                 fmt::format("'{}' must be a URL such as https://api.example.com/v1, without user and query", key));
    return text;
  }

  std::string base_url(const YAML::Node& root) const {
    std::string text = url(root, "base_url");
    while (text.ends_with('/')) text.pop_back();
    return text;
  }

  static bool is_secret_header(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower == "authorization" || lower == "cookie" || lower == "proxy-authorization" || lower == "x-api-key";
  }

  // A value that is none is not quoted: it may be the secret.
  std::string reference(const YAML::Node& node, const char* key) const {
    std::string text = yaml_.required_text(node, key);
    constexpr std::array<std::string_view, 4> schemes = {"env:", "file:", "store:", "vault:"};
    if (std::ranges::none_of(schemes, [&](std::string_view scheme) { return text.starts_with(scheme); }))
      yaml_.fail(node[key], fmt::format("'{}' must be a reference to a secret, such as env:NAME, file:PATH, store:NAME "
                                        "or vault:PATH#KEY, never the secret itself",
                                        key));
    return text;
  }

  Query texts_by_name(const YAML::Node& node, const char* key) const {
    Query list;
    const YAML::Node map = node[key];
    if (!map) return list;
    yaml_.expect_map(map, fmt::format("'{}'", key));
    for (const auto& entry : map) {
      if (!entry.first.IsScalar() || !entry.second.IsScalar())
        yaml_.fail(entry.first, fmt::format("'{}' must be names and texts", key));
      list.emplace_back(entry.first.Scalar(), entry.second.Scalar());
    }
    return list;
  }

  uint64_t count(const YAML::Node& node, const char* key, uint64_t fallback, uint64_t min, uint64_t max) const {
    const double number =
        yaml_.number(node, key, static_cast<double>(fallback), static_cast<double>(min), static_cast<double>(max));
    if (number != static_cast<double>(static_cast<uint64_t>(number)))
      yaml_.fail(node[key], fmt::format("'{}' must be a whole number", key));
    return static_cast<uint64_t>(number);
  }

  template <typename Value>
  Value one_of(const YAML::Node& node, const char* key, std::string_view fallback,
               std::initializer_list<std::pair<std::string_view, Value>> known) const {
    const std::string text = yaml_.text(node, key, fallback);
    std::string names;
    for (const auto& [name, value] : known) {
      if (name == text) return value;
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    yaml_.fail(node[key] ? node[key] : node, fmt::format("'{}' must be one of: {}", key, names));
  }

  Auth auth(const YAML::Node& node) const {
    using Type = Auth::Type;
    yaml_.expect_map(node, "'auth'");
    Auth auth;
    auth.type = one_of<Type>(node, "type", "",
                             {{"none", Type::none},
                              {"bearer", Type::bearer},
                              {"basic", Type::basic},
                              {"api_key", Type::api_key},
                              {"oauth2", Type::oauth2}});
    switch (auth.type) {
      case Type::none: keys(node, {"type"}); break;
      case Type::bearer:
        keys(node, {"type", "token"});
        auth.secret = reference(node, "token");
        break;
      case Type::basic:
        keys(node, {"type", "user", "password"});
        auth.user = yaml_.required_text(node, "user");
        if (auth.user.find(':') != std::string::npos) yaml_.fail(node["user"], "'user' must not hold a ':'");
        auth.secret = reference(node, "password");
        break;
      case Type::api_key:
        keys(node, {"type", "key", "header", "query"});
        auth.secret = reference(node, "key");
        auth.header = yaml_.text(node, "header", "");
        auth.query = yaml_.text(node, "query", "");
        if (auth.header.empty() == auth.query.empty())
          yaml_.fail(node, "an api_key goes into a 'header' or into the 'query': name one of them");
        break;
      case Type::oauth2:
        keys(node, {"type", "token_url", "client_id", "client_secret", "scope", "client_auth"});
        auth.token_url = url(node, "token_url");
        auth.user = yaml_.required_text(node, "client_id");
        auth.secret = reference(node, "client_secret");
        auth.scope = yaml_.text(node, "scope", "");
        auth.is_sent_as_header = one_of<bool>(node, "client_auth", "body", {{"body", false}, {"header", true}});
        break;
    }
    return auth;
  }

  RateLimit rate_limit(const YAML::Node& node) const {
    yaml_.expect_map(node, "'rate_limit'");
    keys(node, {"requests_per_s", "burst"});
    if (!node["requests_per_s"]) yaml_.fail(node, "'requests_per_s' is missing");
    return {.requests_per_s = yaml_.number(node, "requests_per_s", 0, 0.001, most_requests_per_s),
            .burst = static_cast<double>(count(node, "burst", 1, 1, static_cast<uint64_t>(most_requests_per_s)))};
  }

  uint64_t page_bytes(const YAML::Node& root) const {
    const YAML::Node node = root["max_page_bytes"];
    if (!node) return default_page_bytes;
    const auto bytes = core::parse_byte_size(node.IsScalar() ? node.Scalar() : "");
    if (!bytes || *bytes < least_page_bytes || *bytes > most_page_bytes)
      yaml_.fail(node, "'max_page_bytes' must be a size from 1K to 64M");
    return *bytes;
  }

  Pagination pagination(const YAML::Node& node) const {
    using Type = Pagination::Type;
    if (node.IsScalar() && node.Scalar() == "none") return {};
    yaml_.expect_map(node, "'pagination'");
    Pagination pages;
    pages.type = one_of<Type>(node, "type", "",
                              {{"none", Type::none},
                               {"page", Type::page},
                               {"offset", Type::offset},
                               {"cursor", Type::cursor},
                               {"link", Type::link},
                               {"next_url", Type::next_url}});
    switch (pages.type) {
      case Type::none:
      case Type::link: keys(node, {"type"}); break;
      case Type::page:
      case Type::offset:
        keys(node, {"type", "param", "size_param", "size", "start"});
        pages.parameter = yaml_.required_text(node, "param");
        pages.size_parameter = yaml_.text(node, "size_param", "");
        pages.size = count(node, "size", 0, 1, 1'000'000);
        pages.start = count(node, "start", pages.type == Type::page ? 1 : 0, 0, UINT32_MAX);
        if (pages.size_parameter.empty() != (pages.size == 0))
          yaml_.fail(node, "'size_param' and 'size' belong together");
        break;
      case Type::cursor:
        keys(node, {"type", "param", "next"});
        pages.parameter = yaml_.required_text(node, "param");
        pages.next = JsonPath(yaml_.required_text(node, "next"));
        break;
      case Type::next_url:
        keys(node, {"type", "next"});
        pages.next = JsonPath(yaml_.required_text(node, "next"));
        break;
    }
    return pages;
  }

  // Every way to give each name one of its values.
  std::vector<std::map<std::string, std::string>> parameter_sets(const YAML::Node& node) const {
    std::vector<std::map<std::string, std::string>> sets(1);
    const YAML::Node parameters = node["parameters"];
    if (!parameters) return sets;
    yaml_.expect_map(parameters, "'parameters'");
    for (const auto& entry : parameters) {
      const std::string name = entry.first.Scalar();
      const auto values = yaml_.texts(parameters, name.c_str());
      if (values.empty()) yaml_.fail(entry.first, "a parameter needs a value, or a list of them");
      if (sets.size() * values.size() > max_parameter_sets)
        yaml_.fail(parameters, fmt::format("the parameters have more than {} combinations", max_parameter_sets));
      std::vector<std::map<std::string, std::string>> longer;
      longer.reserve(sets.size() * values.size());
      for (const auto& set : sets)
        for (const std::string& value : values) {
          longer.push_back(set);
          longer.back()[name] = value;
        }
      sets = std::move(longer);
    }
    return sets;
  }

  void read_change(const YAML::Node& node, Resource& resource) const {
    resource.change = one_of<ChangeSign>(node, "change", "none",
                                         {{"none", ChangeSign::none},
                                          {"etag", ChangeSign::etag},
                                          {"last_modified", ChangeSign::last_modified},
                                          {"latest", ChangeSign::latest}});
    resource.latest_query = texts_by_name(node, "latest_query");
    const bool is_latest = resource.change == ChangeSign::latest;
    if (is_latest != !resource.latest_query.empty() || (is_latest && resource.updated.empty()))
      yaml_.fail(node, "'change: latest' needs 'updated', and 'latest_query', which is for nothing else");
    if (resource.change != ChangeSign::none && resource.parameter_sets.size() > 1)
      yaml_.fail(node["change"], "'change' is for resources that are read from one place, not for lists of parameters");
  }

  Resource resource(const YAML::Node& node) const {
    yaml_.expect_map(node, "a resource");
    keys(node, {"name", "path", "query", "parameters", "records", "id", "updated", "pagination", "max_pages", "change",
                "latest_query"});
    Resource one;
    one.name = yaml_.required_text(node, "name");
    if (one.name.size() > max_name_bytes)
      yaml_.fail(node["name"], fmt::format("'name' must not be longer than {} bytes", max_name_bytes));
    one.path = yaml_.required_text(node, "path");
    if (!one.path.starts_with('/') || one.path.find_first_of("?# ") != std::string::npos)
      yaml_.fail(node["path"], "'path' must begin with '/', and holds no query");
    one.query = texts_by_name(node, "query");
    one.parameter_sets = parameter_sets(node);
    one.records = JsonPath(yaml_.text(node, "records", ""));
    one.id = yaml_.text(node, "id", "");
    one.updated = yaml_.text(node, "updated", "");
    if (const YAML::Node pages = node["pagination"]) one.pagination = pagination(pages);
    one.max_pages = count(node, "max_pages", default_max_pages, 1, most_pages);
    read_change(node, one);
    one.digest = hex(bytes_of(sha256(YAML::Dump(node)))).substr(0, 16);
    return one;
  }

  void read_resources(const YAML::Node& root, Description& api) const {
    const YAML::Node list = root["resources"];
    if (!list || !list.IsSequence() || list.size() == 0 || list.size() > max_resources)
      yaml_.fail(list ? list : root, "'resources' must be a list of what is to be read");
    std::set<std::string> names;
    for (const YAML::Node& node : list) {
      api.resources.push_back(resource(node));
      if (!names.insert(api.resources.back().name).second)
        yaml_.fail(node["name"],
                   fmt::format("there are two resources '{}'", core::printable(api.resources.back().name, most_shown)));
    }
  }

  YamlReader yaml_;
};

}  // namespace

Description parse_description(const std::string& file, const std::string& yaml) {
  YAML::Node root;
  try {
    root = YAML::Load(yaml);
    return DescriptionReader(file).read(root);
  } catch (const YAML::Exception& error) {
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("{}:{}: {}", file, std::max(error.mark.line, 0) + 1, error.msg));
  }
}

Description load_description(const std::string& path) {
  const std::string shown = core::printable(path, 4096);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw core::error_from_errno("cannot read the description of an API, " + shown, errno);
  std::string yaml(max_file_bytes + 1, '\0');
  file.read(yaml.data(), static_cast<std::streamsize>(yaml.size()));
  if (file.bad()) throw core::Error(core::ErrorKind::bad_input, shown + " cannot be read");
  yaml.resize(static_cast<size_t>(file.gcount()));
  if (yaml.size() > max_file_bytes)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} is longer than {} bytes", shown, max_file_bytes));
  return parse_description(shown, yaml);
}

}  // namespace assay::connect::rest

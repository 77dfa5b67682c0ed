#include "connect/rest/records.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "connect/rest/url.h"
#include "core/printable.h"

namespace assay::connect::rest {
namespace {

namespace json = boost::json;
using Type = Pagination::Type;
using model::VerdictKind;

constexpr size_t most_shown = 300;

bool is_counted(Type type) { return type == Type::page || type == Type::offset; }

Query page_parameters(const Pagination& pages, uint64_t place) {
  Query query;
  if (!is_counted(pages.type)) return query;
  query.emplace_back(pages.parameter, std::to_string(place));
  if (!pages.size_parameter.empty()) query.emplace_back(pages.size_parameter, std::to_string(pages.size));
  return query;
}

}  // namespace

json::array take_records(json::value&& page, const Resource& resource) {
  json::value* found = resource.records.find(page);
  if (found == nullptr)
    throw ReadFailure({VerdictKind::io_error, "the server's answer has nothing where 'records' says"});
  if (found->is_null()) return {};
  if (auto* list = found->if_array()) return std::move(*list);
  json::array one;
  one.push_back(std::move(*found));
  return one;
}

std::string Records::first_url(const Description& description, const Resource& resource, size_t parameter_set) {
  const auto& parameters = resource.parameter_sets.at(parameter_set);
  Query query;
  for (const auto& [name, value] : resource.query) query.emplace_back(name, filled(value, parameters, false));
  const std::string url = with_query(description.base_url + filled(resource.path, parameters, true), query);
  return with_query(url, page_parameters(resource.pagination, resource.pagination.start));
}

void Records::fail(VerdictKind kind, const std::string& why) const {
  throw ReadFailure({kind, fmt::format("page {}: {}", pages_, why)});
}

bool Records::next(Document& document) {
  while (at_ == page_.size())
    if (!read_page()) return false;
  append_cells(page_[at_], document);
  page_[at_++] = nullptr;  // its memory is of no more use
  return true;
}

void Records::begin_parameter_set() {
  place_ = resource_.pagination.start;
  url_ = first_url(description_, resource_, parameter_set_++);
  is_first_ = true;
  last_digest_ = 0;
}

bool Records::read_page() {
  page_.clear();
  at_ = 0;
  if (failure_) throw ReadFailure(*failure_);
  if (url_.empty() && parameter_set_ == resource_.parameter_sets.size()) return false;
  if (url_.empty()) begin_parameter_set();
  if (pages_ == resource_.max_pages)
    throw ReadFailure({VerdictKind::limit, fmt::format("max_pages: {} pages were read", pages_)});
  ++pages_;
  const http::Response answer = api_.get(url_);
  // Some servers say of a page behind the last that there is none.
  const bool is_behind_last = answer.status == 404 && is_counted(resource_.pagination.type) && !is_first_;
  if (answer.status == 204 || is_behind_last) {
    url_.clear();
    return true;
  }
  if (!answer.is_success())
    fail(VerdictKind::io_error, fmt::format("the server answers with status {}", answer.status));
  try {
    json::value page = parse_json(answer.body);
    const auto* list = resource_.records.find(page);
    const size_t count = list == nullptr || list->is_null() ? 0 : list->is_array() ? list->get_array().size() : 1;
    try {
      find_next(answer, page, count);
    } catch (const ReadFailure& failure) {
      failure_ = {failure.verdict().kind, fmt::format("page {}: {}", pages_, failure.verdict().reason)};
    }
    page_ = take_records(std::move(page), resource_);
  } catch (const ReadFailure& failure) {
    fail(failure.verdict().kind, failure.verdict().reason);
  }
  is_first_ = false;
  return true;
}

// Whatever has no end but this: a page that names one before it, or gives the same again.
void Records::go_to(const std::string& url) {
  if (!seen_.insert(std::hash<std::string>()(url)).second)
    throw ReadFailure(
        {VerdictKind::partial, "it leads to a page that was read before: the pages go round in a circle"});
  url_ = url;
}

void Records::find_next(const http::Response& answer, const json::value& page, size_t count) {
  const Pagination& pages = resource_.pagination;
  const std::string from = std::exchange(url_, {});
  seen_.insert(std::hash<std::string>()(from));
  std::string reference;
  if (is_counted(pages.type)) {
    if (count == 0) return;
    const size_t digest = std::hash<std::string>()(answer.body);
    if (!is_first_ && digest == last_digest_)
      throw ReadFailure({VerdictKind::partial, "it is the same as the page before it: the server does not turn pages"});
    last_digest_ = digest;
    place_ += pages.type == Type::page ? 1 : count;
    url_ = with_query(from, page_parameters(pages, place_));
    return;
  }
  if (pages.type == Type::cursor || pages.type == Type::next_url) {
    const auto* next = pages.next.find(page);
    const auto text = next == nullptr || next->is_bool() ? std::nullopt : scalar_text(*next);
    if (!text || text->empty()) return;
    if (pages.type == Type::cursor) return go_to(with_query(from, {{pages.parameter, *text}}));
    reference = *text;
  } else if (pages.type == Type::link) {
    // Links may stand in several headers of the name.
    std::string links;
    for (const auto& [name, value] : answer.headers)
      if (http::find_header({{name, value}}, "Link")) links += (links.empty() ? "" : ", ") + value;
    reference = next_link(links);
  }
  if (reference.empty()) return;
  const auto target = resolve_url(from, reference);
  if (!target) throw ReadFailure({VerdictKind::partial, "what it names as the next page is no URL"});
  if (!is_same_origin(*target, description_.base_url))
    throw ReadFailure({VerdictKind::partial, fmt::format("its next page is of another origin, which is not asked: {}",
                                                         core::printable(http::describe_url(*target), most_shown))});
  go_to(*target);
}

}  // namespace assay::connect::rest

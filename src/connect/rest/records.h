#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "connect/documents/document.h"
#include "connect/rest/api.h"

namespace assay::connect::rest {

/// The records of a page: an array's, or the one record. Throws ReadFailure when there is nothing where the description
/// says.
boost::json::array take_records(boost::json::value&& page, const Resource& resource);

/// The records of a resource, page by page. Ends with a ReadFailure (partial) when a page leads to one that was read
/// before, (limit) at the most pages.
class Records final : public DocumentSource {
 public:
  /// All outlive it.
  Records(Api& api, const Description& description, const Resource& resource)
      : api_(api), description_(description), resource_(resource) {}

  bool next(Document& document) override;

  /// Of the first page of what a set of parameters names.
  static std::string first_url(const Description& description, const Resource& resource, size_t parameter_set);

 private:
  bool read_page();
  void begin_parameter_set();
  void find_next(const http::Response& answer, const boost::json::value& page, size_t count);
  void go_to(const std::string& url);
  [[noreturn]] void fail(model::VerdictKind kind, const std::string& why) const;

  Api& api_;
  const Description& description_;
  const Resource& resource_;
  boost::json::array page_;
  size_t at_ = 0;
  size_t parameter_set_ = 0;  // that is read, or is next when there is no URL
  std::string url_;           // of the next page; "" when there is none
  uint64_t pages_ = 0;        // all that were asked for
  uint64_t place_ = 0;        // page, offset: of the next page
  bool is_first_ = true;      // of this parameter set
  size_t last_digest_ = 0;
  std::unordered_set<size_t> seen_;
  std::optional<model::Verdict> failure_;  // what ends them behind the records of this page
};

}  // namespace assay::connect::rest

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connect/rest/description.h"

namespace assay::connect::rest {

/// Whether both URLs are http(s) and have scheme, host and port in common (RFC 6454), so that what may be told to one
/// may be told to the other.
bool is_same_origin(std::string_view a, std::string_view b);

/// What a reference means where `base` was asked for (RFC 3986, 5); nullopt for what is no URL, is not http(s), or
/// names a user.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

/// The URL with the parameters set, each in place of one of that name, and without a fragment. Both are
/// percent-encoded as they need.
std::string with_query(std::string_view url, const Query& parameters);

/// Text with each {NAME} replaced by its parameter, percent-encoded where `is_encoded`.
std::string filled(std::string_view text, const std::map<std::string, std::string>& parameters, bool is_encoded);

/// The target of the link whose relation is "next" (RFC 8288); "" when there is none.
std::string next_link(std::string_view link_header);

/// Whether everybody on the way can read what is sent to it: its scheme is http, in letters of any case (RFC
/// 3986, 3.1).
bool is_plain_http(std::string_view url);

/// Whether what is sent to it crosses no network: a loopback address or "localhost".
bool is_loopback(std::string_view url);

}  // namespace assay::connect::rest

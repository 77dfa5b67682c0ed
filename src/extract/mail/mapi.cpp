#include "extract/mail/mapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "extract/mail/compressed_rtf.h"
#include "extract/text/html.h"
#include "extract/text/rtf.h"

namespace assay::extract::mapi {
namespace {

constexpr size_t max_rtf_bytes = size_t{32} << 20;

struct Name {
  uint16_t id;
  std::string_view name;
};

constexpr std::array names{
    Name{0x001A, "message class"},
    Name{0x0037, "subject"},
    Name{0x003D, "subject prefix"},
    Name{0x0042, "sent representing name"},
    Name{0x0064, "sent representing address type"},
    Name{0x0065, "sent representing address"},
    Name{0x0070, "conversation topic"},
    Name{0x007D, "transport headers"},
    Name{0x0C1A, "from"},
    Name{0x0C1E, "sender address type"},
    Name{0x0C1F, "from address"},
    Name{0x0E02, "bcc"},
    Name{0x0E03, "cc"},
    Name{0x0E04, "to"},
    Name{0x0E1D, "normalized subject"},
    Name{0x1035, "message id"},
    Name{0x1042, "in reply to"},
    Name{0x3001, "name"},
    Name{0x3002, "address type"},
    Name{0x3003, "email"},
    Name{0x39FE, "smtp address"},
    Name{0x5D01, "sender smtp address"},
    Name{0x5D02, "sent representing smtp address"},
    Name{0x3A02, "callback number"},
    Name{0x3A05, "generation"},
    Name{0x3A06, "given name"},
    Name{0x3A08, "business phone"},
    Name{0x3A09, "home phone"},
    Name{0x3A11, "surname"},
    Name{0x3A15, "postal address"},
    Name{0x3A16, "company"},
    Name{0x3A17, "title"},
    Name{0x3A18, "department"},
    Name{0x3A1C, "mobile phone"},
    Name{0x3A24, "fax"},
    Name{0x3A26, "country"},
    Name{0x3A27, "city"},
    Name{0x3A28, "state"},
    Name{0x3A29, "street"},
    Name{0x3A2A, "postal code"},
    Name{0x3707, "attachment name"},
};

}  // namespace

std::string property_name(uint16_t id) {
  const auto found = std::ranges::find(names, id, &Name::id);
  return found == names.end() ? fmt::format("property {:04x}", id) : std::string(found->name);
}

void MessageText::add_text(uint16_t id, std::string_view utf8) {
  while (!utf8.empty() && utf8.back() == '\0') utf8.remove_suffix(1);
  if (utf8.empty()) return;
  if (id == body) {
    plain += utf8;
  } else {
    headers += fmt::format("{}: {}\n", property_name(id), utf8);
  }
}

void MessageText::give(const Context& context, Sink& sink) const {
  if (!headers.empty()) {
    sink.begin_text(Part{.name = "headers"});
    sink.text(headers);
    sink.end_text();
  }
  if (!plain.empty()) {
    sink.begin_text(Part{.name = ""});
    sink.text(plain);
    sink.end_text();
  }
  if (!html.empty()) {
    MemoryInput input(html);
    extract_html_part(input, html_charset, Part{.name = "html"}, sink);
  }
  if (plain.empty() && html.empty() && !rtf.empty()) {
    if (const auto text = decompress_rtf(rtf, max_rtf_bytes)) {
      MemoryInput input(*text);
      extract_rtf(input, context, sink);
    } else {
      sink.partial("message body in rich text cannot be read");
    }
  }
}

}  // namespace assay::extract::mapi

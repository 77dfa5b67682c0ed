#include "extract/office/xml_stream.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_depth = 1000;
constexpr size_t chunk_bytes = size_t{16} << 10;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

struct State {
  XmlHandler& handler;
  xmlParserCtxtPtr parser = nullptr;
  std::vector<std::string_view> path = {};  // names live in the parser's dictionary
  std::exception_ptr failure = {};
  std::string problem = {};
  bool stopped = false;

  void stop() {
    stopped = true;
    xmlStopParser(parser);
  }
  template <typename Call>
  void guarded(Call call) noexcept {
    if (stopped) return;
    try {
      call();
    } catch (...) {
      failure = std::current_exception();
      stop();
    }
  }
};

void on_start(void* user, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**, int count, int,
              const xmlChar** attributes) {
  auto& state = *static_cast<State*>(user);
  state.guarded([&] {
    if (state.path.size() >= max_depth) {
      state.problem = "XML nested deeper than 1000 elements";
      state.stop();
      return;
    }
    const std::string_view parent = state.path.empty() ? std::string_view() : state.path.back();
    state.path.push_back(view(name));
    state.handler.start(XmlElement(view(name), parent, attributes, count));
  });
}

void on_end(void* user, const xmlChar* name, const xmlChar*, const xmlChar*) {
  auto& state = *static_cast<State*>(user);
  state.guarded([&] {
    if (!state.path.empty()) state.path.pop_back();
    state.handler.end(view(name));
  });
}

void on_text(void* user, const xmlChar* text, int size) {
  auto& state = *static_cast<State*>(user);
  state.guarded(
      [&] { state.handler.text(std::string_view(reinterpret_cast<const char*>(text), static_cast<size_t>(size))); });
}

xmlSAXHandler make_sax() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_text;
  sax.serror = [](void*, auto*) {};  // auto: libxml2 2.12 made the error const
  return sax;
}

struct FreeParser {
  void operator()(xmlParserCtxtPtr parser) const noexcept {
    if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
    parser->myDoc = nullptr;
    xmlFreeParserCtxt(parser);
  }
};

enum class Encoding { utf8, utf16, windows1252, refused };

std::string declared_encoding(std::string_view start) {
  if (!start.starts_with("<?xml")) return {};
  const std::string_view declaration = start.substr(0, start.find("?>"));
  const size_t at = declaration.find("encoding");
  const size_t open = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos || open == std::string_view::npos) return {};
  std::string name(declaration.substr(open + 1, declaration.find_first_of("\"'", open + 1) - open - 1));
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

/// Only Unicode is left to the parser: for other encodings it would load tables from files.
Encoding judge_encoding(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.starts_with("\0\0"sv) || start.starts_with("<\0\0\0"sv) || start.starts_with("\x4c\x6f\xa7\x94"sv))
    return Encoding::refused;  // UCS-4, EBCDIC
  if (start.starts_with("\xff\xfe"sv) || start.starts_with("\xfe\xff"sv) || start.starts_with("<\0"sv) ||
      start.starts_with("\0<"sv))
    return Encoding::utf16;
  const std::string name = declared_encoding(start);
  return name.starts_with("ISO-8859") || name.starts_with("WINDOWS-125") ? Encoding::windows1252 : Encoding::utf8;
}

/// Bytes of a document, in pieces, as the parser is to have them.
class Recoder {
 public:
  explicit Recoder(Encoding encoding) : encoding_(encoding) {}

  std::string recode(std::string_view piece) {
    if (encoding_ == Encoding::utf16) return std::string(piece);
    if (encoding_ == Encoding::windows1252) return windows1252_to_utf8(piece);
    std::string bytes = std::exchange(carried_, {});
    bytes += piece;
    const size_t whole = bytes.size() - cut_sequence_bytes(bytes);
    carried_ = bytes.substr(whole);
    bytes.resize(whole);
    return is_valid_utf8(bytes) ? bytes : valid_utf8(bytes);
  }

 private:
  /// Bytes at the end that begin a sequence of more.
  static size_t cut_sequence_bytes(std::string_view bytes) {
    for (size_t n = 1; n <= 3 && n <= bytes.size(); ++n) {
      const auto byte = static_cast<uint8_t>(bytes[bytes.size() - n]);
      if (byte < 0x80) return 0;
      if (byte >= 0xC0) return n < (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U) ? n : 0;
    }
    return 0;
  }

  Encoding encoding_;
  std::string carried_;
};

}  // namespace

std::string_view XmlElement::attribute_name(size_t index) const { return view(attributes_[index * 5]); }

std::string XmlElement::attribute_value(size_t index) const {
  const auto* begin = reinterpret_cast<const char*>(attributes_[index * 5 + 3]);
  const auto* end = reinterpret_cast<const char*>(attributes_[index * 5 + 4]);
  std::string value(begin, end);
  // The parser leaves an ampersand escaped in this way, and only it, when entities are not replaced.
  constexpr std::string_view escaped = "&#38;";
  for (size_t at = value.find(escaped); at != std::string::npos; at = value.find(escaped, at + 1))
    value.replace(at, escaped.size(), "&");
  return value;
}

std::string XmlElement::attribute(std::string_view name) const {
  for (size_t i = 0; i < count_; ++i)
    if (attribute_name(i) == name) return attribute_value(i);
  return {};
}

std::string XmlElement::relationship(std::string_view name) const {
  for (size_t i = 0; i < count_; ++i)
    if (attribute_name(i) == name && view(attributes_[i * 5 + 2]).ends_with("/relationships"))
      return attribute_value(i);
  return {};
}

std::string parse_xml(const std::function<size_t(std::span<char>)>& pull, XmlHandler& handler) {
  State state{.handler = handler};
  xmlSAXHandler sax = make_sax();
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlCreatePushParserCtxt(&sax, &state, nullptr, 0, nullptr));
  if (!parser) throw std::bad_alloc();
  state.parser = parser.get();
  // Not HUGE: the parser's own bounds on names, attributes and unfinished constructs (10 MB) stay.
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);

  char chunk[chunk_bytes];
  std::optional<Recoder> recoder;
  int error = XML_ERR_OK;
  while (!state.stopped && parser->disableSAX == 0) {
    const size_t n = pull(std::span(chunk));
    if (n == 0) break;
    if (!recoder) {
      const Encoding encoding = judge_encoding(std::string_view(chunk, n));
      if (encoding == Encoding::refused) return "XML in an unusual encoding";
      recoder.emplace(encoding);
    }
    const std::string bytes = recoder->recode(std::string_view(chunk, n));
    error = xmlParseChunk(parser.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
  }
  if (!state.stopped) {
    const int last = xmlParseChunk(parser.get(), chunk, 0, 1);
    if (error == XML_ERR_OK) error = last;
  }
  if (state.failure) std::rethrow_exception(state.failure);
  if (!state.problem.empty()) return state.problem;
  if (error == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  return parser->wellFormed == 0 ? "damaged XML" : "";
}

}  // namespace assay::extract

#include "extract/office/xml_stream.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <vector>

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
  state.guarded([&] {
    state.handler.text(std::string_view(reinterpret_cast<const char*>(text), static_cast<size_t>(size)));
  });
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

enum class Encoding { parser_knows, latin1, refused };

/// Only what the parser decodes by itself is left to it: other encodings would make it load tables from files.
Encoding judge_encoding(std::string_view start) {
  if (start.starts_with("\x4c\x6f\xa7\x94") || start.starts_with(std::string_view("\0\0", 2)) ||
      start.substr(0, 4) == std::string_view("<\0\0\0", 4))
    return Encoding::refused;
  if (!start.starts_with("<?xml")) return Encoding::parser_knows;
  const std::string_view declaration = start.substr(0, start.find("?>"));
  const size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return Encoding::parser_knows;
  const size_t open = declaration.find_first_of("\"'", at);
  if (open == std::string_view::npos) return Encoding::parser_knows;
  std::string name(declaration.substr(open + 1, declaration.find_first_of("\"'", open + 1) - open - 1));
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (name.starts_with("ISO-8859") || name.starts_with("WINDOWS-125")) return Encoding::latin1;
  return Encoding::parser_knows;
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string utf8;
  utf8.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return utf8;
}

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
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
      xmlCreatePushParserCtxt(&sax, &state, nullptr, 0, nullptr));
  if (!parser) throw std::bad_alloc();
  state.parser = parser.get();
  // Not HUGE: the parser's own bounds on names, attributes and unfinished constructs (10 MB) stay.
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);

  char chunk[chunk_bytes];
  std::optional<Encoding> encoding;
  int error = XML_ERR_OK;
  while (!state.stopped) {
    const size_t n = pull(std::span(chunk));
    if (!encoding) encoding = judge_encoding(std::string_view(chunk, n));
    if (*encoding == Encoding::refused) return "XML in an unusual encoding";
    if (n == 0) break;
    if (*encoding == Encoding::latin1) {
      const std::string utf8 = latin1_to_utf8(std::string_view(chunk, n));
      error = xmlParseChunk(parser.get(), utf8.data(), static_cast<int>(utf8.size()), 0);
    } else {
      error = xmlParseChunk(parser.get(), chunk, static_cast<int>(n), 0);
    }
    if (parser->disableSAX != 0) break;
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

#include "tests/support/mutator.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>

namespace assay::tests {
namespace {

constexpr size_t most_unzipped = 4 << 20;
constexpr size_t longest_mutant = 1 << 20;

// Numbers at which parsers turn.
constexpr std::array<uint64_t, 14> edges = {0,
                                            1,
                                            2,
                                            0x7f,
                                            0x80,
                                            0xff,
                                            0x7fff,
                                            0x8000,
                                            0xffff,
                                            0x7fffffff,
                                            0x80000000,
                                            0xffffffff,
                                            0x7fffffffffffffff,
                                            0xffffffffffffffff};

}  // namespace

Files unzip(std::string_view zip) {
  Files files;
  archive* in = archive_read_new();
  archive_read_support_format_zip_seekable(in);
  size_t total = 0;
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(in, zip.data(), zip.size()) == ARCHIVE_OK) {
    while (archive_read_next_header(in, &entry) == ARCHIVE_OK && total < most_unzipped) {
      const char* name = archive_entry_pathname(entry);
      if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG) continue;
      std::string content;
      std::array<char, 65536> buffer;
      for (la_ssize_t n = 0; (n = archive_read_data(in, buffer.data(), buffer.size())) > 0 && total < most_unzipped;
           total += static_cast<size_t>(n))
        content.append(buffer.data(), static_cast<size_t>(n));
      files.emplace_back(name, std::move(content));
    }
  }
  archive_read_free(in);
  return total < most_unzipped ? files : Files{};
}

std::string Mutator::spoil(std::string_view content, const Files& others) {
  if (content.starts_with("PK\x03\x04") && below(2) == 0) {
    Files parts = unzip(content);
    if (!parts.empty()) {
      auto& part = parts[below(parts.size())].second;
      part = spoil_bytes(part, others);
      return below(2) == 0 ? stored_zip_of(parts) : zip_of(parts);
    }
  }
  return spoil_bytes(content, others);
}

std::string Mutator::spoil_bytes(std::string_view content, const Files& others) {
  std::string bytes(content);
  for (size_t times = 1 + below(4); times > 0 && bytes.size() < longest_mutant; --times) spoil_once(bytes, others);
  return bytes;
}

void Mutator::spoil_once(std::string& bytes, const Files& others) {
  if (bytes.empty()) bytes = "x";
  const size_t at = below(bytes.size());
  const size_t length = 1 + below(std::min<size_t>(bytes.size() - at, size_t{1} << below(16)));
  switch (below(10)) {
    case 0:
      for (size_t i = 1 + below(16); i > 0; --i) bytes[below(bytes.size())] ^= static_cast<char>(1 << below(8));
      break;
    case 1:
      for (size_t i = 1 + below(8); i > 0; --i) bytes[below(bytes.size())] = static_cast<char>(random_());
      break;
    case 2: bytes.resize(at); break;
    case 3: bytes.erase(at, length); break;
    case 4: bytes.insert(below(bytes.size()), bytes.substr(at, length)); break;
    case 5: {
      const std::string piece = bytes.substr(at, length);
      for (size_t i = 1 + below(64); i > 0 && bytes.size() < longest_mutant; --i) bytes.insert(at, piece);
      break;
    }
    case 6: {
      const std::string& other = pick(others).second;
      const size_t from = below(other.size());
      bytes.replace(at, length, other, from, 1 + below(std::min<size_t>(other.size(), 4096)));
      break;
    }
    case 7: bytes.replace(at, length, length, static_cast<char>(random_())); break;
    case 8: {
      const size_t to = below(bytes.size() - length + 1);
      std::copy_n(bytes.substr(at, length).begin(), length, bytes.begin() + static_cast<std::ptrdiff_t>(to));
      break;
    }
    default: overwrite_number(bytes); break;
  }
}

void Mutator::overwrite_number(std::string& bytes) {
  const uint64_t value = edges[below(edges.size())] + below(3) - 1;
  const size_t width = size_t{1} << below(4);
  const bool big_endian = below(2) == 0;
  // Headers are where numbers matter most.
  const size_t at = below(below(2) == 0 ? std::min<size_t>(bytes.size(), 512) : bytes.size());
  for (size_t i = 0; i < width && at + i < bytes.size(); ++i)
    bytes[at + i] = static_cast<char>(value >> (8 * (big_endian ? width - 1 - i : i)));
}

}  // namespace assay::tests

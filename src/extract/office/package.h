#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extract/archive/zip_directory.h"
#include "extract/archive/zip_entry.h"
#include "extract/extractor.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// The ZIP that an office document is: parts read by name, in any order, each from its front. Parts are numbered in
/// the order of the archive; a part once read or handed over is remembered, so that a last pass can take the rest.
class Package {
 public:
  /// Throws Failure(limit) for overlapping entries, Failure(partial) when there is no entry at all. Lesser damage is
  /// told to the sink.
  Package(Input& input, const Context& context, Sink& sink);

  static constexpr size_t none = SIZE_MAX;
  size_t part_count() const { return entries_.size(); }
  const std::string& name(size_t part) const { return entries_[part].name; }
  bool is_taken(size_t part) const { return taken_[part]; }
  void take(size_t part) { taken_[part] = true; }  ///< leaves a part out of the last pass

  /// By name, ignoring ASCII case and a leading slash (ECMA-376-2, 6.2.2); `none` when missing.
  size_t find(std::string_view name) const;

  /// Sends an XML part to the handler and takes it. Damage is told to the sink; false when nothing could be read.
  bool parse(size_t part, XmlHandler& handler);

  /// Reads a binary part from its front through `consume(bytes)`. Takes it.
  bool read(size_t part, const std::function<void(std::string_view)>& consume);

  /// Hands the part to the sink as a member of this name (default: its own) and takes it.
  void hand_over(size_t part, std::string_view as = {});

  Sink& sink() const { return sink_; }
  const Context& context() const { return context_; }

 private:
  size_t pull(ZipEntryReader& reader, std::span<char> out);
  template <typename Use>
  bool open(size_t part, Use use);

  Input& input_;
  const Context& context_;
  Sink& sink_;
  uint64_t input_bytes_;
  uint64_t expanded_bytes_ = 0;
  std::vector<ZipEntry> entries_;
  std::vector<bool> taken_;
  std::unordered_map<std::string, size_t> by_name_;
};

/// ASCII letters to lower case.
std::string lower_ascii(std::string_view text);

}  // namespace assay::extract

#include "extract/office/package.h"

#include "extract/archive/member_stream.h"
#include "extract/failure.h"
#include "extract/unicode.h"

namespace assay::extract {

using model::Verdict;
using model::VerdictKind;

namespace {

std::string part_key(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  std::string key = lower_ascii(name);
  for (char& c : key)
    if (c == '\\') c = '/';  // some writers on Windows
  return key;
}

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

Package::Package(Input& input, const Context& context, Sink& sink)
    : input_(input), context_(context), sink_(sink), input_bytes_(input.size()) {
  const Tick tick = [&sink] { sink.tick(); };
  const uint64_t max_parts = context.limits.max_members;
  ZipDirectory directory = read_zip_directory(input, max_parts, tick);
  if (has_overlapping_entries(directory)) throw Failure(VerdictKind::limit, "overlapping zip entries");
  auto unlisted = find_unlisted_zip_entries(input, directory, max_parts, tick);
  entries_ = std::move(directory.entries);
  entries_.insert(entries_.end(), std::make_move_iterator(unlisted.begin()), std::make_move_iterator(unlisted.end()));
  std::erase_if(entries_, [](const ZipEntry& entry) { return entry.is_directory(); });
  if (entries_.empty())
    throw Failure(VerdictKind::partial, directory.problem.empty() ? "empty document" : directory.problem);
  if (!directory.problem.empty()) sink.partial(directory.problem);
  taken_.resize(entries_.size());
  for (ZipEntry& entry : entries_) entry.name = valid_utf8(entry.name);  // it becomes the name of texts and tables
  for (size_t part = 0; part < entries_.size(); ++part) by_name_.emplace(part_key(entries_[part].name), part);
}

size_t Package::find(std::string_view name) const {
  const auto at = by_name_.find(part_key(name));
  return at == by_name_.end() ? none : at->second;
}

size_t Package::pull(ZipEntryReader& reader, std::span<char> out) {
  const size_t n = reader.read(out);
  expanded_bytes_ += n;
  sink_.tick();
  const model::Limits& limits = context_.limits;
  if (expanded_bytes_ > limits.max_expanded_bytes) throw Failure(VerdictKind::limit, "max_expanded_bytes");
  constexpr uint64_t ratio_from_bytes = uint64_t{64} << 20;
  if (expanded_bytes_ > ratio_from_bytes && expanded_bytes_ / limits.max_expansion_ratio > input_bytes_)
    throw Failure(VerdictKind::limit, "max_expansion_ratio");
  return n;
}

template <typename Use>
bool Package::open(size_t part, Use use) {
  if (part == none) return false;
  taken_[part] = true;
  const ZipEntry& entry = entries_[part];
  std::optional<ZipEntryReader> reader;
  try {
    reader.emplace(input_, entry);
  } catch (const Failure& failure) {
    if (!is_fault_of_entry(failure.verdict().kind)) throw;
    sink_.unread_member(entry.name, failure.verdict());
    return false;
  }
  use(*reader);
  return true;
}

bool Package::parse(size_t part, XmlHandler& handler) {
  return open(part, [&](ZipEntryReader& reader) {
    std::string problem = parse_xml([&](std::span<char> out) { return pull(reader, out); }, handler);
    if (!reader.damage().empty()) problem = reader.damage();
    if (!problem.empty()) sink_.partial(problem);
  });
}

bool Package::read(size_t part, const std::function<void(std::string_view)>& consume) {
  return open(part, [&](ZipEntryReader& reader) {
    std::string buffer(size_t{32} << 10, '\0');
    while (const size_t n = pull(reader, std::span(buffer.data(), buffer.size())))
      consume(std::string_view(buffer).substr(0, n));
    if (!reader.damage().empty()) sink_.partial(reader.damage());
  });
}

void Package::hand_over(size_t part, std::string_view as) {
  open(part, [&](ZipEntryReader& reader) {
    hand_over_member(as.empty() ? std::string_view(entries_[part].name) : as,
                     {.pull = [&](std::span<char> out) { return reader.read(out); },
                      .outcome = [&]() -> Verdict {
                        if (reader.damage().empty()) return {};
                        return {VerdictKind::partial, reader.damage()};
                      }},
                     context_, sink_);
  });
}

}  // namespace assay::extract

#include "extract/office/text_streams.h"

#include <algorithm>

namespace assay::extract {
namespace {
constexpr size_t main_bytes = size_t{32} << 10;
constexpr size_t side_bytes = size_t{1} << 20;
}  // namespace

TextStream& TextStreams::side(std::string_view name) {
  for (TextStream& side : sides_)
    if (side.part_.name == name) return side;
  return sides_.emplace_back(Part{.name = std::string(name), .page = main_.part_.page});
}

bool TextStreams::has_side(std::string_view name) const {
  return std::ranges::any_of(sides_, [name](const TextStream& side) { return side.part_.name == name; });
}

void TextStreams::give_main() {
  if (main_.bytes_.empty()) return;
  if (!main_open_) sink_.begin_text(main_.part_);
  main_open_ = true;
  sink_.text(main_.bytes_);
  main_.bytes_.clear();
}

void TextStreams::end_main() {
  if (main_.any_ && main_.line_ended_) main_.bytes_ += '\n';
  main_.line_ended_ = false;
  give_main();
  if (main_open_) sink_.end_text();
  main_open_ = false;
}

void TextStreams::give_side(TextStream& side) {
  if (side.line_ended_) side.bytes_ += '\n';
  side.line_ended_ = false;
  if (!std::ranges::all_of(side.bytes_, [](char c) { return c == '\n' || c == '\t'; })) {
    sink_.begin_text(side.part_);
    sink_.text(side.bytes_);
    sink_.end_text();
  }
  side.bytes_.clear();
}

void TextStreams::flush_if_large() {
  if (main_.size() > main_bytes) give_main();
  for (TextStream& side : sides_) {
    if (side.size() <= side_bytes) continue;
    if (main_open_) sink_.end_text();
    main_open_ = false;
    give_side(side);
  }
}

void TextStreams::restart(Part main) {
  finish();
  main_ = TextStream(std::move(main));
}

void TextStreams::finish() {
  end_main();
  for (TextStream& side : sides_) give_side(side);
  sides_.clear();
}

}  // namespace assay::extract

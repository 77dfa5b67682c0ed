#include "extract/pdf/page_layout.h"

#include <GfxState.h>
#include <TextOutputDev.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr double cell_words_per_line = 4;  // prose has more words to a line than that
constexpr int cell_lines = 2;              // and more lines to a block

struct Line {
  std::u32string text;
  double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
  bool hyphenated = false;
  bool block_ends = false;
  bool in_cell = false;
  bool given = false;

  double middle() const { return (top + bottom) / 2; }
  double height() const { return bottom - top; }
};

Line read_line(const TextLine& source, size_t& words, bool& upright) {
  Line line;
  line.hyphenated = source.isHyphenated();
  for (const TextWord* word = source.getWords(); word != nullptr; word = word->getNext()) {
    ++words;
    upright &= word->getRotation() == 0;
    for (int i = 0; i < word->getLength(); ++i) line.text += static_cast<char32_t>(*word->getChar(i));
    if (word->getSpaceAfter()) line.text += U' ';
    double left, top, right, bottom;
    word->getBBox(&left, &top, &right, &bottom);
    line.left = std::min(line.left, left);
    line.right = std::max(line.right, right);
    line.top = std::min(line.top, top);
    line.bottom = std::max(line.bottom, bottom);
  }
  line.text = logical_order(std::move(line.text));
  return line;
}

void read_block(const TextBlock& block, std::vector<Line>& lines) {
  const size_t first = lines.size();
  size_t words = 0;
  bool upright = true;
  for (const TextLine* line = block.getLines(); line != nullptr; line = line->getNext())
    lines.push_back(read_line(*line, words, upright));
  const size_t count = lines.size() - first;
  if (count == 0) return;
  lines.back().block_ends = true;
  const bool cell = upright && (count <= cell_lines ||
                                static_cast<double>(words) / static_cast<double>(count) <= cell_words_per_line);
  for (size_t i = first; i < lines.size(); ++i) lines[i].in_cell = cell;
}

/// The cells of all rows by height on the page, to find those beside a cell.
class Rows {
 public:
  explicit Rows(std::vector<Line>& lines) {
    for (Line& line : lines) {
      if (!line.in_cell) continue;
      cells_.push_back(&line);
      tallest_ = std::max(tallest_, line.height());
    }
    std::ranges::sort(cells_, {}, [](const Line* line) { return line->middle(); });
  }

  /// The cells not given yet whose middles are within a third of the lower one's height, from left to right.
  std::vector<Line*> row_of(const Line& cell) const {
    std::vector<Line*> row;
    auto from =
        std::ranges::lower_bound(cells_, cell.middle() - tallest_, {}, [](const Line* line) { return line->middle(); });
    for (; from != cells_.end() && (*from)->middle() <= cell.middle() + tallest_; ++from) {
      const double tolerance = std::min((*from)->height(), cell.height()) / 3;
      if (!(*from)->given && std::abs((*from)->middle() - cell.middle()) <= tolerance) row.push_back(*from);
    }
    std::ranges::sort(row, {}, [](const Line* line) { return line->left; });
    return row;
  }

 private:
  std::vector<Line*> cells_;
  double tallest_ = 0;
};

bool is_lower(char32_t c) { return c >= U'a' && c <= U'z'; }

void append_text(std::string& out, const std::u32string& text) {
  static constexpr std::string_view ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};  // from U+FB00
  for (const char32_t c : text) {
    if (c >= 0xFB00 && c <= 0xFB06) {
      out += ligatures[c - 0xFB00];
    } else if (c == 0xA0) {
      out += ' ';
    } else if (c >= 0x20 && c != 0xAD) {
      append_utf8(out, c);
    }
  }
}

/// A line and its end; a word that goes on in the next line loses its hyphen.
void append_line(std::string& out, const Line& line, const Line* next) {
  const auto& text = line.text;
  const bool word_goes_on = line.hyphenated && !line.block_ends && next != nullptr && !next->given && text.size() > 1 &&
                            is_lower(text[text.size() - 2]) && !next->text.empty() && is_lower(next->text[0]);
  if (word_goes_on) return append_text(out, text.substr(0, text.size() - 1));
  append_text(out, text);
  out += '\n';
  if (line.block_ends) out += '\n';
}

enum class Direction : uint8_t { left_to_right, right_to_left, neutral };

Direction direction_of(char32_t c) {
  if ((c >= 0x0590 && c < 0x0900) || (c >= 0xFB1D && c < 0xFE00) || (c >= 0xFE70 && c < 0xFEFF))
    return c >= 0x0660 && c <= 0x0669 ? Direction::left_to_right : Direction::right_to_left;
  const bool letter_or_digit =
      (c >= U'0' && c <= U'9') || (c | 0x20) - U'a' < 26 || (c >= 0xC0 && c < 0x590) || c >= 0x900;
  return letter_or_digit ? Direction::left_to_right : Direction::neutral;
}

}  // namespace

std::u32string logical_order(std::u32string visual) {
  const auto rtl = std::ranges::count(visual, Direction::right_to_left, direction_of);
  if (rtl == 0) return visual;
  const auto letters = std::ranges::count_if(visual, [](char32_t c) { return (c | 0x20) - U'a' < 26; });
  const bool line_is_rtl = rtl > letters;
  const Direction minority = line_is_rtl ? Direction::left_to_right : Direction::right_to_left;
  if (line_is_rtl) std::ranges::reverse(visual);
  for (auto at = visual.begin(); at != visual.end();) {
    if (direction_of(*at) != minority) {
      ++at;
      continue;
    }
    auto end = at + 1;
    for (auto look = end;
         look != visual.end() && (direction_of(*look) == minority || direction_of(*look) == Direction::neutral); ++look)
      if (direction_of(*look) == minority) end = look + 1;
    std::reverse(at, end);
    at = end;
  }
  return visual;
}

std::string page_text(const TextPage& page) {
  std::vector<Line> lines;
  for (const TextFlow* flow = page.getFlows(); flow != nullptr; flow = flow->getNext())
    for (const TextBlock* block = flow->getBlocks(); block != nullptr; block = block->getNext())
      read_block(*block, lines);
  const Rows rows(lines);
  std::string out;
  for (size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    if (line.given) continue;
    const auto row = line.in_cell ? rows.row_of(line) : std::vector<Line*>{&line};
    for (Line* cell : row) cell->given = true;
    if (row.size() == 1) {
      append_line(out, line, i + 1 < lines.size() ? &lines[i + 1] : nullptr);
      continue;
    }
    for (const Line* cell : row) {
      append_text(out, cell->text);
      out += cell == row.back() ? '\n' : '\t';
    }
  }
  return out;
}

}  // namespace assay::extract

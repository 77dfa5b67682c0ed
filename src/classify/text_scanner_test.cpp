#include "classify/text_scanner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

using Found = std::tuple<uint64_t, uint64_t, uint32_t, float, uint64_t, uint64_t, uint64_t>;

class Collector : public MatchSink {
 public:
  void on_match(const Match& match, const Place& place) override {
    found.emplace_back(match.begin, match.end, match.rule, match.confidence, place.line, place.line_column,
                       place.code_point);
    values.emplace_back(place.value());
  }
  std::vector<Found> found;
  std::vector<std::string> values;
};

const Classifier& builtin() {
  static const Classifier classifier(load_rules(builtin_rule_sources()));
  return classifier;
}

Classifier one_rule(const std::string& yaml) { return Classifier(load_rules(RuleSource{"test.yaml", yaml})); }

Collector scan(const Classifier& classifier, std::string_view text, const std::vector<size_t>& cuts = {},
               float min_confidence = 0.5F) {
  Scratch scratch(classifier.rules());
  Collector collector;
  TextScanner scanner(classifier, scratch, min_confidence, collector);
  size_t at = 0;
  for (size_t cut : cuts) {
    scanner.feed(text.substr(at, cut - at));
    at = cut;
  }
  scanner.feed(text.substr(at));
  scanner.finish();
  return collector;
}

TEST(TextScanner, WordsOfDenyListsAreFoundInAnyCaseOfAnyAlphabet) {
  const Classifier names =
      one_rule("rules:\n  - {name: n, entity: N, deny_list: [überweisung, ПАСПОРТ, αριθμός, 'Łódź', 身份, čas]}\n");
  const std::string text =
      "ÜBERWEISUNG, Überweisung überweisung; паспорт Паспорт ПаСпОрТ; ΑΡΙΘΜΌΣ Αριθμός; łódź ŁÓDŹ; 身份 ČAS uberweisung";
  EXPECT_EQ(scan(names, text).values,
            (std::vector<std::string>{"ÜBERWEISUNG", "Überweisung", "überweisung", "паспорт", "Паспорт", "ПаСпОрТ",
                                      "ΑΡΙΘΜΌΣ", "Αριθμός", "łódź", "ŁÓDŹ", "身份", "ČAS"}));
}

TEST(TextScanner, KeywordsBeyondAsciiCountInAnyCase) {
  const Classifier keyed = one_rule(
      "rules:\n  - {name: n, entity: N, patterns: [{regex: '[^0-9]{3,60} ([0-9]{4})', group: 1, confidence: 0.9, "
      "keywords: "
      "['überweisung', 'номер паспорта', 'señal']}]}\n");
  for (const char* text : {"ÜBERWEISUNG 1234", "Überweisung 1234", "überweisung 1234", "НОМЕР ПАСПОРТА 1234",
                           "Номер Паспорта 1234", "SEÑAL 1234"})
    EXPECT_EQ(scan(keyed, text).values, std::vector<std::string>{"1234"}) << text;
  EXPECT_TRUE(scan(keyed, "ANDERES 1234").values.empty());
}

TEST(TextScanner, KeywordsOfTwoBytesAreLookedForToo) {
  const Classifier two = one_rule(
      "rules:\n  - {name: n, entity: N, patterns: [{regex: '(?i)qx[a-z]{3}', confidence: 0.9, keywords: [qx]}]}\n");
  const auto found = scan(two, std::string(5000, '.') + " qxabc, QXdef and q xghi" + std::string(5000, '.') + "qxjkl");
  EXPECT_EQ(found.values, (std::vector<std::string>{"qxabc", "QXdef", "qxjkl"}));
}

// What its groups are a piece of decides, not how they look by themselves; the check digit is right in each of these.
TEST(TextScanner, GroupsOfALongerRunOfGroupsAreNoNumber) {
  const Classifier cards = one_rule(
      "rules:\n  - {name: card, entity: CARD, validator: credit_card, validated: 0.9, patterns: "
      "[{regex: '\\b[2-9][0-9]{3}(?:[ -][0-9]{4}){3}\\b', confidence: 0.3}]}\n");
  const std::string card = "4111 1111 1111 1111";
  const auto found = [&](const std::string& text) { return scan(cards, text).values.size(); };
  EXPECT_EQ(found(card), 1U);
  EXPECT_EQ(found("no. 17 " + card + " 123"), 1U);
  EXPECT_EQ(found(card + " 1227"), 1U) << "one more group may be a date";
  EXPECT_EQ(found(card + " 12345 1234"), 1U) << "groups of another shape";
  EXPECT_EQ(found(card + "  2222 3333"), 1U) << "columns stand farther apart";
  EXPECT_EQ(found(card + " " + card), 2U) << "numbers of the kind in a row";
  EXPECT_EQ(found(card + " 2222 3333"), 0U);
  EXPECT_EQ(found("2222 " + card + " 3333"), 0U);
  EXPECT_EQ(found("2222 3333 " + card), 0U);
  EXPECT_EQ(found("54A1 " + card + " 56F7 576F"), 0U) << "a table of code points";
  EXPECT_EQ(found(card + " deaf face"), 1U) << "words";
  std::string list;
  for (int i = 0; i < 12; ++i) list += card + " ";
  EXPECT_EQ(found(list), 0U) << "a list of numbers of four digits";
}

// Text that holds every rule's examples, between words, numbers, long tokens and long lines.
std::string mixed_text(std::mt19937& random, size_t bytes) {
  static const std::vector<std::string> fillers = {"the quick brown fox ",
                                                   "id=12345 ",
                                                   "2024-02-30T10:00:00Z ",
                                                   "\n",
                                                   "\n\n",
                                                   "aGVsbG8gd29ybGQ0MTExMTExMTExMTExMTEx",
                                                   "\"key\": ",
                                                   "naïve café ",
                                                   "身份证号码",
                                                   ", ",
                                                   "; ",
                                                   "0123456789",
                                                   " - ",
                                                   "x_y_z ",
                                                   "<tag>",
                                                   "\t"};
  std::vector<const std::string*> examples;
  for (const auto& rule : builtin().rules().sources()) {
    for (const auto& example : rule.examples) examples.push_back(&example.text);
    for (const auto& example : rule.counter_examples) examples.push_back(&example.text);
  }
  std::string text;
  while (text.size() < bytes) {
    text += random() % 4 == 0 ? *examples[random() % examples.size()] : fillers[random() % fillers.size()];
    if (random() % 8 == 0) text += ' ';
  }
  return text;
}

TEST(TextScanner, ChunksGiveExactlyWhatTheWholeGives) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 12; ++round) {
    const std::string text = mixed_text(random, 200'000 + random() % 900'000);
    const Collector whole = scan(builtin(), text);
    ASSERT_GT(whole.found.size(), 100U);
    std::vector<size_t> cuts;
    for (size_t at = 0; at < text.size();) {
      at += 1 + random() % (round % 3 == 0 ? 50 : round % 3 == 1 ? 5'000 : 400'000);
      if (at < text.size()) cuts.push_back(at);
    }
    const Collector chunked = scan(builtin(), text, cuts);
    ASSERT_EQ(whole.found.size(), chunked.found.size()) << "round " << round;
    for (size_t i = 0; i < whole.found.size(); ++i)
      ASSERT_EQ(whole.found[i], chunked.found[i]) << "round " << round << " finding " << i;
  }
}

// Throws at one match, as a sink does at a limit.
class Refuser final : public Collector {
 public:
  explicit Refuser(size_t at) : at_(at) {}
  void on_match(const Match& match, const Place& place) override {
    if (found.size() == at_ && !std::exchange(has_thrown_, true)) throw std::length_error("enough");
    Collector::on_match(match, place);
  }

 private:
  size_t at_;
  bool has_thrown_ = false;
};

TEST(TextScanner, GoesOnAfterItsSinkHasThrown) {
  std::mt19937 random(20261126);
  const std::string text = mixed_text(random, 900'000);
  const Collector whole = scan(builtin(), text);
  for (const size_t piece : {size_t{1000}, size_t{60'000}, text.size()})
    for (const size_t at : {size_t{3}, whole.found.size() / 2, whole.found.size() - 3}) {
      Scratch scratch(builtin().rules());
      Refuser refuser(at);
      TextScanner scanner(builtin(), scratch, 0.5F, refuser);
      size_t thrown = 0;
      try {
        for (size_t begin = 0; begin < text.size(); begin += piece)
          scanner.feed(std::string_view(text).substr(begin, piece));
      } catch (const std::length_error&) {
        ++thrown;
      }
      const uint64_t fed = scanner.bytes();
      try {
        scanner.finish();
      } catch (const std::length_error&) {
        ++thrown;
      }
      EXPECT_EQ(thrown, 1U);
      // What came before is there, and nothing that the text does not have.
      ASSERT_GE(refuser.found.size(), at);
      for (size_t i = 0; i < at; ++i) ASSERT_EQ(refuser.found[i], whole.found[i]);
      // Where the text was cut short, there may be pieces of what the whole has.
      for (size_t i = at; i < refuser.found.size() && std::get<1>(refuser.found[i]) + Detector::reach_after < fed; ++i)
        ASSERT_TRUE(std::ranges::find(whole.found, refuser.found[i]) != whole.found.end()) << piece << ' ' << i;
    }
}

// Letters without a space between them, as scripts without spaces have, between things to find.
std::string unspaced_text(std::mt19937& random, size_t bytes) {
  static const std::vector<std::string> runs = {"身份证号码", "信用卡", "账户", "電話番号", "abcdef", "Kreditkarte"};
  std::string text;
  while (text.size() < bytes) {
    for (size_t n = random() % 200; n > 0; --n) text += runs[random() % runs.size()];
    text += random() % 2 == 0 ? "11010519491231002X" : " 4111111111111111 ";
  }
  return text;
}

// A text scanned from the middle: from the cut on, what the whole gives.
TEST(TextScanner, WhatIsScannedFromTheMiddleIsWhatTheWholeGives) {
  std::mt19937 random(20261125);
  for (int round = 0; round < 8; ++round) {
    const std::string text = round % 2 == 0 ? mixed_text(random, 700'000) : unspaced_text(random, 700'000);
    const Collector whole = scan(builtin(), text, {}, 0.3F);
    ASSERT_GT(whole.found.size(), 100U);
    for (int cut = 0; cut < 6; ++cut) {
      const size_t from = TextScanner::lead_bytes + random() % (text.size() - TextScanner::lead_bytes);
      size_t lead = from - TextScanner::lead_bytes;
      while ((static_cast<uint8_t>(text[lead]) & 0xC0) == 0x80) ++lead;
      Scratch scratch(builtin().rules());
      Collector inside;
      TextScanner scanner(builtin(), scratch, 0.3F, inside);
      scanner.begin_inside();
      scanner.feed(std::string_view(text).substr(lead));
      scanner.finish();
      ASSERT_TRUE(scanner.is_in_step(from - lead));
      const auto all_of = [&](const Collector& collector, size_t base) {
        std::vector<std::tuple<uint64_t, uint64_t, uint32_t, float>> matches;
        for (const auto& [begin, end, rule, confidence, line, column, point] : collector.found)
          if (begin + base >= from) matches.emplace_back(begin + base, end + base, rule, confidence);
        return matches;
      };
      ASSERT_EQ(all_of(whole, 0), all_of(inside, lead)) << "round " << round << " cut at " << from;
    }
  }
}

// Matches that hang together from before the lead: nobody can tell from the middle which of them win.
TEST(TextScanner, TellsWhenTheMiddleIsNotInStep) {
  const auto classifier = one_rule(
      "rules:\n  - {name: n, entity: N, patterns: [{regex: '[0-9]{3}(-[0-9]{3}){0,20}', confidence: 0.9}]}\n"
      "  - {name: m, entity: M, patterns: [{regex: '(-[0-9]{3}){9}', confidence: 0.9, keywords: ['-1']}]}\n");
  std::string text;
  while (text.size() < 100'000) text += "123-";
  Scratch scratch(classifier.rules());
  Collector inside;
  TextScanner scanner(classifier, scratch, 0.5F, inside);
  scanner.begin_inside();
  scanner.feed(text);
  scanner.finish();
  ASSERT_FALSE(inside.found.empty());
  EXPECT_FALSE(scanner.is_in_step(TextScanner::lead_bytes));
}

// What a window of the scanner holds must not show: the same text behind different lengths of filler.
TEST(TextScanner, WindowEdgesDoNotShow) {
  const std::string core = "Kontakt: erika@example.org, SSN: 536-22-8145, card 4111 1111 1111 1111\n";
  const Collector alone = scan(builtin(), core);
  ASSERT_GE(alone.values.size(), 2U);
  for (size_t shift = 0; shift < 400; ++shift) {
    const std::string filler = std::string(TextScanner::window_bytes - 200 + shift, '.') + "\n";
    const Collector shifted = scan(builtin(), filler + core);
    ASSERT_EQ(alone.values, shifted.values) << "shift " << shift;
  }
}

TEST(TextScanner, CountsLinesColumnsAndCodePoints) {
  const auto classifier = one_rule(
      "rules:\n  - name: n\n    entity: N\n    patterns:\n      - {regex: '\\b[0-9]{6}\\b', confidence: 0.9}\n");
  const Collector found = scan(classifier, "é 123456\nzwei\näöü 654321 x 111111");
  ASSERT_EQ(found.found.size(), 3U);
  EXPECT_EQ(found.found[0], Found(3, 9, 0U, 0.9F, 1, 3, 2));
  EXPECT_EQ(found.found[1], Found(22, 28, 0U, 0.9F, 3, 5, 18));
  EXPECT_EQ(found.found[2], Found(31, 37, 0U, 0.9F, 3, 14, 27));
}

TEST(TextScanner, PiecesOfLongerThingsAreNotFound) {
  const auto classifier =
      one_rule("rules:\n  - name: n\n    entity: N\n    patterns:\n      - {regex: '[0-9]{6}', confidence: 0.9}\n");
  for (const char* text : {"1234567", "x123456", "123456x", "_123456", "1.123456", "123456.5", "12-123456", "123456-7",
                           "ab1-123456", "123456,789 "})
    EXPECT_TRUE(scan(classifier, text).values.empty()) << text;
  for (const char* text : {"123456", "no.123456", "ID-123456", "123456.", "123456-", "123456, 789", "(123456)",
                           "\u53f7123456", "a,123456,b"})
    EXPECT_EQ(scan(classifier, text).values.size(), 1U) << text;
}

TEST(TextScanner, ContextLiftsByNearness) {
  const auto classifier = one_rule(
      "rules:\n  - name: n\n    entity: N\n    patterns:\n      - {regex: '\\b[0-9]{6}\\b', confidence: 0.2}\n"
      "    context: {words: [badge number], boost: 0.4, negative: [order], penalty: 0.3}\n");
  auto confidence = [&](std::string_view text) {
    const Collector found = scan(classifier, text, {}, 0.0F);
    return found.found.empty() ? -1.0F : std::get<3>(found.found.front());
  };
  EXPECT_FLOAT_EQ(confidence("123456"), 0.2F);
  EXPECT_FLOAT_EQ(confidence("badge number 123456"), 0.6F);
  EXPECT_FLOAT_EQ(confidence("badgeNumber=123456"), 0.6F);
  EXPECT_FLOAT_EQ(confidence("BADGE_NUMBERS: [123456]"), 0.6F);
  EXPECT_FLOAT_EQ(confidence("<badge-number type='x'>123456</badge-number>"), 0.6F);
  EXPECT_FLOAT_EQ(confidence("order 123456"), 0.0F + -1.0F) << "a confidence of nothing is not reported";
  const float far = confidence("badge number of the person in question was then 123456");
  EXPECT_GT(far, 0.2F);
  EXPECT_LT(far, 0.6F);
  EXPECT_FLOAT_EQ(confidence("badge number" + std::string(200, '.') + "123456"), 0.2F);
  EXPECT_GT(confidence("123456 is the badge number"), 0.2F);
}

TEST(TextScanner, TheBetterOfTwoOverlappingWins) {
  const auto classifier = one_rule(
      "rules:\n"
      "  - {name: weak, entity: A, patterns: [{regex: '\\b[0-9]{3}-[0-9]{3}\\b', confidence: 0.6}]}\n"
      "  - {name: strong, entity: B, patterns: [{regex: '\\b[0-9]{3}-[0-9]{3} [0-9]{3}\\b', confidence: 0.8}]}\n");
  const Collector found = scan(classifier, "123-456 789 and 123-456");
  ASSERT_EQ(found.found.size(), 2U);
  EXPECT_EQ(std::get<2>(found.found[0]), 1U);
  EXPECT_EQ(std::get<2>(found.found[1]), 0U);
}

TEST(TextScanner, WhatStandsInsideAnAddressOfTheWebIsReportedBesideIt) {
  const auto classifier = one_rule(
      "rules:\n"
      "  - {name: url, entity: URL, category: online, patterns: [{regex: 'https?://[^\\s]+', confidence: 0.9, "
      "keywords: ['://']}]}\n"
      "  - {name: mail, entity: EMAIL, patterns: [{regex: '[a-z.]+@[a-z.]+', confidence: 0.8, keywords: ['@']}]}\n");
  const Collector found = scan(classifier, "see https://example.org/?to=anna@example.org now");
  EXPECT_EQ(found.values, (std::vector<std::string>{"https://example.org/?to=anna@example.org", "anna@example.org"}));
}

TEST(TextScanner, PatternsThatAreNeitherTokensNorHaveKeywordsReadLines) {
  const auto classifier =
      one_rule("rules:\n  - {name: zip, entity: ZIP, patterns: [{regex: '(?<=ZIP )(\\w+)-\\1', confidence: 0.9}]}\n");
  ASSERT_EQ(classifier.rules().patterns.front().kind, SearchKind::line);
  EXPECT_EQ(scan(classifier, "a\nZIP ab-ab\nZIP ab-cd\n").values, std::vector<std::string>{"ab-ab"});
}

TEST(TextScanner, HostileTextEndsInReasonableTime) {
  // Openers of keyword patterns without end, which a backtracking matcher might take for ever over.
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "password = '-----BEGIN eyJ";
  scan(builtin(), text);
  scan(builtin(), std::string(2'000'000, '1'));
  scan(builtin(), std::string(2'000'000, '@'));
  std::string dashes;
  for (int i = 0; i < 400'000; ++i) dashes += "1-";
  scan(builtin(), dashes);
}

}  // namespace
}  // namespace assay::classify

#include "connect/conformance.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "connect/delivery.h"
#include "core/error.h"

namespace assay::connect {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

std::unique_ptr<Connector> ConnectorConformance::connector(const SourceAddress& address, std::stop_token stop) const {
  return connector_at(*place_, address, std::move(stop));
}

EntryRecorder enumerated(Connector& connector, const std::string& resume_after) {
  EntryRecorder recorder;
  connector.enumerate(0, resume_after, recorder);
  return recorder;
}

std::string read_all(ObjectReader& reader) {
  std::string content, piece(100'000, '\0');
  while (const size_t n = reader.read(piece)) content.append(piece, 0, n);
  return content;
}

std::string read_all(Connector& connector, const std::string& name, const std::function<void()>& after_first) {
  auto opened = connector.open(0, name);
  if (!opened) throw ReadFailure(opened.error());
  std::string content, piece(50'000, '\0');
  while (const size_t n = opened->reader->read(piece)) {
    if (content.empty() && after_first) after_first();
    content.append(piece, 0, n);
  }
  return content;
}

std::string lines_of(size_t lines) {
  std::string text;
  text.reserve(lines * 10);
  for (size_t i = 0; i < lines; ++i) text += fmt::format("{:09}\n", i);
  return text;
}

std::string ConnectorConformance::content_of(Connector& connector, const std::string& name) const {
  auto opened = connector.open(0, name);
  if (!opened) {
    ADD_FAILURE() << name << ": " << opened.error().reason;
    return {};
  }
  if (opened->reader) return read_all(*opened->reader);
  std::string content;
  std::string piece(70'000, '\0');
  ssize_t n;
  while ((n = ::read(opened->fd.get(), piece.data(), piece.size())) > 0)
    content.append(piece, 0, static_cast<size_t>(n));
  EXPECT_EQ(n, 0);
  EXPECT_TRUE(opened->check && !opened->check->has_changed(opened->fd.get()));
  return content;
}

namespace {

std::string random_bytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::vector<std::string> names_of(Connector& connector, const std::string& resume_after = {}) {
  return enumerated(connector, resume_after).names();
}

TEST_P(ConnectorConformance, AnEmptyRootHasNothing) {
  const auto source = connector();
  EXPECT_THAT(source->roots(), SizeIs(1));
  EXPECT_THAT(names_of(*source), IsEmpty());
  EXPECT_TRUE(source->test(10).ok);
}

TEST_P(ConnectorConformance, EveryObjectIsVisitedOnceUnderItsName) {
  std::vector<std::string> names = {"a", "b/c", "b/c.d/e e", "b/f", "z/very/deep/folder/of/an/object", "ü/ß+%20&=?#x"};
  std::erase_if(names.back(), [this](char c) { return place_->forbidden().contains(c); });
  if (place_->takes_any_bytes()) names.push_back("bytes/\xff\xfe");
  for (const auto& name : names) place_->put(name, name);
  EXPECT_THAT(names_of(*connector()), UnorderedElementsAreArray(names));
  const auto source = connector();
  for (const auto& name : names) EXPECT_EQ(content_of(*source, name), name);
  EXPECT_EQ(source->path_of(0, "b/f"), source->roots().at(0) + "/b/f");
}

TEST_P(ConnectorConformance, ManyObjectsComeInPagesAndAnyNameIsAPlaceToGoOnFrom) {
  constexpr size_t count = 1203;
  for (size_t i = 0; i < count; ++i) place_->put(fmt::format("{}/{}.txt", i % 7, i), "x");
  const auto source = connector();
  const auto all = names_of(*source);
  ASSERT_THAT(std::set(all.begin(), all.end()), SizeIs(count));
  for (const size_t at : {size_t{0}, size_t{1}, count / 2, count - 2, count - 1}) {
    const auto rest = names_of(*source, all[at]);
    std::set<std::string> seen(all.begin(), all.begin() + static_cast<ptrdiff_t>(at) + 1);
    seen.insert(rest.begin(), rest.end());
    EXPECT_THAT(seen, SizeIs(count)) << "after " << all[at];
    EXPECT_LE(rest.size(), count - at) << "after " << all[at];
  }
}

TEST_P(ConnectorConformance, AVisitorCanEndTheEnumeration) {
  for (int i = 0; i < 40; ++i) place_->put(fmt::format("{}", i), "x");
  EntryRecorder recorder;
  recorder.stop_after = 3;
  connector()->enumerate(0, {}, recorder);
  EXPECT_GE(recorder.entries.size(), 3U);
  EXPECT_LT(recorder.entries.size(), 40U);
}

TEST_P(ConnectorConformance, ContentComesToTheByte) {
  const std::vector<std::string> contents = {"", "1", random_bytes(65'536, 1), random_bytes((5U << 20) + 17, 2)};
  for (size_t i = 0; i < contents.size(); ++i) place_->put(fmt::format("{}", i), contents[i]);
  const auto source = connector();
  EntryRecorder recorder;
  source->enumerate(0, {}, recorder);
  ASSERT_THAT(recorder.entries, SizeIs(contents.size()));
  for (const ObjectEntry& entry : recorder.entries) {
    const std::string& content = contents.at(std::stoul(entry.name));
    EXPECT_EQ(entry.size, content.size());
    EXPECT_TRUE(content_of(*source, entry.name) == content) << entry.name;
  }
}

TEST_P(ConnectorConformance, AnotherContentOfTheSameSizeHasAnotherChangeId) {
  const auto change_id = [this] {
    EntryRecorder recorder;
    connector()->enumerate(0, {}, recorder);
    const ObjectEntry& entry = recorder.entries.at(0);
    return fmt::format("{} {}", entry.change_id, entry.mtime_ns);
  };
  place_->put("a", "first");
  const auto first = change_id();
  EXPECT_EQ(change_id(), first);
  place_->put("a", "other");
  EXPECT_NE(change_id(), first);
}

TEST_P(ConnectorConformance, WhatIsGoneIsAVerdictNotAnError) {
  place_->put("a", "x");
  place_->put("b", "x");
  const auto source = connector();
  ASSERT_THAT(names_of(*source), SizeIs(2));
  place_->remove("a");
  const auto opened = source->open(0, "a");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
  EXPECT_NE(opened.error().reason, "");
  EXPECT_EQ(content_of(*source, "b"), "x");
}

TEST_P(ConnectorConformance, GlobsChoose) {
  for (const char* name : {"a.txt", "a.log", "deep/b.txt", "deep/old/c.txt"}) place_->put(name, "x");
  SourceAddress address = place_->address();
  address.include = {"*.txt"};
  address.exclude = {"old/"};
  EntryRecorder recorder;
  connector(address)->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), UnorderedElementsAreArray({"a.txt", "deep/b.txt"}));
  for (const auto& [name, verdict] : recorder.unread) EXPECT_EQ(verdict.kind, model::VerdictKind::excluded) << name;
}

TEST_P(ConnectorConformance, AStopEndsAReadWithinASecond) {
  place_->put("large", random_bytes(8U << 20, 3));
  std::stop_source stop;
  const auto source = connector(stop.get_token());
  auto opened = source->open(0, "large");
  ASSERT_TRUE(opened.has_value());
  if (!opened->reader) GTEST_SKIP() << "a descriptor is read by the examiner, which has a stop of its own";
  std::string piece(1000, '\0');
  ASSERT_GT(opened->reader->read(piece), 0U);
  stop.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(
      {
        while (opened->reader->read(piece) != 0) {
        }
      },
      core::Error);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_P(ConnectorConformance, AServerThatDoesNotAnswerIsWorthARetry) {
  const auto address = place_->unreachable();
  if (!address) GTEST_SKIP() << "this kind has no server";
  EntryRecorder recorder;
  try {
    connector(*address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
  const Trial trial = connector(*address)->test(10);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(testing::Ge(1U)));
}

TEST_P(ConnectorConformance, WrongCredentialsAreDenied) {
  const auto address = place_->refused();
  if (!address) GTEST_SKIP() << "this kind has no credentials";
  EntryRecorder recorder;
  try {
    connector(*address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied) << error.what();
  }
  EXPECT_FALSE(connector(*address)->test(10).ok);
}

TEST_P(ConnectorConformance, AnUnknownSettingIsNamed) {
  SourceAddress address = place_->address();
  address.settings["no_such_setting"] = "1";
  try {
    connector(address);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_THAT(error.what(), testing::HasSubstr("no_such_setting"));
  }
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConnectorConformance);

}  // namespace assay::connect

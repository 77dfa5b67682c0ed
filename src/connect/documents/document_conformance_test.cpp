#include "connect/documents/document_conformance_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "core/error.h"
#include "model/row_stream.h"

namespace assay::connect {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> StreamRead::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) {
    ADD_FAILURE() << "there is no column " << name << " among " << testing::PrintToString(columns);
    return {};
  }
  std::vector<std::string> cells;
  cells.reserve(rows.size());
  for (const auto& row : rows) cells.push_back(row.at(static_cast<size_t>(found - columns.begin())));
  return cells;
}

StreamRead parse_stream(std::string_view stream) {
  const auto take = [&stream](size_t size) {
    const std::string_view bytes = stream.substr(0, size);
    stream.remove_prefix(size);
    return bytes;
  };
  const auto u32 = [&] {
    uint32_t value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  };
  const auto text = [&] { return std::string(take(u32())); };
  StreamRead read;
  take(model::row_stream_magic.size());
  const uint32_t columns = u32();
  text();
  for (uint32_t i = 0; i < columns; ++i) {
    read.columns.push_back(text());
    read.types.push_back(text());
    text();
  }
  while (!stream.empty() && take(1).front() == 1) {
    auto& row = read.rows.emplace_back();
    for (uint32_t i = 0; i < columns; ++i) row.push_back(take(1).front() == 0 ? "-" : text());
    read.has_ended = stream == std::string_view("\0", 1);
  }
  read.has_ended = read.has_ended || read.rows.empty();
  return read;
}

std::unique_ptr<Connector> DocumentConformance::connector(const SourceAddress& address, std::stop_token stop) const {
  return connector_at(*place_, address, std::move(stop));
}

EntryRecorder DocumentConformance::enumerated(const std::string& resume_after) const {
  return connect::enumerated(*connector(), resume_after);
}

StreamRead DocumentConformance::read(const std::string& table) const {
  const auto source = connector();
  auto opened = source->open(0, place_->object(table));
  if (!opened) {
    ADD_FAILURE() << table << ": " << opened.error().reason;
    return {};
  }
  return parse_stream(read_all(*opened->reader));
}

namespace {

std::vector<std::string> numbered(size_t count, size_t width) {
  std::vector<std::string> documents;
  documents.reserve(count);
  for (size_t i = 0; i < count; ++i)
    documents.push_back(fmt::format(R"({{"n": {}, "t": "{}"}})", i, std::string(width, 'x')));
  return documents;
}

TEST_P(DocumentConformance, TablesAreFoundOnceAndAnyIsAPlaceToGoOnFrom) {
  std::vector<std::string> objects;
  for (size_t i = 0; i < 30; ++i) {
    place_->put(fmt::format("t{}", i), {R"({"a": 1})"});
    objects.push_back(place_->object(fmt::format("t{}", i)));
  }
  const EntryRecorder found = enumerated();
  const auto all = found.names();
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(objects));
  EXPECT_THAT(found.unread, IsEmpty());
  for (const ObjectEntry& entry : found.entries) EXPECT_TRUE(entry.is_table);
  for (const size_t at : {size_t{0}, size_t{14}, size_t{29}})
    EXPECT_EQ(enumerated(all[at]).names(), std::vector(all.begin() + static_cast<ptrdiff_t>(at) + 1, all.end()));
  EntryRecorder some;
  some.stop_after = 3;
  connector()->enumerate(0, {}, some);
  EXPECT_THAT(some.entries, SizeIs(3));
  const auto source = connector();
  EXPECT_EQ(source->path_of(0, all[0]), source->roots().at(0) + "/" + all[0]);
}

TEST_P(DocumentConformance, ATrialSaysWhatIsThere) {
  place_->put("people", {R"({"a": 1})"});
  const Trial trial = connector()->test(10);
  EXPECT_TRUE(trial.ok) << testing::PrintToString(trial.problems);
  EXPECT_THAT(trial.summary, HasSubstr("1"));
  EXPECT_THAT(trial.problems, IsEmpty());
}

TEST_P(DocumentConformance, GlobsChoose) {
  for (const char* table : {"people", "audit_1", "audit_2"}) place_->put(table, {R"({"a": 1})"});
  SourceAddress address = place_->address();
  address.exclude = {"audit_*"};
  EntryRecorder recorder;
  connector(address)->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), ElementsAre(place_->object("people")));
  ASSERT_THAT(recorder.unread, SizeIs(2));
  EXPECT_EQ(recorder.unread[0].second.kind, model::VerdictKind::excluded);
}

TEST_P(DocumentConformance, NestedValuesHaveColumnsOfTheirPaths) {
  place_->put("people",
              {R"({"name": "Ada ü", "address": {"city": "London", "geo": {"lat": 51.5}}, "ok": true})",
               R"({"name": null, "tags": ["a", "b"], "orders": [{"n": 1}, {"n": 2}], "big": 4111111111111111})"});
  const StreamRead read = this->read("people");
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_TRUE(read.has_ended);
  EXPECT_THAT(read.column("name"), ElementsAre("Ada ü", "-"));
  EXPECT_THAT(read.column("address.city"), ElementsAre("London", "-"));
  EXPECT_THAT(read.column("address.geo.lat"), ElementsAre("51.5", "-"));
  EXPECT_THAT(read.column("ok"), ElementsAre("true", "-"));
  EXPECT_THAT(read.column("tags"), ElementsAre("-", R"(["a","b"])"));
  EXPECT_THAT(read.column("orders"), ElementsAre("-", AllOf(HasSubstr("\"n\":1"), HasSubstr("\"n\":2"))));
  EXPECT_THAT(read.column("big"), ElementsAre("-", "4111111111111111"));
  EXPECT_THAT(read.columns, testing::Not(testing::Contains("…")));
}

TEST_P(DocumentConformance, WhatAppearsLateIsNotLost) {
  auto documents = numbered(1500, 10);
  documents.push_back(R"({"n": 1500, "later": {"iban": "DE89 3704 0044 0532 0130 00"}})");
  place_->put("t", documents);
  const StreamRead read = this->read("t");
  ASSERT_THAT(read.rows, SizeIs(1501));
  EXPECT_THAT(read.column("…").back(), R"({"later.iban": "DE89 3704 0044 0532 0130 00"})");
  EXPECT_EQ(read.column("…").front(), "-");
  EXPECT_EQ(read.column("n").back(), "1500");
}

TEST_P(DocumentConformance, WhatIsGoneIsAVerdictOrEmptyAndTheRestGoesOn) {
  place_->put("gone", {R"({"a": 1})"});
  place_->put("kept", {R"({"a": 1})"});
  const auto source = connector();
  EntryRecorder recorder;
  source->enumerate(0, {}, recorder);
  ASSERT_THAT(recorder.entries, SizeIs(2));
  place_->remove("gone");
  const auto gone = source->open(0, place_->object("gone"));
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().kind, model::VerdictKind::io_error);
  EXPECT_NE(gone.error().reason, "");
  auto kept = source->open(0, place_->object("kept"));
  ASSERT_TRUE(kept.has_value());
  EXPECT_THAT(parse_stream(read_all(*kept->reader)).rows, SizeIs(1));
}

TEST_P(DocumentConformance, TheTableIsDescribedAndThenRead) {
  place_->put("people", {R"({"name": "Ada", "age": 36})", R"({"name": "Bob", "age": "x"})"});
  const auto source = connector();
  const auto table = source->describe(0, place_->object("people"));
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->name, "people");
  EXPECT_EQ(table->estimated_rows, 2U);
  const auto age = std::ranges::find(table->columns, "age", &model::ColumnDescription::name);
  ASSERT_NE(age, table->columns.end());
  EXPECT_THAT(age->native_type, HasSubstr(", string"));
  auto opened = source->open(0, place_->object("people"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_THAT(parse_stream(read_all(*opened->reader)).column("name"), UnorderedElementsAre("Ada", "Bob"));
}

TEST_P(DocumentConformance, AStopEndsAReadWithinASecond) {
  place_->put("large", numbered(4000, 2000));
  std::stop_source stop;
  const auto source = connector(stop.get_token());
  auto opened = source->open(0, place_->object("large"));
  ASSERT_TRUE(opened.has_value());
  std::string piece(1000, '\0');
  ASSERT_GT(opened->reader->read(piece), 0U);
  stop.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(read_all(*opened->reader), core::Error);
  opened->reader.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_P(DocumentConformance, AServerThatDiesWhileItIsReadIsWorthARetry) {
  place_->put("large", numbered(8000, 2000));
  const auto source = connector();
  auto opened = source->open(0, place_->object("large"));
  ASSERT_TRUE(opened.has_value());
  std::string piece(1000, '\0');
  ASSERT_GT(opened->reader->read(piece), 0U);
  place_->end_server();
  try {
    read_all(*opened->reader);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
}

TEST_P(DocumentConformance, AServerThatDoesNotAnswerIsWorthARetry) {
  place_->put("t", {R"({"a": 1})"});
  const SourceAddress address = place_->unreachable();
  EntryRecorder recorder;
  try {
    connector(address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
  const Trial trial = connector(address)->test(10);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(1));
}

TEST_P(DocumentConformance, WrongCredentialsAreDenied) {
  place_->put("t", {R"({"a": 1})"});
  const auto address = place_->refused();
  if (!address) GTEST_SKIP() << "this server asks for none";
  EntryRecorder recorder;
  try {
    connector(*address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied) << error.what();
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("not-the-secret")));
  }
  const Trial trial = connector(*address)->test(10);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(testing::PrintToString(trial.problems), testing::Not(HasSubstr("not-the-secret")));
}

TEST_P(DocumentConformance, AnUnknownSettingIsNamed) {
  place_->put("t", {R"({"a": 1})"});
  SourceAddress address = place_->address();
  address.settings["no_such_setting"] = "1";
  try {
    connector(address);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("no_such_setting"));
  }
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DocumentConformance);

}  // namespace assay::connect

#include <fmt/format.h>

#include "store/profile_text.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const std::string root = "postgresql://host/crm";

/// Runs of jobs that look at one source, one after the other.
class Catalog : public StoreTest {
 protected:
  Catalog() {
    add_worker("w");
    source_ = add_source("crm");
  }

  int64_t add_source(const std::string& name) {
    model::Datasource source;
    source.name = name;
    source.kind = "postgresql";
    source.configuration = "{}";
    return store_->add_datasource(source);
  }

  static model::ColumnDescription column(const std::string& name, const std::string& type) {
    model::ColumnDescription column;
    column.name = name;
    column.native_type = type;
    return column;
  }
  static DescribedTable table(const std::string& name, std::vector<model::ColumnDescription> columns) {
    DescribedTable table;
    table.object = root + "/public/" + name;
    table.description.schema = "public";
    table.description.name = name;
    table.description.columns = std::move(columns);
    table.description.estimated_rows = 12;
    table.description.bytes = 8192;
    return table;
  }
  static DescribedTable people() { return table("people", {column("id", "integer"), column("email", "text")}); }
  static DescribedTable orders() { return table("orders", {column("id", "bigint")}); }

  static ObjectResult object(const std::string& path, model::VerdictKind verdict = model::VerdictKind::ok) {
    ObjectResult result;
    result.record.object = path;
    result.record.verdict.kind = verdict;
    return result;
  }
  static model::TableProfile profile(const std::string& object, const std::string& table, const std::string& column) {
    model::TableProfile profile;
    profile.object = object;
    profile.locator.table = table;
    profile.rows = 40;
    model::ColumnProfile& only = profile.columns.emplace_back();
    only.name = column;
    only.rows = 40;
    only.nulls = 2;
    only.type = "integer";
    only.conforming = 38;
    only.minimum = 4711.5;
    only.newest_s = 1'700'000'000;
    only.quantiles = {1, 2, 3};
    only.top_values = {{"**12", 7}};
    only.patterns = {{"9999", 38}};
    return profile;
  }
  static model::ColumnFinding verdict(const std::string& object, const std::string& table, const std::string& column) {
    model::ColumnFinding f;
    f.object = object;
    f.locator.table = table;
    f.locator.column = column;
    f.entity = "EMAIL_ADDRESS";
    f.confidence = 0.9;
    f.values = 38;
    f.agreeing = 37;
    return f;
  }

  struct Job {
    OwnedJob owned;
    TaskCompletion task;  ///< of its only one
  };
  Job begin() {
    Job job{take(submit_tasks({task(source_)})), {}};
    job.task = completion(claim().at(0));
    job.task.is_discovery = true;
    return job;
  }
  void record(const Job& job) { EXPECT_THAT(store_->complete_tasks("w", std::vector{job.task}), SizeIs(1)); }
  /// A job that reads `tables` and sees `unchanged`.
  Job look(std::vector<DescribedTable> tables, std::vector<std::string> unchanged = {}) {
    Job job = begin();
    for (const DescribedTable& each : tables) job.task.objects.push_back(object(each.object));
    job.task.tables = std::move(tables);
    job.task.seen_objects = std::move(unchanged);
    record(job);
    return job;
  }
  /// The end of a run that enumerated all below `roots`.
  void end(const Job& job, const std::vector<std::string_view>& roots = {root}) {
    while (store_->mark_unseen_objects_deleted(job.owned.id, source_, 100) > 0) {
    }
    for (int64_t after = 0; (after = store_->record_vanished_tables(job.owned.id, source_, roots, after, 1)) != 0;) {
    }
    store_->close_discovery_run(job.owned.id, source_);
    EXPECT_TRUE(store_->finish_job_if_done(job.owned.id, job.owned.version));
  }
  Job run(std::vector<DescribedTable> tables, std::vector<std::string> unchanged = {}) {
    Job job = look(std::move(tables), std::move(unchanged));
    end(job);
    return job;
  }

  /// "what table column aspect: before -> after"
  std::vector<std::string> changes(const Job& job) {
    std::vector<std::string> lines;
    for (const auto& c :
         store_->list_catalog_changes({.datasource = "crm", .after_run = job.owned.id - 1, .to_run = job.owned.id}))
      lines.push_back(
          fmt::format("{} {} {} {}: {} -> {}", to_string(c.what), c.table, c.column, c.aspect, c.before, c.after));
    return lines;
  }
  std::vector<std::string> names(CatalogFilter filter = {}) {
    std::vector<std::string> names;
    for (const auto& each : store_->list_catalog_tables(filter).tables) names.push_back(model::name_of(each));
    return names;
  }
  model::CatalogTable only(const std::string& name) {
    auto page =
        store_->list_catalog_tables({.datasource = "crm", .name = name, .with_vanished = true, .with_columns = true});
    EXPECT_THAT(page.tables, SizeIs(1)) << name;
    return page.tables.empty() ? model::CatalogTable() : page.tables[0];
  }

  int64_t source_ = 0;
};
ASSAY_FOR_ALL_STORES(Catalog);

TEST_P(Catalog, HoldsWhatASourceSaysOfItsTables) {
  DescribedTable told = people();
  told.description.comment = "who they are";
  told.description.columns[0].key_position = 1;
  told.description.columns[0].is_nullable = false;
  told.description.columns[1].comment = "work";
  const Job job = run({told, orders()});
  EXPECT_THAT(names(), ElementsAre("public.orders", "public.people"));
  EXPECT_THAT(changes(job),
              UnorderedElementsAre("appeared public.orders  :  -> table", "appeared public.people  :  -> table"));
  const model::CatalogTable is = only("public.people");
  EXPECT_EQ(is.datasource_id, source_);
  EXPECT_EQ(is.object, told.object);
  EXPECT_EQ(is.description.comment, "who they are");
  EXPECT_EQ(is.description.estimated_rows, 12U);
  EXPECT_EQ(is.description.bytes, 8192U);
  EXPECT_EQ(is.column_count, 2U);
  EXPECT_EQ(is.last_seen_run, job.owned.id);
  EXPECT_GT(is.first_seen_at, 0);
  EXPECT_EQ(is.vanished_at, 0);
  ASSERT_THAT(is.columns, SizeIs(2));
  EXPECT_EQ(is.columns[0].position, 1U);
  EXPECT_EQ(is.columns[0].description.name, "id");
  EXPECT_EQ(is.columns[0].description.native_type, "integer");
  EXPECT_EQ(is.columns[0].description.key_position, 1U);
  EXPECT_FALSE(is.columns[0].description.is_nullable);
  EXPECT_EQ(is.columns[1].description.comment, "work");
  EXPECT_FALSE(is.columns[1].profile.has_value());
}

TEST_P(Catalog, TellsWhatChangedSinceTheRunBefore) {
  const Job first = run({people(), orders()});
  DescribedTable later = people();
  later.description.columns = {column("id", "bigint"), column("mail", "text")};
  const Job second = run({later, table("letters", {})}, {orders().object});
  EXPECT_THAT(
      changes(second),
      UnorderedElementsAre("appeared public.letters  :  -> table", "changed public.people id type: integer -> bigint",
                           "appeared public.people mail :  -> text", "vanished public.people email : text -> "));
  EXPECT_THAT(changes(first), SizeIs(2)) << "what a run changed stays told of it";
  EXPECT_EQ(only("public.people").columns[0].description.native_type, "bigint");
  EXPECT_THAT(changes(run({later}, {orders().object, root + "/public/letters"})), IsEmpty());
}

TEST_P(Catalog, RunTwiceIsRecordedOnce) {
  Job job = begin();
  job.task.objects = {object(people().object)};
  job.task.tables = {people()};
  record(job);
  record(job);
  EXPECT_THAT(changes(job), SizeIs(1));
  EXPECT_EQ(number("SELECT COUNT(*) FROM catalog_columns"), 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM discovery_history"), 1);
}

TEST_P(Catalog, WhoLostTheTaskTellsNothing) {
  Job job = begin();
  job.task.tables = {people()};
  job.task.epoch -= 1;
  EXPECT_THAT(store_->complete_tasks("w", std::vector{job.task}), IsEmpty());
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_EQ(number("SELECT COUNT(*) FROM discovery_history"), 0);
}

TEST_P(Catalog, OnlyACompleteEnumerationSaysVanished) {
  run({people(), orders()});
  const Job cut = look({people()});
  EXPECT_THAT(changes(cut), IsEmpty());
  EXPECT_EQ(only("public.orders").vanished_at, 0) << "it may be there: nobody said that the look was complete";
  end(cut);
  EXPECT_THAT(changes(cut), ElementsAre("vanished public.orders  : table -> "));
  EXPECT_THAT(names(), ElementsAre("public.people"));
  EXPECT_THAT(names({.with_vanished = true}), ElementsAre("public.orders", "public.people"));
  EXPECT_GT(only("public.orders").vanished_at, 0);
  end(cut);
  EXPECT_THAT(changes(cut), SizeIs(1)) << "said twice, recorded once";
  const Job back = run({people(), orders()});
  EXPECT_THAT(changes(back), ElementsAre("appeared public.orders  :  -> table"));
  EXPECT_EQ(only("public.orders").vanished_at, 0);
}

TEST_P(Catalog, WhatAJobLeavesOutDoesNotVanish) {
  const auto file = [](const std::string& path) {
    DescribedTable table;
    table.object = path;
    table.description.name = path;
    return table;
  };
  run({file("/data/a/1"), file("/data/a/2"), file("/data/b/3"), file("/other/4"), file("/data/ab")});
  Job job = begin();
  job.task.objects = {object("/data/a", model::VerdictKind::excluded)};
  record(job);
  end(job, {"/data"});
  EXPECT_THAT(changes(job), UnorderedElementsAre("vanished /data/b/3  : table -> ", "vanished /data/ab  : table -> "))
      << "a folder that is left out stands for all inside it, and /other is no root of this job";
}

TEST_P(Catalog, WhatAJobLeavesOutIsForgottenWithTheLastRunThatSawIt) {
  run({people(), orders()});
  Job job = begin();
  job.task.objects = {object(people().object), object(orders().object, model::VerdictKind::excluded)};
  job.task.tables = {people()};
  record(job);
  end(job);
  EXPECT_THAT(changes(job), IsEmpty()) << "nobody knows whether it is there";
  EXPECT_EQ(store_->list_discovery_runs("crm", 1).at(0).tables, 1U);
  while (store_->remove_old_discoveries(1, 100) > 0) {
  }
  EXPECT_THAT(names({.with_vanished = true}), ElementsAre("public.people"));
}

TEST_P(Catalog, ATableThatComesBackIsComparedWithWhatItWas) {
  run({people(), orders()});
  run({orders()});
  DescribedTable later = people();
  later.description.columns = {column("id", "bigint"), column("email", "text")};
  EXPECT_THAT(changes(run({later, orders()})),
              ElementsAre("appeared public.people  :  -> table", "changed public.people id type: integer -> bigint"));
}

TEST_P(Catalog, UnchangedAndUnreadTablesAreThere) {
  run({people(), orders()});
  Job job = begin();
  job.task.seen_objects = {people().object};
  job.task.objects = {object(orders().object, model::VerdictKind::io_error)};
  record(job);
  end(job);
  EXPECT_THAT(changes(job), IsEmpty());
  EXPECT_EQ(only("public.people").last_seen_run, job.owned.id);
  EXPECT_EQ(only("public.orders").last_seen_run, job.owned.id);
  EXPECT_THAT(only("public.orders").columns, SizeIs(1));
}

TEST_P(Catalog, ALaterJobHasTheLastWord) {
  run({people()});
  Job slow = begin(), quick = begin();
  DescribedTable later = people();
  later.description.columns[0].native_type = "bigint";
  quick.task.tables = {later, orders()};
  quick.task.objects = {object(later.object), object(orders().object)};
  record(quick);
  slow.task.tables = {people()};
  slow.task.objects = {object(people().object)};
  record(slow);
  EXPECT_EQ(only("public.people").columns[0].description.native_type, "bigint");
  EXPECT_THAT(changes(slow), IsEmpty());
  end(slow);
  EXPECT_THAT(changes(slow), IsEmpty()) << "a later job saw public.orders";
  EXPECT_EQ(only("public.people").last_seen_run, quick.owned.id);
}

TEST_P(Catalog, KeepsProfilesUntilThereAreNewOnes) {
  Job job = begin();
  job.task.objects = {object(people().object)};
  job.task.tables = {people()};
  job.task.profiles = {profile(people().object, "people", "id")};
  job.task.columns = {verdict(people().object, "people", "email")};
  record(job);
  end(job);
  model::CatalogTable is = only("people");
  EXPECT_EQ(is.profiled_rows, 40U);
  EXPECT_GT(is.profiled_at, 0);
  ASSERT_TRUE(is.columns.at(0).profile.has_value());
  const model::ColumnProfile& kept = *is.columns[0].profile;
  EXPECT_EQ(kept.name, "id");
  EXPECT_EQ(kept.rows, 40U);
  EXPECT_EQ(kept.nulls, 2U);
  EXPECT_EQ(kept.conforming, 38U);
  EXPECT_EQ(kept.type, "integer");
  EXPECT_EQ(kept.minimum, 4711.5);
  EXPECT_EQ(kept.newest_s, 1'700'000'000);
  EXPECT_THAT(kept.quantiles, ElementsAre(1, 2, 3));
  ASSERT_THAT(kept.top_values, SizeIs(1));
  EXPECT_EQ(kept.top_values[0].text, "**12");
  EXPECT_EQ(kept.top_values[0].count, 7U);
  EXPECT_EQ(kept.patterns.at(0).text, "9999");
  EXPECT_FALSE(is.columns[1].profile.has_value());
  ASSERT_THAT(is.columns[1].verdicts, SizeIs(1));
  EXPECT_EQ(is.columns[1].verdicts[0].agreeing, 37U);
  EXPECT_THAT(is.entities, ElementsAre("EMAIL_ADDRESS"));

  DescribedTable later = people();
  later.description.columns.push_back(column("age", "integer"));
  run({later});
  is = only("people");
  ASSERT_THAT(is.columns, SizeIs(3));
  EXPECT_TRUE(is.columns[0].profile.has_value()) << "described anew, not read anew";
}

TEST_P(Catalog, KeepsNoNumbersOfSensitiveColumns) {
  Job job = begin();
  job.task.objects = {object(people().object)};
  job.task.tables = {people()};
  job.task.profiles = {profile(people().object, "people", "id")};
  job.task.columns = {verdict(people().object, "people", "id")};
  record(job);
  const model::CatalogTable is = only("people");
  ASSERT_TRUE(is.columns.at(0).profile.has_value());
  EXPECT_EQ(is.columns[0].profile->rows, 40U);
  EXPECT_FALSE(is.columns[0].profile->minimum.has_value());
  EXPECT_FALSE(is.columns[0].profile->newest_s.has_value());
  EXPECT_THAT(is.columns[0].profile->quantiles, IsEmpty());
  EXPECT_EQ(number("SELECT COUNT(*) FROM catalog_columns WHERE profile LIKE '%4711%'"), 0);
}

TEST_P(Catalog, KeepsTheNumbersOfMereDates) {
  Job job = begin();
  job.task.objects = {object(people().object)};
  job.task.tables = {people()};
  job.task.profiles = {profile(people().object, "people", "id")};
  job.task.profiles[0].columns[0].entity = "DATE_TIME";
  job.task.columns = {verdict(people().object, "people", "id")};
  job.task.columns[0].entity = "DATE_TIME";
  job.task.columns[0].category = "temporal";
  job.task.columns[0].sensitivity = model::Sensitivity::low;
  record(job);
  const model::CatalogTable is = only("people");
  ASSERT_TRUE(is.columns.at(0).profile.has_value());
  EXPECT_EQ(is.columns[0].profile->newest_s, 1'700'000'000) << "or nobody could say how fresh the table is";
  EXPECT_EQ(is.columns[0].profile->minimum, 4711.5);
  EXPECT_THAT(is.columns[0].profile->quantiles, SizeIs(3));
}

/// A job without profiles learns that a column is sensitive, of which an earlier one kept the values.
class NewlySensitive : public Catalog {
 protected:
  NewlySensitive() {
    first_.task.objects = {object(people().object)};
    first_.task.tables = {people()};
    first_.task.profiles = {profile(people().object, "people", "id")};
    first_.task.profiles[0].columns[0].top_values = {{"canary", 7}};
    first_.task.profiles[0].columns.push_back(first_.task.profiles[0].columns[0]);
    first_.task.profiles[0].columns[1].name = "email";
  }
  Job again() {
    Job job = begin();
    job.task.objects = {object(people().object)};
    return job;
  }
  int64_t kept() { return number("SELECT COUNT(*) FROM catalog_columns WHERE profile LIKE '%canary%'"); }

  Job first_ = begin();
};
ASSAY_FOR_ALL_STORES(NewlySensitive);

TEST_P(NewlySensitive, OldProfilesAreForgotten) {
  record(first_);
  ASSERT_EQ(kept(), 2);
  Job job = again();
  job.task.tables = {people()};
  job.task.columns = {verdict(people().object, "people", "id")};
  record(job);
  EXPECT_EQ(kept(), 1);
  const model::CatalogTable is = only("people");
  EXPECT_FALSE(is.columns.at(0).profile.has_value());
  EXPECT_TRUE(is.columns.at(1).profile.has_value());
}

TEST_P(NewlySensitive, OldProfilesAreForgottenOfATableThatChanged) {
  record(first_);
  Job job = again();
  job.task.tables = {people()};
  job.task.tables[0].description.comment = "another";
  job.task.columns = {verdict(people().object, "people", "id")};
  record(job);
  EXPECT_EQ(kept(), 1);
}

TEST_P(NewlySensitive, OneFindingIsEnoughAndADateIsNot) {
  record(first_);
  model::Finding finding;
  finding.object = people().object;
  finding.locator.table = "people";
  finding.locator.column = "email";
  finding.category = "temporal";
  finding.sensitivity = model::Sensitivity::low;
  Job dates = again();
  dates.task.findings = {finding};
  record(dates);
  EXPECT_EQ(kept(), 2);
  finding.sensitivity = model::Sensitivity::high;
  Job births = again();
  births.task.findings = {finding};
  record(births);
  EXPECT_EQ(kept(), 1);
  EXPECT_FALSE(only("people").columns.at(1).profile.has_value());
}

TEST_P(NewlySensitive, AnEarlierJobKnowsItToo) {
  record(first_);
  Job slow = again();
  run({people()});
  slow.task.columns = {verdict(people().object, "people", "id")};
  record(slow);
  EXPECT_EQ(kept(), 1);
}

TEST_P(NewlySensitive, WhatWasKnownToBeSensitiveKeepsItsProfile) {
  first_.task.columns = {verdict(people().object, "people", "id"), verdict(people().object, "people", "email")};
  record(first_);
  Job job = again();
  job.task.columns = first_.task.columns;
  record(job);
  EXPECT_EQ(kept(), 2) << "here the examiner's masks";
  EXPECT_TRUE(only("people").columns.at(0).profile.has_value());
}

TEST_P(NewlySensitive, InAFileToo) {
  const std::string file = root + "/a.csv";
  Job job = begin();
  job.task.objects = {object(file)};
  job.task.profiles = {profile(file, "", "a\\x0ab")};  // as an examiner writes a line break
  job.task.profiles[0].columns[0].top_values = {{"canary", 7}};
  record(job);
  ASSERT_EQ(kept(), 1);
  Job later = begin();
  later.task.objects = {object(file)};
  later.task.columns = {verdict(file, "", "a\nb")};
  record(later);
  EXPECT_EQ(kept(), 0);
}

TEST_P(Catalog, TablesInFilesComeFromTheirProfiles) {
  const std::string book = root + "/book.xlsx";
  Job job = begin();
  job.task.objects = {object(book)};
  job.task.profiles = {profile(book, "Staff", "name"), profile(book, "Prices", "sum")};
  job.task.columns = {verdict(book, "Staff", "name")};
  record(job);
  end(job);
  EXPECT_THAT(names(), UnorderedElementsAre(book + " Prices", book + " Staff"));
  EXPECT_THAT(names({.is_sensitive = true}), ElementsAre(book + " Staff"));
  const model::CatalogTable staff = only(book + " Staff");
  EXPECT_EQ(staff.description.kind, model::file_table_kind);
  EXPECT_EQ(staff.description.name, "Staff");
  EXPECT_EQ(staff.columns.at(0).description.name, "name");
  EXPECT_THAT(staff.columns[0].verdicts, SizeIs(1));

  Job unchanged = begin();
  unchanged.task.seen_objects = {book};
  record(unchanged);
  end(unchanged);
  EXPECT_THAT(changes(unchanged), IsEmpty());
  Job later = begin();
  later.task.objects = {object(book)};
  later.task.profiles = {profile(book, "Staff", "full name")};
  record(later);
  EXPECT_THAT(changes(later), UnorderedElementsAre("vanished " + book + " Prices  : file table -> ",
                                                   "appeared " + book + " Staff full name :  -> ",
                                                   "vanished " + book + " Staff name :  -> "));
}

TEST_P(Catalog, OfAFileThatIsReadInPartTablesMayBeMissing) {
  const std::string book = root + "/book.xlsx";
  Job job = begin();
  job.task.objects = {object(book)};
  job.task.profiles = {profile(book, "Staff", "name"), profile(book, "Prices", "sum")};
  record(job);
  Job cut = begin();
  cut.task.objects = {object(book, model::VerdictKind::partial)};
  cut.task.profiles = {profile(book, "Staff", "name")};
  record(cut);
  end(cut);
  EXPECT_THAT(changes(cut), IsEmpty());
  EXPECT_THAT(names(), SizeIs(2));
}

TEST_P(Catalog, OfAFileThatIsNotProfiledTablesAreAsTheyWere) {
  const std::string book = root + "/book.xlsx";
  Job job = begin();
  job.task.objects = {object(book)};
  job.task.profiles_files = true;
  job.task.profiles = {profile(book, "Staff", "name"), profile(book, "Prices", "sum")};
  record(job);
  end(job);
  Job quick = begin();
  quick.task.objects = {object(book)};
  record(quick);
  end(quick);
  EXPECT_THAT(changes(quick), IsEmpty());
  EXPECT_EQ(only(book + " Staff").last_seen_run, quick.owned.id) << "or retention would forget it";
  while (store_->remove_old_discoveries(1, 100) > 0) {
  }
  EXPECT_THAT(names(), SizeIs(2));
  Job none = begin();
  none.task.objects = {object(book)};
  none.task.profiles_files = true;
  record(none);
  end(none);
  EXPECT_THAT(changes(none), UnorderedElementsAre("vanished " + book + " Prices  : file table -> ",
                                                  "vanished " + book + " Staff  : file table -> "));
}

TEST_P(Catalog, ATableThatOnlyAVerdictTellsOfIsShownAndNotFollowed) {
  const std::string file = root + "/a.csv";
  Job job = begin();
  job.task.objects = {object(file)};
  job.task.columns = {verdict(file, "", "mail")};
  record(job);
  EXPECT_THAT(changes(job), IsEmpty());
  const model::CatalogTable is = only("a.csv"), by_path = only(file);
  EXPECT_EQ(is.id, by_path.id);
  ASSERT_THAT(is.columns, SizeIs(1));
  EXPECT_EQ(is.columns[0].position, 0U);
  EXPECT_EQ(is.columns[0].description.name, "mail");
  Job later = begin();
  later.task.objects = {object(file)};
  record(later);
  EXPECT_THAT(changes(later), IsEmpty());
  EXPECT_THAT(names({.with_vanished = true}), IsEmpty()) << "it never was known to be a table";
}

TEST_P(Catalog, ComesInPagesAndByNames) {
  std::vector<DescribedTable> tables;
  for (int i = 0; i < 5; ++i) tables.push_back(table(fmt::format("t{}", i), {column("x", "text")}));
  run(tables);
  CatalogFilter filter{.with_columns = true, .most = 2};
  std::vector<std::string> all;
  for (int pages = 1;; ++pages) {
    const CatalogPage page = store_->list_catalog_tables(filter);
    for (const auto& each : page.tables) {
      all.push_back(each.description.name);
      EXPECT_THAT(each.columns, SizeIs(1));
    }
    if (!page.next) {
      EXPECT_EQ(pages, 3);
      break;
    }
    filter.after = *page.next;
  }
  EXPECT_THAT(all, ElementsAre("t0", "t1", "t2", "t3", "t4"));
  EXPECT_THAT(names({.datasource = "crm", .name = "t3"}), ElementsAre("public.t3"));
  EXPECT_THAT(names({.name = "public.t3"}), SizeIs(1));
  EXPECT_THAT(names({.name = "private.t3"}), IsEmpty());
  EXPECT_THAT(names({.datasource = "erp"}), IsEmpty());
  const ChangeFilter first{.datasource = "crm", .to_run = INT64_MAX, .most = 3};
  const auto changes = store_->list_catalog_changes(first);
  ASSERT_THAT(changes, SizeIs(3));
  ChangeFilter second = first;
  second.last_run = changes.back().run;
  second.last_id = changes.back().id;
  EXPECT_THAT(store_->list_catalog_changes(second), SizeIs(2));
}

TEST_P(Catalog, KeepsWhatItIsToldWithinBounds) {
  DescribedTable odd = table("wide", std::vector(5000, column("c", "text")));
  odd.description.comment = std::string(100'000, 'x');
  odd.description.columns[0].name = std::string("\0\xff\n'", 4);
  look({odd});
  const model::CatalogTable is = only("wide");
  EXPECT_EQ(is.column_count, 5000U);
  EXPECT_THAT(is.columns, SizeIs(4096));
  EXPECT_EQ(is.columns[0].description.name, std::string("\0\xff\n'", 4));
  EXPECT_LT(is.description.comment.size(), 3000U);
  odd.description.columns.resize(2);
  look({odd});
  EXPECT_EQ(store_->list_discovery_runs("crm", 1).at(0).vanished, 4094U) << "of those that were kept";
}

TEST_P(Catalog, ListsRuns) {
  const Job first = run({people()});
  const Job second = look({people(), orders()});
  auto runs = store_->list_discovery_runs("crm", 10);
  ASSERT_THAT(runs, SizeIs(2));
  EXPECT_EQ(runs[0].run, second.owned.id);
  EXPECT_EQ(runs[0].finished_at, 0) << "it goes on";
  EXPECT_FALSE(runs[0].is_complete);
  EXPECT_EQ(runs[0].appeared, 1U);
  EXPECT_EQ(runs[1].run, first.owned.id);
  EXPECT_TRUE(runs[1].is_complete);
  EXPECT_GT(runs[1].finished_at, 0);
  EXPECT_EQ(runs[1].tables, 1U);
  EXPECT_TRUE(store_->finish_job_if_done(second.owned.id, second.owned.version));
  runs = store_->list_discovery_runs("crm", 1);
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_GT(runs[0].finished_at, 0) << "it is over with its job";
  EXPECT_FALSE(runs[0].is_complete);
  EXPECT_THAT(store_->list_discovery_runs("erp", 10), IsEmpty());
}

TEST_P(Catalog, ForgetsWhatTheLastRunsDidNotSee) {
  const Job first = run({people(), orders()});
  const Job second = run({people()});
  const Job third = run({people()});
  EXPECT_EQ(store_->remove_old_discoveries(3, 100), 0U);
  size_t removed = 0, turns = 0;
  for (size_t count = 0; (count = store_->remove_old_discoveries(2, 1)) != 0; removed += count) ++turns;
  EXPECT_EQ(turns, removed) << "no more than asked for at a time";
  EXPECT_THAT(changes(first), IsEmpty());
  EXPECT_THAT(changes(second), SizeIs(1));
  EXPECT_THAT(names({.with_vanished = true}), ElementsAre("public.people")) << "no kept run saw public.orders";
  EXPECT_EQ(number("SELECT COUNT(*) FROM catalog_columns"), 2);
  EXPECT_THAT(store_->list_discovery_runs("crm", 10), SizeIs(2));
  EXPECT_EQ(store_->list_discovery_runs("crm", 10)[0].run, third.owned.id);
}

TEST_P(Catalog, ForgetsSourcesThatWereRemoved) {
  run({people()});
  store_->remove_datasource("crm");
  EXPECT_THAT(names({.with_vanished = true}), IsEmpty());
  while (store_->remove_old_discoveries(100, 2) > 0) {
  }
  for (const char* table : {"catalog_tables", "catalog_columns", "catalog_changes", "discovery_history"})
    EXPECT_EQ(number(fmt::format("SELECT COUNT(*) FROM {}", table)), 0) << table;
}

TEST(ProfileText, IsBoundedAndComesBack) {
  model::ColumnProfile profile;
  profile.distinct = 3;
  profile.distinct_is_exact = true;
  profile.entity = "US_SSN";
  profile.mean = 1.0 / 0.0;
  for (int i = 0; i < 100; ++i) profile.top_values.push_back({std::string(1000, 'x'), 1});
  const std::string text = to_profile_text(profile, false);
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_THAT(text, Not(HasSubstr("mean")));
  const auto back = profile_from_text(text);
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(back->distinct_is_exact);
  EXPECT_EQ(back->entity, "US_SSN");
  EXPECT_THAT(back->top_values, SizeIs(most_profile_values));
  EXPECT_FALSE(profile_from_text("").has_value());
  EXPECT_FALSE(profile_from_text("[]").has_value());
  EXPECT_FALSE(profile_from_text("{\"rows\": \"many\"}").has_value());
}

}  // namespace
}  // namespace assay::store

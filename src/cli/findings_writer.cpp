#include "cli/findings_writer.h"

#include <fmt/format.h>

#include <array>

#include "cli/report/csv_text.h"
#include "cli/report/json_text.h"
#include "cli/report/json_values.h"
#include "cli/text_table.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t max_path = 8192;

class TableWriter final : public FindingsWriter {
 public:
  explicit TableWriter(Output& output) : output_(output) {}
  void add(const store::StoredFinding& stored, const std::string& source) override {
    const auto& f = stored.finding;
    std::string place = core::printable(f.object, max_path);
    if (const std::string inside = model::describe(f.locator); !inside.empty()) place += " " + inside;
    table_.add({f.entity, fmt::format("{:.2f}", f.confidence), std::string(model::to_string(f.sensitivity)), source,
                std::move(place), f.masked});
  }
  void finish() override { output_.write(table_.text()); }

 private:
  Output& output_;
  TextTable table_{{"ENTITY", ">CONFIDENCE", "SENSITIVITY", "SOURCE", "PLACE", "MASKED"}};
};

class JsonWriter final : public FindingsWriter {
 public:
  JsonWriter(Output& output, bool is_lines) : output_(output), is_lines_(is_lines) {
    if (!is_lines_) output_.write("[");
  }
  void add(const store::StoredFinding& stored, const std::string& source) override {
    std::string text = is_lines_ ? "" : is_first_ ? "\n" : ",\n";
    JsonObjectText object(text);
    object.add("id", stored.id);
    object.add("job_id", stored.job_id);
    object.add("source", core::printable(source, 200));
    object.add("type", "finding");
    add_members(stored.finding, false, object);
    object.close();
    if (is_lines_) text += '\n';
    output_.write(text);
    is_first_ = false;
  }
  void finish() override {
    if (!is_lines_) output_.write(is_first_ ? "]\n" : "\n]\n");
  }

 private:
  Output& output_;
  const bool is_lines_;
  bool is_first_ = true;
};

class CsvWriter final : public FindingsWriter {
 public:
  explicit CsvWriter(Output& output) : output_(output) {
    output_.write(
        "id,job_id,source,object,location,entity,rule,category,sensitivity,confidence,start,end,masked,fingerprint,"
        "reasons\r\n");
  }
  void add(const store::StoredFinding& stored, const std::string& source) override {
    const auto& f = stored.finding;
    const std::array cells = {std::to_string(stored.id),
                              std::to_string(stored.job_id),
                              core::printable(source, 200),
                              core::printable(f.object, max_path),
                              model::describe(f.locator),
                              f.entity,
                              f.rule,
                              f.category,
                              std::string(model::to_string(f.sensitivity)),
                              fmt::format("{:.3f}", f.confidence),
                              std::to_string(f.start),
                              std::to_string(f.end),
                              f.masked,
                              f.fingerprint,
                              fmt::format("{}", fmt::join(f.reasons, "; "))};
    output_.write(csv_line(cells));
  }

 private:
  Output& output_;
};

}  // namespace

std::unique_ptr<FindingsWriter> make_findings_writer(const std::string& format, Output& output) {
  if (format == "table") return std::make_unique<TableWriter>(output);
  if (format == "json") return std::make_unique<JsonWriter>(output, false);
  if (format == "jsonl") return std::make_unique<JsonWriter>(output, true);
  if (format == "csv") return std::make_unique<CsvWriter>(output);
  throw core::Error(core::ErrorKind::bad_input, fmt::format("there is no format '{}'", format));
}

}  // namespace assay::cli

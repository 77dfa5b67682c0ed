#include "extract/ole/compound_file.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-outfile-msole.h>
#include <gsf/gsf-outfile.h>
#include <gsf/gsf-output-memory.h>

#include <algorithm>
#include <span>

#include "extract/failure.h"
#include "extract/ole/gsf_bridge.h"

namespace assay::extract {
namespace {

constexpr size_t max_entries = 100'000;
constexpr size_t max_levels = 64;
constexpr size_t damage_step_bytes = 512;

bool same_ignoring_ascii_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return g_ascii_tolower(x) == g_ascii_tolower(y); });
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), g_ascii_tolower);
  return lower;
}

std::string class_id_of(GsfInfile* storage) {
  guint8 id[16] = {};
  if (!gsf_infile_msole_get_class_id(GSF_INFILE_MSOLE(storage), id)) return {};
  return {reinterpret_cast<const char*>(id), sizeof id};
}

void ignore_log(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

class StreamInput final : public Input {
 public:
  StreamInput(GsfInputPtr stream, GsfSource& source)
      : stream_(std::move(stream)), source_(source), size_(static_cast<uint64_t>(gsf_input_size(stream_.get()))) {}

  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (offset >= size_) return 0;
    out = out.first(std::min<uint64_t>(out.size(), size_ - offset));
    if (out.empty() || read_exactly(offset, out)) return out.size();
    size_t done = 0;
    while (done < out.size()) {
      const size_t step = std::min(damage_step_bytes, out.size() - done);
      if (!read_exactly(offset + done, out.subspan(done, step))) break;
      done += step;
    }
    if (done == 0) throw Failure(model::VerdictKind::partial, "damaged stream in a compound file");
    return done;
  }

  std::optional<uint64_t> known_size() const override { return size_; }
  uint64_t size() override { return size_; }

 private:
  bool read_exactly(uint64_t offset, std::span<char> out) {
    const bool ok = !gsf_input_seek(stream_.get(), static_cast<gsf_off_t>(offset), G_SEEK_SET) &&
                    gsf_input_read(stream_.get(), out.size(), reinterpret_cast<guint8*>(out.data())) != nullptr;
    source_.rethrow_failure();
    return ok;
  }

  GsfInputPtr stream_;
  GsfSource& source_;
  uint64_t size_;
};

}  // namespace

struct CompoundFile::Library {
  GsfSource source;
  GsfInfilePtr root;
};

void warm_up_ole() {
  gsf_init();
  g_type_class_unref(g_type_class_ref(GSF_INFILE_MSOLE_TYPE));
  GsfSource source;
  std::string nothing;
  MemoryInput empty{nothing};
  source.input = &empty;
  // libgsf warns on standard error about damaged files, which are ordinary here.
  for (const char* domain : {static_cast<const char*>(nullptr), "libgsf:msole"})
    g_log_set_handler(domain, static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK), ignore_log, nullptr);
  make_gsf_input(source);
}

CompoundFile::CompoundFile(Input& input) : library_(std::make_unique<Library>()) {
  [[maybe_unused]] static const bool warm = (warm_up_ole(), true);
  library_->source.input = &input;
  const GsfInputPtr whole = make_gsf_input(library_->source);
  library_->root.reset(gsf_infile_msole_new(whole.get(), nullptr));
  library_->source.rethrow_failure();
  if (!library_->root) throw Failure(model::VerdictKind::partial, "damaged compound file");
  root_class_id_ = class_id_of(library_->root.get());
  list(library_->root.get(), "", 0);
  for (size_t i = 0; i < entries_.size(); ++i) index_.try_emplace(ascii_lower(entries_[i].path), i);
}

CompoundFile::~CompoundFile() = default;

void CompoundFile::list(void* storage_pointer, const std::string& prefix, size_t depth) {
  auto* storage = static_cast<GsfInfile*>(storage_pointer);
  const int count = gsf_infile_num_children(storage);
  for (int i = 0; i < count; ++i) {
    if (entries_.size() >= max_entries || depth >= max_levels) {
      truncated_ = true;
      return;
    }
    const char* name = gsf_infile_name_by_index(storage, i);
    const GsfInputPtr child(gsf_infile_child_by_index(storage, i));
    library_->source.rethrow_failure();
    if (name == nullptr) continue;
    CompoundEntry entry;
    entry.path = prefix + name;
    if (!child) {
      entries_.push_back(std::move(entry));
      continue;
    }
    entry.is_storage = GSF_IS_INFILE(child.get()) && gsf_infile_num_children(GSF_INFILE(child.get())) >= 0;
    if (!entry.is_storage) {
      entry.size = static_cast<uint64_t>(gsf_input_size(child.get()));
      entries_.push_back(std::move(entry));
      continue;
    }
    entry.class_id = class_id_of(GSF_INFILE(child.get()));
    const std::string inside = entry.path + "/";
    entries_.push_back(std::move(entry));
    list(child.get(), inside, depth + 1);
  }
}

const CompoundEntry* CompoundFile::find(std::string_view path) const {
  const auto found = index_.find(ascii_lower(path));
  return found == index_.end() ? nullptr : &entries_[found->second];
}

std::unique_ptr<Input> CompoundFile::open(std::string_view path) {
  GsfInputPtr current(GSF_INPUT(g_object_ref(library_->root.get())));
  while (true) {
    const size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (!GSF_IS_INFILE(current.get())) return nullptr;
    auto* storage = GSF_INFILE(current.get());
    int index = gsf_infile_num_children(storage) - 1;
    for (; index >= 0; --index) {
      const char* candidate = gsf_infile_name_by_index(storage, index);
      if (candidate != nullptr && same_ignoring_ascii_case(candidate, name)) break;
    }
    if (index < 0) return nullptr;
    GsfInputPtr child(gsf_infile_child_by_index(storage, index));
    library_->source.rethrow_failure();
    if (!child) throw Failure(model::VerdictKind::partial, "damaged stream in a compound file");
    current = std::move(child);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  if (GSF_IS_INFILE(current.get()) && gsf_infile_num_children(GSF_INFILE(current.get())) >= 0) return nullptr;
  return std::make_unique<StreamInput>(std::move(current), library_->source);
}

std::string CompoundFile::read_prefix(std::string_view path, size_t max_bytes) {
  std::string out;
  size_t done = 0;
  try {
    const auto stream = open(path);
    if (!stream) return {};
    out.resize(std::min<uint64_t>(max_bytes, stream->size()));
    while (done < out.size()) {
      const size_t n = stream->read_at(done, std::span(out).subspan(done));
      if (n == 0) break;
      done += n;
    }
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
  }
  out.resize(done);
  return out;
}

namespace {

/// Writes what is directly and further inside `prefix` under `out`.
void copy_entries(CompoundFile& file, const std::string& prefix, GsfOutfile* out) {
  for (const auto& entry : file.entries()) {
    if (!entry.path.starts_with(prefix)) continue;
    const std::string name = entry.path.substr(prefix.size());
    if (name.empty() || name.find('/') != std::string::npos) continue;
    const GsfOutputPtr child(gsf_outfile_new_child(out, name.c_str(), entry.is_storage ? TRUE : FALSE));
    if (!child) continue;
    if (entry.is_storage) {
      copy_entries(file, entry.path + "/", GSF_OUTFILE(child.get()));
    } else {
      const std::string content = file.read_prefix(entry.path, entry.size);
      gsf_output_write(child.get(), content.size(), reinterpret_cast<const guint8*>(content.data()));
    }
    gsf_output_close(child.get());
  }
}

}  // namespace

std::optional<std::string> CompoundFile::copy_storage(std::string_view path, uint64_t max_bytes) {
  const std::string prefix = std::string(path) + "/";
  uint64_t total = 0;
  for (const auto& entry : entries_)
    if (entry.path.starts_with(prefix)) total += entry.size;
  if (total > max_bytes) return std::nullopt;
  const GsfOutputPtr memory(gsf_output_memory_new());
  const GsfOutfilePtr ole(gsf_outfile_msole_new(memory.get()));
  copy_entries(*this, prefix, ole.get());
  gsf_output_close(GSF_OUTPUT(ole.get()));
  return std::string(reinterpret_cast<const char*>(gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory.get()))),
                     static_cast<size_t>(gsf_output_size(memory.get())));
}

}  // namespace assay::extract

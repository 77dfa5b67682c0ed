#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/catalog.h"

/// What the catalog is for those who read it: differences between runs, quality, exports. What has to be decided while
/// a run is recorded is in model/catalog.h and store/catalog_rows.h.
namespace assay::catalog {

/// Puts the changes of several runs together to what differs between the state before the first and that after the
/// last: what appeared and vanished again is nothing, of two changes of a type only the first before and the last after
/// are left. What happened to columns of a table that appeared or vanished as a whole goes without saying.
class Diff {
 public:
  /// Of so many tables, columns and aspects there may be changes.
  static constexpr size_t most_changes = 200'000;

  /// In the order of runs. Throws core::Error(bad_input) when there are too many.
  void add(const model::CatalogChange& change);
  /// By table; of each what became of it, of its columns by name, and of their aspects. Run, id and time are those of
  /// the last change.
  std::vector<model::CatalogChange> take() const;

 private:
  /// What became of a thing that may come and go.
  struct Fold {
    std::optional<model::ChangeKind> first;  ///< appeared or vanished
    model::CatalogChange last;               ///< appeared or vanished
    std::optional<std::string> before;       ///< its kind or type before the first change that tells it
    std::string after;                       ///< and after the last
    std::map<std::string, model::CatalogChange> aspects;
    void add(const model::CatalogChange& change);
    bool is_new() const;
    bool is_gone() const;
    void append_to(std::vector<model::CatalogChange>& out) const;
  };
  struct TableFold {
    Fold table;
    std::map<std::string, Fold> columns;
  };

  std::map<std::string, TableFold> tables_;
  size_t changes_ = 0;
};

/// One line: "public.people.id: type integer, now bigint". Names and texts are printable, and cut where they are long.
std::string in_words(const model::CatalogChange& change);

}  // namespace assay::catalog

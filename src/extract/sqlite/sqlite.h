#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Initialises SQLite and registers the file system that reads through an Input. Call before the sandbox closes.
void warm_up_sqlite();

/// SQLite databases: every table that stores rows, with its declared types; shadow tables of virtual tables included,
/// views not. Binary values are members "table/column/rowid". Of full-text and R*Tree tables these are
/// given of the content, not of the index. Only the database file is read, no rollback journal or write-ahead log
/// beside it (Sink::may_lack_log). Where a table is damaged the rows before and behind the damage are given. When not
/// even the schema can be read, the printable strings of the file are.
void extract_sqlite(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract

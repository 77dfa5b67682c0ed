#pragma once

#include <random>
#include <string>
#include <vector>

#include "connect/mysql/client.h"
#include "connect/tables/table_database.h"

/// MySQL chooses no rows at random without going through all of a table. Its rows lie in the order of the primary key,
/// so those behind some values of the key are found at once.
namespace assay::connect::mysql {

/// SELECT and FROM of all columns that are read.
std::string select_all(const DescribedTable& table);

/// The column that is the primary key all by itself, when its values are whole numbers; "" none is.
std::string whole_number_key(const model::TableDescription& table);

/// About `count` stretches of the values of such a key. Asks for the least and greatest one.
std::vector<TableRange> key_ranges(Client& client, const model::TableDescription& table, const std::string& key,
                                   size_t count);

/// A statement that gives about choice.sample_rows rows: some behind a random value in each of up to 64 stretches of
/// the key. Rows behind gaps of the key are likelier. Asks for the least and greatest key first.
std::string key_sample(Client& client, const DescribedTable& table, const RowChoice& choice, std::mt19937_64& random);

}  // namespace assay::connect::mysql

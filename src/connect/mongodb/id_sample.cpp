#include "connect/mongodb/id_sample.h"

#include <algorithm>

namespace assay::connect::mongodb {
namespace {

bool find_id(const bson_t& document, bson_iter_t& id) { return bson_iter_init_find(&id, &document, "_id"); }

bool is_whole_number(const bson_iter_t& id) {
  const bson_type_t type = bson_iter_type(&id);
  return type == BSON_TYPE_INT32 || type == BSON_TYPE_INT64;
}

/// Big-endian, as object ids are compared (BSON: ObjectId).
uint64_t number_of(const uint8_t* bytes, size_t count) {
  uint64_t number = 0;
  for (size_t i = 0; i < count; ++i) number = number << 8 | bytes[i];
  return number;
}

}  // namespace

std::optional<IdRange> IdRange::between(const bson_t& first, const bson_t& last) {
  bson_iter_t least, greatest;
  if (!find_id(first, least) || !find_id(last, greatest)) return std::nullopt;
  IdRange range;
  if (is_whole_number(least) && is_whole_number(greatest)) {
    range.is_number_ = true;
    range.least_ = static_cast<uint64_t>(bson_iter_as_int64(&least));
    range.width_ = static_cast<uint64_t>(bson_iter_as_int64(&greatest)) - range.least_;
    return range;
  }
  if (bson_iter_type(&least) != BSON_TYPE_OID || bson_iter_type(&greatest) != BSON_TYPE_OID) return std::nullopt;
  const uint8_t* const from = bson_iter_oid(&least)->bytes;
  const uint8_t* const to = bson_iter_oid(&greatest)->bytes;
  std::copy_n(from, range.bytes_.size(), range.bytes_.begin());
  // Those of one second, or of one process, begin alike.
  while (range.same_bytes_ < range.bytes_.size() && from[range.same_bytes_] == to[range.same_bytes_])
    ++range.same_bytes_;
  range.number_bytes_ = std::min(range.bytes_.size() - range.same_bytes_, sizeof(uint64_t));
  range.least_ = number_of(from + range.same_bytes_, range.number_bytes_);
  range.width_ = number_of(to + range.same_bytes_, range.number_bytes_) - range.least_;
  return range;
}

std::vector<Bson> IdRange::conditions(size_t stretches, std::mt19937_64& random) const {
  std::vector<Bson> all;
  all.reserve(stretches);
  const uint64_t part = width_ / stretches;
  for (size_t i = 0; i < stretches; ++i)
    all.push_back(condition(part * i + std::uniform_int_distribution<uint64_t>(0, part)(random)));
  return all;
}

Bson IdRange::condition(uint64_t offset) const {
  const uint64_t number = least_ + offset;
  if (is_number_) return Bson(BCON_NEW("_id", "{", "$gte", BCON_INT64(static_cast<int64_t>(number)), "}"));
  bson_oid_t id{};
  std::copy_n(bytes_.begin(), same_bytes_, id.bytes);
  for (size_t i = 0; i < number_bytes_; ++i)
    id.bytes[same_bytes_ + i] = static_cast<uint8_t>(number >> 8 * (number_bytes_ - 1 - i));
  return Bson(BCON_NEW("_id", "{", "$gte", BCON_OID(&id), "}"));
}

}  // namespace assay::connect::mongodb

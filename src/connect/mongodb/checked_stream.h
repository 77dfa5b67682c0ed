#pragma once

#include "connect/mongodb/library.h"

#include <functional>
#include <string_view>

namespace assay::connect::mongodb {

/// Of any message; MongoDB's own bound is 48,000,000 bytes.
inline constexpr size_t max_message_bytes = 48'000'000;

/// Whether a server's message is sound: an OP_MSG of one document, or an OP_REPLY, whose lengths agree with each other
/// down to the last element of its documents. Source: MongoDB manual, "MongoDB Wire Protocol".
bool is_sound_message(std::string_view message);

/// What libmongoc reads of `lower`, which it takes: message by message, each given out when it is whole and sound. The
/// library trusts the lengths in messages, and reads beyond them where a server sends wrong ones; here that is a failed
/// connection. `tell_waiting` is told whether there are bytes that no poll of the socket would show.
mongoc_stream_t* make_checked_stream(mongoc_stream_t* lower, std::function<void(bool)> tell_waiting);

}  // namespace assay::connect::mongodb

#pragma once
// Order of 64-bit keys by radix sort.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace respondr::detail {

// Asks for memory that is read some rows later.
inline void prefetch(const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at);
#else
  static_cast<void>(at);
#endif
}
constexpr std::size_t look_ahead = 24;  // rows; measured on tables far larger than the cache

constexpr std::size_t radix_from = 512;  // below this a comparison sort is faster

// An entry is 32 bits to sort by, then the item they belong to: half the memory of whole keys, which is what sorting
// costs.
using Entry = std::uint64_t;
inline std::uint32_t item(Entry e) { return static_cast<std::uint32_t>(e); }

// Stable sort by the upper 32 bits, lowest byte first; bytes that all entries share are skipped.
inline void radix_sort(Entry* entries, Entry* scratch, std::size_t n) {
  std::array<std::array<std::uint32_t, 256>, 4> count{};
  for (std::size_t i = 0; i < n; ++i) {
    for (unsigned d = 0; d < 4; ++d) {
      ++count[d][entries[i] >> (32 + 8 * d) & 255u];
    }
  }
  Entry* from = entries;
  Entry* to = scratch;
  for (unsigned d = 0; d < 4; ++d) {
    const unsigned shift = 32 + 8 * d;
    if (count[d][from[0] >> shift & 255u] == n) {
      continue;
    }
    std::uint32_t start = 0;
    for (std::uint32_t& c : count[d]) {
      start += std::exchange(c, start);
    }
    for (std::size_t i = 0; i < n; ++i) {
      to[count[d][from[i] >> shift & 255u]++] = from[i];
    }
    std::swap(from, to);
  }
  if (from != entries) {
    std::copy(from, from + n, entries);
  }
}

template <class Key, class Emit>
void sorted_runs(const Key& key, Entry* entries, Entry* scratch, std::size_t n, const Emit& emit);

template <class Key, class Emit>
void sorted_runs_of_few(const Key& key, Entry* entries, std::size_t n, const Emit& emit) {
  std::sort(entries, entries + n, [&key](Entry a, Entry b) {
    const std::uint64_t ka = key(item(a));
    const std::uint64_t kb = key(item(b));
    return ka != kb ? ka < kb : item(a) < item(b);
  });
  for (std::size_t i = 0, end = 0; i < n; i = end) {
    const std::uint64_t k = key(item(entries[i]));
    for (end = i + 1; end < n && key(item(entries[end])) == k; ++end) {
    }
    emit(entries + i, entries + end);
  }
}

// Sorts the items of n entries by key(item) and calls emit(first, last) for each run of equal keys, in ascending order;
// within a run items ascend, as they must where they come in. Sorts by the leading 32 bits in which the keys differ,
// then each run of equals again. scratch holds n entries.
template <class Key, class Emit>
void sorted_runs(const Key& key, Entry* entries, Entry* scratch, std::size_t n, const Emit& emit) {
  if (n < radix_from) {
    sorted_runs_of_few(key, entries, n, emit);
    return;
  }
  std::uint64_t low = key(item(entries[0]));
  std::uint64_t high = low;
  for (std::size_t i = 1; i < n; ++i) {
    const std::uint64_t k = key(item(entries[i]));
    low = std::min(low, k);
    high = std::max(high, k);
  }
  unsigned shift = 0;
  while ((high - low) >> shift >> 32 != 0) {
    ++shift;
  }
  for (std::size_t i = 0; i < n; ++i) {
    entries[i] = (key(item(entries[i])) - low) >> shift << 32 | item(entries[i]);
  }
  radix_sort(entries, scratch, n);
  for (std::size_t i = 0, end = 0; i < n; i = end) {
    for (end = i + 1; end < n && entries[end] >> 32 == entries[i] >> 32; ++end) {
    }
    const bool equal =
        shift == 0 || end - i == 1 || (end - i == 2 && key(item(entries[i])) == key(item(entries[i + 1])));
    if (equal) {
      emit(entries + i, entries + end);
    } else {
      sorted_runs(key, entries + i, scratch, end - i, emit);
    }
  }
}

inline std::vector<Entry> all_items(std::size_t n) {
  std::vector<Entry> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = i;
  }
  return out;
}

}  // namespace respondr::detail

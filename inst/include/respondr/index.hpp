#pragma once
// Codes of ids and levels: int32 numbers that depend on the values of a column and not on the order of its rows.
//
// Numbers are coded by value, text by its bytes (UTF-8). Where the values span few enough integers a table indexed by
// the value does it; otherwise the rows are sorted by a radix sort.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "respondr/detail/radix.hpp"
#include "respondr/detail/text_sort.hpp"
#include "respondr/error.hpp"
#include "respondr/types.hpp"

namespace respondr {

constexpr std::int32_t no_code = -1;  // of a missing value

struct Levels {
  std::vector<std::int32_t> first_row;  // lowest row of each level
  std::int32_t size() const { return static_cast<std::int32_t>(first_row.size()); }
};

namespace detail {

inline void check_rows(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw input_error("data", "More than 2,147,483,647 rows cannot be indexed.");
  }
}

// A table over the values is worth its memory up to here.
inline bool compact(std::uint64_t span, std::size_t n) { return span <= 4 * static_cast<std::uint64_t>(n) + 1024; }

// A column of 64-bit keys whose unsigned order is the order of the values. key(i) is called only where !missing(i).
template <class Key, class Missing>
struct Column {
  std::size_t n;
  Key key;
  Missing missing;
};
template <class Key, class Missing>
Column(std::size_t, Key, Missing) -> Column<Key, Missing>;

// Codes by a table of `span` cells, cell key - low. The rows are read backwards so that the lowest one stays.
template <class C>
Levels code_by_table(const C& x, std::uint64_t low, std::uint64_t span, std::int32_t* code) {
  std::vector<std::int32_t> cell(span, no_code);
  for (std::size_t i = x.n; i-- > 0;) {
    if (!x.missing(i)) {
      cell[x.key(i) - low] = static_cast<std::int32_t>(i);
    }
  }
  Levels out;
  std::size_t used = 0;
  for (const std::int32_t row : cell) {
    used += row != no_code ? 1 : 0;
  }
  if (used == span) {
    for (std::size_t i = 0; i < x.n; ++i) {
      code[i] = x.missing(i) ? no_code : static_cast<std::int32_t>(x.key(i) - low);
    }
    out.first_row = std::move(cell);
    return out;
  }
  out.first_row.reserve(used);
  for (std::int32_t& c : cell) {
    if (c != no_code) {
      out.first_row.push_back(c);
      c = out.size() - 1;
    }
  }
  for (std::size_t i = 0; i < x.n; ++i) {
    code[i] = x.missing(i) ? no_code : cell[x.key(i) - low];
  }
  return out;
}

// Codes by sorting the rows. Measured against a hash table and a sort of what is distinct: half the time, as most ids
// have few rows and memory touched at random is the cost of both.
template <class C>
Levels code_by_sort(const C& x, std::int32_t* code) {
  std::vector<Entry> entries;
  entries.reserve(x.n);
  for (std::size_t i = 0; i < x.n; ++i) {
    code[i] = no_code;
    if (!x.missing(i)) {
      entries.push_back(i);
    }
  }
  std::vector<Entry> scratch(entries.size());
  Levels out;
  sorted_runs(x.key, entries.data(), scratch.data(), entries.size(),
              [&out, code](const Entry* first, const Entry* last) {
                for (const Entry* e = first; e != last; ++e) {
                  code[item(*e)] = out.size();
                }
                out.first_row.push_back(static_cast<std::int32_t>(item(*first)));
              });
  return out;
}

template <class C>
Levels code_column(const C& x, std::int32_t* code) {
  check_rows(x.n);
  std::uint64_t low = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < x.n; ++i) {
    const std::uint64_t key = x.missing(i) ? low : x.key(i);
    low = key < low ? key : low;
    high = key > high && !x.missing(i) ? key : high;
  }
  if (low > high) {
    std::fill(code, code + x.n, no_code);
    return {};
  }
  return compact(high - low, x.n) ? code_by_table(x, low, high - low + 1, code) : code_by_sort(x, code);
}

// Codes of addresses in an order of no meaning. Strings that were made together lie together, often close enough for a
// table.
template <class Pointer>
Levels code_addresses(Span<Pointer> keys, Pointer missing_key, std::size_t spacing, std::int32_t* code) {
  const auto missing = [keys, missing_key](std::size_t i) { return keys[i] == missing_key; };
  std::uint64_t low = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < keys.size; ++i) {
    if (!missing(i)) {
      const std::uint64_t at = reinterpret_cast<std::uintptr_t>(keys[i]);
      low = std::min(low, at);
      high = std::max(high, at);
    }
  }
  int shift = 0;
  while (spacing >> shift > 1) {
    ++shift;
  }
  const auto key = [keys, shift](std::size_t i) -> std::uint64_t {
    return reinterpret_cast<std::uintptr_t>(keys[i]) >> shift;
  };
  const Column column{keys.size, key, missing};
  low >>= shift;
  high >>= shift;
  if (low <= high && compact(high - low, keys.size)) {
    return code_by_table(column, low, high - low + 1, code);
  }
  return code_by_sort(column, code);
}

// Flipping the sign bit makes the unsigned order of integers that of their values.
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

// The same for doubles, whose negative numbers run backwards. -0 and 0 are one value.
inline std::uint64_t ordered_bits(double x) {
  const double value = x == 0.0 ? 0.0 : x;
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

// All values are whole numbers that a 64-bit integer holds.
inline bool all_integral(Span<double> x) {
  constexpr double limit = 9007199254740992.0;  // 2^53
  bool out = true;
  for (std::size_t i = 0; i < x.size && out; ++i) {
    const double v = x[i];
    out = !(v == v) || (std::fabs(v) <= limit && std::trunc(v) == v);
  }
  return out;
}

}  // namespace detail

// Codes of integers; `missing` is the value that stands for NA. code has room for one number a row.
template <class Integer>
Levels code_integers(Span<Integer> x, Integer missing, std::int32_t* code) {
  static_assert(std::is_integral<Integer>::value && std::is_signed<Integer>::value, "signed integers");
  return detail::code_column(
      detail::Column{
          x.size,
          [x](std::size_t i) { return static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i])) ^ detail::sign_bit; },
          [x, missing](std::size_t i) { return x[i] == missing; }},
      code);
}

// NaN of any kind is missing; infinities are values.
inline Levels code_doubles(Span<double> x, std::int32_t* code) {
  const auto missing = [x](std::size_t i) { return !(x[i] == x[i]); };
  if (detail::all_integral(x)) {
    const auto key = [x](std::size_t i) {
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i])) ^ detail::sign_bit;
    };
    return detail::code_column(detail::Column{x.size, key, missing}, code);
  }
  const auto key = [x](std::size_t i) { return detail::ordered_bits(x[i]); };
  return detail::code_column(detail::Column{x.size, key, missing}, code);
}

// Codes of text held once per distinct string, such as the strings of R: row i holds the address keys[i]. text(key)
// gives its bytes, ended by zero; asked once a distinct address. Addresses of equal bytes get one code. Different
// addresses are at least `spacing` bytes apart.
template <class Pointer, class Text>
Levels code_strings(Span<Pointer> keys, Pointer missing, std::size_t spacing, Text&& text, std::int32_t* code) {
  detail::check_rows(keys.size);
  Levels seen = detail::code_addresses(keys, missing, spacing, code);
  const std::size_t n = seen.first_row.size();
  std::vector<const char*> texts(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i + detail::look_ahead < n) {
      detail::prefetch(keys[static_cast<std::size_t>(seen.first_row[i + detail::look_ahead])]);
    }
    texts[i] = text(keys[static_cast<std::size_t>(seen.first_row[i])]);
  }
  Levels out;
  out.first_row.reserve(n);
  std::vector<std::int32_t> rank(n);
  detail::TextSort(texts).run([&](const detail::Entry* first, const detail::Entry* last) {
    std::int32_t row = seen.first_row[detail::item(*first)];
    for (const detail::Entry* e = first; e != last; ++e) {
      row = std::min(row, seen.first_row[detail::item(*e)]);
      rank[detail::item(*e)] = out.size();
    }
    out.first_row.push_back(row);
  });
  for (std::size_t i = 0; i < keys.size; ++i) {
    code[i] = code[i] == no_code ? no_code : rank[static_cast<std::size_t>(code[i])];
  }
  return out;
}

}  // namespace respondr

#pragma once
// Rows of the same patient at each visit, found by group and id, never by the order of the rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "respondr/index.hpp"

namespace respondr {

// One code a row for each. Codes run from `base`; any other number is missing (an unwanted visit likewise).
struct MatchInput {
  Span<std::int32_t> group;  // empty: one group
  Span<std::int32_t> id, visit;
  std::int32_t n_groups = 1, n_ids = 0, n_visits = 0;
  std::int32_t base = 0;
  const std::uint8_t* keep = nullptr;  // 0: the row is not there
};

// Ids that look like one patient spread over groups: in two groups or more, and at no visit in two of them.
struct SplitIds {
  std::vector<std::int32_t> id;  // the lowest few codes
  std::int32_t count = 0;
};

struct Matched {
  std::vector<std::int32_t> rows;         // rows[visit * patients + patient], 0-based; -1: no such row
  std::vector<std::int32_t> id_code;      // one a patient, 0-based
  std::vector<std::int32_t> group_start;  // n_groups + 1 offsets; patients are sorted by group, then id
  std::int32_t n_na_visit = 0, n_na_id = 0, n_na_group = 0;  // rows left out, each counted at the first that applies
  std::vector<std::int32_t> duplicate;  // all rows of the lowest patient and visit with more than one; else empty
  SplitIds split;

  std::size_t patients() const { return id_code.size(); }
};

namespace detail {

constexpr std::size_t split_shown = 5;

// The codes of one row.
class MatchRows {
 public:
  explicit MatchRows(const MatchInput& in) : in_(in) {}

  bool kept(std::size_t i) const { return in_.keep == nullptr || in_.keep[i] != 0; }
  bool has_visit(std::size_t i) const { return within(in_.visit[i], in_.n_visits); }
  bool has_id(std::size_t i) const { return within(in_.id[i], in_.n_ids); }
  bool has_group(std::size_t i) const { return in_.group.size == 0 || within(in_.group[i], in_.n_groups); }
  bool used(std::size_t i) const { return kept(i) && has_visit(i) && has_id(i) && has_group(i); }

  // For used rows. Keys order patients by group, then id.
  std::size_t visit(std::size_t i) const { return static_cast<std::size_t>(in_.visit[i] - in_.base); }
  std::uint64_t key(std::size_t i) const {
    const std::uint64_t id = static_cast<std::uint64_t>(in_.id[i] - in_.base);
    return in_.group.size == 0 ? id : static_cast<std::uint64_t>(in_.group[i] - in_.base) * ids() + id;
  }
  std::uint64_t ids() const { return static_cast<std::uint64_t>(in_.n_ids); }

 private:
  // One unsigned comparison: a missing code (NA_integer_ or -1) wraps beyond every count.
  bool within(std::int32_t code, std::int32_t n) const {
    return static_cast<std::uint32_t>(code) - static_cast<std::uint32_t>(in_.base) < static_cast<std::uint32_t>(n);
  }
  const MatchInput& in_;
};

inline void count_unused(const MatchRows& rows, std::size_t i, Matched& out) {
  if (!rows.kept(i)) {
    return;
  }
  std::int32_t& count = !rows.has_visit(i) ? out.n_na_visit : !rows.has_id(i) ? out.n_na_id : out.n_na_group;
  ++count;
}

constexpr std::uint64_t most_cells = std::uint64_t{1} << 32;

// Writes the rows into a table of `places` in the order of their keys; place(i) is that of a used row.
// Returns the lowest place * n_visits + visit that two rows claim, or no_cell.
constexpr std::uint64_t no_cell = std::numeric_limits<std::uint64_t>::max();
template <class Place>
std::uint64_t fill_places(const MatchInput& in, std::size_t places, Place&& place, Matched& out) {
  const std::uint64_t visits = static_cast<std::uint64_t>(in.n_visits);
  if (visits != 0 && places > most_cells / visits) {
    throw input_error("visit", "The visit column holds " + std::to_string(visits) + " visits for " +
                                   std::to_string(places) + " patients, too many for a table.");
  }
  out.rows.assign(places * visits, -1);
  std::uint64_t lowest = no_cell;
  const MatchRows rows(in);
  const auto cell_of = [&](std::size_t i) -> std::int32_t& {
    return out.rows[rows.visit(i) * places + static_cast<std::size_t>(place(i))];
  };
  for (std::size_t i = 0; i < in.id.size; ++i) {
    if (i + look_ahead < in.id.size && rows.used(i + look_ahead)) {
      prefetch(&cell_of(i + look_ahead));
    }
    if (!rows.used(i)) {
      count_unused(rows, i, out);
      continue;
    }
    std::int32_t& cell = cell_of(i);
    if (cell != -1) {
      lowest = std::min(lowest, static_cast<std::uint64_t>(place(i)) * visits + rows.visit(i));
    }
    cell = static_cast<std::int32_t>(i);
  }
  return lowest;
}

// Names the patient of every place (key(p) ascending), and closes the gaps of places without a row.
template <class Key>
void name_patients(const MatchInput& in, std::size_t places, Key&& key, Matched& out) {
  const std::size_t visits = static_cast<std::size_t>(in.n_visits);
  const std::uint64_t ids = static_cast<std::uint64_t>(in.n_ids);
  std::int32_t* rows = out.rows.data();
  out.id_code.reserve(places);
  std::uint64_t group = 0;
  for (std::size_t p = 0; p < places; ++p) {
    const std::size_t patient = out.patients();
    bool seen = false;
    for (std::size_t v = 0; v < visits; ++v) {
      const std::int32_t row = rows[v * places + p];
      rows[v * places + patient] = row;
      seen = seen || row != -1;
    }
    if (!seen) {
      continue;
    }
    const std::uint64_t k = key(p);
    for (; k >= (group + 1) * ids; ++group) {
      out.group_start[group + 1] = static_cast<std::int32_t>(patient);
    }
    out.id_code.push_back(static_cast<std::int32_t>(k - group * ids));
  }
  const std::size_t patients = out.patients();
  std::fill(out.group_start.begin() + static_cast<std::ptrdiff_t>(group) + 1, out.group_start.end(),
            static_cast<std::int32_t>(patients));
  for (std::size_t v = 1; v < visits && patients < places; ++v) {
    std::copy(rows + v * places, rows + v * places + patients, rows + v * patients);
  }
  out.rows.resize(patients * visits);
}

template <class Place>
void find_duplicates(const MatchInput& in, std::uint64_t cell, Place&& place, Matched& out) {
  const MatchRows rows(in);
  const std::uint64_t visits = static_cast<std::uint64_t>(in.n_visits);
  for (std::size_t i = 0; i < in.id.size; ++i) {
    if (rows.used(i) && static_cast<std::uint64_t>(place(i)) * visits + rows.visit(i) == cell) {
      out.duplicate.push_back(static_cast<std::int32_t>(i));
    }
  }
}

inline SplitIds find_split_ids(const MatchInput& in, const Matched& matched) {
  const std::size_t ids = static_cast<std::size_t>(in.n_ids);
  const std::size_t patients = matched.patients();
  std::vector<std::uint8_t> groups(ids, 0), twice(ids, 0), seen(ids);  // groups: 0, 1 or 2 and more
  for (const std::int32_t id : matched.id_code) {
    std::uint8_t& g = groups[static_cast<std::size_t>(id)];
    g = g == 0 ? 1 : 2;
  }
  for (std::size_t v = 0; v < static_cast<std::size_t>(in.n_visits); ++v) {
    std::fill(seen.begin(), seen.end(), std::uint8_t{0});
    for (std::size_t p = 0; p < patients; ++p) {
      if (matched.rows[v * patients + p] != -1) {
        const std::size_t id = static_cast<std::size_t>(matched.id_code[p]);
        twice[id] |= seen[id];
        seen[id] = 1;
      }
    }
  }
  SplitIds out;
  for (std::size_t id = 0; id < ids; ++id) {
    if (groups[id] == 2 && twice[id] == 0) {
      if (out.id.size() < split_shown) {
        out.id.push_back(static_cast<std::int32_t>(id));
      }
      ++out.count;
    }
  }
  return out;
}

template <class Place, class Key>
void match_places(const MatchInput& in, std::size_t places, Place&& place, Key&& key, Matched& out) {
  const std::uint64_t doubled = fill_places(in, places, place, out);
  if (doubled != no_cell) {
    find_duplicates(in, doubled, place, out);
  }
  name_patients(in, places, key, out);
}

// Group of each id with a used row, -1 of the others; empty if an id lies in two groups.
inline std::vector<std::int32_t> group_of_ids(const MatchInput& in) {
  const MatchRows rows(in);
  std::vector<std::int32_t> group(rows.ids(), -1);
  for (std::size_t i = 0; i < in.id.size; ++i) {
    if (!rows.used(i)) {
      continue;
    }
    std::int32_t& known = group[static_cast<std::size_t>(in.id[i] - in.base)];
    const std::int32_t g = in.group[i] - in.base;
    if (known != -1 && known != g) {
      return {};
    }
    known = g;
  }
  return group;
}

// The common case of groups: every id in one of them. Its patients are the ids counted off group by group.
inline void match_nested(const MatchInput& in, const std::vector<std::int32_t>& group, Matched& out) {
  std::vector<std::size_t> next(static_cast<std::size_t>(in.n_groups) + 1, 0);
  for (const std::int32_t g : group) {
    next[static_cast<std::size_t>(g + 1)] += 1;  // ids without a row are counted in next[0], which nobody reads
  }
  next[0] = 0;
  std::partial_sum(next.begin(), next.end(), next.begin());
  const MatchRows rows(in);
  std::vector<std::int32_t> place(group.size()), id(next.back()), place_of_row(in.id.size);
  for (std::size_t k = 0; k < group.size(); ++k) {
    if (group[k] != -1) {
      place[k] = static_cast<std::int32_t>(next[static_cast<std::size_t>(group[k])]++);
      id[static_cast<std::size_t>(place[k])] = static_cast<std::int32_t>(k);
    }
  }
  // A pass of its own: one memory access hides behind the next only where none waits for another.
  for (std::size_t i = 0; i < in.id.size; ++i) {
    place_of_row[i] = rows.used(i) ? place[static_cast<std::size_t>(in.id[i] - in.base)] : -1;
  }
  match_places(
      in, id.size(), [&](std::size_t i) { return place_of_row[i]; },
      [&](std::size_t p) {
        const std::size_t k = static_cast<std::size_t>(id[p]);
        return static_cast<std::uint64_t>(group[k]) * group.size() + k;
      },
      out);
}

// Ids in several groups, most of them not in most groups.
inline void match_sparse(const MatchInput& in, Matched& out) {
  const MatchRows rows(in);
  std::vector<std::int32_t> code(in.id.size);
  const Levels patients = code_column(Column{in.id.size, [&rows](std::size_t i) { return rows.key(i); },
                                             [&rows](std::size_t i) { return !rows.used(i); }},
                                      code.data());
  match_places(
      in, patients.first_row.size(), [&code](std::size_t i) { return code[i]; },
      [&](std::size_t p) { return rows.key(static_cast<std::size_t>(patients.first_row[p])); }, out);
}

}  // namespace detail

// A patient is a group and an id with at least one row at a wanted visit. Where a patient has two rows for a visit the
// table holds the last of them, and `duplicate` says so: the caller must not go on.
inline Matched match_rows(const MatchInput& in) {
  const std::size_t n = in.id.size;
  detail::check_rows(n);
  if (in.visit.size != n || (in.group.size != n && in.group.size != 0)) {
    throw input_error("id", "Ids, visits and groups need one value a row each.");
  }
  Matched out;
  out.group_start.assign(static_cast<std::size_t>(in.n_groups) + 1, 0);
  const detail::MatchRows rows(in);
  const std::uint64_t places = rows.ids() * (in.group.size == 0 ? 1 : static_cast<std::uint64_t>(in.n_groups));
  if (detail::compact(places * static_cast<std::uint64_t>(in.n_visits), n)) {
    detail::match_places(
        in, places, [&rows](std::size_t i) { return rows.key(i); },
        [](std::size_t p) { return static_cast<std::uint64_t>(p); }, out);
    if (in.n_groups > 1) {
      out.split = detail::find_split_ids(in, out);
    }
    return out;
  }
  const bool has_groups = in.group.size != 0 && detail::compact(rows.ids(), n);
  const std::vector<std::int32_t> group = has_groups ? detail::group_of_ids(in) : std::vector<std::int32_t>();
  if (!group.empty()) {
    detail::match_nested(in, group, out);
    return out;  // no id to be split
  }
  detail::match_sparse(in, out);
  out.split = detail::find_split_ids(in, out);
  return out;
}

}  // namespace respondr

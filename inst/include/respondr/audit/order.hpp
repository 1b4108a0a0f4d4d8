#pragma once
// Does another order of a column of printed P values explain more rows than the printed one? fits(i, j) says whether the P
// of row
// j could stand in row i. An order s puts P s(i) into row i and explains the rows with fits(i, s(i)).
//
// Orders looked at by name: two P values exchanged, and a stretch of the column moved by one place with the P at its end
// going to
// the other end. The best order of all is an assignment problem. For at most 16 rows the number of orders that explain k
// rows is
// counted for every k, by sets of P values used so far (n 2^n steps), which also gives the best order; beyond that orders
// are
// drawn at random. Two chances are reported: that a random order of the whole column explains at least as many rows, and,
// which
// says more where most rows come back as printed, that a random order of the P values of the other rows gains at least as
// many.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/random.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

constexpr std::size_t order_exact_rows = 16;

enum class OrderKind : int { printed = 0, exchanged, moved_down, moved_up, other };

struct Order {
  std::vector<int> at;  // the P of row at[i] goes to row i
  int explained = 0;
  OrderKind kind = OrderKind::printed;
  int first = missing_int, last = missing_int;
};

struct OrderAnswer {
  Order best;
  int printed = 0;              // rows the printed order explains
  int most = missing_int;       // rows the best order of all explains, where it was counted
  double chance = missing;      // of a random order explaining as many as `best`
  double chance_printed = missing;
  double chance_rest = missing;  // of a random order of the rows not explained as printed gaining as many
  bool exact = true;
};

class Fits {
 public:
  Fits(const int* fits, std::size_t n) : fits_(fits), n_(n) {}
  bool operator()(std::size_t i, std::size_t j) const { return fits_[i + j * n_] != 0; }
  std::size_t size() const { return n_; }
  int explained(const std::vector<int>& at) const {
    int sum = 0;
    for (std::size_t i = 0; i < n_; ++i) sum += (*this)(i, static_cast<std::size_t>(at[i]));
    return sum;
  }

 private:
  const int* fits_;
  std::size_t n_;
};

inline void take_better(const Fits& fits, Order candidate, Order& best) {
  candidate.explained = fits.explained(candidate.at);
  if (candidate.explained > best.explained) best = std::move(candidate);
}

// The printed order, then the simplest better ones: exchanges before moves, near before far.
inline Order best_named(const Fits& fits) {
  const int n = static_cast<int>(fits.size());
  Order best;
  best.at.resize(fits.size());
  std::iota(best.at.begin(), best.at.end(), 0);
  const std::vector<int> printed = best.at;
  best.explained = fits.explained(printed);
  for (int distance = 1; distance < n; ++distance) {
    for (int i = 0; i + distance < n; ++i) {
      Order candidate{printed, 0, OrderKind::exchanged, i, i + distance};
      std::swap(candidate.at[i], candidate.at[i + distance]);
      take_better(fits, candidate, best);
    }
  }
  for (int distance = 2; distance < n; ++distance) {
    for (int i = 0; i + distance < n; ++i) {
      const auto from = printed.begin() + i, to = printed.begin() + i + distance + 1;
      Order down{printed, 0, OrderKind::moved_down, i, i + distance}, up{printed, 0, OrderKind::moved_up, i, i + distance};
      std::rotate_copy(from, to - 1, to, down.at.begin() + i);
      std::rotate_copy(from, from + 1, to, up.at.begin() + i);
      take_better(fits, down, best);
      take_better(fits, up, best);
    }
  }
  return best;
}

// ways[k + set * (n + 1)]: orders of the P values of `set` over the first |set| rows that explain k of them.
inline std::vector<double> count_orders(const Fits& fits) {
  const std::size_t n = fits.size(), sets = std::size_t{1} << n;
  std::vector<double> ways(sets * (n + 1), 0.0);
  std::vector<std::uint8_t> count(sets, 0);
  ways[0] = 1.0;
  for (std::size_t set = 1; set < sets; ++set) {
    count[set] = static_cast<std::uint8_t>(count[set >> 1] + (set & 1));
    const std::size_t row = count[set] - 1u;
    double* into = &ways[set * (n + 1)];
    for (std::size_t j = 0; j < n; ++j) {
      if (!(set >> j & 1)) continue;
      const double* from = &ways[(set ^ std::size_t{1} << j) * (n + 1)];
      const std::size_t step = fits(row, j) ? 1 : 0;
      for (std::size_t k = 0; k <= row; ++k) into[k + step] += from[k];
    }
  }
  return ways;
}

// An order that explains `most` rows, read back from the counts; it leaves alone what it can.
inline Order read_best(const Fits& fits, const std::vector<double>& ways, std::size_t most) {
  const std::size_t n = fits.size();
  Order out;
  out.at.resize(n);
  out.explained = static_cast<int>(most);
  out.kind = OrderKind::other;
  std::size_t set = (std::size_t{1} << n) - 1, k = most;
  for (std::size_t row = n; row-- > 0;) {
    std::size_t chosen = n;
    for (std::size_t turn = 0; turn <= n && chosen == n; ++turn) {
      const std::size_t j = turn == 0 ? row : turn - 1;
      if (j >= n || !(set >> j & 1)) continue;
      const std::size_t step = fits(row, j) ? 1 : 0;
      if (k >= step && ways[(set ^ std::size_t{1} << j) * (n + 1) + k - step] > 0.0) chosen = j;
    }
    out.at[row] = static_cast<int>(chosen);
    k -= fits(row, chosen) ? 1 : 0;
    set ^= std::size_t{1} << chosen;
  }
  return out;
}

inline void exact_chances(const Fits& fits, OrderAnswer& out) {
  const std::size_t n = fits.size();
  const std::vector<double> ways = count_orders(fits);
  const double* all = &ways[((std::size_t{1} << n) - 1) * (n + 1)];
  const double total = std::accumulate(all, all + n + 1, 0.0);
  std::size_t most = n;
  while (most > 0 && all[most] == 0.0) --most;
  out.most = static_cast<int>(most);
  // An order without a name must explain two rows more than one that has.
  if (out.most > out.best.explained + 1) out.best = read_best(fits, ways, most);
  const auto chance = [&](int k) { return std::accumulate(all + k, all + n + 1, 0.0) / total; };
  out.chance = chance(out.best.explained);
  out.chance_printed = chance(out.printed);
}

// Draws of random orders (Fisher and Yates' shuffle) that explain at least `least` rows; the order at hand counts as one.
inline double drawn_chance(const Fits& fits, int least, std::uint64_t seed, std::uint64_t problem, int replicates) {
  std::vector<int> at(fits.size());
  int reached = 1;
  for (int r = 0; r < replicates; ++r) {
    Stream stream(seed, static_cast<std::uint64_t>(Tag::order_of_p), problem, static_cast<std::uint64_t>(r));
    std::iota(at.begin(), at.end(), 0);
    for (std::size_t i = at.size(); i-- > 1;) std::swap(at[i], at[stream.bounded(static_cast<std::uint32_t>(i + 1))]);
    reached += fits.explained(at) >= least;
  }
  return reached / (replicates + 1.0);
}

// The rows that the printed order does not explain, with their P values.
inline double rest_chance(const Fits& fits, int gain, std::uint64_t seed, int replicates) {
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    if (!fits(i, i)) rest.push_back(i);
  }
  std::vector<int> among;
  for (const std::size_t j : rest) {
    for (const std::size_t i : rest) among.push_back(fits(i, j));
  }
  const std::size_t n = rest.size();
  const Fits part(among.data(), n);
  if (gain <= 0 || n == 0) {
    return 1.0;
  }
  if (n > order_exact_rows) {
    return drawn_chance(part, gain, seed, 1, replicates);
  }
  const std::vector<double> ways = count_orders(part);
  const double* all = &ways[((std::size_t{1} << n) - 1) * (n + 1)];
  const std::size_t least = std::min(n, static_cast<std::size_t>(gain));
  return std::accumulate(all + least, all + n + 1, 0.0) / std::accumulate(all, all + n + 1, 0.0);
}

inline OrderAnswer solve_order(const Fits& fits, std::uint64_t seed, int replicates) {
  OrderAnswer out;
  if (fits.size() == 0) {
    return out;
  }
  out.best = best_named(fits);
  std::vector<int> printed(fits.size());
  std::iota(printed.begin(), printed.end(), 0);
  out.printed = fits.explained(printed);
  if (fits.size() <= order_exact_rows) {
    exact_chances(fits, out);
  } else {
    out.exact = false;
    out.chance = drawn_chance(fits, out.best.explained, seed, 0, replicates);
    out.chance_printed = drawn_chance(fits, out.printed, seed, 0, replicates);
  }
  out.chance_rest = rest_chance(fits, out.best.explained - out.printed, seed, replicates);
  return out;
}

}  // namespace respondr::audit

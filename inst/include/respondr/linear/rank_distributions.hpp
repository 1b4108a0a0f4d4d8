#pragma once
// Exact null distributions of Spearman's and Kendall's coefficient: every order of one variable equally likely.
//
// Spearman: the sum of a_i b_pi(i) of whole-numbered scores, counted over subsets: the first k scores of one variable go
// to each subset of k of the other (van de Wiel and Di Bucchianico 2001, J Stat Plan Inference 92:133). Ties cost nothing
// more. Kendall without ties: the number of inversions; that of k values is that of k - 1 plus uniform on 0, ..., k - 1
// (Kendall 1938).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace respondr::linear {

// Whole-numbered scores, ascending, the smallest 0.
using Scores = std::vector<int>;

inline double largest_sum(const Scores& a, const Scores& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

constexpr std::size_t most_exact_spearman = 16;

// Additions that the distribution takes.
inline double spearman_work(const Scores& a, const Scores& b) {
  const double n = static_cast<double>(a.size());
  return 0.5 * n * std::pow(2.0, n) * (largest_sum(a, b) + 1.0);
}

// counts[s]: permutations with sum s. n at most most_exact_spearman.
inline std::vector<double> spearman_counts(const Scores& a, const Scores& b) {
  const std::size_t n = a.size(), size = static_cast<std::size_t>(largest_sum(a, b)) + 1;
  std::vector<std::uint32_t> place(std::size_t{1} << n, 0);
  std::vector<std::uint32_t> sets{0}, next_sets;
  std::vector<double> counts(size, 0.0), next;
  counts[0] = 1.0;
  std::size_t reach = 0;  // the largest sum so far
  for (std::size_t i = 0; i < n; ++i) {
    next_sets.clear();
    for (std::uint32_t set = 0; set < (std::uint32_t{1} << n); ++set) {
      std::size_t bits = 0;
      for (std::uint32_t s = set; s != 0; s &= s - 1) {
        ++bits;
      }
      if (bits == i + 1) {
        place[set] = static_cast<std::uint32_t>(next_sets.size());
        next_sets.push_back(set);
      }
    }
    next.assign(next_sets.size() * size, 0.0);
    for (std::size_t k = 0; k < sets.size(); ++k) {
      const double* from = &counts[k * size];
      for (std::size_t j = 0; j < n; ++j) {
        const std::uint32_t bit = std::uint32_t{1} << j;
        if ((sets[k] & bit) != 0) {
          continue;
        }
        const std::size_t step = static_cast<std::size_t>(a[i]) * static_cast<std::size_t>(b[j]);
        double* to = &next[place[sets[k] | bit] * size];
        const std::size_t last = std::min(reach + 1, size - step);
        for (std::size_t s = 0; s < last; ++s) {
          to[s + step] += from[s];
        }
      }
    }
    reach = std::min(size - 1, reach + static_cast<std::size_t>(a[i]) * static_cast<std::size_t>(b[n - 1]));
    counts.swap(next);
    sets.swap(next_sets);
  }
  return counts;
}

inline double kendall_work(double n) { return 0.25 * n * n * n; }

// Probability of 0, 1, ... inversions up to the middle; the rest is its mirror image.
inline std::vector<double> inversion_probabilities(std::size_t n) {
  const std::size_t half = n * (n - 1) / 4 + 1;
  std::vector<double> p(half, 0.0), sums(half + 1);
  p[0] = 1.0;
  for (std::size_t k = 2; k <= n; ++k) {
    sums[0] = 0.0;
    for (std::size_t s = 0; s < half; ++s) {
      sums[s + 1] = sums[s] + p[s];
    }
    for (std::size_t s = 0; s < half; ++s) {
      p[s] = (sums[s + 1] - (s + 1 > k ? sums[s + 1 - k] : 0.0)) / static_cast<double>(k);
    }
  }
  return p;
}

// P(inversions <= s).
inline double inversions_at_most(const std::vector<double>& p, std::size_t n, double s) {
  const double most = static_cast<double>(n) * static_cast<double>(n - 1) / 2.0;
  if (s < 0.0 || s >= most) {
    return s < 0.0 ? 0.0 : 1.0;
  }
  if (2.0 * s >= most) {
    return 1.0 - inversions_at_most(p, n, most - s - 1.0);
  }
  double sum = 0.0;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(s); ++i) {
    sum += p[i];
  }
  return sum;
}

}  // namespace respondr::linear

// Arms from lists of values, their figures and ranks, and all ways to deal values to arms, for the tests of several arms.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "respondr/groups/k_solve.hpp"

namespace groups_k {

using Arms = std::vector<std::vector<double>>;
constexpr double na = std::numeric_limits<double>::quiet_NaN();

// The arms lie in one column one after the other, missing values among them.
struct Problem {
  std::vector<double> column;
  std::vector<int> order, start{0}, dropped;
  respondr::groups::Sample sample;
  respondr::groups::ArmFigures figures;
  respondr::groups::PooledRanks ranks;
  bool finite = true;

  explicit Problem(const Arms& arms) {
    for (const auto& arm : arms) {
      for (const double x : arm) {
        column.push_back(x);
        order.push_back(static_cast<int>(column.size()));
      }
      start.push_back(static_cast<int>(column.size()));
    }
    finite = respondr::groups::load_sample({column.data(), order.data(), start.data(), arms.size()}, sample, dropped);
    respondr::groups::take_figures(sample, dropped, figures);
    respondr::groups::RankWorkspace w;
    respondr::groups::rank_sample(sample, dropped, w, ranks);
  }
};

// Calls see(arms) for every way to deal the values to arms of these sizes, the values taken as they are; equal ways are
// repeated, all equally often.
inline void deal(const Arms& arms, const std::function<void(const Arms&)>& see) {
  std::vector<double> all;
  std::vector<std::size_t> label;
  for (std::size_t j = 0; j < arms.size(); ++j) {
    for (const double x : arms[j]) {
      all.push_back(x);
      label.push_back(j);
    }
  }
  do {
    Arms dealt(arms.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      dealt[label[i]].push_back(all[i]);
    }
    see(dealt);
  } while (std::next_permutation(label.begin(), label.end()));
}

// Kruskal and Wallis as textbooks print it: H over the correction for ties.
inline double textbook_h(const Arms& arms) {
  std::vector<double> all;
  for (const auto& a : arms) {
    all.insert(all.end(), a.begin(), a.end());
  }
  const double n = static_cast<double>(all.size());
  const auto rank = [&](double x) {
    double below = 0.0, equal = 0.0;
    for (const double y : all) {
      below += y < x ? 1.0 : 0.0;
      equal += y == x ? 1.0 : 0.0;
    }
    return below + 0.5 * (equal + 1.0);
  };
  double h = 0.0, ties = 0.0;
  for (const auto& a : arms) {
    double sum = 0.0;
    for (const double x : a) {
      sum += rank(x);
    }
    h += a.empty() ? 0.0 : sum * sum / static_cast<double>(a.size());
  }
  for (const double x : all) {
    const double t = static_cast<double>(std::count(all.begin(), all.end(), x));
    ties += t * t - 1.0;
  }
  return (12.0 * h / (n * (n + 1.0)) - 3.0 * (n + 1.0)) / (1.0 - ties / (n * n * n - n));
}

// Jonckheere's count, ties one half.
inline double textbook_j(const Arms& arms) {
  double j = 0.0;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    for (std::size_t b = a + 1; b < arms.size(); ++b) {
      for (const double x : arms[a]) {
        for (const double y : arms[b]) {
          j += y > x ? 1.0 : y == x ? 0.5 : 0.0;
        }
      }
    }
  }
  return j;
}

// Random arms, on a coarse grid if `levels` is not 0.
inline Arms draw(std::mt19937& engine, const std::vector<std::size_t>& sizes, unsigned levels) {
  Arms arms(sizes.size());
  for (std::size_t j = 0; j < sizes.size(); ++j) {
    for (std::size_t i = 0; i < sizes[j]; ++i) {
      const double u = static_cast<double>(engine() >> 8);
      arms[j].push_back(levels > 0 ? std::floor(u / 16777216.0 * levels) : u / 1048576.0);
    }
  }
  return arms;
}

}  // namespace groups_k

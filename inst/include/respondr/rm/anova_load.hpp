#pragma once
// Who counts for an outcome, and the measurements of those who do. A patient is complete if every cell and his row of the model
// are there. Problems with the same complete patients share a plan.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/ranks.hpp"
#include "respondr/rm/design.hpp"

namespace respondr::rm::anova {

// Where the measurements lie. Problems are numbered outcome first, then group.
struct Data {
  std::vector<const double*> outcomes;
  const int* rows = nullptr;              // patients x cells of row numbers from 1; missing_int: visit not made
  std::size_t patients = 0, cells = 0;
  std::vector<std::size_t> group_start;   // offsets over patients; one more for the end

  std::size_t groups() const { return group_start.size() - 1; }
  std::size_t size() const { return outcomes.size() * groups(); }
  std::size_t outcome(std::size_t problem) const { return problem / groups(); }
  std::size_t group(std::size_t problem) const { return problem % groups(); }
};

// The plan of every problem.
struct Plans {
  std::vector<Plan> plans;
  std::vector<std::uint32_t> of_problem;
  std::size_t infinite = no_problem;  // the lowest problem that holds an infinite measurement

  const Plan& operator()(std::size_t problem) const { return plans[of_problem[problem]]; }
};

namespace detail {

using Bits = std::vector<std::uint64_t>;

// Sets the bit of each complete patient of the problem; false if a measurement is infinite.
inline bool complete_patients(const Data& data, const std::vector<char>& has_model, std::size_t problem, std::uint64_t* bits,
                              std::vector<char>& whole) {
  const std::size_t start = data.group_start[data.group(problem)], end = data.group_start[data.group(problem) + 1];
  const double* column = data.outcomes[data.outcome(problem)];
  bool finite = true;
  whole.assign(has_model.begin() + static_cast<std::ptrdiff_t>(start), has_model.begin() + static_cast<std::ptrdiff_t>(end));
  for (std::size_t c = 0; c < data.cells; ++c) {
    const int* rows = data.rows + c * data.patients + start;
    for (std::size_t i = 0; i < end - start; ++i) {
      const double y = rows[i] == missing_int ? missing : column[rows[i] - 1];
      whole[i] = static_cast<char>(whole[i] & (y - y == 0.0 ? 1 : 0));
      finite = finite && !std::isinf(y);
    }
  }
  for (std::size_t i = 0; i < end - start; ++i) {
    bits[i / 64] |= static_cast<std::uint64_t>(whole[i] != 0) << (i % 64);
  }
  return finite;
}

inline std::vector<char> rows_with_model(const Design& design) {
  std::vector<char> out(design.patients, 1);
  for (std::size_t j = 0; j < design.columns; ++j) {
    for (std::size_t i = 0; i < design.patients; ++i) {
      out[i] = static_cast<char>(out[i] & (std::isfinite(design.x[i + j * design.patients]) ? 1 : 0));
    }
  }
  for (std::size_t i = 0; i < design.between_cell.size(); ++i) {
    out[i] = static_cast<char>(out[i] & (design.between_cell[i] >= 0 ? 1 : 0));
  }
  return out;
}

}  // namespace detail

inline Plans make_plans(const Data& data, const Design& design, int threads, const Hooks& hooks) {
  if (data.patients != design.patients || data.cells != design.cells) {
    throw input_error("rows", "The rows do not fit the design.");
  }
  std::size_t longest = 0;
  for (std::size_t g = 0; g < data.groups(); ++g) {
    longest = std::max(longest, data.group_start[g + 1] - data.group_start[g]);
  }
  const std::size_t words = longest / 64 + 1;
  const std::vector<char> has_model = detail::rows_with_model(design);
  const Hooks quiet{hooks.cancelled, nullptr};  // progress is that of the problems
  std::vector<std::uint64_t> bits(data.size() * words, 0);
  LowestProblem infinite;
  parallel_map(
      data.size(), threads, quiet, [] { return std::vector<char>(); },
      [&](std::size_t i, std::vector<char>& whole) {
        if (!detail::complete_patients(data, has_model, i, bits.data() + i * words, whole)) infinite.meet(i);
      });
  Plans out;
  out.infinite = infinite.get();
  out.of_problem.resize(data.size());
  std::unordered_map<std::string, std::uint32_t> known;
  std::vector<std::size_t> first;  // a problem of each pattern
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::string key(reinterpret_cast<const char*>(bits.data() + i * words), words * sizeof(std::uint64_t));
    key += std::to_string(data.group(i));
    const auto entry = known.emplace(std::move(key), static_cast<std::uint32_t>(first.size()));
    if (entry.second) {
      first.push_back(i);
    }
    out.of_problem[i] = entry.first->second;
  }
  out.plans.resize(first.size());
  parallel_map(
      first.size(), threads, quiet, [] { return 0; },
      [&](std::size_t k, int) {
        std::vector<int> patients;
        const std::size_t start = data.group_start[data.group(first[k])], end = data.group_start[data.group(first[k]) + 1];
        for (std::size_t i = start; i < end; ++i) {
          if ((bits[first[k] * words + (i - start) / 64] >> ((i - start) % 64)) & 1u) {
            patients.push_back(static_cast<int>(i));
          }
        }
        out.plans[k] = make_plan(design, std::move(patients));
      });
  return out;
}

// The complete measurements of one problem, patients x cells, from `pivot` on: outcome = (y + pivot) * unit. Decimals of few
// places are held as whole steps of their grid, so that no digit is lost where a large offset goes.
struct Block {
  Matrix y;
  double unit = 1.0, pivot = 0.0;
  double noise = 0.0;  // absolute rounding that a rotated measurement may carry
};

inline void load_block(const Data& data, std::size_t problem, const Plan& plan, Block& block) {
  const double* column = data.outcomes[data.outcome(problem)];
  const std::size_t n = plan.size();
  Matrix& y = block.y;
  y.resize(n, data.cells);
  for (std::size_t c = 0; c < data.cells; ++c) {
    const int* rows = data.rows + c * data.patients;
    for (std::size_t i = 0; i < n; ++i) {
      y(i, c) = column[rows[plan.patients[i]] - 1];
    }
  }
  const Span<double> all{y.data.data(), y.data.size()};
  double largest = 0.0;
  for (const double v : all) {
    largest = std::max(largest, std::fabs(v));
  }
  Grid grid = find_grid(all, {});
  grid.on = grid.on && largest * grid.per_unit < 1e14;  // beyond, rounding to the grid could cost digits
  block.unit = grid.on ? grid.unit : 1.0;
  block.pivot = plan.has_intercept && n > 0 ? (grid.on ? to_units(y(0, 0), grid) : y(0, 0)) : 0.0;
  double spread = 0.0;
  for (double& v : y.data) {
    v = (grid.on ? to_units(v, grid) : v) - block.pivot;
    spread = std::max(spread, std::fabs(v));
  }
  // Squares of squares must neither overflow nor vanish; a power of two costs no digit.
  if (spread > 0.0 && (spread < 1e-60 || spread > 1e60)) {
    block.unit = std::ldexp(1.0, std::ilogb(spread));
    for (double& v : y.data) {
      v /= block.unit;
    }
    block.pivot /= block.unit;
    spread /= block.unit;
    largest /= block.unit;
  }
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  block.noise = 4.0 * epsilon * spread * std::sqrt(static_cast<double>(data.cells)) + (grid.on ? 0.0 : epsilon * largest);
}

// A figure in the block's units, in those of the outcome: 3 / 10 is the decimal 0.3, 3 * 0.1 is not.
inline double outcome_units(double x, double unit) { return unit < 1.0 ? x / std::round(1.0 / unit) : x * unit; }

inline double squared_units(double x, double unit) { return outcome_units(outcome_units(x, unit), unit); }

}  // namespace respondr::rm::anova

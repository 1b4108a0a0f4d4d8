#pragma once
// Random tables with given margins: column after column, row after row, every cell is hypergeometric given those before it
// (Patefield 1981, Applied Statistics 30:91). A cell is found by inversion from the mode, in about as many steps as its
// standard deviation.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/monte_carlo_p.hpp"
#include "respondr/random.hpp"
#include "respondr/rates/table_row.hpp"
#include "respondr/rates/value_list.hpp"

namespace respondr::rates {

// Streams of this file; the place in Tag (random.hpp) after the families that stand there.
constexpr std::uint64_t table_tag = 60;

// Number of the `good` among `draws` out of good + bad.
inline int draw_hypergeometric(Stream& stream, int good, int bad, int draws, const LnFactorial& ln) {
  const int low = std::max(0, draws - bad), high = std::min(draws, good);
  if (low == high) {
    return low;
  }
  const double g = good, b = bad, k = draws;
  const int mode = std::max(low, std::min(high, static_cast<int>((k + 1.0) * (g + 1.0) / (g + b + 2.0))));
  const auto choose = [&ln](int n, int x) { return ln.choose(static_cast<std::size_t>(n), static_cast<std::size_t>(x)); };
  const double at_mode =
      std::exp(static_cast<double>(choose(good, mode) + choose(bad, draws - mode) - choose(good + bad, draws)));
  double left = stream.uniform() - at_mode, up = at_mode, down = at_mode;
  int above = mode, below = mode;
  while (left >= 0.0 && (above < high || below > low)) {
    if (above < high) {
      up *= (g - above) * (k - above) / ((above + 1.0) * (b - k + above + 1.0));
      ++above;
      left -= up;
      if (left < 0.0) {
        return above;
      }
    }
    if (below > low) {
      down *= static_cast<double>(below) * (b - k + below) / ((g - below + 1.0) * (k - below + 1.0));
      --below;
      left -= down;
      if (left < 0.0) {
        return below;
      }
    }
  }
  return mode;
}

struct DrawSpace {
  std::vector<int> cell, left;
};

// One table with the margins of t into w.cell, row after row.
inline void draw_table(Stream& stream, const CountTable& t, const LnFactorial& ln, DrawSpace& w) {
  w.cell.resize(t.cell.size());
  w.left = t.row;
  int all = t.n;
  for (std::size_t j = 0; j < t.cols(); ++j) {
    int take = t.col[j], others = all;
    for (std::size_t i = 0; i < t.rows(); ++i) {
      others -= w.left[i];
      const int x = draw_hypergeometric(stream, w.left[i], others, take, ln);
      w.cell[i * t.cols() + j] = x;
      w.left[i] -= x;
      take -= x;
    }
    all -= t.col[j];
  }
}

// p after `reached` of the replicates were as extreme as the data, `tied` of them just so, with the 99 % interval of the p
// that all tables would give. The data count as one more replicate.
inline void store_monte_carlo(double reached, double tied, const TableOptions& options, TableRow& row) {
  const double replicates = static_cast<double>(options.replicates);
  const double half = options.mid_p ? 0.5 : 0.0, counted = reached - half * tied;
  const ProbabilityInterval range = clopper_pearson(counted, replicates, 0.99);
  row.p_value = (counted + 1.0 - half) / (replicates + 1.0);
  row.p_low = range.low;
  row.p_high = range.high;
  row.distribution = Distribution::monte_carlo;
}

}  // namespace respondr::rates

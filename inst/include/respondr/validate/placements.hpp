#pragma once
// Placement values and the area under the ROC curve in O(n log n) (DeLong, DeLong and Clarke-Pearson 1988, Biometrics
// 44:837,
// doi:10.2307/2531595; by ranks Sun and Xu 2014, IEEE Signal Process Lett 21:1389, doi:10.1109/LSP.2014.2337313).
//
//   V10 of an event     share of the others below it, those equal to it counted half
//   V01 of another      share of the events above it, those equal to it counted half
//   AUC = mean of V10 = mean of V01; S10, S01 their variances (denominators m - 1, n - 1)
//   variance of DeLong  S10 / m + S01 / n; of a difference, that of the differences of placements
// Weights count patients: a row of weight 2 gives what two rows give.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/validate/types.hpp"

namespace respondr::validate {

// Rows with weight in ascending order of the score; reused from marker to marker.
class Ascending {
 public:
  void sort(const Patients& patients, const double* score) {
    rows_.clear();
    for (std::size_t i = 0; i < patients.n; ++i) {
      if (patients.count(i) > 0.0) {
        rows_.emplace_back(score[i], static_cast<std::uint32_t>(i));
      }
    }
    if (rows_.size() < 2048) {
      std::sort(rows_.begin(), rows_.end());
    } else {
      sort_by_digits();
    }
  }
  std::size_t size() const { return rows_.size(); }
  double score(std::size_t k) const { return rows_[k].first; }
  std::size_t row(std::size_t k) const { return rows_[k].second; }
  // First place behind the rows that share the score of place k.
  std::size_t block_end(std::size_t k) const {
    std::size_t end = k + 1;
    while (end < rows_.size() && rows_[end].first == rows_[k].first) {
      ++end;
    }
    return end;
  }
  bool constant() const { return rows_.empty() || rows_.front().first == rows_.back().first; }

 private:
  // Bits of a double as an integer of the same order; -0 comes right before 0.
  static std::uint64_t ordered_bits(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | std::uint64_t{1} << 63;
  }

  // Six stable passes of eleven bits, the lowest first; a digit that all rows share costs a count only.
  void sort_by_digits() {
    constexpr std::size_t digits = 2048;
    std::vector<std::size_t> counts(6 * digits, 0);
    for (const auto& row : rows_) {
      const std::uint64_t key = ordered_bits(row.first);
      for (std::size_t pass = 0; pass < 6; ++pass) {
        ++counts[pass * digits + (key >> (11 * pass)) % digits];
      }
    }
    spare_.resize(rows_.size());
    for (std::size_t pass = 0; pass < 6; ++pass) {
      std::size_t* const count = counts.data() + pass * digits;
      if (count[(ordered_bits(rows_[0].first) >> (11 * pass)) % digits] == rows_.size()) {
        continue;
      }
      std::size_t before = 0;
      for (std::size_t d = 0; d < digits; ++d) {
        const std::size_t here = count[d];
        count[d] = before;
        before += here;
      }
      for (const auto& row : rows_) {
        spare_[count[(ordered_bits(row.first) >> (11 * pass)) % digits]++] = row;
      }
      rows_.swap(spare_);
    }
  }

  std::vector<std::pair<double, std::uint32_t>> rows_, spare_;
};

namespace detail {

inline Classes count_block(const Patients& patients, const Ascending& order, std::size_t first, std::size_t last) {
  Classes block;
  for (std::size_t k = first; k < last; ++k) {
    const std::size_t i = order.row(k);
    (patients.event[i] > 0.5 ? block.events : block.others) += patients.count(i);
  }
  return block;
}

}  // namespace detail

// Needs both classes. With whole weights the number of pairs won is exact.
inline double area(const Patients& patients, const Ascending& order, const Classes& classes) {
  CompensatedSum won;
  double below = 0.0;
  for (std::size_t k = 0; k < order.size();) {
    const std::size_t end = order.block_end(k);
    const Classes block = detail::count_block(patients, order, k, end);
    won.add(block.events * (below + 0.5 * block.others));
    below += block.others;
    k = end;
  }
  return won.value() / (classes.events * classes.others);
}

// placement[i] for every row with weight.
inline void place(const Patients& patients, const Ascending& order, const Classes& classes, double* placement) {
  double others = 0.0, events = 0.0;
  for (std::size_t k = 0; k < order.size();) {
    const std::size_t end = order.block_end(k);
    const Classes block = detail::count_block(patients, order, k, end);
    const double above = classes.events - events - block.events;
    const double of_event = (others + 0.5 * block.others) / classes.others;
    const double of_other = (above + 0.5 * block.events) / classes.events;
    for (; k < end; ++k) {
      const std::size_t i = order.row(k);
      placement[i] = patients.event[i] > 0.5 ? of_event : of_other;
    }
    others += block.others;
    events += block.events;
  }
}

// Variance of the mean of placements, or with b of the difference of the means of a and b; centre is that mean.
inline double delong_variance(const Patients& patients, const Classes& classes, const double* a, const double* b,
                              double centre) {
  CompensatedSum events, others;
  for (std::size_t i = 0; i < patients.n; ++i) {
    const double w = patients.count(i);
    if (w > 0.0) {
      const double d = a[i] - (b ? b[i] : 0.0) - centre;
      (patients.event[i] > 0.5 ? events : others).add(w * d * d);
    }
  }
  return events.value() / (classes.events - 1.0) / classes.events + others.value() / (classes.others - 1.0) / classes.others;
}

}  // namespace respondr::validate

#pragma once
// Partial sums of the columns, packed into words, and the bounds that drop a partial sum early.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/logistic/exact_plan.hpp"

namespace respondr::logistic {

namespace detail {

// Where the sum of a column stands in the packed state. The last digit is the number of events of the stratum; it has the
// highest bits, so that states with one number of events stand together.
struct Digit {
  std::int64_t low = 0;
  int word = 0, shift = 0, bits = 0;
  std::uint64_t mask() const { return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; }
};

struct Packing {
  std::vector<Digit> digit;
  int words = 1;
  bool fits = true;
};

inline int bits_for(std::int64_t range) {
  int bits = 1;
  while (bits < 63 && (std::int64_t{1} << bits) <= range) {
    ++bits;
  }
  return bits;
}

// Least and largest partial sum that a state may hold, a column.
inline std::vector<std::array<std::int64_t, 2>> sum_ranges(const ExactPlan& plan, const std::vector<bool>& interest) {
  std::vector<std::array<std::int64_t, 2>> out(plan.columns.size());
  for (std::size_t j = 0; j < plan.columns.size(); ++j) {
    if (plan.counted && !interest[j]) {
      out[j] = {0, plan.columns[j].total};
      continue;
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> by_value;
    std::vector<std::int64_t> left = plan.counted ? plan.events : plan.trials;
    for (const ExactPattern& p : plan.patterns) {
      by_value.emplace_back(p.value[j], 0);
      by_value.back().second = static_cast<std::int64_t>(&p - plan.patterns.data());
    }
    std::sort(by_value.rbegin(), by_value.rend());
    for (const auto& [value, at] : by_value) {
      const ExactPattern& p = plan.patterns[static_cast<std::size_t>(at)];
      const std::int64_t take = std::min(p.trials, left[p.stratum]);
      left[p.stratum] -= plan.counted ? take : 0;
      out[j][1] += take * std::max<std::int64_t>(value, 0);
      out[j][0] += p.trials * std::min<std::int64_t>(value, 0);
    }
  }
  return out;
}

inline Packing pack(const ExactPlan& plan, const std::vector<bool>& interest) {
  Packing out;
  const auto ranges = sum_ranges(plan, interest);
  std::vector<std::int64_t> width;
  for (const auto& r : ranges) {
    out.digit.push_back({r[0], 0, 0, 0});
    width.push_back(r[1] - r[0]);
  }
  const int count_bits = bits_for(plan.counted ? *std::max_element(plan.events.begin(), plan.events.end()) : 0);
  std::array<int, 4> filled{};
  filled[0] = count_bits;
  for (std::size_t j = 0; j < width.size(); ++j) {
    Digit& d = out.digit[j];
    d.bits = bits_for(width[j]);
    while (d.word < 4 && filled[static_cast<std::size_t>(d.word)] + d.bits > 63) {
      ++d.word;
    }
    if (d.word == 4 || width[j] < 0) {
      out.fits = false;
      return out;
    }
    d.shift = filled[static_cast<std::size_t>(d.word)] - (d.word == 0 ? count_bits : 0);
    filled[static_cast<std::size_t>(d.word)] += d.bits;
    out.words = std::max(out.words, d.word + 1);
  }
  out.digit.push_back({0, 0, 63 - count_bits, count_bits});
  return out;
}

template <int Words>
struct State {
  std::array<std::uint64_t, Words> key;
  double mass;

  std::int64_t sum(const Digit& d) const {
    return static_cast<std::int64_t>((key[static_cast<std::size_t>(d.word)] >> d.shift) & d.mask()) + d.low;
  }
};

// What the patterns still to come can add to a nuisance column, by the number of events still to come in the stratum.
struct Reach {
  std::vector<std::int64_t> low, high;
};

class Bounds {
 public:
  Bounds(const ExactPlan& plan, const std::vector<bool>& interest) : plan_(plan) {
    for (std::size_t j = 0; j < plan.columns.size(); ++j) {
      if (!interest[j]) {
        nuisance_.push_back(j);
      }
    }
    reach_.resize(nuisance_.size());
  }

  const std::vector<std::size_t>& nuisance() const { return nuisance_; }

  // Patterns [from, end) of the stratum remain, then all later strata.
  void set(std::size_t from) {
    std::size_t end = from;
    const int stratum = from < plan_.patterns.size() ? plan_.patterns[from].stratum : -1;
    while (end < plan_.patterns.size() && (!plan_.counted || plan_.patterns[end].stratum == stratum)) {
      ++end;
    }
    fill(from, end);
  }

  // After the last pattern of a stratum nothing of it remains.
  void set_empty(std::size_t next) { fill(next, next); }

  bool possible(std::size_t k, std::int64_t sum, std::int64_t left) const {
    const Reach& r = reach_[k];
    const std::size_t at = plan_.counted ? static_cast<std::size_t>(left) : 0;
    const std::int64_t total = plan_.columns[nuisance_[k]].total;
    return sum + r.low[at] <= total && total <= sum + r.high[at];
  }
  std::int64_t trials_left() const { return trials_left_; }

 private:
  void fill(std::size_t from, std::size_t end) {
    trials_left_ = 0;
    for (std::size_t i = from; i < end; ++i) {
      trials_left_ += plan_.patterns[i].trials;
    }
    for (std::size_t k = 0; k < nuisance_.size(); ++k) {
      const auto later = plan_.counted ? of_later(nuisance_[k], end) : std::array<std::int64_t, 2>{0, 0};
      by_value(nuisance_[k], from, end);
      one_side(reach_[k].low, later[0], true);
      one_side(reach_[k].high, later[1], false);
    }
  }

  void by_value(std::size_t j, std::size_t from, std::size_t end) {
    sorted_.clear();
    for (std::size_t i = from; i < end; ++i) {
      sorted_.emplace_back(plan_.patterns[i].value[j], plan_.patterns[i].trials);
    }
    std::sort(sorted_.begin(), sorted_.end());
  }

  void one_side(std::vector<std::int64_t>& out, std::int64_t start, bool least) {
    out.assign(1, start);
    if (!plan_.counted) {
      for (const auto& [value, trials] : sorted_) {
        out[0] += trials * (least ? std::min<std::int64_t>(value, 0) : std::max<std::int64_t>(value, 0));
      }
      return;
    }
    const std::int64_t most = *std::max_element(plan_.events.begin(), plan_.events.end());
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      const auto& [value, trials] = sorted_[least ? i : sorted_.size() - 1 - i];
      for (std::int64_t t = 0; t < trials && static_cast<std::int64_t>(out.size()) <= most; ++t) {
        out.push_back(out.back() + value);
      }
    }
  }

  // Strata from pattern `from` on, each with all its events.
  std::array<std::int64_t, 2> of_later(std::size_t j, std::size_t from) {
    std::array<std::int64_t, 2> out{0, 0};
    while (from < plan_.patterns.size()) {
      const int stratum = plan_.patterns[from].stratum;
      std::size_t end = from;
      while (end < plan_.patterns.size() && plan_.patterns[end].stratum == stratum) {
        ++end;
      }
      by_value(j, from, end);
      for (const bool least : {true, false}) {
        std::int64_t left = plan_.events[static_cast<std::size_t>(stratum)];
        for (std::size_t i = 0; i < sorted_.size() && left > 0; ++i) {
          const auto& [value, trials] = sorted_[least ? i : sorted_.size() - 1 - i];
          out[least ? 0 : 1] += value * std::min(left, trials);
          left -= std::min(left, trials);
        }
      }
      from = end;
    }
    return out;
  }

  const ExactPlan& plan_;
  std::vector<std::size_t> nuisance_;
  std::vector<Reach> reach_;
  std::vector<std::pair<std::int64_t, std::int64_t>> sorted_;
  std::int64_t trials_left_ = 0;
};

}  // namespace detail
}  // namespace respondr::logistic

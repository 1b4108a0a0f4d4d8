#pragma once
// Who is who: levels of the categorical columns that give the printed counts. A search by exchange (Metropolis): the sum of
// squared distances from the counts goes down; a worse state is taken with a probability that falls.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/cohort/problem.hpp"
#include "respondr/random.hpp"

namespace respondr::cohort {

using Codes = std::vector<int>;  // patients x columns, a patient's columns side by side

// Whether a patient with these codes fulfils the condition; an empty one holds for everybody.
inline bool holds(const Condition& condition, const int* code) {
  std::uint64_t stack = 1;  // the top of the stack is the lowest bit
  bool first = true;
  const auto push = [&](bool value) {
    stack = first ? (value ? 1u : 0u) : (stack << 1) | (value ? 1u : 0u);
    first = false;
  };
  for (const Step& step : condition) {
    switch (step.op) {
      case Op::all:
        push(true);
        break;
      case Op::test:
        push((step.levels >> code[step.column]) & 1u);
        break;
      case Op::negation:
        stack ^= 1u;
        break;
      case Op::conjunction:
      case Op::disjunction: {
        const std::uint64_t a = stack & 1u, b = (stack >> 1) & 1u;
        stack = (stack >> 2 << 1) | (step.op == Op::conjunction ? (a & b) : (a | b));
        break;
      }
    }
  }
  return (stack & 1u) != 0;
}

class Skeleton {
 public:
  Skeleton(const Problem& problem, Stream& stream) : problem_(problem), stream_(stream) {
    const std::size_t columns = problem.levels.size();
    codes_.assign(problem.patients * columns, 0);
    for (std::size_t c = 0; c < columns; ++c) {
      free_.push_back(c);
    }
    touched_.resize(columns);
    for (std::size_t f = 0; f < problem.counts.size(); ++f) {
      for (const std::size_t c : columns_of(problem.counts[f])) {
        touched_[c].push_back(f);
      }
    }
  }

  // False: not found with so many moves.
  bool solve(std::size_t moves) {
    for (std::size_t c = 0; c < problem_.levels.size(); ++c) {
      deal_column(c);
    }
    return run(moves);
  }

  // The same from an assignment that holds: the columns of `free` are dealt out anew, the others stay.
  bool solve_again(const Codes& codes, const std::vector<std::size_t>& free, std::size_t moves) {
    codes_ = codes;
    free_ = free;
    for (const std::size_t c : free_) {
      if (stream_.uniform() < 0.5) {
        deal_column(c);
        continue;
      }
      for (std::size_t i = problem_.patients; i > 1; --i) {  // the numbers of patients stay
        std::swap(row(i - 1)[c], row(stream_.bounded(static_cast<std::uint32_t>(i)))[c]);
      }
    }
    return !free_.empty() && run(moves);
  }

  const Codes& codes() const { return codes_; }

  // Counts that do not hold.
  std::vector<std::size_t> broken() const {
    std::vector<std::size_t> out;
    for (std::size_t f = 0; f < problem_.counts.size(); ++f) {
      if (cost(f) > 0.0) {
        out.push_back(f);
      }
    }
    return out;
  }

 private:
  // Shares of the levels are uniform on all that sum to 1, so that any number of patients is met where counts leave it open.
  void deal_column(std::size_t c) {
    std::vector<double> share(static_cast<std::size_t>(problem_.levels[c]));
    double total = 0.0;
    for (double& s : share) {
      s = -std::log(stream_.uniform());
      total += s;
    }
    for (std::size_t i = 0; i < problem_.patients; ++i) {
      double left = stream_.uniform() * total;
      std::size_t level = 0;
      while (level + 1 < share.size() && left > share[level]) {
        left -= share[level++];
      }
      row(i)[c] = static_cast<int>(level);
    }
  }

  bool run(std::size_t moves) {
    start();
    for (std::size_t m = 0; m < moves && open_ > 0; ++m) {
      move(0.5 * std::pow(0.2, static_cast<double>(m) / static_cast<double>(moves)));
    }
    return open_ == 0;
  }

  std::vector<std::size_t> columns_of(const Count& count) const {
    std::vector<std::size_t> out;
    for (const int c : {count.condition, count.of}) {
      if (c < 0) {
        continue;
      }
      for (const Step& step : problem_.conditions[static_cast<std::size_t>(c)]) {
        if (step.op == Op::test) {
          out.push_back(static_cast<std::size_t>(step.column));
        }
      }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  int* row(std::size_t patient) { return codes_.data() + patient * problem_.levels.size(); }

  void start() {
    tally_.assign(2 * problem_.counts.size(), 0);
    for (std::size_t f = 0; f < problem_.counts.size(); ++f) {
      for (std::size_t i = 0; i < problem_.patients; ++i) {
        add(f, row(i), 1);
      }
    }
    energy_ = 0.0;
    open_ = 0;
    for (std::size_t f = 0; f < problem_.counts.size(); ++f) {
      count_in(f, 1);
    }
  }

  void add(std::size_t f, const int* code, int sign) {
    const Count& count = problem_.counts[f];
    const bool inside = count.of < 0 || holds(problem_.conditions[static_cast<std::size_t>(count.of)], code);
    tally_[2 * f + 1] += inside ? sign : 0;
    tally_[2 * f] += inside && holds(problem_.conditions[static_cast<std::size_t>(count.condition)], code) ? sign : 0;
  }

  double cost(std::size_t f) const {
    const Count& count = problem_.counts[f];
    double low = count.low, high = count.high;
    if (count.of >= 0) {  // a percentage, as a number of patients; of nobody there is none
      if (tally_[2 * f + 1] == 0) return 1.0;
      low *= 0.01 * tally_[2 * f + 1];
      high *= 0.01 * tally_[2 * f + 1];
    }
    const double x = tally_[2 * f], slack = 1e-9 * (1.0 + x);
    const double off = std::max({0.0, low - slack - x, x - high - slack});
    return off > 0.0 ? std::max(1.0, off * off) : 0.0;
  }

  // One column of one patient changes, or two patients exchange theirs.
  void move(double heat) {
    const std::size_t c = pick_column();
    const std::size_t a = stream_.bounded(static_cast<std::uint32_t>(problem_.patients));
    std::size_t b = a;
    int to_a = 0, to_b = 0;
    if (stream_.uniform() < 0.5) {
      b = stream_.bounded(static_cast<std::uint32_t>(problem_.patients));
      to_a = row(b)[c];
      to_b = row(a)[c];
    } else {
      to_a = to_b = static_cast<int>(stream_.bounded(static_cast<std::uint32_t>(problem_.levels[c])));
    }
    if (to_a == row(a)[c] && to_b == row(b)[c]) {
      return;
    }
    const int from_a = row(a)[c], from_b = row(b)[c];
    const double before = energy_;
    put(a, c, to_a);
    put(b, c, to_b);
    if (energy_ > before && stream_.uniform() >= std::exp((before - energy_) / heat)) {
      put(b, c, from_b);
      put(a, c, from_a);
    }
  }

  std::size_t pick_column() {
    const std::vector<std::size_t> wrong = broken();
    const std::size_t f = wrong[stream_.bounded(static_cast<std::uint32_t>(wrong.size()))];
    std::vector<std::size_t> columns;
    for (const std::size_t c : columns_of(problem_.counts[f])) {
      if (std::find(free_.begin(), free_.end(), c) != free_.end()) {
        columns.push_back(c);
      }
    }
    if (columns.empty() || stream_.uniform() < 0.2) {
      return free_[stream_.bounded(static_cast<std::uint32_t>(free_.size()))];
    }
    return columns[stream_.bounded(static_cast<std::uint32_t>(columns.size()))];
  }

  void put(std::size_t patient, std::size_t c, int level) {
    for (const std::size_t f : touched_[c]) {
      count_in(f, -1);
      add(f, row(patient), -1);
    }
    row(patient)[c] = level;
    for (const std::size_t f : touched_[c]) {
      add(f, row(patient), 1);
      count_in(f, 1);
    }
  }

  void count_in(std::size_t f, int sign) {
    const double c = cost(f);
    energy_ += sign * c;
    open_ += c > 0.0 ? sign : 0;
  }

  const Problem& problem_;
  Stream& stream_;
  Codes codes_;
  std::vector<std::size_t> free_;
  std::vector<std::vector<std::size_t>> touched_;
  std::vector<int> tally_;
  double energy_ = 0.0;
  int open_ = 0;  // counts that do not hold
};

}  // namespace respondr::cohort

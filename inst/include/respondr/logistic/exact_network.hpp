#pragma once
// Joint distribution of the sums of the columns of interest given those of the others: patterns are added one by one to a
// sorted list of states (the multivariate shift algorithm), and a state from which the observed sums of the nuisance columns
// can no longer be reached is dropped.
// Hirji, Mehta and Patel (1987) JASP 82:1110, 10.1080/01621459.1987.10478547; Mehta and Patel (1995) 10.1002/sim.4780141908.
//
// A state is the vector of partial sums, packed into words so that adding a pattern is adding a number and the order of the
// list is kept. The numbers of responses are carried as probabilities under one rate a stratum, which falls out.
//
//   status      filled
//   ok          values, mass (sum 1)
//   no_data     nothing: no patient
//   too_large   nothing: more states than the limit, sums beyond 2^62, or an observed sum of probability below 1e-300

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/logistic/exact_states.hpp"
#include "respondr/moments.hpp"

namespace respondr::logistic {

// values holds `width` sums a point, in the order of `columns`.
struct ExactDistribution {
  std::vector<std::size_t> columns;  // numbers in plan.columns
  std::vector<std::int64_t> values;
  std::vector<double> mass;
  double work = 0.0;
  Status status = Status::ok;

  std::size_t width() const { return columns.size(); }
  std::size_t size() const { return mass.size(); }
};

namespace detail {

constexpr std::size_t most_states = 6000000;

// Probabilities of 0 to m events at odds r, up to a constant: by ratios from the likeliest number.
inline void binomial_weights(std::int64_t m, double odds, std::vector<double>& out) {
  out.assign(static_cast<std::size_t>(m) + 1, 0.0);
  const double share = odds / (1.0 + odds);
  std::int64_t mode = std::min(m, static_cast<std::int64_t>((static_cast<double>(m) + 1.0) * share));
  out[static_cast<std::size_t>(mode)] = 1.0;
  for (std::int64_t k = mode; k < m; ++k) {
    out[static_cast<std::size_t>(k + 1)] =
        out[static_cast<std::size_t>(k)] * odds * static_cast<double>(m - k) / static_cast<double>(k + 1);
  }
  for (std::int64_t k = mode; k > 0; --k) {
    out[static_cast<std::size_t>(k - 1)] =
        out[static_cast<std::size_t>(k)] / odds * static_cast<double>(k) / static_cast<double>(m - k + 1);
  }
  double total = 0.0;
  for (const double x : out) {
    total += x;
  }
  for (double& x : out) {
    x /= total;
  }
}

template <int Words>
class Network {
  using S = State<Words>;

 public:
  Network(const ExactPlan& plan, const std::vector<bool>& interest, const Packing& packing)
      : plan_(plan), packing_(packing), bounds_(plan, interest) {}

  void run(double limit, ExactDistribution& out) {
    start();
    for (std::size_t i = 0; i < plan_.patterns.size(); ++i) {
      const ExactPattern& p = plan_.patterns[i];
      const bool last = i + 1 == plan_.patterns.size() || plan_.patterns[i + 1].stratum != p.stratum;
      if (plan_.counted && last) {
        bounds_.set_empty(i + 1);
      } else {
        bounds_.set(i + 1);
      }
      find_ranges(p);
      for (const auto& r : ranges_) {
        out.work += static_cast<double>(r[1] - r[0]);
      }
      if (out.work > limit || !extend(p)) {
        out.status = Status::too_large;
        return;
      }
      merge_runs();
      if (plan_.counted && last) {
        forget_count(plan_.events[static_cast<std::size_t>(p.stratum)]);
      }
      if (!rescale()) {
        out.status = Status::too_large;
        return;
      }
    }
    collect(out);
  }

 private:
  const Digit& count() const { return packing_.digit.back(); }

  void start() {
    S zero{};
    zero.mass = 1.0;
    for (std::size_t j = 0; j < plan_.columns.size(); ++j) {
      const Digit& d = packing_.digit[j];
      zero.key[static_cast<std::size_t>(d.word)] += static_cast<std::uint64_t>(-d.low) << d.shift;
    }
    layer_.assign(1, zero);
  }

  // One event of the pattern, as a number added to a state.
  std::array<std::uint64_t, Words> step_of(const ExactPattern& p) const {
    std::array<std::uint64_t, Words> out{};
    for (std::size_t j = 0; j < p.value.size(); ++j) {
      const Digit& d = packing_.digit[j];
      out[static_cast<std::size_t>(d.word)] += static_cast<std::uint64_t>(p.value[j]) << d.shift;
    }
    if (plan_.counted) {
      out[static_cast<std::size_t>(count().word)] += std::uint64_t{1} << count().shift;
    }
    return out;
  }

  // For k events of the pattern, the states whose number of events can still be completed: neighbours in the layer.
  void find_ranges(const ExactPattern& p) {
    ranges_.assign(static_cast<std::size_t>(p.trials) + 1, {0, layer_.size()});
    if (!plan_.counted) {
      return;
    }
    const auto from = [this](std::int64_t events) {
      return static_cast<std::size_t>(std::partition_point(layer_.begin(), layer_.end(), [&](const S& s) {
        return s.sum(count()) < events;
      }) - layer_.begin());
    };
    for (std::int64_t k = 0; k <= p.trials; ++k) {
      const std::int64_t most = plan_.events[static_cast<std::size_t>(p.stratum)] - k;
      const std::size_t low = from(most - bounds_.trials_left()), high = from(most + 1);
      ranges_[static_cast<std::size_t>(k)] = {low, std::max(low, high)};
    }
  }

  // The states of the layer with k events of the pattern form one sorted run for each k.
  bool extend(const ExactPattern& p) {
    const std::size_t s = static_cast<std::size_t>(p.stratum);
    const bool rate = plan_.counted && plan_.events[s] > 0 && plan_.events[s] < plan_.trials[s];
    const double events = rate ? static_cast<double>(plan_.events[s]) : 1.0;
    const double others = rate ? static_cast<double>(plan_.trials[s] - plan_.events[s]) : 1.0;
    binomial_weights(p.trials, events / others * std::exp(std::clamp(p.offset, -600.0, 600.0)), weights_);
    const std::array<std::uint64_t, Words> step = step_of(p);
    next_.clear();
    ends_.clear();
    for (std::int64_t k = 0; k <= p.trials; ++k) {
      const std::size_t before = next_.size();
      const auto& range = ranges_[static_cast<std::size_t>(k)];
      for (std::size_t i = range[0]; i < range[1]; ++i) {
        const S& from = layer_[i];
        if (possible(from, p, k)) {
          S to = from;
          for (int w = 0; w < Words; ++w) {
            to.key[static_cast<std::size_t>(w)] += static_cast<std::uint64_t>(k) * step[static_cast<std::size_t>(w)];
          }
          to.mass *= weights_[static_cast<std::size_t>(k)];
          next_.push_back(to);
        }
      }
      if (next_.size() > most_states) {
        return false;
      }
      if (next_.size() > before) {
        ends_.push_back(next_.size());
      }
    }
    return true;
  }

  bool possible(const S& from, const ExactPattern& p, std::int64_t k) const {
    const std::int64_t left =
        plan_.counted ? plan_.events[static_cast<std::size_t>(p.stratum)] - from.sum(count()) - k : 0;
    for (std::size_t n = 0; n < bounds_.nuisance().size(); ++n) {
      const std::size_t j = bounds_.nuisance()[n];
      if (!bounds_.possible(n, from.sum(packing_.digit[j]) + k * p.value[j], left)) {
        return false;
      }
    }
    return true;
  }

  // Neighbouring runs are merged, equal states added, until one run is left.
  void merge_runs() {
    std::vector<std::size_t>& ends = other_ends_;
    while (ends_.size() > 1) {
      other_.clear();
      ends.clear();
      std::size_t begin = 0;
      for (std::size_t r = 0; r < ends_.size(); r += 2) {
        const std::size_t middle = ends_[r], end = r + 1 < ends_.size() ? ends_[r + 1] : middle;
        merge_two(begin, middle, end);
        ends.push_back(other_.size());
        begin = end;
      }
      next_.swap(other_);
      ends_.swap(ends);
    }
    layer_.swap(next_);
  }

  void merge_two(std::size_t a, std::size_t middle, std::size_t end) {
    std::size_t b = middle;
    while (a < middle && b < end) {
      if (next_[a].key < next_[b].key) {
        other_.push_back(next_[a++]);
      } else if (next_[b].key < next_[a].key) {
        other_.push_back(next_[b++]);
      } else {
        other_.push_back(next_[a++]);
        other_.back().mass += next_[b++].mass;
      }
    }
    const S* all = next_.data();
    other_.insert(other_.end(), all + a, all + middle);
    other_.insert(other_.end(), all + b, all + end);
  }

  void forget_count(std::int64_t events) {
    for (S& s : layer_) {
      s.key[static_cast<std::size_t>(count().word)] -= static_cast<std::uint64_t>(events) << count().shift;
    }
  }

  // Powers of two only: no bit of a ratio changes.
  bool rescale() {
    double most = 0.0;
    for (const S& s : layer_) {
      most = std::max(most, s.mass);
    }
    if (most > 0.0 && most < 1e-60) {
      const int up = -std::ilogb(most);
      for (S& s : layer_) {
        s.mass = std::ldexp(s.mass, up);
      }
    }
    return most > 0.0;
  }

  void collect(ExactDistribution& out) const {
    CompensatedSum total;
    for (const S& s : layer_) {
      total.add(s.mass);
    }
    for (const S& s : layer_) {
      for (const std::size_t j : out.columns) {
        out.values.push_back(s.sum(packing_.digit[j]));
      }
      out.mass.push_back(s.mass / total.value());
    }
  }

  const ExactPlan& plan_;
  const Packing& packing_;
  Bounds bounds_;
  std::vector<S> layer_, next_, other_;
  std::vector<std::size_t> ends_, other_ends_;
  std::vector<std::array<std::size_t, 2>> ranges_;
  std::vector<double> weights_;
};

}  // namespace detail

// `interest[j]`, by number in plan.columns: the columns whose joint distribution is wanted; all others are conditioned on.
inline ExactDistribution exact_distribution(const ExactPlan& plan, const std::vector<bool>& interest, double limit) {
  ExactDistribution out;
  for (std::size_t j = 0; j < plan.columns.size(); ++j) {
    if (interest[j]) {
      out.columns.push_back(j);
    }
  }
  if (plan.patterns.empty()) {
    out.status = Status::no_data;
    return out;
  }
  const detail::Packing packing = plan.fits ? detail::pack(plan, interest) : detail::Packing{{}, 1, false};
  if (!packing.fits) {
    out.status = Status::too_large;
  } else if (packing.words == 1) {
    detail::Network<1>(plan, interest, packing).run(limit, out);
  } else if (packing.words == 2) {
    detail::Network<2>(plan, interest, packing).run(limit, out);
  } else {
    detail::Network<4>(plan, interest, packing).run(limit, out);
  }
  return out;
}

}  // namespace respondr::logistic

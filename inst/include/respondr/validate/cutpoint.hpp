#pragma once
// A cut-point of a marker: "x >= c" (or "x <= c") is positive. Candidates are the values seen. Chosen by
//   youden               sensitivity + specificity (Youden 1950, Cancer 3:32)
//   corner               least squared distance from sensitivity = specificity = 1
//   sensitivity_at_least, specificity_at_least   of those that keep to it, the largest specificity or sensitivity
//   cost                 least cost of missed events and of false positives, `cost` missed events : 1 false positive
// Of several cut-points as good as each other the one of the larger sensitivity is taken; their number is kept. The whole
// choice (with the direction, where it was chosen from the data) is made again in each resample: the optimism of sensitivity
// and specificity is the mean of (in the resample - on the original patients).

#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/parallel.hpp"
#include "respondr/validate/placements.hpp"
#include "respondr/validate/resample.hpp"

namespace respondr::validate {

enum class Criterion : int { youden = 0, corner, sensitivity_at_least, specificity_at_least, cost };
enum class Direction : int { automatic = 0, higher, lower };

struct CutOptions {
  Criterion criterion = Criterion::youden;
  Direction direction = Direction::automatic;
  double bound = 0.9, cost = 1.0;
  int replicates = 2000;
  double conf_level = 0.95;
  std::uint64_t seed = 0;
};

struct Cut {
  Status status = Status::ok;
  bool higher = true;
  double point = missing, sensitivity = missing, specificity = missing;
  double true_positive = 0.0, true_negative = 0.0, neighbour = missing;  // the next value on the negative side
  int tied = 0;
};

// Values in ascending order with the events and others of each, so that a resample is a recount.
struct ValueTable {
  std::vector<double> value, events, others;
};

namespace detail {

// Larger is better; missing where the bound is not kept.
inline double cut_merit(double tp, double tn, double events, double others, const CutOptions& o) {
  const double sensitivity = tp / events, specificity = tn / others;
  switch (o.criterion) {
    case Criterion::youden:
      return tp * others + tn * events;  // whole numbers tie exactly
    case Criterion::corner:
      return -((1.0 - sensitivity) * (1.0 - sensitivity) + (1.0 - specificity) * (1.0 - specificity));
    case Criterion::sensitivity_at_least:
      return sensitivity >= o.bound * (1.0 - 1e-12) ? tn : missing;
    case Criterion::specificity_at_least:
      return specificity >= o.bound * (1.0 - 1e-12) ? tp : missing;
    case Criterion::cost:
      return -(o.cost * (events - tp) + (others - tn));
  }
  return missing;
}

inline double total(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) {
    sum += v;
  }
  return sum;
}

inline bool points_up(const ValueTable& t, double events, double others) {
  double below = 0.0, won = 0.0;
  for (std::size_t k = 0; k < t.value.size(); ++k) {
    won += t.events[k] * (below + 0.5 * t.others[k]);
    below += t.others[k];
  }
  return won >= 0.5 * events * others;
}

// Counts of "value >= value[k]" (higher) or "<= value[k]".
inline void cut_counts(const ValueTable& t, double point, bool higher, double& tp, double& tn) {
  tp = tn = 0.0;
  for (std::size_t k = 0; k < t.value.size(); ++k) {
    const bool positive = higher ? t.value[k] >= point : t.value[k] <= point;
    (positive ? tp : tn) += positive ? t.events[k] : t.others[k];
  }
}

}  // namespace detail

inline Cut choose_cut(const ValueTable& t, const CutOptions& o) {
  Cut out;
  const double events = detail::total(t.events), others = detail::total(t.others);
  out.status = class_status({events, others});
  if (out.status != Status::ok) {
    return out;
  }
  out.higher = o.direction == Direction::automatic ? detail::points_up(t, events, others) : o.direction == Direction::higher;
  const std::size_t values = t.value.size();
  double tp = 0.0, tn = others, best = -infinity;
  for (std::size_t step = 0; step < values; ++step) {  // from the extreme cut-point on, so that sensitivity rises
    const std::size_t k = out.higher ? values - 1 - step : step;
    tp += t.events[k];
    tn -= t.others[k];
    if (t.events[k] + t.others[k] <= 0.0) {
      continue;
    }
    const double merit = detail::cut_merit(tp, tn, events, others, o);
    if (!(merit >= best - 1e-12 * std::fabs(best))) {
      continue;
    }
    out.tied = merit > best + 1e-12 * std::fabs(best) || best == -infinity ? 1 : out.tied + 1;
    best = std::fmax(best, merit);
    out.point = t.value[k];
    out.true_positive = tp;
    out.true_negative = tn;
    const bool last = step + 1 == values;
    out.neighbour = last ? missing : t.value[out.higher ? k - 1 : k + 1];
  }
  if (best == -infinity) {
    out.status = Status::not_estimable;
    return out;
  }
  out.sensitivity = out.true_positive / events;
  out.specificity = out.true_negative / others;
  if (values < 2) {
    out.status = Status::no_variance;
  }
  return out;
}

struct CutValidation {
  Cut cut;
  double low = missing, high = missing;  // of the cut-point
  double sensitivity_optimism = missing, sensitivity_low = missing, sensitivity_high = missing;
  double specificity_optimism = missing, specificity_low = missing, specificity_high = missing;
  int used = 0, turned = 0;  // replicates; of them with the other direction
};

namespace detail {

// The cut-point of a resample, and what it is worth on the original patients.
struct RedoneCut {
  Cut cut;
  double sensitivity = missing, specificity = missing;
};

inline void summarise_cuts(const std::vector<RedoneCut>& done, const CutOptions& o, CutValidation& out) {
  std::vector<double> point, gain[2], inside[2];
  for (const RedoneCut& one : done) {
    if (!std::isfinite(one.cut.point)) {
      continue;
    }
    ++out.used;
    out.turned += one.cut.higher != out.cut.higher ? 1 : 0;
    if (one.cut.higher == out.cut.higher) {
      point.push_back(one.cut.point);
    }
    inside[0].push_back(one.cut.sensitivity);
    inside[1].push_back(one.cut.specificity);
    gain[0].push_back(one.cut.sensitivity - one.sensitivity);
    gain[1].push_back(one.cut.specificity - one.specificity);
  }
  Bootstrap bootstrap;
  const double alpha = 0.5 * rounded_alpha(o.conf_level);
  const auto limits = [&](const std::vector<double>& x, double& low, double& high) {
    bootstrap.take({x.data(), x.size()});
    low = bootstrap.limit(alpha, true);
    high = bootstrap.limit(alpha, false);
  };
  const auto shifted = [&](int k, double& optimism, double& low, double& high) {
    optimism = Moments::of({gain[k].data(), gain[k].size()}).mean;
    limits(inside[k], low, high);
    low = std::fmax(0.0, low - optimism);
    high = std::fmin(1.0, high - optimism);
  };
  limits(point, out.low, out.high);
  shifted(0, out.sensitivity_optimism, out.sensitivity_low, out.sensitivity_high);
  shifted(1, out.specificity_optimism, out.specificity_low, out.specificity_high);
}

}  // namespace detail

inline ValueTable tabulate_values(const Patients& patients, const Ascending& order, std::vector<std::uint32_t>& place) {
  ValueTable t;
  place.assign(patients.n, 0);
  for (std::size_t k = 0; k < order.size();) {
    const std::size_t end = order.block_end(k);
    const Classes block = detail::count_block(patients, order, k, end);
    t.value.push_back(order.score(k));
    t.events.push_back(block.events);
    t.others.push_back(block.others);
    for (; k < end; ++k) {
      place[order.row(k)] = static_cast<std::uint32_t>(t.value.size() - 1);
    }
  }
  return t;
}

inline CutValidation validate_cut(const Patients& patients, const double* marker, const CutOptions& o, int threads,
                                  const Hooks& hooks) {
  CutValidation out;
  Ascending order;
  order.sort(patients, marker);
  std::vector<std::uint32_t> place;
  const ValueTable table = tabulate_values(patients, order, place);
  out.cut = choose_cut(table, o);
  if ((out.cut.status != Status::ok && out.cut.status != Status::no_variance) || o.replicates < 1) {
    return out;
  }
  const Resampler resampler(patients);
  const double events = detail::total(table.events), others = detail::total(table.others);
  std::vector<detail::RedoneCut> done(static_cast<std::size_t>(o.replicates));
  struct Space {
    std::vector<std::uint32_t> drawn;
    ValueTable table;
  };
  parallel_map(done.size(), threads, hooks, [&] { return Space{{}, table}; }, [&](std::size_t b, Space& w) {
    Stream stream(o.seed, static_cast<std::uint64_t>(Tag::cut_point), 0, b);
    resampler.draw(stream, true, w.drawn);
    std::fill(w.table.events.begin(), w.table.events.end(), 0.0);
    std::fill(w.table.others.begin(), w.table.others.end(), 0.0);
    for (std::size_t k = 0; k < w.drawn.size(); ++k) {
      (k < resampler.events() ? w.table.events : w.table.others)[place[resampler.row(k)]] += w.drawn[k] * resampler.count(k);
    }
    done[b].cut = choose_cut(w.table, o);
    double tp = 0.0, tn = 0.0;
    detail::cut_counts(table, done[b].cut.point, done[b].cut.higher, tp, tn);
    done[b].sensitivity = tp / events;
    done[b].specificity = tn / others;
  });
  detail::summarise_cuts(done, o, out);
  return out;
}

}  // namespace respondr::validate

#pragma once
// One line of the before/after table: both visits and the change of the complete pairs, in the units of the outcome.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/error.hpp"
#include "respondr/moments.hpp"
#include "respondr/paired/sample.hpp"
#include "respondr/paired/sides.hpp"

namespace respondr::paired {

// Definitions of Hyndman and Fan (1996) by their number; 2 is the rule of SAS, 6 that of SPSS, 7 that of R.
enum class QuantileType : int { averaged = 2, weibull = 6, linear = 7 };

inline QuantileType quantile_type(int number) {
  if (number != 2 && number != 6 && number != 7) {
    throw input_error("quantile_type", "Quantiles are of type 2, 6 or 7.");
  }
  return static_cast<QuantileType>(number);
}

struct Spread {
  double mean = missing, sd = missing, median = missing, q1 = missing, q3 = missing, min = missing, max = missing;
};

struct Description {
  int n_pairs = 0, n_dropped = 0, n_patients = 0;
  Spread before, after, change;
  double percent_mean = missing, percent_median = missing;
  int n_percent = missing_int;  // pairs whose baseline is above 0; missing for a change column
  double correlation = missing;
  int outliers = missing_int;  // changes beyond 1.5 interquartile ranges from the quartiles (Tukey 1977)
  double skewness = missing, excess_kurtosis = missing;
  Status status = Status::ok;
  std::uint32_t notes = 0;
};

struct DescribeWorkspace {
  std::vector<double> sorted, percent;
};

// Calls f(name, get) for every column in printed order; get(description) is an int or a double.
template <class F>
void visit_description_columns(F&& f) {
  f("n_pairs", [](const Description& d) { return d.n_pairs; });
  f("n_dropped", [](const Description& d) { return d.n_dropped; });
  f("n_patients", [](const Description& d) { return d.n_patients; });
  const auto side = [&f](const char* const(&names)[7], Spread Description::*spread) {
    constexpr double Spread::*fields[7] = {&Spread::mean, &Spread::sd,  &Spread::median, &Spread::q1,
                                           &Spread::q3,   &Spread::min, &Spread::max};
    for (int i = 0; i < 7; ++i) {
      f(names[i], [spread, field = fields[i]](const Description& d) { return d.*spread.*field; });
    }
  };
  side({"mean_before", "sd_before", "median_before", "q1_before", "q3_before", "min_before", "max_before"},
       &Description::before);
  side({"mean_after", "sd_after", "median_after", "q1_after", "q3_after", "min_after", "max_after"},
       &Description::after);
  side({"mean_change", "sd_change", "median_change", "q1_change", "q3_change", "min_change", "max_change"},
       &Description::change);
  f("percent_mean", [](const Description& d) { return d.percent_mean; });
  f("percent_median", [](const Description& d) { return d.percent_median; });
  f("n_percent", [](const Description& d) { return d.n_percent; });
  f("correlation", [](const Description& d) { return d.correlation; });
  f("outliers", [](const Description& d) { return d.outliers; });
  f("skewness", [](const Description& d) { return d.skewness; });
  f("excess_kurtosis", [](const Description& d) { return d.excess_kurtosis; });
  f("status", [](const Description& d) { return static_cast<int>(d.status); });
  f("notes", [](const Description& d) { return static_cast<int>(d.notes); });
}

// Quantile of sorted values, at least one.
inline double quantile(Span<double> sorted, double p, QuantileType type) {
  const double n = static_cast<double>(sorted.size);
  const double last = n - 1.0;
  if (type == QuantileType::averaged) {
    const double j = std::floor(n * p);
    const double low = sorted[static_cast<std::size_t>(std::clamp(j == n * p ? j - 1.0 : j, 0.0, last))];
    const double high = sorted[static_cast<std::size_t>(std::clamp(j, 0.0, last))];
    return low == high ? low : 0.5 * low + 0.5 * high;
  }
  const double at = std::clamp(type == QuantileType::linear ? last * p : (n + 1.0) * p - 1.0, 0.0, last);
  const double j = std::floor(at);
  const double low = sorted[static_cast<std::size_t>(j)];
  const double high = sorted[static_cast<std::size_t>(std::min(j + 1.0, last))];
  return low == high ? low : (1.0 - (at - j)) * low + (at - j) * high;  // no difference: it may overflow
}

namespace detail {

// At least one value. Leaves them sorted in `sorted`.
inline Spread spread(Span<double> x, QuantileType type, std::vector<double>& sorted) {
  sorted.assign(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const Moments m = Moments::of(x);
  const Span<double> s{sorted.data(), sorted.size()};
  const double sd = sorted.front() == sorted.back() && x.size > 1 ? 0.0 : m.sd();
  return {m.mean, sd, quantile(s, 0.5, type), quantile(s, 0.25, type), quantile(s, 0.75, type), s[0], s[s.size - 1]};
}

// `sorted` holds the changes in sample units, `s` their quartiles.
inline int count_outliers(const Spread& s, const std::vector<double>& sorted) {
  const double reach = 1.5 * (s.q3 - s.q1);
  const auto low = std::lower_bound(sorted.begin(), sorted.end(), s.q1 - reach);
  const auto high = std::upper_bound(sorted.begin(), sorted.end(), s.q3 + reach);
  return static_cast<int>((low - sorted.begin()) + (sorted.end() - high));
}

// g1 = m3 / m2^1.5 and g2 = m4 / m2^2 - 3 with m_k the k-th central moment over n (Joanes and Gill 1998).
inline void shape(Span<double> x, Description& out) {
  const Moments m = Moments::of(x);
  const double scale = std::sqrt(m.ss / m.n);
  CompensatedSum third, fourth;
  for (const double v : x) {
    const double z = (v - m.mean) / scale;
    third.add(z * z * z);
    fourth.add(z * z * z * z);
  }
  out.skewness = third.value() / m.n;
  out.excess_kurtosis = fourth.value() / m.n - 3.0;
}

inline void percent_change(const Sample& sample, QuantileType type, DescribeWorkspace& w, Description& out) {
  w.percent.clear();
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (sample.before[i] > 0.0) {
      w.percent.push_back(100.0 * (outcome_units(sample, sample.change[i]) / sample.before[i]));
    }
  }
  out.n_percent = static_cast<int>(w.percent.size());
  if (w.percent.size() < sample.size()) {
    out.notes |= static_cast<std::uint32_t>(Note::baseline_not_positive);
  }
  if (!w.percent.empty()) {
    const Spread s = spread({w.percent.data(), w.percent.size()}, type, w.sorted);
    out.percent_mean = s.mean;
    out.percent_median = s.median;
  }
}

inline void describe_visits(const Sample& sample, QuantileType type, DescribeWorkspace& w, Description& out) {
  const Span<double> before{sample.before.data(), sample.before.size()};
  const Span<double> after{sample.after.data(), sample.after.size()};
  percent_change(sample, type, w, out);
  out.before = spread(before, type, w.sorted);
  out.after = spread(after, type, w.sorted);
  if (out.before.min < out.before.max && out.after.min < out.after.max) {
    out.correlation = std::clamp(Comoments::of(before, after).correlation(), -1.0, 1.0);
  }
}

}  // namespace detail

// Needs a sample on the difference scale. Figures that exist are given whatever the status.
inline Description describe(const Sample& sample, QuantileType type, DescribeWorkspace& w) {
  Description out;
  out.n_pairs = static_cast<int>(sample.size());
  out.n_patients = sample.n_patients;
  out.n_dropped = out.n_patients - out.n_pairs;
  if (sample.size() == 0) {
    out.status = Status::no_data;
    return out;
  }
  if (!sample.before.empty()) {
    detail::describe_visits(sample, type, w, out);
  }
  const Span<double> change{sample.change.data(), sample.size()};
  out.change = detail::spread(change, type, w.sorted);
  out.outliers = detail::count_outliers(out.change, w.sorted);
  double constant = 0.0;
  if (sample.size() == 1) {
    out.status = Status::one_pair;
  } else if (constant_change(sample, constant)) {
    out.status = constant == 0.0 ? Status::all_zero : Status::no_variance;
  } else {
    detail::shape(change, out);
  }
  for (double Spread::*field :
       {&Spread::mean, &Spread::sd, &Spread::median, &Spread::q1, &Spread::q3, &Spread::min, &Spread::max}) {
    out.change.*field = outcome_units(sample, out.change.*field);
  }
  return out;
}

}  // namespace respondr::paired

// The core alone, without R around it: what reading the memory, the moments, the p-values and all of them cost.
// [[Rcpp::depends(respondr, BH, sitmo)]]
// [[Rcpp::plugins(cpp17)]]
#include <Rcpp.h>

#include <respondr/moments.hpp>
#include <respondr/paired/t.hpp>

#include <chrono>
#include <vector>

using namespace respondr;

template <class Work>
double best_seconds(int runs, Work&& work) {
  double best = infinity;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

// [[Rcpp::export]]
Rcpp::NumericVector kernel_seconds(Rcpp::NumericMatrix before, Rcpp::NumericMatrix after, int runs) {
  const std::size_t n = before.nrow(), m = before.ncol();
  const double* b = before.begin();
  const double* a = after.begin();
  volatile double sink = 0;
  std::vector<double> change(n), t(m), p(m);
  std::vector<Row> rows(m);
  const double read = best_seconds(runs, [&] {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (std::size_t i = 0; i + 1 < n * m; i += 2) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += b[i];
      s3 += b[i + 1];
    }
    sink = s0 + s1 + s2 + s3;
  });
  const auto moments = [&](std::size_t j) {
    for (std::size_t i = 0; i < n; ++i) change[i] = a[j * n + i] - b[j * n + i];
    return Moments::of({change.data(), n});
  };
  const double only_moments = best_seconds(runs, [&] {
    double s = 0;
    for (std::size_t j = 0; j < m; ++j) {
      const Moments x = moments(j);
      t[j] = x.mean / std::sqrt(x.ss / (x.n - 1) / x.n);
      s += t[j];
    }
    sink = s;
  });
  const double bare_p = best_seconds(runs, [&] {
    for (std::size_t j = 0; j < m; ++j) p[j] = 2 * special::t_cdf(-std::fabs(t[j]), double(n - 1), special::Tail::lower);
    sink = p[m - 1];
  });
  const double all = best_seconds(runs, [&] {
    paired::Options options;
    paired::TWorkspace w;
    for (std::size_t j = 0; j < m; ++j) {
      rows[j] = Row();
      paired::finish_t(options, moments(j), 0.0, paired::Shift(), w, rows[j]);
    }
    sink = rows[m - 1].p_value;
  });
  return Rcpp::NumericVector::create(Rcpp::_["read"] = read, Rcpp::_["moments"] = only_moments, Rcpp::_["bare_p"] = bare_p,
                                     Rcpp::_["all"] = all);
}

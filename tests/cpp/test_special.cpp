// The door to special functions. byhand: closed forms. oracle: numerical integrals and sums in long double. published: tables of
// NIST and Owen. edge: arguments outside the domain, also from a worker thread.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <thread>
#include <vector>

#include "respondr/special.hpp"

namespace {

using namespace respondr;
using namespace respondr::special;

// Simpson's rule on n (even) intervals.
long double integral(const std::function<long double(long double)>& f, long double a, long double b, int n) {
  long double sum = f(a) + f(b);
  for (int i = 1; i < n; ++i) {
    sum += (i % 2 == 1 ? 4.0L : 2.0L) * f(a + (b - a) * i / n);
  }
  return sum * (b - a) / n / 3.0L;
}

// P(T <= t) by the definition: a normal with mean ncp over the root of a chi-square divided by its df, integrated over the chi.
double noncentral_t(double t, double df, double ncp) {
  const long double d = df;
  const long double log_norm = (1.0L - d / 2.0L) * std::log(2.0L) - std::lgamma(d / 2.0L);
  const auto f = [&](long double y) {
    const long double normal = 0.5L * std::erfc(-(t * y / std::sqrt(d) - ncp) / std::sqrt(2.0L));
    return y <= 0.0L ? 0.0L : normal * std::exp(log_norm + (d - 1.0L) * std::log(y) - y * y / 2.0L);
  };
  const long double middle = std::sqrt(d);
  return static_cast<double>(integral(f, std::max(0.0L, middle - 14.0L), middle + 14.0L, 40000));
}

constexpr double pi = 3.14159265358979323846;

}  // namespace

TEST(Special, ByHandNormal) {
  for (const double x : {-8.0, -2.5, -1.0, 0.0, 0.3, 1.96, 6.0}) {
    EXPECT_NEAR(normal_cdf(x) / (0.5 * std::erfc(-x / std::sqrt(2.0))), 1.0, 1e-13);
    EXPECT_NEAR(normal_cdf(x, Tail::upper) / (0.5 * std::erfc(x / std::sqrt(2.0))), 1.0, 1e-13);
    EXPECT_NEAR(normal_quantile(normal_cdf(x)), x, 1e-8 * (1.0 + std::fabs(x)));
  }
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
  EXPECT_EQ(normal_quantile(0.0), -infinity);
  EXPECT_EQ(normal_quantile(1.0), infinity);
}

TEST(Special, ByHandTOfOneTwoAndManyDegreesOfFreedom) {
  for (const double t : {-30.0, -2.0, -0.1, 0.0, 0.7, 5.0}) {
    EXPECT_NEAR(t_cdf(t, 1.0), 0.5 + std::atan(t) / pi, 1e-15);                           // Cauchy
    EXPECT_NEAR(t_cdf(t, 2.0), 0.5 + t / (2.0 * std::sqrt(2.0 + t * t)), 1e-15);
    EXPECT_NEAR(t_cdf(t, 2.0, Tail::upper), 0.5 - t / (2.0 * std::sqrt(2.0 + t * t)), 1e-15);
    EXPECT_NEAR(t_cdf(t, infinity), normal_cdf(t), 1e-15);
  }
  EXPECT_NEAR(t_quantile(0.975, 1.0), std::tan(0.475 * pi), 1e-12);
  EXPECT_NEAR(t_quantile(0.975, infinity), normal_quantile(0.975), 1e-15);
  for (const double df : {0.5, 1.0, 3.0, 28.0, 1e3, 1e8}) {
    for (const double p : {1e-12, 1e-3, 0.025, 0.3, 0.5, 0.9, 0.999}) {
      EXPECT_NEAR(t_cdf(t_quantile(p, df), df) / p, 1.0, 1e-11);
    }
  }
  EXPECT_EQ(t_quantile(0.0, 4.0), -infinity);
  EXPECT_EQ(t_quantile(1.0, 4.0), infinity);
}

TEST(Special, ByHandChiSquareFAndBeta) {
  for (const double x : {0.01, 0.5, 2.0, 9.0, 40.0}) {
    EXPECT_NEAR(chisq_cdf(x, 2.0, Tail::upper) / std::exp(-x / 2.0), 1.0, 1e-13);
    EXPECT_NEAR(chisq_cdf(x, 1.0), std::erf(std::sqrt(x / 2.0)), 1e-14);
    EXPECT_NEAR(f_cdf(x, 2.0, 6.0, Tail::upper), std::pow(1.0 + 2.0 * x / 6.0, -3.0), 1e-14);
    EXPECT_NEAR(f_cdf(x, 1.0, 7.0), 1.0 - 2.0 * t_cdf(-std::sqrt(x), 7.0), 1e-14);
  }
  for (const double x : {0.0, 0.2, 0.7, 1.0}) {
    EXPECT_NEAR(beta_cdf(x, 3.0, 1.0), x * x * x, 1e-15);
    EXPECT_NEAR(beta_cdf(x, 1.0, 4.0, Tail::upper), std::pow(1.0 - x, 4.0), 1e-15);
  }
}

TEST(Special, ByHandGammaAndBinomial) {
  EXPECT_NEAR(ln_gamma(0.5), 0.5 * std::log(pi), 1e-15);
  EXPECT_NEAR(ln_gamma(11.0), std::log(3628800.0), 1e-13);
  EXPECT_NEAR(ln_choose(10.0, 3.0), std::log(120.0), 1e-13);
  double sum = 0.0, choose = 1.0;
  for (int k = 0; k <= 12; ++k) {
    const double above = 1.0 - sum;
    sum += choose * std::pow(0.3, k) * std::pow(0.7, 12 - k);
    EXPECT_NEAR(binomial_cdf(k, 12.0, 0.3), sum, 1e-14);
    EXPECT_NEAR(binomial_cdf(k, 12.0, 0.3, Tail::upper), above, 1e-14);
    choose = choose * (12 - k) / (k + 1);
  }
  EXPECT_EQ(binomial_cdf(-1.0, 12.0, 0.3), 0.0);
  EXPECT_EQ(binomial_cdf(13.0, 12.0, 0.3), 1.0);
  EXPECT_EQ(binomial_cdf(0.0, 12.0, 0.3, Tail::upper), 1.0);
  EXPECT_EQ(binomial_cdf(13.0, 12.0, 0.3, Tail::upper), 0.0);
}

TEST(Special, OracleNoncentralTByItsDefinition) {
  for (const double df : {3.0, 11.0, 61.0, 255.0}) {
    for (const double ncp : {-3.0, 0.0, 0.4, 2.5, 12.0, 38.4, 60.0}) {
      for (const double shift : {-3.0, -0.5, 0.0, 1.0, 4.0}) {
        const double t = ncp + shift;
        EXPECT_NEAR(noncentral_t_cdf(t, df, ncp), noncentral_t(t, df, ncp), 1e-10) << df << ' ' << ncp << ' ' << t;
      }
    }
  }
}

TEST(Special, OracleNoncentralTFarOut) {
  // The chi has a standard deviation of 0.7, so T / ncp spreads over 1 / sqrt(2 df).
  for (const double df : {5.0, 100.0, 1000.0}) {
    for (const double ncp : {3.1e4, 3e8}) {
      for (const double z : {-2.0, 0.0, 1.5}) {
        const double t = ncp * (1.0 + z / std::sqrt(2.0 * df));
        if (t > 0.0) {
          // For ncp so large the normal part is a point: P(chi^2 >= df ncp^2 / t^2), to 1 / ncp.
          EXPECT_NEAR(noncentral_t_cdf(t, df, ncp), chisq_cdf(df * ncp * ncp / (t * t), df, Tail::upper), 1e-6);
          EXPECT_NEAR(noncentral_t_cdf(-t, df, -ncp), 1.0 - noncentral_t_cdf(t, df, ncp), 1e-15);
        }
      }
    }
  }
  for (const double df : {6.0, 300.0}) {  // no step where the method changes
    const double t = 1e3 * (1.0 + 0.4 / std::sqrt(2.0 * df));
    EXPECT_NEAR(noncentral_t_cdf(t, df, 1e3), noncentral_t_cdf(t, df, std::nextafter(1e3, 1e5)), 1e-12);
  }
  EXPECT_EQ(noncentral_t_cdf(-1.0, 5.0, 1e6), 0.0);
  EXPECT_EQ(noncentral_t_cdf(1.0, 5.0, -1e6), 1.0);
}

TEST(Special, PropertyNoncentralityIsTheInverse) {
  for (const double df : {1.0, 4.0, 61.0, 1000.0}) {
    for (const double t : {-40.0, -2.0, 0.0, 0.5, 3.0, 45.0, 5e8}) {
      for (const double p : {0.005, 0.025, 0.5, 0.975}) {
        EXPECT_NEAR(noncentral_t_cdf(t, df, noncentral_t_ncp(t, df, p)), p, 1e-9) << df << ' ' << t << ' ' << p;
      }
    }
  }
}

TEST(Special, OracleNoncentralFIsTheSquareOfNoncentralT) {
  for (const double df : {2.0, 9.0, 61.0, 400.0}) {
    for (const double delta : {0.3, 1.7, 6.0, 30.0}) {
      for (const double shift : {-2.0, 0.0, 1.5}) {
        const double t = std::fmax(0.1, delta + shift);
        const double within = noncentral_t_cdf(t, df, delta) - noncentral_t_cdf(-t, df, delta);
        EXPECT_NEAR(noncentral_f_cdf(t * t, 1.0, df, delta * delta), within, 1e-11) << df << ' ' << delta << ' ' << t;
        EXPECT_NEAR(noncentral_f_cdf(t * t, 1.0, df, delta * delta, Tail::upper), 1.0 - within, 1e-11);
      }
    }
  }
}

TEST(Special, OracleNoncentralFIsAMixtureOfBetas) {
  for (const double df1 : {2.0, 5.0, 24.0}) {
    for (const double df2 : {3.0, 40.0, 1000.0}) {
      for (const double ncp : {0.2, 8.0, 120.0, 2000.0}) {
        const double f = (df1 + ncp) / df1 * 1.1, x = df1 * f / (df1 * f + df2), half = 0.5 * ncp;
        long double sum = 0.0L;
        for (int j = 0; j < 2500; ++j) {
          sum += std::exp(static_cast<long double>(-half + j * std::log(half)) - std::lgamma(j + 1.0L)) *
                 beta_cdf(x, 0.5 * df1 + j, 0.5 * df2);
        }
        EXPECT_NEAR(noncentral_f_cdf(f, df1, df2, ncp), static_cast<double>(sum), 1e-11) << df1 << ' ' << df2 << ' ' << ncp;
      }
    }
  }
  EXPECT_EQ(noncentral_f_cdf(2.5, 3.0, 17.0, 0.0), f_cdf(2.5, 3.0, 17.0));
}

TEST(Special, PropertyNoncentralFFarOutJoinsTheSeries) {
  for (const double df1 : {1.0, 3.0, 40.0}) {
    for (const double df2 : {5.0, 100.0, 1e5}) {
      for (const double z : {-1.5, 0.0, 2.0}) {
        const double f = (1e6 + df1) / df1 * (1.0 + z * std::sqrt(2.0 / df2 + 4e-6));
        if (f > 0.0) {
          EXPECT_NEAR(noncentral_f_cdf(f, df1, df2, std::nextafter(1e6, 1e7)), noncentral_f_cdf(f, df1, df2, 1e6), 1e-8);
        }
      }
    }
  }
  // So far out the numerator is a point.
  EXPECT_NEAR(noncentral_f_cdf(3.3e13, 2.0, 8.0, 6e13), chisq_cdf(8.0 * 6e13 / 6.6e13, 8.0, Tail::upper), 1e-9);
}

TEST(Special, PropertyNoncentralityOfFIsTheInverse) {
  for (const double df1 : {1.0, 3.0, 20.0}) {
    for (const double df2 : {2.0, 40.0, 1000.0}) {
      for (const double f : {0.4, 1.0, 5.0, 300.0, 1e7}) {
        for (const double p : {0.025, 0.5, 0.95}) {
          const double ncp = noncentral_f_ncp(f, df1, df2, p);
          if (f_cdf(f, df1, df2) <= p) {
            EXPECT_EQ(ncp, 0.0);
          } else {
            EXPECT_NEAR(noncentral_f_cdf(f, df1, df2, ncp), p, 1e-10) << df1 << ' ' << df2 << ' ' << f << ' ' << p;
          }
        }
      }
    }
  }
  EXPECT_NEAR(noncentral_f_ncp(5.0, 3.0, 76.0, 0.975), 1.8666, 1e-4);  // Steiger (2004)
  EXPECT_NEAR(noncentral_f_ncp(5.0, 3.0, 76.0, 0.025), 32.563, 1e-3);
  for (const double bad : {missing, -1.0, infinity}) {
    EXPECT_TRUE(std::isnan(noncentral_f_ncp(bad, 3.0, 10.0, 0.5)));
  }
  EXPECT_TRUE(std::isnan(noncentral_f_ncp(2.0, 3.0, 10.0, 1.0)));
}

TEST(Special, PropertyBracketedRoot) {
  const auto root = [](auto f, double low, double high) { return special::detail::bracketed_root(f, low, f(low), high, f(high), 1e-14); };
  EXPECT_NEAR(root([](double x) { return x * x - 2.0; }, 0.0, 5.0), std::sqrt(2.0), 1e-13);
  EXPECT_NEAR(root([](double x) { return 2.0 - x * x; }, 0.0, 5.0), std::sqrt(2.0), 1e-13);
  EXPECT_NEAR(root([](double x) { return std::pow(x, 21.0) - 1e-5; }, 0.0, 10.0), std::pow(1e-5, 1.0 / 21.0), 1e-12);
  EXPECT_EQ(root([](double x) { return x - 1.0; }, 0.0, 2.0), 1.0);
}

TEST(Special, EdgeNothingOutsideTheDomainThrowsOnAWorker) {
  const std::vector<double> grid{missing, -infinity, -1e300, -37.7, -1.0, -1e-300, 0.0, 1e-300, 0.3, 1.0, 2.0, 40.0, 1e5, 1e300,
                                 infinity};
  int wrong = 0;
  std::thread worker([&] {
    try {
      for (const double a : grid) {
        wrong += normal_cdf(a) > 1.0 ? 1 : 0;
        wrong += !(a >= 0.0 && a <= 1.0) && normal_quantile(a) == normal_quantile(a) ? 1 : 0;
        wrong += !(a > 0.0) && ln_gamma(a) == ln_gamma(a) ? 1 : 0;
        for (const double b : grid) {
          for (const double p : {t_cdf(a, b), t_cdf(a, b, Tail::upper), chisq_cdf(a, b), f_cdf(a, 2.0, b), beta_cdf(a, b, 2.0)}) {
            wrong += p < 0.0 || p > 1.0 ? 1 : 0;
          }
          wrong += !(b > 0.0) && !std::isnan(t_cdf(a, b)) ? 1 : 0;
          wrong += !(b > 0.0) && !std::isnan(t_quantile(0.3, b)) ? 1 : 0;
          wrong += !(a >= 0.0 && a <= 1.0) && !std::isnan(t_quantile(a, 3.0)) ? 1 : 0;
          for (const double df : {0.5, 3.0, 1000.0}) {
            const double q = noncentral_f_cdf(a, df, 3.0, b);
            wrong += q < 0.0 || q > 1.0 ? 1 : 0;
            wrong += (std::isnan(a) || !(b >= 0.0) || std::isinf(b)) && !std::isnan(q) ? 1 : 0;
            const double p = noncentral_t_cdf(a, df, b);
            wrong += p < 0.0 || p > 1.0 ? 1 : 0;
            wrong += (std::isnan(a) || std::isnan(b)) && !std::isnan(p) ? 1 : 0;
          }
        }
        wrong += !std::isfinite(a) && !std::isnan(noncentral_t_ncp(a, 5.0, 0.5)) ? 1 : 0;
      }
    } catch (...) {
      wrong += 1000;
    }
  });
  worker.join();
  EXPECT_EQ(wrong, 0);
}

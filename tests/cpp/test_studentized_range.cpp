// Studentized range: stored values of an arbitrary-precision program, the t distribution at k = 2, a second quadrature of
// another formula, tails that add to 1, quantiles that lead back, domain.

#include <boost/math/quadrature/gauss.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "respondr/studentized_range.hpp"

namespace {

using namespace respondr;
using namespace respondr::special;

struct Known {
  double q, k, df, cdf;
};

// scipy/stats/tests/data/studentized_range_mpmath_ref.json (mpmath), printed to 15 figures.
const Known published[] = {
    {0.1, 3.0, 3.0, 0.00275027722293596}, {0.1, 3.0, 10.0, 0.00275205606623383},
    {0.1, 3.0, 20.0, 0.00275243764953618}, {0.1, 3.0, 120.0, 0.00275275574431365},
    {0.1, 3.0, 50.0, 0.00275266666781243}, {0.1, 20.0, 20.0, 3.85466981133841e-25},
    {0.1, 20.0, 50.0, 5.57194773005262e-26}, {0.1, 20.0, 3.0, 9.53976364668181e-22},
    {0.1, 20.0, 120.0, 4.91923173335411e-28}, {1.0, 3.0, 3.0, 0.22331624289542},
    {1.0, 3.0, 10.0, 0.235109189421281}, {1.0, 10.0, 50.0, 0.000651656693149116},
    {1.0, 10.0, 3.0, 0.00397127322467317}, {1.0, 3.0, 120.0, 0.240231545933764},
    {1.0, 20.0, 50.0, 1.56825737220402e-07}, {1.0, 20.0, 3.0, 9.2267674885784e-05},
    {1.0, 20.0, 10.0, 2.74679801265806e-06}, {1.0, 20.0, 100.0, 9.14763795747263e-08},
    {4.0, 3.0, 3.0, 0.871178629520332}, {4.0, 3.0, 10.0, 0.956650650240017},
    {4.0, 3.0, 20.0, 0.97314888935738}, {4.0, 10.0, 3.0, 0.616487523240417},
    {4.0, 10.0, 20.0, 0.807969151794908}, {4.0, 10.0, 100.0, 0.858752524814774},
    {4.0, 20.0, 3.0, 0.465231353553877}, {4.0, 20.0, 10.0, 0.557494714029429},
    {4.0, 20.0, 120.0, 0.649367152781827}, {10.0, 3.0, 3.0, 0.988133563371299},
    {10.0, 3.0, 10.0, 0.999908236635449}, {10.0, 3.0, 120.0, 0.999999999669022},
    {10.0, 10.0, 3.0, 0.957040145707789}, {10.0, 10.0, 10.0, 0.999173832596355},
    {10.0, 10.0, 100.0, 0.999999990519921}, {10.0, 20.0, 3.0, 0.931231804233977},
    {10.0, 20.0, 10.0, 0.99776439220324}, {10.0, 20.0, 100.0, 0.999999960294806}};

// Gauss-Legendre of 20 points on each of n panels.
template <class F>
double panels(F&& f, double from, double to, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    const double h = (to - from) / n;
    sum += boost::math::quadrature::gauss<double, 20>::integrate(f, from + h * i, from + h * (i + 1));
  }
  return sum;
}

// Hartley (1942): P(range <= w) = [2 Phi(w/2) - 1]^k + 2 k int_{w/2}^inf phi(z) [Phi(z) - Phi(z - w)]^(k-1) dz.
double naive_range(double w, double k) {
  const auto f = [=](double z) {
    const double between = 0.5 * std::erfc((z - w) / std::sqrt(2.0)) - 0.5 * std::erfc(z / std::sqrt(2.0));
    return std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI) * std::pow(between, k - 1.0);
  };
  return std::pow(std::erf(0.5 * w / std::sqrt(2.0)), k) + 2.0 * k * panels(f, 0.5 * w, 0.5 * w + 9.0, 8);
}

// Over s itself.
double naive_studentized(double q, double k, double df) {
  const double log_scale = 0.5 * df * std::log(0.5 * df) - std::lgamma(0.5 * df) + std::log(2.0);
  const auto f = [=](double s) {
    return std::exp(log_scale + (df - 1.0) * std::log(s) - 0.5 * df * s * s) * naive_range(q * s, k);
  };
  return panels(f, 0.0, 1.5 + 9.0 / std::sqrt(df), 40);
}

TEST(StudentizedRange, EqualsTheStoredValuesOfAnArbitraryPrecisionProgram) {
  for (const Known& x : published) {
    EXPECT_NEAR(studentized_range_cdf(x.q, x.k, x.df), x.cdf, 1e-13) << x.q << " " << x.k << " " << x.df;
    EXPECT_NEAR(studentized_range_cdf(x.q, x.k, x.df, Tail::upper), 1.0 - x.cdf, 1e-13) << x.q << " " << x.k << " " << x.df;
    if (x.cdf > 1e-15) {  // the four below hold to their absolute error only in the source
      EXPECT_NEAR(studentized_range_cdf(x.q, x.k, x.df) / x.cdf, 1.0, 1e-9) << x.q << " " << x.k << " " << x.df;
    }
  }
}

TEST(StudentizedRange, OfTwoIsRootTwoTimesTheAbsoluteT) {
  for (const double df : {1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1e3, 1e5, 1e8, infinity}) {
    for (const double q : {1e-6, 1e-3, 0.05, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 50.0, 1e3, 1e6}) {
      const double t = q / std::sqrt(2.0);
      const double upper = 2.0 * (std::isinf(df) ? normal_cdf(t, Tail::upper) : t_cdf(t, df, Tail::upper));
      EXPECT_NEAR(studentized_range_cdf(q, 2.0, df, Tail::upper), upper, 1e-13) << q << " " << df;
      EXPECT_NEAR(studentized_range_cdf(q, 2.0, df), 1.0 - upper, 1e-13) << q << " " << df;
      if (upper > 1e-200) {
        EXPECT_NEAR(studentized_range_cdf(q, 2.0, df, Tail::upper) / upper, 1.0, 1e-11) << q << " " << df;
      }
    }
  }
}

TEST(StudentizedRange, EqualsASecondQuadratureOfAnotherFormula) {
  for (const double k : {3.0, 6.0, 20.0, 21.0, 50.0, 100.0}) {
    for (const double q : {0.7, 2.5, 4.0, 6.5}) {
      EXPECT_NEAR(studentized_range_cdf(q, k, infinity), naive_range(q, k), 1e-12) << q << " " << k;
    }
  }
  for (const double k : {3.0, 10.0, 50.0, 100.0}) {
    for (const double df : {2.0, 5.0, 12.0, 60.0, 400.0}) {
      const double q = 3.5 + std::log(k);
      EXPECT_NEAR(studentized_range_cdf(q, k, df), naive_studentized(q, k, df), 1e-11) << k << " " << df;
    }
  }
}

TEST(StudentizedRange, TailsAddToOne) {
  for (const double k : {2.0, 20.0, 21.0, 100.0, 1000.0}) {
    for (const double df : {1.0, 7.0, 1e7, infinity}) {
      for (const double q : {0.1, 1.0, 3.0, 5.0, 10.0, 30.0}) {
        const double lower = studentized_range_cdf(q, k, df), upper = studentized_range_cdf(q, k, df, Tail::upper);
        EXPECT_NEAR(lower + upper, 1.0, 1e-12) << q << " " << k << " " << df;
      }
    }
  }
}

TEST(StudentizedRange, GrowsTowardsItsLimitOfInfiniteDf) {
  for (const double k : {2.0, 5.0, 40.0}) {
    EXPECT_NEAR(studentized_range_cdf(3.7, k, 1e12), studentized_range_cdf(3.7, k, infinity), 1e-11);
    double before = 0.0;
    for (double q = 0.25; q < 12.0; q += 0.25) {
      const double p = studentized_range_cdf(q, k, 4.0);
      EXPECT_GT(p, before);
      before = p;
    }
  }
}

TEST(StudentizedRange, QuantilesLeadBack) {
  for (const double k : {2.0, 5.0, 100.0}) {
    for (const double df : {1.0, 33.0, infinity}) {
      for (const double p : {1e-6, 0.5, 0.95}) {
        EXPECT_NEAR(studentized_range_cdf(studentized_range_quantile(p, k, df), k, df), p, 1e-11 * std::fmin(p, 1.0 - p))
            << p << " " << k << " " << df;
        const double upper = studentized_range_quantile(p, k, df, Tail::upper);
        EXPECT_NEAR(studentized_range_cdf(upper, k, df, Tail::upper), p, 1e-11 * std::fmin(p, 1.0 - p));
      }
    }
  }
}

// Harter (1960), as in every table of the honestly significant difference.
TEST(StudentizedRange, PrintsTheTabledQuantiles) {
  EXPECT_NEAR(studentized_range_quantile(0.95, 3, 20), 3.578, 5e-4);
  EXPECT_NEAR(studentized_range_quantile(0.95, 3, infinity), 3.314, 5e-4);
  EXPECT_NEAR(studentized_range_quantile(0.99, 5, 10), 6.136, 5e-4);
  EXPECT_NEAR(studentized_range_quantile(0.95, 10, infinity), 4.474, 5e-4);
}

TEST(StudentizedRange, FarTailsAreSmallAndPositive) {
  const double far = studentized_range_quantile(1e-12, 6, 1.0, Tail::upper);
  EXPECT_NEAR(studentized_range_cdf(far, 6, 1.0, Tail::upper) / 1e-12, 1.0, 1e-9);
  EXPECT_GT(studentized_range_cdf(30.0, 4, infinity, Tail::upper), 0.0);
  EXPECT_LT(studentized_range_cdf(30.0, 4, infinity, Tail::upper), 1e-95);
  EXPECT_EQ(studentized_range_cdf(1e300, 4, infinity, Tail::upper), 0.0);
}

// k int phi^k w^(k-1) dz as w goes to 0.
TEST(StudentizedRange, SmallRangesFollowTheirPower) {
  for (const double k : {2.0, 20.0, 60.0}) {
    const double w = 1e-4, log_p = 0.5 * std::log(k) + (k - 1.0) * (std::log(w) - 0.5 * std::log(2.0 * M_PI));
    EXPECT_NEAR(std::log(studentized_range_cdf(w, k, infinity)), log_p, 1e-6) << k;
    const double moment = std::lgamma(0.5 * (7.0 + k - 1.0)) - std::lgamma(3.5) - 0.5 * (k - 1.0) * std::log(3.5);
    EXPECT_NEAR(std::log(studentized_range_cdf(w, k, 7.0)), log_p + moment, 1e-5) << k;
  }
}

TEST(StudentizedRange, SaysWhatIsOutsideItsDomain) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {studentized_range_cdf(1.0, 1.0, 5.0), studentized_range_cdf(1.0, 3.0, 0.5),
                           studentized_range_cdf(1.0, 3.0, nan), studentized_range_cdf(nan, 3.0, 5.0),
                           studentized_range_cdf(1.0, 1001.0, 5.0), studentized_range_cdf(1.0, nan, 5.0),
                           studentized_range_quantile(1.5, 3.0, 5.0), studentized_range_quantile(nan, 3.0, 5.0),
                           studentized_range_quantile(0.5, 1.0, 5.0)}) {
    EXPECT_TRUE(std::isnan(bad));
  }
  EXPECT_EQ(studentized_range_cdf(-1.0, 3.0, 5.0), 0.0);
  EXPECT_EQ(studentized_range_cdf(0.0, 3.0, 5.0, Tail::upper), 1.0);
  EXPECT_EQ(studentized_range_cdf(infinity, 3.0, 5.0), 1.0);
  EXPECT_EQ(studentized_range_quantile(0.0, 3.0, 5.0), 0.0);
  EXPECT_EQ(studentized_range_quantile(1.0, 3.0, 5.0), infinity);
  EXPECT_EQ(studentized_range_quantile(0.0, 3.0, 5.0, Tail::upper), infinity);
}

}  // namespace

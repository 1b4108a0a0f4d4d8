// Decimal text as rationals, without loss, and back.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstddef>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <string>

#include "respondr/error.hpp"

namespace respondr::response {

using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;
using RationalBackend = boost::multiprecision::rational_adaptor<boost::multiprecision::cpp_int_backend<>>;
using Rational = boost::multiprecision::number<RationalBackend, boost::multiprecision::et_off>;

inline Rational power_of_ten(long exponent) {
  const Integer power = boost::multiprecision::pow(Integer(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(Integer(1), power) : Rational(power);
}

// Decimal text, as R has checked it, without loss.
inline Rational decimal_rational(const std::string& text) {
  Integer digits = 0;
  long exponent = 0;
  bool negative = false, fraction = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits = digits * 10 + (c - '0');
      if (fraction) --exponent;
    } else if (c == '.') {
      fraction = true;
    } else if (c == 'e' || c == 'E') {
      exponent += std::strtol(text.c_str() + i + 1, nullptr, 10);
      break;
    } else if (c == '-') {
      negative = true;
    } else if (c != '+') {
      throw input_error("cutoff", "a cut-off is no decimal: " + text);
    }
  }
  return Rational(negative ? Integer(-digits) : digits) * power_of_ten(exponent);
}

namespace detail {

inline Integer whole_below(const Rational& x) {
  const Integer n = boost::multiprecision::numerator(x), d = boost::multiprecision::denominator(x);
  return n >= 0 ? Integer(n / d) : Integer(-((-n + d - 1) / d));
}

// Half away from zero, to a number of decimals.
inline Rational rounded(const Rational& x, int decimals) {
  const Rational scaled = x * power_of_ten(decimals);
  const bool negative = scaled < 0;
  const Integer n = boost::multiprecision::numerator(scaled), d = boost::multiprecision::denominator(scaled);
  const Integer whole = ((negative ? Integer(-n) : n) * 2 + d) / (d * 2);
  return Rational(negative ? Integer(-whole) : whole) * power_of_ten(-decimals);
}

// Decimal text of a rational whose decimals end, else its nearest double.
inline std::string decimal_text(const Rational& x) {
  for (int decimals = 0; decimals <= 12; ++decimals) {
    if (rounded(x, decimals) != x) continue;
    std::string digits = Integer(boost::multiprecision::numerator(Rational(abs(x) * power_of_ten(decimals)))).str();
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places) digits.insert(digits.size() - places, ".");
    return (x < 0 ? "-" : "") + digits;
  }
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(15);
  out << x.convert_to<double>();
  return out.str();
}

}  // namespace detail

}  // namespace respondr::response

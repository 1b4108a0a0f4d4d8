# Cut-offs are decimal text from the keyboard to the last comparison: "2.0" stays "2.0", and is the number 2 exactly.

decimal_pattern <- "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$"

is_decimal <- function(x) {
  is.character(x) & !is.na(x) & grepl(decimal_pattern, x) & decimal_in_range(x)
}

# A double must be able to tell it from its neighbours: at most 15 digits, within the range of doubles, not so small that it
# would be 0.
decimal_in_range <- function(x) {
  value <- suppressWarnings(as.numeric(x))
  digits <- nchar(sub("e.*$", "", sub("^-", "", decimal_canonical(x))))
  is.finite(value) & digits <= 15L & (value != 0 | !grepl("[1-9]", sub("[eE].*$", "", x)))
}

# The shortest decimal that is the number, of at most 15 digits: whatever was typed with 15 digits is found again, and
# 0.1 + 0.2 is the 0.3 that was meant.
number_decimal <- function(x) {
  x <- as.double(x)
  if (x == 0) {
    return("0")
  }
  shortest <- sprintf("%.*g", 1:15, x)
  found <- which(as.numeric(shortest) == x)
  text <- shortest[if (length(found)) found[1] else 15L]
  if (abs(x) < 1e-4 || abs(x) >= 1e15) {
    return(sub("e([+-])0+([0-9])", "e\\1\\2", sub("e+", "e", text, fixed = TRUE)))
  }
  places <- -as.integer(sub("^.*e", "", decimal_canonical(text)))
  sprintf("%.*f", max(0L, places), x)
}

decimal_negated <- function(x) {
  if (!grepl("[1-9]", sub("[eE].*$", "", x))) {
    return(sub("^[+-]", "", x))
  }
  if (startsWith(x, "-")) sub("^-", "", x) else paste0("-", sub("^[+]", "", x))
}

# One spelling for each number: sign, digits without zeros at either end, power of ten of the last digit.
decimal_canonical <- function(x) {
  sign <- ifelse(startsWith(x, "-"), "-", "")
  mantissa <- sub("[eE].*$", "", sub("^[+-]", "", x))
  power <- ifelse(grepl("[eE]", x), suppressWarnings(as.integer(sub("^.*[eE]", "", x))), 0L)
  fraction <- ifelse(grepl(".", mantissa, fixed = TRUE), sub("^[^.]*\\.", "", mantissa), "")
  digits <- sub("^0+", "", paste0(sub("\\..*$", "", mantissa), fraction))
  kept <- sub("0+$", "", digits)
  power <- power - nchar(fraction) + nchar(digits) - nchar(kept)
  ifelse(nzchar(kept), paste0(sign, kept, "e", power), "0")
}

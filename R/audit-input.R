# Arguments of audits: figures of one length, group sizes, and SDs read in other ways.

figure_columns <- function(x) {
  x <- unclass(x)
  list(x$low, x$value, x$high)
}

check_sizes <- function(n, argument, call, least = 2) {
  if (is.character(n) || is.factor(n)) n <- suppressWarnings(as.double(as.character(n)))
  ok <- is.numeric(n) && length(n) && !anyNA(n) && all(is.finite(n)) && all(n == round(n)) && all(n >= least)
  if (!ok) {
    stop_input("number", paste0("`", argument, "` must be whole numbers of patients, at least ", least, "."), argument, call)
  }
  as.double(n)
}

# Figures named by argument, all brought to the length of the longest.
same_length <- function(columns, call) {
  sizes <- lengths(columns)
  n <- max(sizes)
  odd <- sizes != n & sizes != 1L
  if (any(odd)) {
    stop_input("length", c(paste0("`", names(columns)[odd][1], "` has ", sizes[odd][1], " values, others have ", n, "."),
      i = "Give one value, or one for each row."), names(columns)[odd][1], call)
  }
  lapply(columns, function(x) if (length(x) == n) x else rep(x, n))
}

audit_row_names <- function(item, n, call) {
  if (is.null(item)) {
    return(if (n == 1L) "row" else paste("row", seq_len(n)))
  }
  if (length(item) != n || anyNA(item)) {
    stop_input("length", paste0("`item` must name each of the ", n, " rows."), "item", call)
  }
  as.character(item)
}

# Other readings of a printed SD: divided by n, or a standard error that stands in its place.
as_divided_by_n <- function(sd, n) scaled_figure(sd, sqrt(n / (n - 1)))
as_standard_error <- function(sd, n) scaled_figure(sd, sqrt(n))

scaled_figure <- function(x, factor) {
  x <- unclass(x)
  x[c("value", "low", "high")] <- lapply(x[c("value", "low", "high")], `*`, factor)
  structure(x, class = "respondr_printed")
}

# What would make a p fit, tried in this order; `fits` are logical columns named by the sentence.
first_remedy <- function(fits, wanted) {
  out <- rep(NA_character_, length(wanted))
  for (sentence in names(fits)) {
    hit <- wanted & is.na(out) & !is.na(fits[[sentence]]) & fits[[sentence]]
    out[hit] <- sentence
  }
  out
}

# P exchanged for a statistic, or one-sided: fits of other readings of the figure in the column of P.
p_misread <- function(p, k, alternative = "two.sided") {
  f <- unclass(p)
  low <- k$two_low
  high <- k$two_high
  statistic_low <- k$statistic_low
  statistic_high <- k$statistic_high
  side <- if (alternative == "two.sided") list(
    "Fits as a one-sided P (half the two-sided one)." = low / 2 <= f$high & high / 2 >= f$low) else list(
    "Fits as a two-sided P." = low <= f$high & high >= f$low,
    "Fits as the P of the other side." = 1 - k$p_high <= f$high & 1 - k$p_low >= f$low)
  c(side, list("The printed P fits as the test statistic of this row." = f$bound == "=" &
    statistic_low <= f$high & statistic_high >= f$low
  ))
}

audit_alternatives <- c("two.sided", "less", "greater")

check_side <- function(alternative, call) check_word(alternative, audit_alternatives, "alternative", call)

side_words <- function(alternative) {
  if (alternative == "two.sided") "" else paste0(", one-sided (", alternative, ")")
}

figure_difference <- function(a, b) {
  a <- unclass(a)
  b <- unclass(b)
  list(low = a$low - b$high, value = a$value - b$value, high = a$high - b$low)
}

# What of the difference points to `alternative` (1), away from it (-1), or cannot be told over the rounding (0).
side_of <- function(difference, alternative) {
  d <- if (alternative == "less") {
    list(low = -difference$high, value = -difference$value, high = -difference$low)
  } else difference
  list(face = ifelse(d$value < 0, -1, 1), over = ifelse(d$low >= 0, 1, ifelse(d$high <= 0, -1, 0)))
}

# P of one side from the two-sided ones, which stay in `two_low` and `two_high`.
one_sided <- function(k, difference, alternative) {
  k$two_low <- k$p_low
  k$two_high <- k$p_high
  if (alternative == "two.sided") return(k)
  side <- side_of(difference, alternative)
  k$p <- ifelse(side$face > 0, k$p / 2, 1 - k$p / 2)
  k$p_low <- ifelse(side$over < 0, 1 - k$two_high / 2, k$two_low / 2)
  k$p_high <- ifelse(side$over > 0, k$two_high / 2, 1 - k$two_low / 2)
  k
}

# A printed one-sided P as the two-sided one of the same statistic: 2 P, or 2 (1 - P) where the difference points away.
two_sided_figure <- function(p, difference, alternative) {
  if (alternative == "two.sided") return(p)
  f <- unclass(p)
  side <- side_of(difference, alternative)
  fold <- function(x) 2 * pmin(x, 1 - x)
  most <- ifelse(f$low <= 0.5 & f$high >= 0.5, 1, pmax(fold(f$low), fold(f$high)))
  out <- list(
    low = ifelse(side$over > 0, 2 * f$low, ifelse(side$over < 0, 2 * (1 - f$high), pmin(fold(f$low), fold(f$high)))),
    value = ifelse(side$face > 0, 2 * f$value, 2 * (1 - f$value)),
    high = ifelse(side$over > 0, 2 * f$high, ifelse(side$over < 0, 2 * (1 - f$low), most)))
  f[names(out)] <- out
  structure(f, class = "respondr_printed")
}

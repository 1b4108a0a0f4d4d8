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
p_misread <- function(p, value, low, high, statistic) {
  f <- unclass(p)
  list(
    "Fits as a one-sided P (half the two-sided one)." = low / 2 <= f$high & high / 2 >= f$low,
    "The printed P is the test statistic of this row." = f$bound == "=" & statistic >= f$low & statistic <= f$high
  )
}

#' Audit of repeated measures from printed figures
#'
#' One group measured at k visits: F of the visits needs, beside n, means and SDs, the mean correlation r between visits:
#' \deqn{F = \frac{n \sum (m_j - \bar m)^2 / (k - 1)}{\overline{s^2} - r\, \overline{s_i s_j}}}
#' on k - 1 and (k - 1)(n - 1) degrees of freedom. A printed F implies r (as an interval over rounding; `r` weighs each pair
#' of visits by the product of its SDs); an F that no correlation up to 1 gives is not reproducible. The printed P is held
#' against the printed F without correction, and with Greenhouse and Geisser's, whose \eqn{\epsilon} lies anywhere from 1
#' / (k - 1)
#' to 1.
#'
#' @param n Patients measured at all visits, one for each row.
#' @param mean,sd Printed means and SDs: a vector with one element a visit (one row), or a list (or data frame) with one
#'   vector a visit, for many rows at once.
#' @param f,p Printed F and P, one for each row, or `NULL`: then the range of F that any correlation allows is given.
#' @param test `"rm_anova"`, `"greenhouse_geisser"`, or both.
#' @param epsilon Printed epsilon of Greenhouse and Geisser, if any, one for each row.
#' @inheritParams audit_paired
#' @return A data frame of class `respondr_audit`, with `r`, `r_low`, `r_high` in the row of F.
#' @references Greenhouse SW, Geisser S (1959) Psychometrika 24:95-112. \doi{10.1007/BF02289823}
#' @examples
#' audit_rm(20, c("7.0", "9.6", "10.2"), c("1.0", "1.7", "1.8"), f = "61.3", p = "<0.001",
#'   test = c("rm_anova", "greenhouse_geisser"))
#' @export
audit_rm <- function(n, mean, sd, f = NULL, p = NULL, test = "rm_anova", epsilon = NULL, decimals = NULL, item = NULL) {
  call <- sys.call()
  test <- check_words(test, c("rm_anova", "greenhouse_geisser"), "test", call)
  visits <- length(mean)
  n <- check_sizes(if (is.list(n)) unlist(n[1]) else n, "n", call)
  if (visits > 12L) {
    stop_input("length", "`mean` and `sd` hold at most 12 visits.", "mean", call)
  }
  x <- audit_read_groups(rep(list(n), visits), mean, sd, p, f, decimals, item, call, "visits")
  rows <- length(x$item)
  epsilon <- same_length(list(epsilon = read_printed(epsilon %||% NA, decimals, 0, 1, "epsilon", call), x = seq_len(rows)),
    call)$epsilon
  solved <- ask_core(audit_rm_kernel(x$n, lapply(x$mean, figure_columns), lapply(x$sd, figure_columns),
    figure_columns(x$f)), call)$rows
  out <- lapply(seq_len(rows), function(i) {
    one <- list(item = x$item[i], f = x$f[i], p = x$p[i])
    df <- (visits - 1) * c(1, x$n[[1]][i] - 1)
    tested <- if (!is.na(unclass(one$p)$value) && !is.na(unclass(one$f)$value)) test
    c(list(rm_f_row(one, solved[i, ])), lapply(tested, function(word) rm_p_row(one, word, df[1], df[2], epsilon[i])))
  })
  out <- do.call(rbind, unlist(out, recursive = FALSE))
  rownames(out) <- NULL
  out
}

rm_f_row <- function(x, k) {
  f <- unclass(x$f)
  if (anyNA(k[c(1L, 5L)])) {
    return(with_rm_columns(new_audit(x$item, "F of the visits", f$text, test = "rm_anova", verdict = audit_verdicts[4])))
  }
  range <- c(k[2] / k[7], k[3] / k[5])
  any_r <- paste0("F of ", audit_range(range[1], range[2], 2L), " for any correlation")
  if (is.na(f$value)) {
    return(with_rm_columns(new_audit(x$item, "F of the visits", NA, any_r, range[1], range[2], "rm_anova")))
  }
  error <- list(low = k[2] / f$high, value = k[1] / f$value, high = k[3] / f$low)
  over <- error$low <= k[7] * (1 + 1e-11) && error$high >= k[5] * (1 - 1e-11)
  face <- over && isTRUE(error$value <= k[8] && error$value >= k[4])
  out <- new_audit(x$item, "F of the visits", f$text, paste0(any_r, if (over) paste0("; ",
    correlation_words(k[10], k[11]))), range[1], range[2], "rm_anova", audit_verdicts[if (face) 1L else if (over) 2L else 5L],
    if (!over) "No mean correlation up to 1 gives this F.")
  with_rm_columns(out, k[9], if (over) k[10] else NA_real_, if (over) k[11] else NA_real_)
}

with_rm_columns <- function(out, r = NA_real_, low = NA_real_, high = NA_real_) {
  out[c("r", "r_low", "r_high")] <- list(r, low, high)
  out
}

# P of the printed F; for Greenhouse and Geisser over all epsilon that are possible (or that print like the one given).
rm_p_row <- function(x, test, df1, df2, epsilon) {
  range <- c(1, 1)
  if (test == "greenhouse_geisser") {
    e <- unclass(epsilon)
    range <- if (is.na(e$value)) c(1 / df1, 1) else pmin(1, pmax(c(e$low, e$high), 1 / df1))
  }
  p <- p_over_epsilon(unclass(x$f), df1, df2, range)
  f <- unclass(x$p)
  over <- p[1] <= f$high && p[2] >= f$low
  at <- sort(stats::pf(unclass(x$f)$value, df1 * range, df2 * range, lower.tail = FALSE))
  face <- at[1] <= f$high && at[2] >= f$low
  with_rm_columns(new_audit(x$item, "P of the printed F", f$text, audit_range(p[1], p[2]), p[1], p[2], test,
    audit_verdicts[if (face && over) 1L else if (over) 2L else 5L],
    if (!over) paste0("P would have to be ", audit_range(p[1], p[2]), ".")))
}

# Enclosure: |d p / d log epsilon| <= sqrt(I) / 2 (Cauchy-Schwarz), I the Fisher information of log epsilon in two gamma
# variables, below 1 + (1 / df1 + 1 / df2) / (3 epsilon); so between two points p leaves their hull by at most
# half a step times that.
p_over_epsilon <- function(f, df1, df2, epsilon) {
  grid <- exp(seq(log(epsilon[1]), log(epsilon[2]), length.out = if (epsilon[1] < epsilon[2]) 400L else 1L))
  step <- if (length(grid) > 1L) log(grid[2] / grid[1]) else 0
  slack <- 0.25 * step * sqrt(1 + (1 / df1 + 1 / df2) / (3 * epsilon[1]))
  tail <- function(value) stats::pf(value, df1 * grid, df2 * grid, lower.tail = FALSE)
  c(max(0, min(tail(f$high)) - slack), min(1, max(tail(f$low)) + slack)) * c(1 - 1e-11, 1 + 1e-11)
}

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
#' @param n Patients measured at all visits.
#' @param mean,sd Printed means and SDs, a vector with one element a visit.
#' @param f,p Printed F and P.
#' @param test `"rm_anova"`, `"greenhouse_geisser"`, or both.
#' @param epsilon Printed epsilon of Greenhouse and Geisser, if any.
#' @inheritParams audit_paired
#' @return A data frame of class `respondr_audit`, with `r`, `r_low`, `r_high` in the row of F.
#' @references Greenhouse SW, Geisser S (1959) Psychometrika 24:95-112. \doi{10.1007/BF02289823}
#' @examples
#' audit_rm(20, c("7.0", "9.6", "10.2"), c("1.0", "1.7", "1.8"), f = "61.3", p = "<0.001",
#'   test = c("rm_anova", "greenhouse_geisser"))
#' @export
audit_rm <- function(n, mean, sd, f, p = NULL, test = "rm_anova", epsilon = NULL, decimals = NULL, item = NULL) {
  call <- sys.call()
  test <- check_words(test, c("rm_anova", "greenhouse_geisser"), "test", call)
  visits <- length(mean)
  n <- check_sizes(n, "n", call)
  if (length(n) != 1L || visits > 12L) {
    stop_input("length", "One row at a time: `n` is one number, `mean` and `sd` hold at most 12 visits.", "n", call)
  }
  x <- audit_read_groups(rep(n, visits), mean, sd, p, f, decimals, item, call)
  k <- ask_core(audit_rm_kernel(x$n, lapply(x$mean, figure_columns), lapply(x$sd, figure_columns),
    figure_columns(x$f)), call)$rows[1, ]
  out <- c(list(rm_f_row(x, k)), lapply(test[!is.na(x$p$value)], function(one) {
    rm_p_row(x, one, visits - 1, (visits - 1) * (n - 1), read_printed(epsilon %||% NA, decimals, 0, 1, "epsilon", call))
  }))
  do.call(rbind, out)
}

rm_f_row <- function(x, k) {
  error <- list(low = k[2] / x$f$high, value = k[1] / x$f$value, high = k[3] / x$f$low)
  over <- error$low <= k[7] * (1 + 1e-11) && error$high >= k[5] * (1 - 1e-11)
  face <- over && error$value <= k[8] && error$value >= k[4]
  range <- c(k[2] / k[7], k[3] / k[5])
  out <- new_audit(x$item, "F of the visits", x$f$text, paste0("F of ", audit_range(range[1], range[2], 2L),
    " for any correlation", if (over) paste0("; r = ", audit_range(k[10], k[11], 2L))), range[1], range[2], "rm_anova",
    if (face) audit_verdicts[1] else if (over) audit_verdicts[2] else audit_verdicts[5],
    if (!over) "No mean correlation up to 1 gives this F.")
  out$r <- k[9]
  out$r_low <- if (over) k[10] else NA_real_
  out$r_high <- if (over) k[11] else NA_real_
  out
}

# P of the printed F; for Greenhouse and Geisser over all epsilon that are possible (or that print like the one given).
rm_p_row <- function(x, test, df1, df2, epsilon) {
  range <- c(1, 1)
  if (test == "greenhouse_geisser") {
    e <- unclass(epsilon)
    range <- if (is.na(e$value)) c(1 / df1, 1) else c(max(e$low, 1 / df1), min(e$high, 1))
  }
  p <- p_over_epsilon(x$f, df1, df2, range)
  f <- unclass(x$p)
  over <- p[1] <= f$high && p[2] >= f$low
  at <- sort(stats::pf(x$f$value, df1 * range, df2 * range, lower.tail = FALSE))
  face <- at[1] <= f$high && at[2] >= f$low
  out <- new_audit(x$item, "P of the printed F", f$text, audit_range(p[1], p[2]), p[1], p[2], test,
    audit_verdicts[if (face && over) 1L else if (over) 2L else 5L],
    if (!over) paste0("P would have to be ", audit_range(p[1], p[2]), "."))
  out$r <- out$r_low <- out$r_high <- NA_real_
  out
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

#' Audit of a before/after comparison from its printed figures
#'
#' From n, two means, two SDs and the P of a paired t-test follow the SD of change and the correlation between the visits:
#' \deqn{s_d = |d| \sqrt n / t_{P, n-1}, \qquad r = (s_1^2 + s_2^2 - s_d^2) / (2 s_1 s_2).}
#' Each is given as the interval that the rounding of all figures leaves, and is an enclosure: no data that print like these
#' lie outside. Where no correlation from -1 to 1 gives the P, the P is not reproducible by a paired t-test.
#'
#' For `test = "signed_rank"` means and SDs do not determine P. What can be said without ties: which P are attainable at this
#' n (the printed change with its SD is then not held against P either). Ties shift the attainable values (exact P can then
#' fall between them), but no exact P is below \eqn{2^{1-n}} and no asymptotic one below \eqn{2 \Phi(-\sqrt n)} (all ranks tied), the continuity correction left out.
#'
#' @param n Patients measured at both visits.
#' @param mean_before,sd_before,mean_after,sd_after Printed figures ([printed()] or text), one or one for each row.
#' @param p Printed P, or `NULL`: then the range of P that any correlation allows is given.
#' @param change,sd_change Printed mean and SD of change (after minus before), where the table has them.
#' @param test Tests that the paper names: `"t"`, `"signed_rank"`, one or both; each row is tried under each.
#' @param alternative `"two.sided"`, or the side of a one-sided P: after minus before `"less"` or `"greater"` than 0.
#'   Two-sided P that do not come back are tried as one-sided ones, and the other way round.
#' @param sd_divisor `"n-1"`, `"n"`, or both, tried in this order: what the SDs were divided by.
#' @param decimals Printed decimals where figures are numbers.
#' @param item Names of the rows.
#' @return A data frame of class `respondr_audit`: one row per check (see [print.respondr_audit()]), with further columns
#'   `r`, `r_low`, `r_high`, `sd_change`, `d_z` (implied by P; `NA` in checks that do not use them), `sd_least` and `sd_most`
#'   (the SD of change at r = 1 and at r = -1, over rounding).
#' @references Higgins JPT et al. (2019) Cochrane Handbook for Systematic Reviews of Interventions, 6.5.2.8.
#'   \doi{10.1002/9781119536604}
#' @examples
#' audit_paired(c(39, 4, 7), c("6.8", "4.8", "3.4"), c("1.1", "2.0", "0.4"), c("9.7", "9.9", "4.5"),
#'   c("1.9", "1.1", "1.0"), p = c("<0.001", "<0.001", "0.002"),
#'   item = c("Hb NTDT 3M", "Hb TDT 24M", "RBC NTDT 24M"))
#' @export
audit_paired <- function(n, mean_before, sd_before, mean_after, sd_after, p = NULL, change = NULL, sd_change = NULL,
                         test = "t", alternative = "two.sided", sd_divisor = c("n-1", "n"), decimals = NULL, item = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  test <- check_words(test, c("t", "signed_rank"), "test", call)
  sd_divisor <- check_words(sd_divisor, c("n-1", "n"), "sd_divisor", call)
  read <- function(x, argument, lower = -Inf, upper = Inf) {
    read_printed(if (is.null(x)) NA else x, decimals, lower, upper, argument, call)
  }
  x <- same_length(list(n = check_sizes(n, "n", call), mean_before = read(mean_before, "mean_before"),
    sd_before = read(sd_before, "sd_before", 0), mean_after = read(mean_after, "mean_after"),
    sd_after = read(sd_after, "sd_after", 0), p = read(p, "p", 0, 1), change = read(change, "change"),
    sd_change = read(sd_change, "sd_change", 0)), call)
  item <- audit_row_names(item, length(x$n), call)
  parts <- list()
  if ("t" %in% test) parts$t <- audit_paired_t(x, item, sd_divisor, call, alternative)
  if ("signed_rank" %in% test) parts$signed_rank <- audit_signed_rank(x$n, x$p, item, alternative)
  parts$change <- audit_change(x, item)
  if ("t" %in% test) parts$change_p <- audit_change_p(x, item, alternative)
  out <- do.call(rbind, lapply(parts, function(part) with_paired_columns(part)))
  as_audit(reorder_items(out, item))
}

audit_paired_columns <- c("sd_least", "sd_most", "r", "r_low", "r_high", "sd_change", "sd_change_low", "sd_change_high", "d_z",
  "d_z_low", "d_z_high")

with_paired_columns <- function(part) {
  for (name in setdiff(audit_paired_columns, names(part))) part[[name]] <- NA_real_
  part
}

reorder_items <- function(out, item) {
  out <- bare_frame(out)[order(match(out$item, unique(item))), , drop = FALSE]
  rownames(out) <- NULL
  out
}

ask_paired <- function(x, call) {
  input <- lapply(x[c("mean_before", "sd_before", "mean_after", "sd_after", "p")], figure_columns)
  quick_frame(ask_core(audit_paired_kernel(c(list(n = x$n), input)), call))
}

# The SD of change lies between the difference and the sum of the two SDs.
sd_extremes <- function(x) {
  a <- unclass(x$sd_before)
  b <- unclass(x$sd_after)
  data.frame(sd_least = pmax(a$low - b$high, b$low - a$high, 0), sd_most = a$high + b$high)
}

with_sd <- function(x, reading) {
  x$sd_before <- reading(x$sd_before, x$n)
  x$sd_after <- reading(x$sd_after, x$n)
  x
}

# Whether some correlation gives the printed p: at face value, or over the rounding.
paired_fit <- function(k, p) {
  f <- unclass(p)
  both <- function(low, high) !is.na(low) & !is.na(high) & low <= f$high & high >= f$low
  data.frame(face = both(k$p_first, k$p_last), over = both(k$p_first_low, k$p_last_high))
}

audit_paired_t <- function(x, item, sd_divisor, call, alternative) {
  difference <- figure_difference(x$mean_after, x$mean_before)
  p <- x$p
  x$p <- two_sided_figure(p, difference, alternative)
  ask <- function(x) cbind(ask_paired(x, call), sd_extremes(x))
  k <- ask(if (sd_divisor[1] == "n") with_sd(x, as_divided_by_n) else x)
  fit <- paired_fit(k, x$p)
  note <- rep(if (sd_divisor[1] == "n") "SDs read as divided by n" else NA_character_, length(x$n))
  if (length(sd_divisor) == 2L) {
    other <- if (sd_divisor[1] == "n-1") with_sd(x, as_divided_by_n) else x
    k2 <- ask(other)
    fit2 <- paired_fit(k2, x$p)
    use <- (!fit$over & fit2$over) %in% TRUE
    k[use, ] <- k2[use, ]
    fit[use, ] <- fit2[use, ]
    note[use] <- paste("Only with SDs divided by", sd_divisor[2])
  }
  given <- !is.na(x$p$value)
  verdict <- ifelse(fit$face, audit_verdicts[1], ifelse(fit$over, audit_verdicts[2], audit_verdicts[5]))
  known <- !is.na(k$p_first_low) & !is.na(k$p_last_high)
  verdict[!given] <- NA
  verdict[!known] <- audit_verdicts[4]
  shown <- one_sided(list(p = k$p_first, p_low = k$p_first_low, p_high = k$p_last_high), difference, alternative)
  side <- if (alternative == "two.sided") 1 else side_of(difference, alternative)$over
  over <- ifelse(side > 0, "r from 1 to -1", ifelse(side < 0, "r from -1 to 1", "any r"))
  out <- new_audit(item, paste0("P of a paired t-test", side_words(alternative)), x$p$text,
    ifelse(known, paste0("P of ", audit_range(shown$p_low, shown$p_high), " for ", over,
      ifelse(given & !is.na(k$r_low), paste0("; ", correlation_words(k$r_low, k$r_high)), "")), NA),
    shown$p_low, shown$p_high, "t", verdict, paired_remedy(x, p, k, shown, which(verdict %in% audit_verdicts[5]), call,
      alternative), "ok", note)
  for (name in audit_paired_columns) out[[name]] <- k[[name]]
  out
}

# Where an SD may be 0, no correlation is implied on that side.
correlation_words <- function(low, high) {
  some <- !is.na(low) & low <= 1 & high >= -1 & (is.finite(low) | is.finite(high))  # of these only those that a correlation can be
  low[some] <- pmax(low[some], -1)
  high[some] <- pmin(high[some], 1)
  ends <- audit_range(low, high, 2L)
  ifelse(is.finite(low) & is.finite(high), paste("r =", ends), ifelse(is.finite(low), paste("r from",
    audit_number(low, 2L)), ifelse(is.finite(high), paste("r up to", audit_number(high, 2L)), "r not determined")))
}

paired_remedy <- function(x, p, k, shown, rows, call, alternative) {
  out <- rep(NA_character_, length(x$n))
  if (!length(rows)) {
    return(out)
  }
  part <- lapply(x, `[`, rows)
  k <- k[rows, ]
  standard_error <- paired_fit(ask_paired(with_sd(part, as_standard_error), call), part$p)$over
  f <- unclass(p[rows])
  shown <- lapply(shown, `[`, rows)
  fits <- c(list(
    "Fits if the printed SDs are standard errors." = standard_error), if (alternative == "two.sided") list(
    "Fits as a one-sided P (half the two-sided one)." = k$p_first_low / 2 <= f$high & k$p_last_high / 2 >= f$low) else list(
    "Fits as a two-sided P." = k$p_first_low <= f$high & k$p_last_high >= f$low,
    "Fits as the P of the other side." = 1 - shown$p_high <= f$high & 1 - shown$p_low >= f$low))
  words <- first_remedy(fits, rep(TRUE, length(rows)))
  bounded <- is.finite(k$r_low) & is.finite(k$r_high)
  need <- paste0(ifelse(bounded, paste0("A correlation of ", audit_range(k$r_low, k$r_high, 2L), " would be needed; the"),
    "The"), " P that fit are ", audit_range(shown$p_low, shown$p_high), ".")
  out[rows] <- ifelse(is.na(words), need, words)
  out
}

# The printed change, its SD and P against each other: t = sqrt(n) change / SD on n - 1.
audit_change_p <- function(x, item, alternative) {
  f <- lapply(x[c("change", "sd_change", "p")], unclass)
  rows <- which(!is.na(f$change$value) & !is.na(f$sd_change$value) & !is.na(f$p$value))
  if (!length(rows)) {
    return(NULL)
  }
  x <- lapply(x, `[`, rows)
  f <- lapply(x[c("change", "sd_change", "p")], unclass)
  least <- ifelse(f$change$low <= 0 & f$change$high >= 0, 0, pmin(abs(f$change$low), abs(f$change$high)))
  most <- pmax(abs(f$change$low), abs(f$change$high))
  tail <- function(size, sd) {
    t <- ifelse(size == 0, 0, sqrt(x$n) * size / pmax(sd, 0))
    2 * stats::pt(-t, x$n - 1)
  }
  k <- list(p = tail(abs(f$change$value), f$sd_change$value), p_low = tail(most, f$sd_change$low) * (1 - 1e-11),
    p_high = pmin(1, tail(least, f$sd_change$high) * (1 + 1e-11)))
  k <- one_sided(k, f$change, alternative)
  verdict <- audit_verdict(x$p, k$p, k$p_low, k$p_high)
  range <- audit_range(k$p_low, k$p_high, pmax(3L, f$p$decimals))
  out <- verdict %in% audit_verdicts[5]
  new_audit(item[rows], paste0("P of the printed change", side_words(alternative)), f$p$text, range, k$p_low, k$p_high, "t",
    verdict, ifelse(out, paste0("P would have to be ", range, "."), NA))
}

# Change and its SD against the two visits: |s1 - s2| <= s_d <= s1 + s2 holds for any correlation.
audit_change <- function(x, item) {
  with_change <- which(!is.na(x$change$value))
  with_sd <- which(!is.na(x$sd_change$value))
  d <- function(a, b, i) list(low = a$low[i] - b$high[i], value = a$value[i] - b$value[i], high = a$high[i] - b$low[i])
  x <- lapply(x, unclass)
  out <- NULL
  if (length(with_change)) {
    i <- with_change
    e <- d(x$mean_after, x$mean_before, i)
    f <- structure(lapply(x$change, `[`, i), class = "respondr_printed")
    verdict <- audit_verdict(f, e$value, e$low, e$high)
    verdict[verdict %in% audit_verdicts[5]] <- audit_verdicts[6]
    minus <- -e$high <= unclass(f)$high & -e$low >= unclass(f)$low
    out <- new_audit(item[i], "mean change, after - before", unclass(f)$text,
      audit_range(e$low, e$high, unclass(f)$decimals + 1L), e$low, e$high, NA, verdict,
      ifelse(verdict == audit_verdicts[6], ifelse(minus, "Fits as before - after.",
        "Fits only if the change is of other patients than the two means."), NA))
  }
  if (length(with_sd)) {
    i <- with_sd
    gap <- function(a, b) pmax(a$low[i] - b$high[i], b$low[i] - a$high[i], 0)
    low <- gap(x$sd_before, x$sd_after)
    high <- x$sd_before$high[i] + x$sd_after$high[i]
    s <- lapply(x$sd_change, `[`, i)
    over <- low <= s$high & high >= s$low
    a <- x$sd_before$value[i]
    b <- x$sd_after$value[i]
    face <- s$value >= abs(a - b) & s$value <= a + b
    verdict <- ifelse(over, ifelse(face, audit_verdicts[1], audit_verdicts[2]), audit_verdicts[6])
    root <- sqrt(x$n[i])
    as_se <- low <= s$high * root & high >= s$low * root
    recomputed <- audit_range(low, high, s$decimals + 1L)
    remedy <- ifelse(over, NA, ifelse(as_se, "Fits if the printed figure is the standard error of change.",
      "Lies outside what any correlation allows."))
    out <- rbind(out, new_audit(item[i], "SD of change", s$text, recomputed, low, high, NA, verdict, remedy))
  }
  out
}

audit_signed_rank <- function(n, p, item, alternative = "two.sided") {
  p <- unclass(p)
  rows <- lapply(seq_along(n), function(i) signed_rank_row(n[i], p$low[i], p$value[i], p$high[i],
    alternative == "two.sided"))
  pick <- function(name) vapply(rows, function(row) row[[name]], rows[[1]][[name]])
  new_audit(item, paste0("attainable P", side_words(alternative)), p$text, pick("words"),
    pick("least"), 1, "signed_rank", pick("verdict"), pick("remedy"))
}

signed_rank_row <- function(n, low, value, high, two_sided) {
  exact <- signed_rank_attainable(n, TRUE, two_sided)
  asymptotic <- signed_rank_attainable(n, FALSE, two_sided)
  least <- min(2^(1 - n), 2 * stats::pnorm(-sqrt(n))) / (if (two_sided) 1 else 2)
  within <- function(set) any(set >= low * (1 - 1e-11) & set <= high * (1 + 1e-11))
  if (is.na(value)) {
    return(list(words = paste("smallest exact P", audit_number(min(exact)), "and asymptotic", audit_number(min(asymptotic)),
      "without ties"), least = least, verdict = NA_character_, remedy = NA_character_))
  }
  hits <- c(if (within(exact)) "exact", if (within(asymptotic)) "asymptotic")
  nearest <- exact[which.min(abs(exact - value))]
  words <- if (length(hits)) paste("attained by the", paste(hits, collapse = " and the "), "test without ties") else
    paste("not attained without ties; nearest exact P", audit_number(nearest, 4L))
  below <- high < least * (1 - 1e-11)
  list(words = words, least = least, verdict = audit_verdicts[if (below) 5L else 4L],
    remedy = if (below) paste("No signed-rank test of", n, "patients gives less than", audit_number(least)) else
      if (length(hits)) "Means and SDs do not determine a rank test." else "Ties or zeros would be needed.")
}

# P of the signed-rank test at every rank sum, without ties.
signed_rank_attainable <- function(n, exact, two_sided = TRUE) {
  top <- n * (n + 1) / 2
  if (!two_sided) {
    half <- signed_rank_attainable(n, exact) / 2
    step <- if (exact && n <= 500) stats::dsignrank(seq(0, top), n)
    return(unique(c(half, if (is.null(step)) 1 - half else rev(cumsum(rev(step))))))
  }
  if (exact && n <= 500) {
    return(unique(pmin(1, 2 * cumsum(stats::dsignrank(seq(0, floor(top / 2)), n)))))
  }
  z <- (seq(0, floor(top / 2)) - top / 2) / sqrt(n * (n + 1) * (2 * n + 1) / 24)
  pmin(1, c(2 * stats::pnorm(z), 2 * stats::pnorm(pmin(0, z + 0.5 / sqrt(n * (n + 1) * (2 * n + 1) / 24)))))
}

#' Audit of a comparison of independent groups from its printed figures
#'
#' `audit_groups()` recomputes the P of two groups from n, means and SDs, as an enclosure over the rounding of all figures,
#' under each test that the paper names; `audit_anova()` that of k groups and its F, by Fisher's or Welch's ANOVA.
#' With two tests or more, a last row says whether the printed P belongs to one of them, to several
#' (`ambiguous between tests`) or to none. Rank tests (`"mann_whitney"`, `"kruskal_wallis"`) cannot be judged from means
#' and SDs.
#'
#' @param n,mean,sd Patients, printed means and printed SDs of the groups: a vector with one element a group (one row), or a
#'   list (or data frame) with one vector a group, for many rows at once.
#' @param p Printed P, one a row, or `NULL`.
#' @param test Tests that the paper names: `"student"`, `"welch"`, `"z"`, `"mann_whitney"`; for `audit_anova()` `"anova"`,
#'   `"welch_anova"`, `"kruskal_wallis"`.
#' @param f Printed F, or `NULL`; it is held against the F of each test named.
#' @param alternative `"two.sided"`, or of a one-sided P what the second group is against the first: `"less"` or
#'   `"greater"`. Two-sided P that do not come back are tried as one-sided ones, and the other way round.
#' @inheritParams audit_paired
#' @return A data frame of class `respondr_audit` with further columns `statistic` (\eqn{|t|}, \eqn{|z|} or F),
#'   `statistic_low`, `statistic_high`, `df`, `df_denominator`.
#' @references Welch BL (1947) Biometrika 34:28-35. \doi{10.1093/biomet/34.1-2.28}; (1951) Biometrika 38:330-336.
#'   \doi{10.1093/biomet/38.3-4.330}
#' @examples
#' # hemoglobin of 41 main responders and 21 others, P printed .217
#' audit_groups(c(41, 21), c("63.76", "68.29"), c("13.49", "13.61"), p = "0.217",
#'   test = c("student", "welch"))
#' audit_anova(c(20, 20, 21), c("5.1", "6.0", "6.4"), c("1.2", "1.1", "1.4"), p = "0.005",
#'   test = c("anova", "welch_anova"))
#' @export
audit_groups <- function(n, mean, sd, p = NULL, test = "student", alternative = "two.sided",
                         sd_divisor = c("n-1", "n"), decimals = NULL, item = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  test <- check_words(test, c("student", "welch", "z", "mann_whitney"), "test", call)
  x <- audit_read_groups(n, mean, sd, p, NULL, decimals, item, call)
  if (length(x$n) != 2L) {
    stop_input("length", c(paste0("`n` holds ", length(x$n), " groups."), i = "Use `audit_anova()` for more than two."),
      "n", call)
  }
  audit_group_tests(x, test, check_words(sd_divisor, c("n-1", "n"), "sd_divisor", call), call, alternative)
}

#' @rdname audit_groups
#' @export
audit_anova <- function(n, mean, sd, p = NULL, f = NULL, test = "anova", sd_divisor = c("n-1", "n"), decimals = NULL,
                        item = NULL) {
  call <- sys.call()
  test <- check_words(test, c("anova", "welch_anova", "kruskal_wallis"), "test", call)
  x <- audit_read_groups(n, mean, sd, p, f, decimals, item, call)
  audit_group_tests(x, test, check_words(sd_divisor, c("n-1", "n"), "sd_divisor", call), call)
}

audit_read_groups <- function(n, mean, sd, p, f, decimals, item, call, what = "groups") {
  as_groups <- function(x, read) {
    if (inherits(x, "respondr_printed")) x <- lapply(seq_along(x), function(i) x[i])
    if (is.matrix(x)) x <- as.data.frame(x)
    lapply(if (is.list(x)) unname(as.list(x)) else as.list(x), read)
  }
  figure <- function(x, argument, lower = -Inf, upper = Inf) {
    read_printed(if (is.null(x)) NA else x, decimals, lower, upper, argument, call)
  }
  n <- as_groups(n, function(x) check_sizes(x, "n", call))
  mean <- as_groups(mean, function(x) figure(x, "mean"))
  sd <- as_groups(sd, function(x) figure(x, "sd", 0))
  k <- length(n)
  if (k < 2L || length(mean) != k || length(sd) != k) {
    stop_input("length", c(paste0("`n`, `mean` and `sd` hold ", k, ", ", length(mean), " and ", length(sd), " ", what, "."),
      i = paste0("Give two ", what, " or more, the same in each: vectors for one row, lists of vectors for many.")),
      "n", call)
  }
  flat <- c(n, mean, sd, list(figure(p, "p", 0, 1), figure(f, "f", 0)))
  names(flat) <- c(rep(c("n", "mean", "sd"), each = k), "p", "f")
  flat <- same_length(flat, call)
  at <- seq_len(k)
  rows <- length(flat[[1]])
  list(n = unname(flat[at]), mean = unname(flat[k + at]), sd = unname(flat[2L * k + at]), p = flat$p, f = flat$f,
    item = audit_row_names(item, rows, call))
}

group_test_words <- c("student", "welch", "z", "anova", "welch_anova")
rank_test_words <- c("mann_whitney", "kruskal_wallis")

ask_groups <- function(x, test, call, alternative = "two.sided") {
  code <- match(test, group_test_words) - 1L
  k <- ask_core(audit_groups_kernel(x$n, lapply(x$mean, figure_columns), lapply(x$sd, figure_columns), code), call)
  one_sided(quick_frame(k), figure_difference(x$mean[[2]], x$mean[[1]]), alternative)
}

groups_with_sd <- function(x, reading) {
  x$sd <- Map(reading, x$sd, x$n)
  x
}

groups_rows <- function(x, rows) {
  x[c("n", "mean", "sd")] <- lapply(x[c("n", "mean", "sd")], function(group) lapply(group, `[`, rows))
  x[c("p", "f", "item")] <- lapply(x[c("p", "f", "item")], `[`, rows)
  x
}

audit_group_tests <- function(x, test, sd_divisor, call, alternative = "two.sided") {
  parts <- lapply(test, function(one) {
    if (one %in% rank_test_words) rank_test_rows(x, one) else audit_group_test(x, one, sd_divisor, call, alternative)
  })
  if (length(test) > 1L) parts <- c(parts, list(under_any_test(parts, x)))
  if (!all(is.na(x$f$value))) {
    parts <- c(parts, lapply(setdiff(test, rank_test_words), function(one) audit_f(x, one, sd_divisor, call)))
  }
  as_audit(reorder_items(do.call(rbind, parts), x$item))
}

audit_group_columns <- c("statistic", "statistic_low", "statistic_high", "df", "df_denominator")

with_audit_group_columns <- function(out, k = NULL) {
  for (name in audit_group_columns) out[[name]] <- if (is.null(k)) NA_real_ else k[[name]]
  out
}

rank_test_rows <- function(x, test) {
  with_audit_group_columns(new_audit(x$item, "P between groups", x$p$text, test = test, verdict = audit_verdicts[4],
    remedy = "Means and SDs do not determine a rank test."))
}

# The printed figure against the first reading of the SDs that can give it.
group_readings <- function(x, test, figure, pick, sd_divisor, call, alternative = "two.sided") {
  read <- function(word) {
    ask_groups(if (word == "n") groups_with_sd(x, as_divided_by_n) else x, test, call, alternative)
  }
  judge <- function(k) audit_verdict(figure, k[[pick]], k[[paste0(pick, "_low")]], k[[paste0(pick, "_high")]])
  k <- read(sd_divisor[1])
  verdict <- judge(k)
  note <- rep(if (sd_divisor[1] == "n") "SDs read as divided by n" else NA_character_, length(x$item))
  if (length(sd_divisor) == 2L && any(verdict %in% audit_verdicts[5])) {
    other <- read(sd_divisor[2])
    second <- judge(other)
    use <- verdict %in% audit_verdicts[5] & second %in% audit_verdicts[1:2]
    k[use, ] <- other[use, ]
    verdict[use] <- second[use]
    note[use] <- paste("Only with SDs divided by", sd_divisor[2])
  }
  verdict[is.na(k[[paste0(pick, "_low")]]) & !is.na(unclass(figure)$value)] <- audit_verdicts[4]
  list(k = k, verdict = verdict, note = note)
}

audit_group_test <- function(x, test, sd_divisor, call, alternative) {
  got <- group_readings(x, test, x$p, "p", sd_divisor, call, alternative)
  k <- got$k
  out <- new_audit(x$item, paste0("P between groups", side_words(alternative)), x$p$text, audit_range(k$p_low, k$p_high,
    pmax(3L, x$p$decimals)), k$p_low, k$p_high, test, got$verdict, group_remedy(x, test, k, got$verdict, call,
    alternative), "ok", got$note)
  with_audit_group_columns(out, k)
}

group_remedy <- function(x, test, k, verdict, call, alternative) {
  out <- rep(NA_character_, length(x$item))
  rows <- which(verdict %in% audit_verdicts[5])
  if (!length(rows)) {
    return(out)
  }
  part <- groups_rows(x, rows)
  fit <- function(y, other) {
    got <- ask_groups(y, other, call, alternative)
    audit_verdict(part$p, got$p, got$p_low, got$p_high) %in% audit_verdicts[1:2]
  }
  others <- setdiff(group_test_words[if (endsWith(test, "anova")) 4:5 else 1:3], test)
  fits <- lapply(others, function(other) fit(part, other))
  names(fits) <- sprintf("Fits the %s test.", others)
  se <- list("Fits if the printed SDs are standard errors." = fit(groups_with_sd(part, as_standard_error), test))
  misread <- p_misread(part$p, k[rows, ], alternative)
  if (endsWith(test, "anova")) misread <- misread[-1]
  words <- first_remedy(c(fits, misread, se), rep(TRUE, length(rows)))
  out[rows] <- ifelse(is.na(words), paste0("P would have to be ", audit_range(k$p_low[rows], k$p_high[rows]), "."), words)
  out
}

# Over all tests that are named.
under_any_test <- function(parts, x) {
  verdicts <- vapply(parts, function(part) as.character(part$verdict), character(length(x$item)))
  verdicts <- matrix(verdicts, nrow = length(x$item))
  named <- vapply(parts, function(part) part$test[1], "")
  fits <- matrix(verdicts %in% audit_verdicts[1:2], nrow = nrow(verdicts))
  count <- rowSums(fits)
  open <- rowSums(matrix(verdicts %in% audit_verdicts[4], nrow = nrow(verdicts))) > 0
  first <- apply(fits, 1L, function(hit) match(TRUE, hit))
  one <- verdicts[cbind(seq_len(nrow(verdicts)), ifelse(is.na(first), 1L, first))]
  none <- ifelse(open, audit_verdicts[4], audit_verdicts[5])
  verdict <- ifelse(count > 1, audit_verdicts[3], ifelse(count == 1, one, none))
  verdict[is.na(x$p$value)] <- NA
  which_fit <- apply(fits, 1L, function(hit) paste(named[hit], collapse = ", "))
  recomputed <- ifelse(nzchar(which_fit), paste("fits", which_fit), NA)
  with_audit_group_columns(new_audit(x$item, "P under any test named", x$p$text, recomputed,
    test = paste(named, collapse = ", "), verdict = verdict))
}

audit_f <- function(x, test, sd_divisor, call) {
  got <- group_readings(x, test, x$f, "statistic", sd_divisor, call)
  k <- got$k
  recomputed <- audit_range(k$statistic_low, k$statistic_high, x$f$decimals + 1L)
  with_audit_group_columns(new_audit(x$item, "F", x$f$text, recomputed, k$statistic_low, k$statistic_high,
    test, got$verdict, NA, "ok", got$note), k)
}

#' Audit of a correlation, of least-squares means, and of subgroups against the whole
#'
#' `audit_correlation()` recomputes the P of Pearson's r from n (`"pearson"`: t on n - 2; `"fisher_z"`: normal on
#' \eqn{atanh(r) \sqrt{n - 3}}). `audit_ls_means()` takes two estimates with their intervals: standard errors from the
#' widths, the difference (second minus first) and its P, the two taken as independent, which least-squares means of one
#' model are only nearly; it also asks whether each estimate stands in the middle of its interval. `audit_subgroups()` takes
#' subgroups without overlap and the whole: mean and SD of the patients in no subgroup, or, where nobody is left, whether
#' the subgroups pool to the whole.
#'
#' @param r Printed correlation.
#' @param n Patients; for `audit_subgroups()` of each subgroup (as in [audit_groups()]).
#' @param p Printed P, or `NULL`.
#' @param alternative `"two.sided"`, or the side of a one-sided P: the correlation, or the second estimate minus the first,
#'   `"less"` or `"greater"` than 0.
#' @param test `"pearson"`, `"fisher_z"`, or both.
#' @param estimate,low,high Printed estimates and limits of the two arms: a vector of two, or a list of two vectors.
#' @param conf_level Level of the intervals.
#' @param df Degrees of freedom of the t quantile behind the intervals and P; `Inf` for the normal.
#' @param mean,sd Printed means and SDs of the subgroups, as in [audit_groups()].
#' @param n_total,mean_total,sd_total Figures of the whole.
#' @inheritParams audit_paired
#' @return A data frame of class `respondr_audit` ([print.respondr_audit()]).
#' @references Cochrane Handbook (2019), 6.5.2. \doi{10.1002/9781119536604}
#' @examples
#' audit_correlation("0.42", 24, p = "0.04")
#' # T2* at day 7 in two arms, P printed 0.025
#' audit_ls_means(c("36.6", "40.0"), c("34.6", "38.0"), c("38.7", "42.1"), p = "0.025")
#' # 39 of 62 patients: what the other 23 must have
#' audit_subgroups(39, "6.8", "1.1", 62, "6.5", "1.4")
#' @export
audit_correlation <- function(r, n, p = NULL, test = "pearson", alternative = "two.sided", decimals = NULL, item = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  test <- check_words(test, c("pearson", "fisher_z"), "test", call)
  x <- same_length(list(r = read_printed(r, decimals, -1, 1, "r", call), n = check_sizes(n, "n", call, 3),
    p = read_printed(p %||% NA, decimals, 0, 1, "p", call)), call)
  item <- audit_row_names(item, length(x$n), call)
  parts <- lapply(test, function(one) {
    k <- quick_frame(ask_core(audit_correlation_kernel(x$n, figure_columns(x$r), one == "fisher_z"), call))
    if (one == "fisher_z") k[x$n <= 3, ] <- NA  # z has no standard error
    p_rows(item, "P of the correlation", x$p, one_sided(k, unclass(x$r), alternative), one, alternative)
  })
  if (length(test) > 1L) parts <- c(parts, list(under_any_test(parts, list(item = item, p = x$p))))
  as_audit(reorder_items(do.call(rbind, parts), item))
}

# A recomputed P with what it might be instead.
p_rows <- function(item, check, p, k, test, alternative = "two.sided", note = NA_character_) {
  verdict <- audit_verdict(p, k$p, k$p_low, k$p_high)
  verdict[is.na(k$p_low) & !is.na(unclass(p)$value)] <- audit_verdicts[4]
  out <- verdict %in% audit_verdicts[5]
  remedy <- first_remedy(p_misread(p, k, alternative), out)
  range <- audit_range(k$p_low, k$p_high, pmax(3L, unclass(p)$decimals))
  remedy[out & is.na(remedy)] <- paste0("P would have to be ", range, ".")[out & is.na(remedy)]
  with_audit_group_columns(new_audit(item, paste0(check, side_words(alternative)), unclass(p)$text, range,
    k$p_low, k$p_high, test, verdict, remedy, "ok",
    note), k)
}

two_figures <- function(x, argument, decimals, call) {
  if (inherits(x, "respondr_printed")) x <- list(x[1], x[2])
  x <- unname(as.list(x))
  if (length(x) != 2L) {
    stop_input("length", paste0("`", argument, "` must hold two arms: a vector of two, or a list of two vectors."),
      argument, call)
  }
  lapply(x, read_printed, decimals, -Inf, Inf, argument, call)
}

#' @rdname audit_correlation
#' @export
audit_ls_means <- function(estimate, low, high, p = NULL, conf_level = 0.95, df = Inf, alternative = "two.sided",
                           decimals = NULL, item = NULL) {
  call <- sys.call()
  alternative <- check_side(alternative, call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  if (!is.numeric(df) || anyNA(df) || any(df <= 0)) {
    stop_input("number", "`df` must be positive, or Inf.", "df", call)
  }
  arms <- lapply(list(estimate = estimate, low = low, high = high), identity)
  arms <- Map(function(x, name) two_figures(x, name, decimals, call), arms, names(arms))
  x <- same_length(list(estimate = arms$estimate[[1]], low = arms$low[[1]], high = arms$high[[1]],
    estimate = arms$estimate[[2]], low = arms$low[[2]], high = arms$high[[2]],
    p = read_printed(p %||% NA, decimals, 0, 1, "p", call), df = as.double(df)), call)
  item <- audit_row_names(item, length(x$df), call)
  q <- ifelse(is.infinite(x$df), stats::qnorm(0.5 + conf_level / 2), stats::qt(0.5 + conf_level / 2, x$df))
  k <- one_sided(quick_frame(ask_core(audit_ls_means_kernel(lapply(unname(x[1:6]), figure_columns), q, x$df), call)),
    figure_difference(x[[4]], x[[1]]), alternative)
  test <- ifelse(is.infinite(x$df), "z", "t")
  middle <- lapply(c(1L, 4L), function(at) {
    low <- unclass(x[[at + 1L]])
    high <- unclass(x[[at + 2L]])
    f <- x[[at]]
    verdict <- audit_verdict(f, (low$value + high$value) / 2, (low$low + high$low) / 2, (low$high + high$high) / 2)
    reversed <- low$low > high$high
    outside <- (unclass(f)$high < low$low | unclass(f)$low > high$high) & !reversed
    verdict[(reversed | outside) %in% TRUE] <- audit_verdicts[6]
    range <- audit_range((low$low + high$low) / 2, (low$high + high$high) / 2, unclass(f)$decimals + 1L)
    out <- verdict %in% audit_verdicts[5]
    with_audit_group_columns(new_audit(item, paste("middle of the interval, arm", if (at == 1L) 1 else 2), unclass(f)$text,
      range, test = "symmetric interval", verdict = verdict,
      remedy = ifelse(reversed %in% TRUE, "The lower limit is above the upper one.", ifelse(outside %in% TRUE,
        "The estimate lies outside its own interval.", ifelse(out,
          "An interval on another scale (log, say) is not symmetric.", NA)))))
  })
  out <- do.call(rbind, c(list(p_rows(item, "P of the difference", x$p, k, test, alternative,
    "The two estimates taken as independent")),
    middle))
  as_audit(reorder_items(out, item))
}

#' @rdname audit_correlation
#' @export
audit_subgroups <- function(n, mean, sd, n_total, mean_total, sd_total, decimals = NULL, item = NULL) {
  call <- sys.call()
  as_columns <- function(x) if (inherits(x, "respondr_printed")) lapply(seq_along(x), function(i) x[i]) else as.list(x)
  joined <- function(x, total) c(unname(as_columns(x)), list(total))
  x <- audit_read_groups(joined(n, n_total), joined(mean, mean_total), joined(sd, sd_total), NULL, NULL, decimals, item,
    call)
  if (length(x$n) > 13L) {
    stop_input("length", "At most 12 subgroups at once.", "n", call)
  }
  raw <- ask_core(audit_pool_kernel(x$n, lapply(x$mean, figure_columns), lapply(x$sd, figure_columns)), call)$rows
  k <- as.data.frame(raw)
  names(k) <- c("n", "mean", "mean_low", "mean_high", "sd", "sd_low", "sd_high", "squares", "squares_low", "squares_high")
  whole <- length(x$n)
  rbind(audit_pooled_rows(x, k, whole, which(k$n == 0)), audit_left_rows(x, k, which(k$n != 0)))
}

audit_pooled_rows <- function(x, k, whole, rows) {
  if (!length(rows)) {
    return(NULL)
  }
  one <- function(figure, pick, check) {
    f <- figure[rows]
    value <- k[rows, pick]
    low <- k[rows, paste0(pick, "_low")]
    high <- k[rows, paste0(pick, "_high")]
    verdict <- audit_verdict(f, value, low, high)
    verdict[verdict %in% audit_verdicts[5]] <- audit_verdicts[6]
    range <- audit_range(low, high, unclass(f)$decimals + 1L)
    new_audit(x$item[rows], check, unclass(f)$text, range, low, high, NA, verdict,
      ifelse(verdict %in% audit_verdicts[6], "The subgroups do not pool to the whole.", NA))
  }
  rbind(one(x$mean[[whole]], "mean", "mean of the whole"), one(x$sd[[whole]], "sd", "SD of the whole"))
}

audit_left_rows <- function(x, k, rows) {
  if (!length(rows)) {
    return(NULL)
  }
  k <- k[rows, ]
  few <- k$n < 0
  # one patient left: no spread about the own mean
  over <- !few & k$squares_high >= 0 & (k$n != 1 | k$squares_low <= 0)
  face <- over & k$squares >= 0 & (k$n != 1 | abs(k$squares) <= 1e-9)
  verdict <- ifelse(face, audit_verdicts[1], ifelse(over, audit_verdicts[2], audit_verdicts[6]))
  spread <- ifelse(over & k$n > 1, paste0(", SD ", audit_range(k$sd_low, k$sd_high, 2L)), "")
  words <- ifelse(few, "more patients in the subgroups than in the whole",
    paste0(k$n, " patients left: mean ", audit_range(k$mean_low, k$mean_high, 2L), spread))
  new_audit(x$item[rows], "patients in no subgroup", NA, words, k$mean_low, k$mean_high, NA, verdict,
    ifelse(over, NA, ifelse(few, "Fits only if the subgroups overlap.",
      "The subgroups spread more than the whole allows: a larger SD of the whole, or overlapping subgroups, would fit.")))
}

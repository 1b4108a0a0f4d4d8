# One row as the class that base R's tests return.

#' One comparison as an htest
#'
#' For programs that expect what [stats::t.test()] returns. The sign stays ours, after minus before, and the method
#' and the data name say so: `t.test(before, after, paired = TRUE)` has the other one.
#'
#' @param x A result, for example of [compare_paired()].
#' @param row The row to convert, if `x` has several.
#' @param ... Not used.
#' @return A list of class `htest`. Parts that the row does not have (no interval, no degrees of freedom) are absent;
#'   a row without a p-value has `p.value` NA and its status in `method`.
#' @section Errors:
#' `respondr_error_rows` if `x` has several rows and `row` does not choose one.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' as_htest(x, row = 3)
#' @export
as_htest <- function(x, ...) {
  UseMethod("as_htest")
}

#' @rdname as_htest
#' @export
as_htest.respondr_result <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  if (is.null(one$alternative)) {
    stop_input("rows", "An htest holds a test, and these rows are estimates alone.", "x", rlang::current_call())
  }
  name <- as.character(one$estimand)
  equivalence <- one$alternative == "equivalence"
  null <- if (equivalence) c(one$margin_low, one$margin_high) else one$null_value
  interval <- if (!is.na(one$conf_low) || !is.na(one$conf_high)) {
    structure(c(one$conf_low, one$conf_high), conf.level = one$conf_level)
  }
  parts <- list(
    statistic = if (!is.na(one$statistic)) stats::setNames(one$statistic, statistic_name(one)),
    parameter = if (!is.null(one$df_denominator) && !is.na(one$df_denominator)) {
      c("num df" = one$df, "denom df" = one$df_denominator)
    } else if (!is.na(one$df)) c(df = one$df),
    p.value = one$p_value,
    conf.int = interval,
    estimate = if (!is.na(name)) stats::setNames(one$estimate, name),
    null.value = if (length(null)) stats::setNames(null, rep(name, length(null))),
    stderr = if (!is.null(one$std_error) && !is.na(one$std_error)) one$std_error,
    alternative = as.character(one$alternative),
    method = htest_method(one),
    data.name = htest_data_name(one)
  )
  structure(parts[!vapply(parts, is.null, NA)], class = "htest")
}

htest_row <- function(x, row, call) {
  if (is.null(row)) {
    if (nrow(x) != 1L) {
      stop_input("rows", c(
        paste0("An htest holds one test, and `x` has ", nrow(x), " rows."),
        i = "Choose one: `as_htest(x, row = 1)` or `as_htest(x[1, ])`."
      ), "row", call)
    }
    row <- 1L
  }
  if (!is.numeric(row) || length(row) != 1L || is.na(row) || !row %in% seq_len(nrow(x))) {
    stop_input("rows", paste0("`row` must be one number from 1 to ", nrow(x), ", not ", given_value(row), "."), "row",
      call)
  }
  x[row, , drop = FALSE]
}

statistic_name <- function(one) {
  if (identical(attr(one, "settings")$family, "groups")) {
    name <- unname(two_statistics[as.character(one$method)])
    return(if (is.na(name)) "statistic" else name)
  }
  name <- c(t = "t", signed_rank = "V", sign = "S", permutation = "sum", conover = "t", nemenyi = "q",
    exact = "difference of rank sums", chisq = "X-squared", n1_chisq = "X-squared", g = "G", score = "z", barnard = "z",
    boschloo = "Fisher's p")[as.character(one$method)]
  if (is.na(name)) "statistic" else unname(name)
}

htest_method <- function(one) {
  status <- as.character(one$status)
  paste0(
    capitalised(method_name(one)),
    if (identical(attr(one, "settings")$kind, "change")) " of the change" else
      if (!is.null(one$contrast) && !is_linear(one)) paste0(", ", contrast_words(one)),
    if (status != "ok") paste0(" (", status, ": ", status_sentence(status), ")")
  )
}

# Slopes and correlations compare no levels.
is_linear <- function(one) identical(attr(one, "settings")$family, "linear")

htest_data_name <- function(one) {
  by <- attr(one, "settings")$by
  groups <- if (length(by)) paste0(by, " ", vapply(by, function(b) as.character(one[[b]]), ""), collapse = ", ")
  change <- identical(attr(one, "settings")$kind, "change")
  parts <- c(as.character(one$outcome), groups, if (!change && !is.null(one$contrast)) paste0("contrast ", one$contrast),
    if (is.null(one$contrast) && !is.null(one$term)) paste0(if (is_linear(one)) "term " else "arms ", one$term))
  paste(parts, collapse = ", ")
}

# The test of a row in running text: "exact Wilcoxon signed-rank test".
method_name <- function(one) {
  method <- as.character(one$method)
  names <- switch(attr(one, "settings")$family, groups = two_method_names, groups_k = groups_k_names,
    rates = c(rate_table_names, method_names), linear = linear_test_names, method_names)
  name <- names[method]
  if (is.na(name)) name <- paste(gsub("_", " ", method), "test")
  how <- as.character(one$distribution %||% NA)
  prefix <- switch(if (is.na(how)) "" else how, exact = "exact ", asymptotic = "asymptotic ",
    monte_carlo = "Monte Carlo ", "")
  if (identical(as.character(one$alternative), "equivalence") && method != "bootstrap") {
    return(paste0("two one-sided ", prefix, name, "s"))
  }
  paste0(prefix, unname(name))
}

method_names <- c(
  t = "paired t-test", signed_rank = "Wilcoxon signed-rank test", sign = "sign test",
  permutation = "sign-flip permutation test", bootstrap = "bootstrap of the mean", friedman = "Friedman test",
  iman_davenport = "Iman-Davenport F test of ranks", quade = "Quade test", page = "Page test of a trend",
  skillings_mack = "Skillings-Mack test", conover = "Conover test of mean ranks", nemenyi = "Nemenyi test of mean ranks",
  exact = "test of two rank sums", chisq = "chi-square test", n1_chisq = "N - 1 chi-square test", score = "score test",
  g = "likelihood-ratio test", fisher = "Fisher test", boschloo = "Boschloo test", barnard = "Barnard test",
  binomial = "binomial test", mcnemar = "McNemar test", mcnemar_exact = "McNemar conditional test",
  mcnemar_midp = "McNemar mid-p test", mcnemar_unconditional = "McNemar unconditional test",
  bowker = "Bowker test of symmetry", stuart_maxwell = "Stuart-Maxwell test", bhapkar = "Bhapkar test",
  marginal_homogeneity = "test of marginal homogeneity by scores", cochran_q = "Cochran Q test",
  cmh = "Cochran-Mantel-Haenszel test by patient"
)

#' Correlation of an outcome with one or many predictors
#'
#' Pearson's, Spearman's and Kendall's coefficient, each with its interval, for one predictor or for thousands in one call.
#' Patients are matched by row; each predictor uses the patients who have both values, and the row says how many those are.
#'
#' @section Methods:
#' * `"pearson"`: r, t on n - 2 degrees of freedom, interval by Fisher's z with spread 1 / (n - 3).
#' * `"spearman"`: r of midranks. Exact by counting all orders, also with ties, while that takes at most `exact_limit`
#'   additions (14 patients without ties); else t on n - 2 degrees of freedom.
#' * `"kendall"`: tau-b. Exact by counting all orders, also with ties, while that takes at most `exact_limit` additions (some
#'   700 patients without ties or with ties in one variable, some 15 with ties in both); else the normal distribution with
#'   the variance under ties, without continuity correction. Counted in n log n steps (Knight 1966).
#'
#' `distribution = "monte_carlo"` gives each of the three a p by random orders, with its 99 % interval. Beyond the exact
#' range `"auto"` takes the asymptotic p. The intervals of r and tau are those of the coefficient, not inversions of the
#' test of independence: `p_matches` is FALSE. Two-sided p-values count what lies as far from no correlation as the data.
#'
#' @section Intervals of ranks:
#' tanh(atanh(r) -+ z s), s^2 = (1 + r^2 / 2) / (n - 3) for Spearman and .437 / (n - 4) for Kendall (Bonett and Wright
#' 2000); `interval = "fieller"`: 1.06 / (n - 3) for Spearman (Fieller, Hartley and Pearson 1957); `"caruso_cliff"`:
#' 1 / (n - 2) + |z| / (6 n + 4 sqrt(n)) for Spearman (1997). At -1 and 1 there is none.
#'
#' @param formula `outcome ~ predictor`, several as `outcome ~ a + b`, all other numeric columns as `outcome ~ .`.
#' @param data A data frame, one row a patient.
#' @param ... Must be empty.
#' @param by Columns whose combinations are analysed apart.
#' @param subset A condition on the rows of `data`.
#' @param method One or several of `"pearson"`, `"spearman"`, `"kendall"`.
#' @param alternative `"two.sided"`, `"less"` or `"greater"`.
#' @param distribution `"auto"`, `"exact"`, `"asymptotic"` or `"monte_carlo"`.
#' @param interval Of ranks: `"bonett_wright"`, `"fieller"` or `"caruso_cliff"`.
#' @param conf_level Confidence level.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()], over all predictors of a method.
#' @param exact_limit Additions that an exact answer may take, per problem.
#' @param replicates,seed Random orders and their seed.
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_correlation`, one row for each `by` combination, predictor (`term`) and method,
#' with
#'   the columns of [result_columns].
#' @section Errors:
#' `respondr_error` naming the argument: unknown columns, text among the predictors, infinite values.
#' @references
#' Bonett DG, Wright TA (2000) \doi{10.1007/BF02294183}. Caruso JC, Cliff N (1997) \doi{10.1177/0013164497057004009}.
#' Fieller EC, Hartley HO, Pearson ES (1957) \doi{10.1093/biomet/44.3-4.470}. Knight WR (1966)
#' \doi{10.1080/01621459.1966.10480879}. van de Wiel MA, Di Bucchianico A (2001) \doi{10.1016/S0378-3758(00)00166-X}.
#' @examples
#' correlate(Postwt ~ Prewt, MASS::anorexia, by = Treat, method = c("pearson", "spearman", "kendall"))
#' correlate(mpg ~ wt + hp, mtcars, method = "kendall")
#' @export
correlate <- function(formula, data = NULL, ..., by = NULL, subset = NULL, method = "pearson", alternative = "two.sided",
                      distribution = "auto", interval = "bonett_wright", conf_level = 0.95, p_adjust = "none",
                      exact_limit = 1e8, replicates = 10000, seed = NULL, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- list(
    method = check_words(method, correlation_methods, "method", call),
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    interval = check_word(interval, rank_intervals, "interval", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    p_adjust = check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call),
    exact_limit = check_number(exact_limit, "exact_limit", call, 0, 1e15),
    replicates = check_whole(replicates, "replicates", call, 1, 1e9), threads = check_threads(threads, call)
  )
  input <- correlate_input(formula, data, null_word(substitute(by), env), null_word(substitute(subset), env), env, call)
  drawn <- if (words$distribution == "monte_carlo") new_seed(seed, call)
  frames <- lapply(words$method, function(m) correlate_method(input, words, m, drawn, call))
  rows <- lapply(stats::setNames(nm = names(frames[[1]])), function(name) {
    columns <- lapply(frames, `[[`, name)
    if (is.factor(columns[[1]])) factor(unlist(lapply(columns, as.character)), unique(unlist(lapply(columns, levels)))) else
      unlist(columns)
  })
  k <- length(words$method)
  order <- order(rep(seq_along(frames[[1]]$status), k), rep(seq_len(k), each = length(frames[[1]]$status)))
  rows <- lapply(rows, `[`, order)
  if (words$p_adjust != "none") {
    rows$p_adjusted <- stats::ave(rows$p_value, rows$method, FUN = function(p) stats::p.adjust(p, words$p_adjust))
  }
  monte <- !is.null(drawn)
  build_result(rows, class = "respondr_correlation", settings = list(family = "linear", title = "Correlation",
    by = names(input$by), conf_level = words$conf_level, alternative = words$alternative, p_adjust = words$p_adjust,
    seed = if (monte) drawn$value, replicates = if (monte) words$replicates, lines = input$notes), input = input,
      call = call)
}

correlation_methods <- c("pearson", "spearman", "kendall")
correlation_names <- c(pearson = "Pearson's r", spearman = "Spearman's r", kendall = "Kendall's tau-b")
rank_intervals <- c("bonett_wright", "fieller", "caruso_cliff")

correlate_input <- function(formula, data, by, subset, env, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", c("`formula` must name an outcome and its predictors.", i = "Write `outcome ~ predictor`."),
      "formula",
      call)
  }
  data <- as_data(data, call)
  fenv <- environment(formula) %||% env
  keep <- if (length(data)) subset_rows(subset, data, fenv, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  size <- if (length(data)) nrow(data)
  check_rows(size, call)
  by_names <- select_columns(by, data, env, "by", call)
  name <- deparse_one(formula[[2]])
  y <- check_outcome(eval_column(formula[[2]], data, fenv, "outcome", size, call), name, call)
  size <- size %||% length(y)
  x <- correlate_predictors(formula[[3]], data, setdiff(names(data), c(all.vars(formula[[2]]), by_names)), fenv, size, call)
  for (i in seq_along(x)) finite_column(x[[i]], names(x)[i], call)
  group <- group_codes(check_by(by_names, data, call), size)
  code <- if (length(group$code)) group$code else rep(1L, size)
  known <- which(!is.na(code) & code > 0L)
  order <- known[order(code[known])]
  start <- c(0L, cumsum(tabulate(code[known], nrow(group$labels))))
  labels <- do.call(paste, c(unname(lapply(group$labels, as.character)), list(sep = "\r")))
  if (!length(labels)) labels <- ""
  list(x = x, y = finite_column(as.double(y), name, call), order = as.integer(order), start = as.integer(start),
    by = group$labels,
    outcome = name, keys = as.vector(outer(names(x), labels, paste, name, sep = "\r")),
    notes = if (length(known) < size) paste0("rows left out without a group: ", size - length(known)))
}

correlate_predictors <- function(rhs, data, others, env, size, call) {
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    stop_input("formula", c("`|` names an id, and here every patient is one row.", i = "Groups go in `by =`."),
      "formula", call)
  }
  if (identical(rhs, as.name("."))) {
    numeric <- others[vapply(data[others], function(x) is.numeric(x) && is.null(dim(x)), NA)]
    if (!length(numeric)) stop_input("formula", "`data` has no other numeric column.", "formula", call)
    return(lapply(data[numeric], as.double))
  }
  parts <- sum_parts(rhs)
  parts <- stats::setNames(parts, vapply(parts, deparse_one, ""))
  if (anyDuplicated(names(parts))) stop_input("formula", "The formula names a predictor twice.", "formula", call)
  values <- eval_columns(parts, data, env, "predictor", size, call)
  lapply(stats::setNames(nm = names(values)), function(v) as.double(check_outcome(values[[v]], v, call)))
}

correlate_method <- function(input, words, method, drawn, call) {
  options <- list(method = match(method, correlation_methods) - 1L, interval = match(words$interval, rank_intervals) - 1L,
    alternative = match(words$alternative, alternatives) - 1L, distribution = match(words$distribution, distributions) - 1L,
    conf_level = words$conf_level, exact_limit = words$exact_limit, replicates = words$replicates,
    seed = drawn$value %||% c(0L, 0L), progress = progress_hook())
  raw <- ask_core(linear_correlate(input[c("x", "y", "order", "start", "keys")], options, words$threads), call)
  k <- length(input$x)
  n <- length(raw$status)
  same <- function(word) constant_factor(word, n)
  out <- list(outcome = same(input$outcome))
  for (b in names(input$by)) out[[b]] <- rep(input$by[[b]], each = k)
  c(out, list(
    term = enumerated(names(input$x), rep_len(seq_len(k), n)), method = same(method), alternative = same(words$alternative),
    null_value = rep(0, n), distribution = distribution_factor(raw$distribution)), raw[c("n", "n_dropped", "n_ties")], list(
    estimand = same(correlation_names[[method]])), raw[c("estimate", "conf_low", "conf_high")], list(
    conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(raw$conf_method),
      p_matches = raw$p_matches == 1L),
    raw[c("statistic", "df", "p_value")], if (!is.null(drawn)) raw[c("p_low", "p_high")], list(
    status = status_factor(raw$status), note = note_factor(raw$notes)))
}

#' @rdname report_text
#' @export
report_text.respondr_correlation <- function(x, ...) {
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    if (is.na(one$estimate)) {
      return(paste0("No correlation of ", one$outcome, " with ", one$term, sentence_group(one), sentence_problem(one), "."))
    }
    number <- function(v) formatC(v, digits = 2, format = "f")
    interval <- if (!is.na(one$conf_low)) paste0(" (", format_level(one$conf_level), " interval ", number(one$conf_low),
      " to ",
      number(one$conf_high), ")")
    how <- if (is.na(one$distribution)) "t" else gsub("_", " ", as.character(one$distribution))
    paste0("In ", one$n, " patients", sentence_group(one), " ", one$outcome, " and ", one$term, " had ", one$estimand, " ",
      number(one$estimate), interval, "; ", if (is.na(one$p_value)) "no p" else paste0(sentence_p(one$p_value), ", ", how),
      sentence_problem(one), ".")
  }, "")
}

#' Does the change depend on the baseline?
#'
#' Patients with a low value gain more: so they do wherever the baseline is measured with error, for the error of the
#' baseline stands in the change with the other sign. One table shows the naive slope beside the answers that allow for it.
#'
#' @section Methods:
#' With x before, y after, d = y - x, n patients with both:
#' * `"naive"`: slope of d on x, t on n - 2 degrees of freedom. Biased towards -1 by measurement error.
#' * `"oldham"`: slope (and correlation, as effect size) of d on (x + y) / 2 (Oldham 1962).
#' * `"pitman_morgan"`: s_y^2 / s_x^2 with the interval that inverts its test (Pitman 1939, Morgan 1939); the same test as
#'   Oldham's: if patients differ in their true change independently of the baseline, the variance grows.
#' * `"log_ratio"`: the same of logarithms (positive values): does the percent change depend on the baseline? Under no
#'   relation the coefficient of variation stays (Tu 2016 tests the same null by another statistic).
#' * `"blomqvist"`: slope of true change on true baseline. With `reliability` l: b / l - 1, b the slope of y on x, t
#'   limits, l taken as known. With `error_variance` v (rows `blomqvist_error`): s_xy / (s_x^2 - v) - 1 with Fieller limits
#'   for normal data, v taken as known. Several values are a sensitivity analysis.
#' * `"mee_chua"`: the mean change of patients chosen for their baseline, freed of regression to the mean: the line of y on
#'   x at the mean of the population they were chosen from, minus that mean (Mee and Chua 1991); t on n - 2 degrees of
#'   freedom. The effect size is the part of the mean change that is regression to the mean.
#'
#' Oldham's and Pitman and Morgan's answers assume the same measurement error at both visits. A measurement error that would
#' make true values correlate beyond 1 is noted; one that leaves no true variance gives `not_estimable`.
#'
#' @param formula `after ~ before`, two columns of one row a patient.
#' @param data A data frame.
#' @param ... Must be empty.
#' @param by Columns whose combinations are analysed apart.
#' @param subset A condition on the rows of `data`.
#' @param reliability Reliability of the baseline, above 0 and up to 1; one or several.
#' @param error_variance Variance of its measurement error, in squared units; one or several.
#' @param population_mean Mean of the population that the patients were chosen from; one or several.
#' @param method Methods wanted; by default all that can be computed.
#' @param conf_level Confidence level.
#' @return A data frame of class `respondr_baseline`, one row for each `by` combination, method and value taken as known
#'   (`assumed`), with the columns of [result_columns]. `report_text()` says in one sentence a group what may be said.
#' @section Errors:
#' `respondr_error` naming the argument: a reliability outside (0, 1], a negative variance, a formula that is not
#' `after ~ before`, a method that lacks the value it takes as known.
#' @references
#' Oldham PD (1962) \doi{10.1016/0021-9681(62)90116-9}. Blomqvist N (1977) \doi{10.1080/01621459.1977.10479951}. Pitman EJG
#' (1939) \doi{10.1093/biomet/31.1-2.9}. Mee RW, Chua TC (1991) \doi{10.1080/00031305.1991.10475763}. Tu YK (2016)
#' \doi{10.1038/srep23247}. Chiolero A et al. (2013) \doi{10.3389/fpubh.2013.00029}.
#' @examples
#' x <- baseline_change(Postwt ~ Prewt, MASS::anorexia, by = Treat, reliability = c(0.7, 0.9))
#' x
#' report_text(x)
#' @export
baseline_change <- function(formula, data, ..., by = NULL, subset = NULL, reliability = NULL, error_variance = NULL,
                            population_mean = NULL, method = NULL, conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  known <- list(
    reliability = check_known_values(reliability, "reliability", 0, 1, call, c("must lie above 0 and be at most 1",
      "A reliability is the share of the variance that is not measurement error.")),
    error_variance = check_known_values(error_variance, "error_variance", -1e-300, Inf, call, c("must be at least 0",
      "Give the variance of the measurement error, in squared units.")),
    population_mean = check_known_values(population_mean, "population_mean", -Inf, Inf, call, c("must be finite numbers", NULL))
  )
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  plan <- baseline_plan(method, known, call)
  input <- baseline_input(formula, data, null_word(substitute(by), env), null_word(substitute(subset), env), env, call)
  rows <- baseline_rows(input, plan, conf_level, call)
  build_result(rows, class = "respondr_baseline", settings = list(family = "linear", by = names(input$by),
    mixed_scales = TRUE,
    title = paste0("Change from ", input$names[1], " to ", input$names[2], " against the baseline"),
      conf_level = conf_level,
    lines = c("change is after minus before", if (is.null(known$reliability) && is.null(known$error_variance)) {
      "no measurement error given: Blomqvist's slope needs `reliability` or `error_variance`"
    }, if (is.null(known$population_mean)) "no `population_mean` given: regression to the mean of a chosen group stays in",
    input$notes)), input = input, call = call)
}

baseline_methods <- c("naive", "oldham", "pitman_morgan", "log_ratio", "blomqvist", "mee_chua")
baseline_codes <- c(naive = 0L, oldham = 1L, pitman_morgan = 2L, log_ratio = 3L, reliability = 4L, error_variance = 5L,
  mee_chua = 6L)
baseline_estimands <- c(
  naive = "slope of change on baseline", oldham = "slope of change on mean of both",
  pitman_morgan = "variance ratio, after / before", log_ratio = "variance ratio of logarithms",
  reliability = "slope of true change, reliability known", error_variance = "slope of true change, error variance known",
  mee_chua = "mean change without regression"
)

check_known_values <- function(x, argument, low, high, call, words) {
  if (is.null(x)) {
    return(NULL)
  }
  if (!is.numeric(x) || !length(x) || anyNA(x) || any(!is.finite(x) | x <= low | x > high)) {
    stop_input("number", c(paste0("`", argument, "` ", words[1], "."), i = if (length(words) > 1L) words[2]), argument,
      call)
  }
  as.double(unique(x))
}

# One row a method and value taken as known.
baseline_plan <- function(method, known, call) {
  wanted <- check_words(method %||% baseline_methods, baseline_methods, "method", call)
  need <- list(blomqvist = c("reliability", "error_variance"), mee_chua = "population_mean")
  for (m in intersect(method, names(need))) {
    if (!any(lengths(known[need[[m]]]))) {
      stop_input("method", c(paste0("`method = \"", m, "\"` takes a value as known."),
        i = paste0("Give ", paste0("`", need[[m]], "`", collapse = " or "), ".")), need[[m]][1], call)
    }
  }
  kinds <- unlist(lapply(wanted, function(m) switch(m, blomqvist = c("reliability", "error_variance"), m)))
  values <- lapply(kinds, function(k) switch(k, reliability = , error_variance = known[[k]],
    mee_chua = known$population_mean, NA_real_))
  data.frame(kind = rep(kinds, lengths(values)), assumed = as.double(unlist(values)),
    method = rep(ifelse(kinds == "reliability", "blomqvist", ifelse(kinds == "error_variance", "blomqvist_error",
      kinds)), lengths(values)), stringsAsFactors = FALSE)
}

baseline_input <- function(formula, data, by, subset, env, call) {
  one <- inherits(formula, "formula") && length(formula) == 3L && !is.call(formula[[3]]) || inherits(formula, "formula") &&
    length(formula) == 3L && !as.character(formula[[3]][[1]])[1] %in% c("|", "+", "*", ":", "-", "~")
  if (!one) {
    stop_input("formula", c("`formula` must be `after ~ before`.", i = "Both are columns of one row a patient."),
      "formula", call)
  }
  data <- as_data(data, call)
  fenv <- environment(formula) %||% env
  keep <- if (length(data)) subset_rows(subset, data, fenv, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  size <- if (length(data)) nrow(data)
  check_rows(size, call)
  names <- c(deparse_one(formula[[3]]), deparse_one(formula[[2]]))
  before <- check_outcome(eval_column(formula[[3]], data, fenv, "before", size, call), names[1], call)
  after <- check_outcome(eval_column(formula[[2]], data, fenv, "after", size, call), names[2], call)
  size <- size %||% length(after)
  by_names <- select_columns(by, data, env, "by", call)
  group <- group_codes(check_by(by_names, data, call), size)
  code <- if (length(group$code)) group$code else rep(1L, size)
  code[code == 0L] <- NA_integer_
  list(before = finite_column(as.double(before), names[1], call), after = finite_column(as.double(after), names[2], call),
    code = code, by = group$labels, names = names,
    notes = if (anyNA(code)) paste0("rows left out without a group: ", sum(is.na(code))))
}

baseline_rows <- function(input, plan, conf_level, call) {
  groups <- nrow(input$by)
  parts <- lapply(seq_len(groups), function(g) {
    use <- which(input$code == g)
    whole <- use[!is.na(input$before[use]) & !is.na(input$after[use])]
    ask_core(linear_baseline(input$before[whole], input$after[whole], length(use) - length(whole),
      unname(baseline_codes[plan$kind]),
      plan$assumed, conf_level), call)
  })
  raw <- lapply(stats::setNames(nm = names(parts[[1]])), function(name) unlist(lapply(parts, `[[`, name)))
  k <- nrow(plan)
  n <- k * groups
  out <- list(outcome = constant_factor(input$names[2], n))
  for (b in names(input$by)) out[[b]] <- rep(input$by[[b]], each = k)
  kind <- rep(plan$kind, groups)
  effect <- c(naive = "correlation", oldham = "correlation", mee_chua = "regression to the mean")[kind]
  c(out, list(
    contrast = rep("after - before", n), alternative = rep("two.sided", n), reference = rep(input$names[1], n),
      method = rep(plan$method, groups),
    null_value = ifelse(kind %in% c("pitman_morgan", "log_ratio"), 1, 0)), raw[c("n", "n_dropped", "assumed")], list(
    estimand = unname(baseline_estimands[kind])), raw[c("estimate", "std_error", "conf_low", "conf_high")], list(
    conf_level = rep(conf_level, n), conf_method = conf_method_factor(raw$conf_method), p_matches = raw$p_matches == 1L),
    raw[c("statistic", "df", "p_value")], list(effect_name = ifelse(is.na(raw$effect), NA, unname(effect))),
    raw[c("effect", "effect_low", "effect_high")], list(status = status_factor(raw$status), note = note_factor(raw$notes)))
}

#' @rdname report_text
#' @export
report_text.respondr_baseline <- function(x, ...) {
  by <- attr(x, "settings")$by
  rows <- as.data.frame(x)
  key <- if (length(by)) interaction(rows[by], drop = TRUE, lex.order = TRUE) else factor(rep(1L, nrow(rows)))
  groups <- split(seq_len(nrow(rows)), factor(key, levels = unique(key)))
  unname(vapply(groups, function(at) baseline_sentence(structure(rows[at, , drop = FALSE], settings = attr(x,
    "settings"))), ""))
}

# What may be said: the naive slope is never the answer.
baseline_sentence <- function(rows) {
  number <- function(v) format(signif(v, 3), trim = TRUE)
  shown <- function(one) paste0(number(one$estimate), " (", format_level(one$conf_level), " interval ",
    number(one$conf_low), " to ",
    number(one$conf_high), ")")
  part <- function(m) rows[rows$method == m & !is.na(rows$estimate) & !is.na(rows$conf_low), , drop = FALSE]
  naive <- part("naive")
  honest <- part("oldham")
  ratio <- part("pitman_morgan")
  true <- rows[grepl("^blomqvist", rows$method) & !is.na(rows$conf_low), , drop = FALSE]
  head <- rows[1, , drop = FALSE]
  attr(head, "settings") <- attr(rows, "settings")
  lead <- paste0("In ", head$n, " patients", sentence_group(structure(as.list(head), settings = attr(rows, "settings"))))
  if (!nrow(honest) && !nrow(ratio)) {
    return(paste0(lead, " nothing can be said about change and baseline: ", status_sentence(as.character(head$status)),
      "."))
  }
  verdict <- if (nrow(honest)) {
    if (honest$conf_low > 0) "larger changes with higher values beyond measurement error" else if (honest$conf_high < 0)
      "smaller (or more negative) changes with higher values beyond measurement error" else
      "no direction of a relation beyond measurement error can be told"
  }
  paste0(lead, if (nrow(naive)) paste0(" the change had a slope of ", shown(naive),
    " on the baseline, which measurement error",
    " alone can make negative"), if (nrow(honest)) paste0("; on the mean of both visits the slope was ", shown(honest)),
    if (nrow(ratio)) paste0(", the variance ratio after / before ", shown(ratio), ", ", sentence_p(ratio$p_value)),
    if (nrow(true)) paste0("; on the true baseline it would be ", paste(vapply(seq_len(nrow(true)), function(i) {
      paste0(shown(true[i, ]), " at ", if (grepl("reliability", true$estimand[i])) "reliability " else "error variance ",
        number(true$assumed[i]))
    }, ""), collapse = ", ")), if (!is.null(verdict)) paste0(": ", verdict), ".")
}

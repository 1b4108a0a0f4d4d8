#' A predictor in several studies
#'
#' Does a baseline value predict the response, when the patients come from two or more studies? One call shows the slope in
#' each study, whether the slopes agree, and the slope of all together by one stage (all patients in one model) and by two
#' (the slopes of the studies, pooled).
#'
#' @section Rows:
#' * `study`: least squares within each study, all its coefficients its own.
#' * `one_stage`: one model with an intercept for each study, the predictor centred within its study, one slope and common
#'   coefficients of the covariates; only differences within studies count, and one residual variance serves all.
#' * `intercepts`, `interaction`: F tests in that model that the studies have one intercept, and one slope.
#' * `fixed`: weights 1 / SE^2, z. `dersimonian_laird`, `paule_mandel`, `reml`: random effects, weights 1 / (SE^2 + tau^2),
#'   with the interval of Hartung and Knapp on k - 1 degrees of freedom (`hartung_knapp = FALSE`: z); the effect size is
#'   tau^2.
#' * `heterogeneity`: Q on k - 1 degrees of freedom, with I2 as effect size.
#' * `leave_one_out` (three studies or more): REML without each study.
#'
#' With two studies tau^2 and the interval of Hartung and Knapp rest on one degree of freedom, and the print says so. A
#' study in which the slope cannot be estimated keeps its row, with a status, and is not pooled.
#'
#' @param formula `response ~ predictor`, with covariates `response ~ predictor + age`.
#' @param data A data frame, one row a patient.
#' @param ... Must be empty.
#' @param study The column that names the study.
#' @param term The numeric predictor to pool; by default the first.
#' @param subset A condition on the rows of `data`.
#' @param reference Reference levels of covariates that are factors.
#' @param hartung_knapp `FALSE` for Wald intervals of the random effects.
#' @param conf_level Confidence level.
#' @return A data frame of class `respondr_pooled` with the columns of [result_columns].
#' @section Errors:
#' `respondr_error` naming the argument: a study column that is missing, a term that is no numeric predictor.
#' @references
#' DerSimonian R, Laird N (1986) \doi{10.1016/0197-2456(86)90046-2}. Hartung J, Knapp G (2001) \doi{10.1002/sim.791}. Sidik
#' K, Jonkman JN (2002) \doi{10.1002/sim.1262}. Viechtbauer W (2005) \doi{10.3102/10769986030003261}. Paule RC, Mandel J
#' (1982) \doi{10.6028/jres.087.022}.
#' @examples
#' pool_studies(mpg ~ wt, mtcars, study = cyl)
#' @export
pool_studies <- function(formula, data, ..., study, term = NULL, subset = NULL, reference = NULL, hartung_knapp = TRUE,
                         conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  if (missing(study)) stop_input("study", c("`study` is absent.", i = "Name the column of studies."), "study", call)
  hartung_knapp <- check_flag(hartung_knapp, "hartung_knapp", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  column <- substitute(study)
  data <- as_data(data, call)
  name <- select_columns(column, data, env, "study", call)
  if (length(name) != 1L) stop_input("study", "`study` must name one column.", "study", call)
  lost <- is.na(data[[name]])
  if (any(lost)) data <- data[!lost, , drop = FALSE]
  input <- predictor_input(formula, data, null_word(substitute(subset), env), NULL, NULL, NULL, reference, "continuous",
    env, call,
    leave_out = name)
  at <- pooled_column(input, term, call)
  labels <- index_codes(data[[name]][input$rows])
  studies <- as.character(visit_labels(data[[name]][input$rows], labels$first_row))
  rows <- pooled_rows(input, at, labels$code, studies, list(hartung_knapp = hartung_knapp, conf_level = conf_level), call)
  k <- length(studies)
  build_result(rows, class = "respondr_pooled", settings = list(family = "linear", conf_level = conf_level,
    mixed_scales = FALSE,
    title = paste0("Slope of ", input$outcome, " on ", colnames(input$x)[at], " in ", k,
      if (k == 1L) " study" else " studies"),
    lines = pooled_lines(input, at, rows, k, sum(lost), hartung_knapp)), input = list(studies = studies), call = call)
}

pooled_column <- function(input, term, call) {
  numeric <- which(colnames(input$x) %in% input$labels & !colnames(input$x) %in% names(input$xlevels))
  names <- colnames(input$x)[numeric]
  if (!is.null(term) && (!is.character(term) || length(term) != 1L)) {
    stop_input("term", "`term` must be the name of one predictor, as text.", "term", call)
  }
  at <- if (is.null(term)) numeric[1] else numeric[match(term, names)]
  if (is.na(at)) {
    stop_input("term", c(paste0(if (is.null(term)) "The formula has no numeric predictor" else
      paste0("`term` is ", quoted(term), ", which is no numeric predictor"), "."),
      i = paste0("Numeric predictors: ", if (length(names)) quoted(names, 12) else "none", ".")), "term", call)
  }
  at
}

# Slope, variance and degrees of freedom of one study.
study_slope <- function(input, at, use, call) {
  problem <- list(x = input$x[use, , drop = FALSE], y = as.double(input$y[use]), weight = NULL, offset = input$offset[use])
  raw <- ask_core(linear_fit(problem, 1L), call)
  v <- ask_core(linear_variance(problem, raw, 0L, NULL, 0L), call)
  p <- ncol(problem$x)
  status <- if (!raw$kept[at]) match("rank_deficient", status_table$word) - 1L else raw$status
  c(estimate = raw$beta[at], variance = if (status == 0L) matrix(v$vcov, p)[at, at] else NA, df = raw$df, status = status)
}

pooled_rows <- function(input, at, code, studies, words, call) {
  k <- length(studies)
  slopes <- vapply(seq_len(k), function(i) study_slope(input, at, code == i, call), numeric(4))
  each <- ask_core(linear_t(slopes["estimate", ], slopes["variance", ], slopes["df", ], words$conf_level), call)
  n <- tabulate(code, k)
  each <- pooled_frame(paste("study", studies), "study", each, n, studies, slopes["status", ], "t")
  one <- one_stage(input, at, code, k, words, call)
  good <- which(is.finite(slopes["variance", ]))
  two <- two_stage(slopes, good, n, words, call)
  out <- do.call(rbind, c(list(each, one, two), if (length(good) > 2L) lapply(good, function(i) {
    left <- setdiff(good, i)
    raw <- ask_core(linear_pool(slopes["estimate", left], slopes["variance", left], 3L, words$hartung_knapp,
      words$conf_level), call)
    pooled_frame(paste("without", studies[i]), "leave_one_out", lapply(raw, `[`, 1L), sum(n[left]), studies[i],
      raw$status[1],
      if (words$hartung_knapp) "hartung_knapp" else "wald", "tau2")
  })))
  c(list(outcome = rep(input$outcome, nrow(out)), term = rep(colnames(input$x)[at], nrow(out)),
    alternative = rep("two.sided", nrow(out)), null_value = rep(0, nrow(out)),
    conf_level = rep(words$conf_level, nrow(out))), out)
}

pooled_frame <- function(contrast, method, raw, n, level, status, conf_method, effect_name = NA_character_) {
  data.frame(contrast = contrast, level = level, method = method, n = as.integer(n),
    estimand = if (all(is.na(raw$estimate))) NA_character_ else "slope", estimate = raw$estimate, std_error = raw$std_error,
    conf_low = raw$conf_low, conf_high = raw$conf_high, conf_method = ifelse(is.na(raw$conf_low), NA, conf_method),
    p_matches = !is.na(raw$conf_low), statistic = raw$statistic, df = raw$df, df_denominator = raw$df_denominator,
    p_value = raw$p_value, effect_name = effect_name, effect = raw$effect,
    status = status_table$word[status + 1L], stringsAsFactors = FALSE)
}

# All patients in one model: columns intercept, studies, covariates, predictor within study, predictor x study.
one_stage <- function(input, at, code, k, words, call) {
  if (k < 2L) {
    return(NULL)
  }
  n <- length(code)
  x <- input$x[, at]
  within <- x - rowsum(x, code)[code, ] / tabulate(code, k)[code]
  dummies <- outer(code, seq_len(k)[-1], `==`) + 0
  others <- input$x[, -c(at, which(input$assign == 0L)), drop = FALSE]
  base <- cbind(1, dummies, others, within)
  problem <- list(x = base, y = as.double(input$y), weight = NULL, offset = input$offset)
  raw <- ask_core(linear_fit(problem, 1L), call)
  p <- ncol(base)
  v <- matrix(ask_core(linear_variance(problem, raw, 0L, NULL, 0L), call)$vcov, p)
  slope <- ask_core(linear_t(raw$beta[p], if (raw$status == 0L) v[p, p] else NA_real_, raw$df, words$conf_level), call)
  at_studies <- 1L + seq_len(k - 1L)
  intercepts <- ask_core(linear_terms(raw, as.vector(v), raw$df, list(list(setdiff(seq_len(p), at_studies), at_studies,
    integer())),
    words$conf_level), call)
  problem$x <- cbind(base, dummies * within)
  full <- ask_core(linear_fit(problem, 1L), call)
  w <- ask_core(linear_variance(problem, full, 0L, NULL, 0L), call)
  differ <- ask_core(linear_terms(full, w$vcov, full$df, list(list(seq_len(p), p + seq_len(k - 1L), integer())),
    words$conf_level),
    call)
  tests <- Map(function(raw, status) {
    raw$effect <- raw$effect * NA
    if (status %in% c(0L, 2L)) raw else replace(raw, c("statistic", "p_value"), NA_real_)
  }, list(intercepts, differ), list(raw$status, full$status))
  rbind(
    pooled_frame("all studies", "one_stage", slope, n, NA, if (raw$kept[p]) raw$status else 7L, "t"),
    pooled_frame("all studies", "intercepts", tests[[1]], n, NA, intercepts$status, NA),
    pooled_frame("all studies", "interaction", tests[[2]], n, NA, differ$status, NA)
  )
}

pooling_methods <- c("fixed", "dersimonian_laird", "paule_mandel", "reml", "heterogeneity")

two_stage <- function(slopes, good, n, words, call) {
  if (length(good) < 2L) {
    return(NULL)
  }
  raw <- ask_core(linear_pool(slopes["estimate", good], slopes["variance", good], 0:3, words$hartung_knapp,
    words$conf_level), call)
  random <- if (words$hartung_knapp) "hartung_knapp" else "wald"
  pooled_frame("all studies", pooling_methods, raw, sum(n[good]), NA, raw$status,
    c("wald", random, random, random, NA), c(NA, "tau2", "tau2", "tau2", "I2"))
}

pooled_lines <- function(input, at, rows, k, lost, hartung_knapp) {
  good <- sum(rows$method == "study" & rows$status == "ok")
  others <- setdiff(input$labels, colnames(input$x)[at])
  c(
    if (length(others)) paste0("adjusted for ", paste(others, collapse = ", "),
      ": coefficients of their own in each study (two stages), common to all (one stage)"),
    "one stage: an intercept for each study, the predictor centred within its study",
    if (k == 1L) "one study: there is nothing to pool",
    if (good < k && k > 1L) paste0("pooled in two stages: ", good, " of ", k, " studies"),
    if (good == 2L) paste0("two studies: what lies between them rests on 1 df",
      if (hartung_knapp) ", and so does the interval of random effects", "; read each study"),
    if (lost > 0L) paste0("rows left out without a study: ", lost),
    predictor_lines(input)
  )
}

#' @rdname report_text
#' @export
report_text.respondr_pooled <- function(x, ...) {
  number <- function(v) format(signif(v, 3), trim = TRUE)
  rows <- as.data.frame(x)
  slope <- function(one) paste0(number(one$estimate), " (", format_level(one$conf_level), " interval ",
    number(one$conf_low), " to ",
    number(one$conf_high), ")")
  part <- function(m) rows[rows$method == m & !is.na(rows$conf_low), , drop = FALSE]
  each <- part("study")
  text <- paste0("The slope of ", rows$outcome[1], " on ", rows$term[1], " was ",
    paste0(vapply(seq_len(nrow(each)), function(i) slope(each[i, ]), ""), " in ", each$level, " (n = ", each$n, ")",
      collapse = ", "))
  one <- part("one_stage")
  random <- part("reml")
  differ <- rows[rows$method == "interaction" & !is.na(rows$p_value), , drop = FALSE]
  paste0(if (nrow(each)) text else paste0("No study gave a slope of ", rows$outcome[1], " on ", rows$term[1]),
    if (nrow(one)) paste0("; ", slope(one), " within studies in one model"),
    if (nrow(random)) paste0("; ", slope(random), " by random effects (REML, Hartung-Knapp, ", nrow(each) - 1L, " df)"),
    if (nrow(differ)) paste0("; equal slopes: ", sentence_p(differ$p_value)), ".")
}

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
#' A binary response (logical, 0/1, a factor, or any with `event =`) is fitted by logistic regression, maximum likelihood
#' or, if the predictor separates in one of the studies, Firth's for all. Estimates are then odds ratios per unit with Wald
#' intervals of their logarithm, `std_error` and tau^2 are on the logarithmic scale, and `intercepts` and `interaction` are
#' likelihood-ratio tests.
#'
#' Where studies agree better than chance the interval of Hartung and Knapp is narrower than Wald's, with a p to match: a
#' note says so, and `hartung_knapp = FALSE` shows the other.
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
#' @param event Of a binary response, the value that is counted.
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
#' pool_studies(low ~ age, MASS::birthwt, study = race)
#' @export
pool_studies <- function(formula, data, ..., study, term = NULL, subset = NULL, event = NULL, reference = NULL,
  hartung_knapp = TRUE,
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
  binary <- !is.null(event) || pooled_is_binary(formula, data, env, call)
  input <- predictor_input(formula, data, null_word(substitute(subset), env), NULL, NULL, event, reference,
    if (binary) "binary" else "continuous", env, call, leave_out = name)
  at <- pooled_column(input, term, call)
  labels <- index_codes(data[[name]][input$rows])
  studies <- as.character(visit_labels(data[[name]][input$rows], labels$first_row))
  words <- list(hartung_knapp = hartung_knapp, conf_level = conf_level)
  rows <- pooled_rows(input, at, labels$code, studies, words, if (binary) binary_model else linear_model, call)
  k <- length(studies)
  what <- if (binary) paste0("Odds ratio of ", input$outcome, " = ", input$event, " per unit of ") else
    paste0("Slope of ", input$outcome, " on ")
  build_result(rows$rows, class = "respondr_pooled", settings = list(family = "linear", conf_level = conf_level,
    scale = if (binary) "ratio" else "difference",
    title = paste0(what, colnames(input$x)[at], " in ", k, if (k == 1L) " study" else " studies"),
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

pooled_problem <- function(input, x, use = rep(TRUE, nrow(x))) {
  weight <- if (any(input$trials != 1)) input$trials[use]
  list(x = x[use, , drop = FALSE], y = as.double(input$y[use]), weight = weight, offset = input$offset[use])
}

pooled_rows <- function(input, at, code, studies, words, model, call) {
  k <- length(studies)
  slopes_by <- function(estimator) vapply(seq_len(k), function(i) {
    model$slope(pooled_problem(input, input$x, code == i), at, estimator, call)
  }, c(estimate = 0, variance = 0, df = 0, status = 0))
  slopes <- slopes_by("ml")
  separated <- slopes["status", ] == match("separated", status_table$word) - 1L
  estimator <- if (any(separated)) "firth" else "ml"
  if (any(separated)) slopes <- slopes_by("firth")
  each <- ask_core(linear_t(slopes["estimate", ], slopes["variance", ], slopes["df", ], words$conf_level), call)
  n <- as.vector(rowsum(input$trials, code))
  each <- pooled_frame(paste("study", studies), "study", each, n, studies, slopes["status", ], model$interval)
  one <- if (k > 1L) one_stage(input, at, code, k, words, model, estimator, call)
  good <- which(is.finite(slopes["variance", ]))
  two <- two_stage(slopes, good, n, words, call)
  left <- if (length(good) > 2L) lapply(good, function(i) {
    rest <- setdiff(good, i)
    raw <- lapply(pool_core(slopes, rest, 3L, words, call), `[`, 1L)
    pooled_frame(paste("without", studies[i]), "leave_one_out", raw, sum(n[rest]), studies[i],
      raw$status[1], if (words$hartung_knapp) "hartung_knapp" else "wald", "tau2", raw$note)
  })
  out <- do.call(rbind, c(list(each, one, two), left))
  ratio <- model$estimand == "odds ratio"
  if (ratio) out[c("estimate", "conf_low", "conf_high")] <- exp(out[c("estimate", "conf_low", "conf_high")])
  out$df[is.infinite(out$df)] <- NA
  out$estimand[!is.na(out$estimand)] <- model$estimand
  size <- nrow(out)
  list(rows = c(list(outcome = rep(input$outcome, size), term = rep(colnames(input$x)[at], size)),
    if (ratio) list(event = rep(input$event, size)), list(alternative = rep("two.sided", size),
      null_value = rep(ratio + 0, size), conf_level = rep(words$conf_level, size)), out),
    separated = studies[separated], used = good)
}

pooled_frame <- function(contrast, method, raw, n, level, status, conf_method, effect_name = NA_character_,
                         note = "") {
  data.frame(contrast = contrast, level = level, method = method, n = as.integer(n),
    estimand = if (all(is.na(raw$estimate))) NA_character_ else "slope", estimate = raw$estimate,
    std_error = raw$std_error, conf_low = raw$conf_low, conf_high = raw$conf_high,
    conf_method = ifelse(is.na(raw$conf_low), NA, conf_method), p_matches = !is.na(raw$conf_low),
    statistic = raw$statistic, df = raw$df, df_denominator = raw$df_denominator, p_value = raw$p_value,
    effect_name = effect_name, effect = raw$effect, status = status_table$word[status + 1L], note = note,
    stringsAsFactors = FALSE)
}

# All patients in one model: columns intercept, studies, covariates, predictor within study, predictor x study.
one_stage <- function(input, at, code, k, words, model, estimator, call) {
  x <- input$x[, at]
  within <- x - (rowsum(x, code) / tabulate(code, k))[code]
  dummies <- outer(code, seq_len(k)[-1], `==`) + 0
  base <- unname(cbind(1, dummies, input$x[, -c(at, which(input$assign == 0L)), drop = FALSE], within))
  p <- ncol(base)
  slope <- model$slope(pooled_problem(input, base), p, estimator, call)
  row <- ask_core(linear_t(slope["estimate"], slope["variance"], slope["df"], words$conf_level), call)
  intercepts <- model$test(pooled_problem(input, base), 1L + seq_len(k - 1L), estimator, call)
  differ <- model$test(pooled_problem(input, cbind(base, dummies * within)), p + seq_len(k - 1L), estimator, call)
  n <- sum(input$trials)
  rbind(
    pooled_frame("all studies", "one_stage", row, n, NA, slope["status"], model$interval),
    pooled_frame("all studies", "intercepts", intercepts, n, NA, intercepts$status, NA),
    pooled_frame("all studies", "interaction", differ, n, NA, differ$status, NA)
  )
}

pooling_methods <- c("fixed", "dersimonian_laird", "paule_mandel", "reml", "heterogeneity")

two_stage <- function(slopes, good, n, words, call) {
  if (length(good) < 2L) {
    return(NULL)
  }
  raw <- pool_core(slopes, good, 0:3, words, call)
  random <- if (words$hartung_knapp) "hartung_knapp" else "wald"
  pooled_frame("all studies", pooling_methods, raw, sum(n[good]), NA, raw$status,
    c("wald", random, random, random, NA), c(NA, "tau2", "tau2", "tau2", "I2"), raw$note)
}

# Rows of the pooled estimates; a note where Hartung and Knapp's standard error is below Wald's.
pool_core <- function(slopes, use, methods, words, call) {
  pool <- function(hartung_knapp) {
    ask_core(linear_pool(slopes["estimate", use], slopes["variance", use], methods, hartung_knapp, words$conf_level), call)
  }
  out <- pool(words$hartung_knapp)
  out$note <- ""
  if (words$hartung_knapp) {
    narrow <- out$std_error < pool(FALSE)$std_error * (1 - 1e-10)
    out$note <- ifelse(!is.na(narrow) & narrow, narrow_note, "")
  }
  out
}

narrow_note <- paste("the studies agree better than chance would have them, so that the standard error of Hartung and",
  "Knapp is below that of Wald (hartung_knapp = FALSE)")

pooled_lines <- function(input, at, rows, k, lost, hartung_knapp) {
  good <- length(rows$used)
  others <- setdiff(input$labels, colnames(input$x)[at])
  c(
    if (length(rows$separated)) paste0("the predictor separates in ", paste(rows$separated, collapse = ", "),
      ": Firth's penalised likelihood in all studies"),
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
  ratio <- "odds ratio" %in% rows$estimand
  what <- if (ratio) paste0("odds ratio of ", rows$outcome[1], " = ", rows$event[1], " per unit of ", rows$term[1]) else
    paste0("slope of ", rows$outcome[1], " on ", rows$term[1])
  text <- paste0("The ", what, " was ",
    paste0(vapply(seq_len(nrow(each)), function(i) slope(each[i, ]), ""), " in ", each$level, " (n = ", each$n, ")",
      collapse = ", "))
  one <- part("one_stage")
  random <- part("reml")
  differ <- rows[rows$method == "interaction" & !is.na(rows$p_value), , drop = FALSE]
  paste0(if (nrow(each)) text else paste0("No study gave an estimate of the ", what),
    if (nrow(one)) paste0("; ", slope(one), " within studies in one model"),
    if (nrow(random)) paste0("; ", slope(random), " by random effects (REML, Hartung-Knapp, ", nrow(each) - 1L, " df)"),
    if (nrow(differ)) paste0(if (ratio) "; equal odds ratios: " else "; equal slopes: ", sentence_p(differ$p_value)), ".")
}

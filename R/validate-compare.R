#' Compare areas under ROC curves
#'
#' Which of several markers or models tells the patients with the event better from the others? Areas of the same
#' patients are
#' compared by DeLong's test, which allows for their correlation; areas of different patients (`across`) by a t with
#' Satterthwaite's degrees of freedom. The contrast is **level minus reference**, the reference being the first marker or
#' group.
#'
#' @inheritParams validate_predictors
#' @param x A formula `response ~ a + b`; or models of the same patients, in which case further models follow in `...`.
#' @param ... More models; they are called as they are named, or by their variable.
#' @param across Column of groups of different patients between whom one marker is compared: `response ~ hbf, across =
#'   centre`.
#' @param contrasts `"reference"` or `"pairwise"`.
#' @param p_adjust A method of [stats::p.adjust()] over the differences.
#' @return A result: a row for each area and one for each difference. Identical markers have a difference of 0 without
#'   variance,
#'   status `no_variance`. For different patients `interval = "newcombe"` gives limits that exist at areas of 0 and 1
#'   (square-and-add), which invert no test: `p_matches` FALSE.
#' @section Errors:
#' `respondr_error_rows` where models were fitted to different patients.
#' @references DeLong ER et al. (1988) \doi{10.2307/2531595}. Newcombe RG (2006) \doi{10.1002/sim.2324}. Zou GY, Donner A
#' (2008)
#'   \doi{10.1002/sim.3095}.
#' @examples
#' compare_aucs(low ~ lwt + age, MASS::birthwt)
#' compare_aucs(low ~ lwt, MASS::birthwt, across = smoke)
#' @export
compare_aucs <- function(x, ...) {
  if (missing(x)) {  # every model under a name of its own
    return(compare_aucs.default(...))
  }
  UseMethod("compare_aucs")
}

#' @rdname compare_aucs
#' @export
compare_aucs.formula <- function(x, data = NULL, ..., across = NULL, subset = NULL, weights = NULL, event = NULL,
                                 interval = "delong", contrasts = "reference", conf_level = 0.95, p_adjust = "none") {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- compare_words(interval, contrasts, conf_level, p_adjust, call)
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights), across = substitute(across)),
    null_word, env)
  if (!is.null(columns$across)) {
    return(compare_groups_of_patients(x, data, columns, event, words, env, call))
  }
  input <- marker_input(x, data, columns, event, env, call)
  compare_on_patients(input, spread_patients(input$scores, input), words, call)
}

#' @rdname compare_aucs
#' @export
compare_aucs.default <- function(x, ..., interval = "delong", contrasts = "reference", conf_level = 0.95,
  p_adjust = "none") {
  call <- rlang::current_call()
  words <- compare_words(interval, contrasts, conf_level, p_adjust, call)
  models <- if (missing(x)) list(...) else list(x, ...)
  given <- as.list(if (missing(x)) substitute(list(...)) else substitute(list(x, ...)))[-1]
  parts <- lapply(models, model_parts, call)
  names <- names(models) %||% rep("", length(models))
  plain <- vapply(given, is.symbol, NA)
  spoken <- ifelse(plain, vapply(given, deparse_one, ""), paste("model", seq_along(models)))
  names[!nzchar(names)] <- spoken[!nzchar(names)]
  if (anyDuplicated(names)) names <- paste("model", seq_along(models))
  same <- vapply(parts, function(p) identical(as.double(p$y), as.double(parts[[1]]$y)), NA)
  if (!all(same)) {
    stop_input("rows", c("The models were fitted to different patients or responses.",
      i = "Fit them to the same rows; a predictor with missing values drops rows of its own."), "...", call)
  }
  patients <- patients_of(parts[[1]])
  scores <- lapply(stats::setNames(parts, names), function(p) spread(p$p, patients))
  source <- c(patients, parts[[1]][c("outcome", "event_label", "n_dropped")])
  compare_on_patients(source, scores, words, call)
}

compare_words <- function(interval, contrasts, conf_level, p_adjust, call) {
  list(interval = check_word(interval, validate_intervals, "interval", call),
    contrasts = check_word(contrasts, c("reference", "pairwise"), "contrasts", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    p_adjust = check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call), groups = 10L, convention = "respondr",
    smooth = "none")
}

area_pairs <- function(k, contrasts, call) {
  if (k < 2L) {
    stop_input("formula", c("A comparison needs two areas.",
      i = "Write `response ~ a + b`, give two models, or name groups in `across =`."), "x", call)
  }
  if (contrasts == "reference") {
    return(list(first = seq_len(k)[-1L], second = rep(1L, k - 1L)))
  }
  both <- utils::combn(k, 2L)
  list(first = both[2, ], second = both[1, ])
}

compare_on_patients <- function(input, scores, words, call) {
  pairs <- area_pairs(length(scores), words$contrasts, call)
  solved <- solve_areas(input, scores, words, call, pairs$first, pairs$second)
  comparison_result(solved, names(scores), pairs, "delong", input, words, list(lines = event_line(input, input),
    title = "Areas under ROC curves of the same patients"), list(patients = input, scores = scores), call)
}

compare_groups_of_patients <- function(formula, data, columns, event, words, env, call) {
  data <- as_data(data, call)
  group <- eval_column(columns$across, data, env, "across", NULL, call)
  keep <- subset_rows(columns$subset, data, env, call)
  labels <- if (is.factor(group)) levels(droplevels(group)) else sort(unique(group[!is.na(group)]))
  inputs <- lapply(labels, function(g) {
    at <- which(!is.na(group) & group == g & (if (is.null(keep)) TRUE else keep))
    marker_input(formula, data[at, , drop = FALSE], columns["weights"], event, env, call)
  })
  if (any(lengths(lapply(inputs, `[[`, "scores")) != 1L)) {
    stop_input("formula", c("Groups of patients are compared on one marker.", i = "Write `response ~ hbf`."), "x", call)
  }
  pairs <- area_pairs(length(labels), words$contrasts, call)
  solved <- ask_core(validate_independent_areas(lapply(inputs, function(i) list(event = i$event, weight = i$weight,
    scores = unname(spread_patients(i$scores, i)))), pairs$first, pairs$second, auc_options(words)), call)
  all <- inputs[[1]]
  all$n_dropped <- sum(vapply(inputs, `[[`, 0L, "n_dropped")) + sum(is.na(group))
  title <- paste0("Areas under ROC curves of ", names(all$scores), " in different patients, by ",
    deparse_one(columns$across))
  scores <- lapply(stats::setNames(inputs, as.character(labels)), function(i) spread_patients(i$scores, i)[[1]])
  comparison_result(solved, as.character(labels), pairs, "satterthwaite", all, words, list(title = title,
    lines = paste0("event of ", all$outcome, ": ", all$event_label)), list(groups = inputs, scores = scores), call)
}

comparison_result <- function(solved, names, pairs, method, source, words, settings, input, call) {
  k <- length(names)
  columns <- measure_frame(solved)
  n <- length(columns$n)
  difference <- seq_len(n) > k
  level <- c(names, names[pairs$first])
  reference <- c(rep(NA_character_, k), names[pairs$second])
  frame <- c(list(
    outcome = constant_factor(source$outcome, n),
    contrast = factor(ifelse(difference, paste(level, "-", reference), level), levels = unique(ifelse(difference,
      paste(level, "-", reference), level))),
    level = factor(level, levels = names), reference = factor(reference, levels = names),
    event = constant_factor(source$event_label, n), method = factor(ifelse(difference, method, "auc"), levels = c("auc",
      method)),
    alternative = constant_factor("two.sided", n), null_value = ifelse(difference, 0, 0.5),
    n_dropped = rep(as.integer(source$n_dropped), n),
    estimand = factor(ifelse(difference, "difference of areas", validate_estimands[["auc"]])),
    conf_level = rep(words$conf_level, n)), columns)
  if (words$p_adjust != "none") {
    frame$p_adjusted <- rep(NA_real_, n)
    frame$p_adjusted[difference] <- stats::p.adjust(frame$p_value[difference], words$p_adjust)
  }
  build_result(frame, class = c("respondr_auc_comparison", "respondr_validation"), settings = c(settings,
    list(family = "validate",
    by = character(), conf_level = words$conf_level, alternative = "two.sided", p_adjust = words$p_adjust,
    adjust_over = if (words$p_adjust != "none") "differences", mixed_scales = TRUE, kind = "comparison")),
    trace = validation_trace(source, words), input = input, call = call)
}

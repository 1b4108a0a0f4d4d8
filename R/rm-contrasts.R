# Means and contrasts of repeated measures: one front for the ANOVA and the mixed model.

#' Means and contrasts of repeated measures
#'
#' `rm_means()` gives estimated marginal means: of every visit and group unless `of` names fewer factors, with the interval
#' that fits the design. `rm_contrasts()` compares levels: every visit with the reference visit unless told otherwise.
#'
#' For an ANOVA each contrast has the error of its own, the variation of that very contrast over the patients
#' (`error = "own"`: for two visits and one group this is the paired t-test); `error = "pooled"` takes the error of the
#' within factors together, which assumes sphericity. With n patients used and a between model of rank r both have n - r
#' degrees of freedom for own errors, (n - r) times the dimension for the pooled one. For a mixed model standard errors
#' and degrees of freedom are those of the fit.
#'
#' @section Adjustment:
#' `p_adjust = "mvt"` takes the joint multivariate t distribution of the contrasts (Hothorn, Bretz and Westfall 2008) and
#' gives simultaneous intervals; it needs the package mvtnorm, and its numerical error (about 1e-5) is kept in the note of
#' the trace. `"bonferroni"` gives simultaneous intervals as well; the other methods of [stats::p.adjust()] give adjusted
#' p-values only. The family is all contrasts of an outcome and `by` combination that the call returns.
#'
#' @param x A result of [rm_anova()] or [rm_mmrm()].
#' @param contrast `"reference"`, `"pairwise"`, `"trend"` (orthogonal polynomials on the real spacing of the visits; the
#'   linear one is the slope per unit of time), or a matrix with one row a contrast and one column a level of `of`.
#' @param of The factor whose levels are compared, by default the within factor; a within and a between factor,
#'   `of = c("visit", "arm")`, give interaction contrasts (differences of differences). For `rm_means()` the factors whose
#'   combinations are wanted, by default all.
#' @param by Factors at each of whose levels the contrasts are given; the others are averaged.
#' @param margins Weights of groups that are averaged: `"equal"`, or `"observed"` (patients in each group).
#' @param reference The level compared with; by default the reference visit, and the first level of other factors.
#' @param error `"own"` or `"pooled"` (ANOVA only).
#' @param p_adjust `"none"`, `"mvt"`, or a method of [stats::p.adjust()].
#' @param conf_level Confidence level, by default that of `x`.
#' @param ... Must be empty.
#' @return A data frame of class `respondr_rm_contrasts` with the columns described in [result_columns].
#' @references Hothorn T, Bretz F, Westfall P (2008) \doi{10.1002/bimj.200810425}.
#' @examples
#' long <- data.frame(
#'   id = rep(1:6, 3), month = rep(c(0, 3, 12), each = 6), sex = rep(c("f", "m"), 9),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 9.0, 9.1, 8.8, 9.9, 9.3, 8.5)
#' )
#' fit <- rm_anova(hb ~ sex * month | id, long)
#' rm_means(fit, of = "month")
#' rm_contrasts(fit)
#' rm_contrasts(fit, by = "sex", p_adjust = "holm")
#' rm_contrasts(fit, "trend")
#' @export
rm_contrasts <- function(x, contrast = "reference", ..., of = NULL, by = NULL, margins = "equal", reference = NULL,
                         error = "own", p_adjust = "none", conf_level = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  input <- rm_input_of_any(x, call)
  if (!is.matrix(contrast)) check_word(contrast, c("reference", "pairwise", "trend"), "contrast", call)
  check_word(margins, c("equal", "observed"), "margins", call)
  check_word(error, c("own", "pooled"), "error", call)
  check_word(p_adjust, c("none", "mvt", stats::p.adjust.methods), "p_adjust", call)
  of <- check_factors(of %||% input$within_names[length(input$within_names)], input, "of", call)
  by <- setdiff(check_factors(by, input, "by", call), of)
  level <- check_level(conf_level, x, call)
  words <- list(kind = "contrast", contrast = contrast, of = of, by = by, margins = margins, reference = reference,
    error = error, p_adjust = p_adjust, conf_level = level)
  rm_targets_result(x, words, call)
}

#' @rdname rm_contrasts
#' @export
rm_means <- function(x, of = NULL, ..., margins = "equal", error = "own", conf_level = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  input <- rm_input_of_any(x, call)
  check_word(margins, c("equal", "observed"), "margins", call)
  check_word(error, c("own", "pooled"), "error", call)
  factors <- c(factor_names(input), input$within_names)
  of <- if (is.null(of)) factors else check_factors(of, input, "of", call)
  words <- list(kind = "mean", of = of, margins = margins, error = error, p_adjust = "none",
    conf_level = check_level(conf_level, x, call))
  rm_targets_result(x, words, call)
}

factor_names <- function(input) names(input$between)[vapply(input$between, is.factor, NA)]

rm_input_of_any <- function(x, call) {
  input <- if (is.data.frame(x)) attr(x, "input") else if (is.list(x)) x$input
  if (is.null(input$within_names)) {
    stop_input("x", "`x` must be a result of `rm_anova()` or `rm_mmrm()`.", "x", call)
  }
  input
}

check_factors <- function(names, input, argument, call) {
  known <- c(factor_names(input), input$within_names)
  if (length(names) && (!is.character(names) || !all(names %in% known))) {
    stop_input("factor", c(
      paste0("`", argument, "` names ", quoted(setdiff(as.character(names), known)), ", which is no factor of the model."),
      i = paste0("Factors: ", quoted(known, 12), ".")
    ), argument, call)
  }
  unique(names)
}

check_level <- function(conf_level, x, call) {
  if (is.null(conf_level)) {
    return((if (is.data.frame(x)) attr(x, "settings") else x$settings)$conf_level)
  }
  check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
}

# Targets of one part of the data (one `by` group of the call).
make_targets <- function(input, words, call) {
  if (words$kind == "mean") {
    return(mean_targets(input, words$of, words$margins))
  }
  contrast_targets(input, words$contrast, words$of, words$by, words$margins, words$reference, call)
}

# rm_estimates() gives blocks of problems that share their targets, a list each: outcome (names), by (one row of the by
# columns), labels (data frame, one row a target), rows (list of the dictionary's numbers, outcome after outcome, the target
# fastest), correlation (targets x targets x outcomes, where wanted).
rm_targets_result <- function(x, words, call) {
  frame <- is.data.frame(x)
  targets_table(rm_estimates(x, words, call), words, if (frame) attr(x, "settings") else x$settings,
    if (frame) attr(x, "input") else x$input, call)
}

targets_table <- function(blocks, words, settings, input, call) {
  out <- bind_columns(lapply(seq_along(blocks), function(b) c(targets_block(blocks[[b]], words, call),
    list(at = rep(b, length(blocks[[b]]$rows$estimate))))))
  wanted <- intersect(names(input$outcomes), as.character(out$outcome))
  out <- lapply(out, `[`, order(match(out$outcome, wanted), out$at))
  out$outcome <- factor(out$outcome, levels = wanted)
  out$at <- NULL
  n <- length(out$outcome)
  means <- words$kind == "mean"
  by_names <- c(names(blocks[[1]]$by), if (means) words$of else words$by)
  if (!means) {
    out$alternative <- constant_factor("two.sided", n)
    out$null_value <- rep(0, n)
  }
  out$conf_level <- rep(words$conf_level, n)
  out$p_matches <- !is.na(out$conf_low)
  out$estimand <- constant_factor(if (means) "mean" else "difference of means", n)
  if (!means && is.character(words$contrast) && words$contrast == "trend") {
    out$estimand <- factor(ifelse(grepl("linear", out$contrast), "slope", "polynomial"))
  }
  if (means) {
    out$p_value <- rep(NA_real_, n)
    out$statistic <- NULL
  }
  new_settings <- list(
    family = settings$family, by = by_names, conf_level = words$conf_level, scale = "difference",
    title = if (means) "Estimated marginal means" else "Contrasts of repeated measures", p_adjust = words$p_adjust,
    adjust_over = "the contrasts shown", lines = c(settings$warning_line, targets_line(words, settings)), kind = settings$kind
  )
  build_result(out, class = "respondr_rm_contrasts", settings = new_settings, trace = targets_trace(words, settings),
    input = input, call = call)
}

# The columns of a block.
targets_block <- function(block, words, call) {
  k <- length(block$outcome)
  targets <- nrow(block$labels)
  rows <- block$rows
  if (words$p_adjust != "none") {
    rows <- bind_columns(lapply(seq_len(k), function(i) {
      adjust_targets(lapply(rows, `[`, (i - 1L) * targets + seq_len(targets)), block$correlation[, , i], words, call)
    }))
  }
  c(list(outcome = enumerated(block$outcome, rep(seq_len(k), each = targets))), lapply(block$by, `[`, rep(1L, k * targets)),
    lapply(block$labels, `[`, rep(seq_len(targets), k)), rows)
}

targets_line <- function(words, settings) {
  if (identical(settings$family, "rm_mmrm")) {
    return(paste0("mixed model, ", settings$covariance_words, ", ", settings$df_words))
  }
  paste0("error: ", c(own = "each contrast's own", pooled = "pooled over the within factors")[[words$error]],
    "; groups weighted ", c(equal = "equally", observed = "by their patients")[[words$margins]])
}

targets_trace <- function(words, settings) {
  data.frame(
    choice = c("margins", "error", "adjustment"), value = c(words$margins, words$error, words$p_adjust),
    detail = c("weights of groups that are averaged", "", if (words$p_adjust == "mvt") "mvtnorm, error about 1e-5" else "")
  )
}

# Adjusted p-values and simultaneous limits of the contrasts of one problem.
adjust_targets <- function(rows, correlation, words, call) {
  how <- words$p_adjust
  if (how == "none") {
    return(rows)
  }
  rows$conf_low_adjusted <- rows$conf_high_adjusted <- rep(NA_real_, length(rows$p_value))
  known <- !is.na(rows$p_value)
  if (!any(known)) {
    rows$p_adjusted <- rows$p_value
    return(rows)
  }
  if (how == "mvt") {
    correlation <- matrix(correlation, length(known))[known, known, drop = FALSE]
    joint <- lib_mvt(rows$statistic[known], correlation, rows$df[known], words$conf_level, call)
    rows$p_adjusted <- rep(NA_real_, length(known))
    rows$p_adjusted[known] <- joint$p
    half <- joint$quantile * rows$std_error
  } else {
    rows$p_adjusted <- stats::p.adjust(rows$p_value, how)
    m <- sum(known)
    half <- if (how == "bonferroni") {
      stats::qt(1 - (1 - words$conf_level) / (2 * m), rows$df) * rows$std_error
    } else {
      NA_real_
    }
  }
  rows$conf_low_adjusted <- rows$estimate - half
  rows$conf_high_adjusted <- rows$estimate + half
  rows
}

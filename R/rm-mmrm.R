#' Mixed model for repeated measures
#'
#' A linear model for all measurements of a patient with an unstructured or structured covariance between visits
#' (marginal model, no random effects): every patient contributes what was measured, under the assumption that what is
#' missing depends on what was seen (missing at random). The contrasts over time are after minus before.
#'
#' @section Model:
#' `y_i ~ N(X_i b, S_i)` for patient i, S_i the rows and columns of the covariance of the visits he has. Restricted
#' (`method = "reml"`) or full maximum likelihood, maximised in the core by Fisher scoring and Newton steps with step control;
#' convergence is judged by `g' H^-1 g` (g gradient, H Hessian) and reported.
#'
#' @section Covariance:
#' `"us"` unstructured; `"toep"`, `"toeph"` Toeplitz; `"ar1"`, `"ar1h"` first-order autoregressive; `"cs"`, `"csh"` compound
#' symmetry (the correlation may be negative); `"ad"`, `"adh"` first-order ante-dependence; each with one variance or (h, and
#' `"us"`) a variance for each visit; `"sp_exp"` correlation `rho^|t - s|` on the real times of the visits. Several names are
#' tried in that order on non-convergence only; the result names the one used.
#'
#' @section Degrees of freedom:
#' `"kenward_roger"` (Kenward and Roger 1997) in the natural parameters of the covariance, which is what SAS prints;
#' `"kenward_roger_linear"` without second derivatives (SAS: FIRSTORDER); `"kenward_roger_cholesky"` in Cholesky parameters, the
#' default form of the mmrm package; `"satterthwaite"`; `"between_within"`; `"residual"`; `"asymptotic"`. Two complete visits
#' give the paired t-test under the first, the fourth and the fifth.
#'
#' @section Several problems:
#' With several outcomes or `by`, the result is the table of contrasts of [rm_contrasts()], one block for each, with the fits
#' in `attr(x, "fits")`.
#'
#' @inheritParams rm_anova
#' @param formula `hb ~ arm * visit | id`, `hb ~ base * visit + arm * visit | id`; numeric covariates may change over time.
#' @param covariance One structure, or several to try in order.
#' @param covariance_by A between factor; each of its levels gets a covariance of its own.
#' @param method `"reml"` or `"ml"`.
#' @param df Degrees of freedom; see there.
#' @param vcov Covariance of the coefficients: `"model"`, or robust `"CR0"`, `"CR2"`, `"CR3"` (clustered by patient).
#' @param constrained Between factors whose groups have one common mean at the reference visit (constrained longitudinal data
#'   analysis, Liang and Zeger 2000), as for arms of a randomised study.
#' @param weights A column of positive weights; the variance of a measurement is divided by its weight.
#' @param max_iterations,tolerance Of the optimiser.
#' @return An object of class `respondr_mmrm` that answers `coef()`, `vcov()`, `confint()`, `logLik()`, `nobs()`,
#'   `residuals()`, `fitted()`, `predict()`, `anova()`, `formula()`, `model.frame()`, `model.matrix()`, `update()`, `simulate()`,
#'   `tidy()`, `glance()`, `augment()`, [rm_means()], [rm_contrasts()], [rm_patients()], [rm_covariance()] and emmeans.
#' @references Kenward MG, Roger JH (1997) \doi{10.2307/2533558}. Fai AHT, Cornelius PL (1996)
#'   \doi{10.1080/00949659608811740}. Pustejovsky JE, Tipton E (2018) \doi{10.1080/07350015.2016.1247004}. Liang KY, Zeger SL
#'   (2000) Sankhya B 62, 134-148. Mallinckrodt CH et al. (2008) \doi{10.1177/009286150804200402}.
#' @examples
#' long <- data.frame(
#'   id = rep(1:8, 3), month = rep(c(0, 3, 12), each = 8), arm = rep(c("a", "b"), 12),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 7.3, 6.8, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 8.4, NA,
#'          9.0, 9.1, NA, 9.9, 9.3, 8.5, NA, NA)
#' )
#' fit <- rm_mmrm(hb ~ arm * month | id, long)
#' fit
#' rm_contrasts(fit, by = "arm")
#' rm_contrasts(fit, of = "arm", by = "month")
#' @export
rm_mmrm <- function(formula, data = NULL, ..., outcomes = NULL, within = NULL, by = NULL, subset = NULL, reference = NULL,
                    visits = NULL, covariance = "us", covariance_by = NULL, method = "reml", df = "kenward_roger",
                    vcov = "model", constrained = NULL, weights = NULL, conf_level = 0.95, max_iterations = 200,
                    tolerance = 1e-8, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  frame <- as_data(data, call)
  env <- parent.frame()
  names <- function(e, argument) select_columns(e, frame, env, argument, call)
  words <- mmrm_words(covariance, method, df, vcov, conf_level, max_iterations, tolerance, threads, call)
  input <- rm_input(formula, data, outcomes, names_or_null(names(substitute(within), "within")),
    names(substitute(by), "by"), substitute(subset), reference, visits, call, allow_covariates = TRUE)
  words$constrained <- check_between(names(substitute(constrained), "constrained"), input, "constrained", call)
  words$covariance_by <- check_between(names(substitute(covariance_by), "covariance_by"), input, "covariance_by", call)
  words$weights <- mmrm_weights(substitute(weights), frame, substitute(subset), env, input, call)
  words$formula <- formula
  fit_mmrm(input, words, call)
}

names_or_null <- function(x) if (length(x)) x

covariances <- c("us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh", "sp_exp")
mmrm_dfs <- c(
  "kenward_roger", "kenward_roger_linear", "kenward_roger_cholesky", "satterthwaite", "between_within", "residual",
  "asymptotic"
)
mmrm_vcovs <- c("model", "CR0", "CR2", "CR3")

mmrm_words <- function(covariance, method, df, vcov, conf_level, max_iterations, tolerance, threads, call) {
  words <- list(
    covariance = check_words(covariance, covariances, "covariance", call),
    method = check_word(method, c("reml", "ml"), "method", call),
    df = check_word(df, mmrm_dfs, "df", call),
    vcov = check_word(vcov, mmrm_vcovs, "vcov", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    max_iterations = as.integer(check_number(max_iterations, "max_iterations", call, 1, 1e6)),
    tolerance = check_number(tolerance, "tolerance", call, 0, 1, open = TRUE),
    threads = check_threads(threads, call)
  )
  if (words$vcov != "model" && startsWith(words$df, "kenward")) {
    words$df <- "satterthwaite"
    words$df_note <- "Kenward-Roger belongs to the model-based covariance; degrees of freedom are Satterthwaite's"
  }
  words
}

check_between <- function(names, input, argument, call) {
  bad <- setdiff(names, factor_names(input))
  if (length(bad)) {
    stop_input("factor", c(
      paste0("`", argument, "` names ", quoted(bad), ", which is no factor between patients in the formula."),
      i = if (length(factor_names(input))) paste0("Factors: ", quoted(factor_names(input)), ".")
    ), argument, call)
  }
  names
}

mmrm_weights <- function(e, data, subset, env, input, call) {
  if (is.null(e)) {
    return(NULL)
  }
  keep <- if (length(data)) subset_rows(subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  w <- eval_column(e, data, env, "weights", if (length(data)) nrow(data), call)
  if (!is.numeric(w) || any(!is.finite(w) | w <= 0, na.rm = TRUE)) {
    stop_input("weights", "`weights` must be positive numbers.", "weights", call)
  }
  as.double(w)
}

# One problem for each outcome and by group; one of them gives a model, several a table.
fit_mmrm <- function(input, words, call) {
  groups <- seq_len(length(input$group_start) - 1L)
  fits <- list()
  for (o in seq_along(input$outcomes)) {
    for (g in groups) {
      part <- rm_group_input(input, g)
      part$outcomes <- part$outcomes[o]
      fits[[length(fits) + 1L]] <- mmrm_one(part, words, call)
    }
  }
  if (length(fits) == 1L) {
    return(fits[[1]])
  }
  tables <- lapply(fits, rm_contrasts)
  out <- do.call(rbind, lapply(tables, as.data.frame))
  settings <- attr(tables[[1]], "settings")
  settings$title <- "Mixed models for repeated measures"
  result <- build_result(out, class = "respondr_rm_contrasts", settings = settings, trace = attr(tables[[1]], "trace"),
    input = input, call = call)
  attr(result, "fits") <- fits
  result
}

# Measured rows of one outcome, sorted by patient and visit, as the model frame.
mmrm_frame <- function(input, words) {
  y <- input_column(input, "outcomes", 1L)
  rows <- t(input$rows)
  at <- which(!is.na(rows))
  row <- rows[at]
  cell <- (at - 1L) %% nrow(rows) + 1L
  patient <- (at - 1L) %/% nrow(rows) + 1L
  frame <- c(
    lapply(input$within, function(x) x[cell]),
    lapply(input$between, function(x) x[patient]),
    lapply(input$varying, function(x) as_between(x[row]))
  )
  frame <- structure(frame, row.names = .set_row_names(length(row)), class = "data.frame")
  values <- y[row]
  weight <- if (!is.null(words$weights)) words$weights[row]
  keep <- !is.na(values) & stats::complete.cases(frame) & (if (is.null(weight)) TRUE else !is.na(weight))
  list(frame = frame[keep, , drop = FALSE], y = values[keep], patient = patient[keep], visit = cell[keep],
    weight = weight[keep], row = row[keep])
}

# Treatment contrasts with the reference visit as base; columns of constrained factors at the reference visit are left out.
mmrm_matrix <- function(input, frame, words, levels = NULL) {
  tt <- stats::delete.response(input$model)
  names <- colnames(attr(tt, "factors"))
  frame <- protect_names(tt, frame, levels)
  contrasts <- list()
  for (name in names(frame)[vapply(frame, is.factor, NA)]) {
    base <- input$reference_level[name]
    contrasts[[name]] <- stats::contr.treatment(levels(frame[[name]]), base = if (is.na(base)) 1L else base)
  }
  x <- stats::model.matrix(tt, structure(frame, terms = tt), contrasts.arg = if (length(contrasts)) contrasts)
  assign <- attr(x, "assign")
  attr(x, "contrasts") <- NULL
  drop <- constrained_columns(tt, assign, input, words$constrained)
  attr(x, "assign") <- NULL
  list(x = x[, !drop, drop = FALSE], assign = assign[!drop], terms = names)
}

# model.matrix() looks for the variables by their labels, which may be calls such as log(base).
protect_names <- function(tt, frame, levels) {
  for (name in names(levels)) frame[[name]] <- factor(as.character(frame[[name]]), levels = levels[[name]])
  frame
}

constrained_columns <- function(tt, assign, input, constrained) {
  if (!length(constrained)) {
    return(rep(FALSE, length(assign)))
  }
  factors <- attr(tt, "factors") > 0
  inside <- colSums(factors[intersect(rownames(factors), input$within_names), , drop = FALSE]) > 0
  held <- colSums(factors[intersect(rownames(factors), constrained), , drop = FALSE]) > 0
  out <- rep(FALSE, length(assign))
  out[assign > 0] <- (held & !inside)[assign[assign > 0]]
  out
}

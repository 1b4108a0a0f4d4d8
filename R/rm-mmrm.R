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
#' in `attr(x, "fits")`. All outcomes of a group are fitted in one call of the core; [rm_contrasts()] of such a table gives
#' other contrasts of the same fits.
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
  input <- rm_input(formula, data, outcome_words(substitute(outcomes), frame, env, call), names_or_null(names(substitute(within), "within")),
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
    max_iterations = check_whole(max_iterations, "max_iterations", call, 1, 1e6),
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

mmrm_options <- function(words) {
  list(structures = words$covariance, reml = words$method == "reml", max_iterations = words$max_iterations,
    tolerance = words$tolerance, progress = NULL)
}

mmrm_times <- function(input, words, call) {
  if (!"sp_exp" %in% words$covariance) {
    return(NULL)
  }
  if (is.null(input$times)) {
    stop_input("covariance", c(
      paste0("`covariance = \"sp_exp\"` needs the visits as numbers, and ", quoted(input$visits, 12), " are none."),
      i = "Give the visit as a number or date, or name the visits `month 0`, `month 3`, ..."
    ), "covariance", call)
  }
  as.double(input$times)
}

new_mmrm <- function(input, words, data, model, problem, fits, full, call) {
  fit <- fits[[1]]
  p <- ncol(model$x)
  kept <- seq_len(p) %in% fit$kept
  vcov <- matrix(NA_real_, p, p, dimnames = list(colnames(model$x), colnames(model$x)))
  status <- status_table$word[fit$status + 1L]
  if (length(fit$vcov) && length(full)) vcov[kept, kept] <- full
  object <- structure(list(
    coefficients = stats::setNames(as.double(fit$beta), colnames(model$x)), vcov = vcov, kept = kept,
    covariance = lapply(fit$sigma, function(s) {
      if (identical(dim(s), rep(length(input$visits), 2L))) dimnames(s) <- list(input$visits, input$visits)
      s
    }),
    theta = fit$theta, structure = fit$structure, log_likelihood = fit$log_likelihood, iterations = fit$iterations,
    convergence = fit$convergence, status = status, n = fit$n_patients, outcome = names(input$outcomes)[1],
    by = input$by, x = model$x, assign = model$assign, terms = model$terms, frame = data$frame, row = data$row,
    ids = patient_labels(input), patient = data$patient, problem = problem, fits = fits, input = input,
    settings = mmrm_settings(words, fit, input), env = environment(words$formula) %||% globalenv(), call = call
  ), class = "respondr_mmrm")
  names(object$covariance) <- problem$groups
  mmrm_warn(object, call)
  object
}

mmrm_settings <- function(words, fit, input) {
  c(words[c("method", "df", "vcov", "conf_level", "constrained", "covariance_by", "formula")], list(
    family = "rm_mmrm", by = names(input$by), kind = "long", covariance = words$covariance,
    covariance_words = paste0(covariance_names[[fit$structure]], " covariance"),
    df_words = paste0(df_names[[words$df]], " degrees of freedom"), df_note = words$df_note
  ))
}

covariance_names <- c(
  us = "unstructured", toep = "Toeplitz", toeph = "heterogeneous Toeplitz", ar1 = "AR(1)", ar1h = "heterogeneous AR(1)",
  cs = "compound symmetry", csh = "heterogeneous compound symmetry", ad = "ante-dependence",
  adh = "heterogeneous ante-dependence", sp_exp = "spatial exponential"
)
df_names <- c(
  kenward_roger = "Kenward-Roger", kenward_roger_linear = "Kenward-Roger (first order)",
  kenward_roger_cholesky = "Kenward-Roger (Cholesky parameters)", satterthwaite = "Satterthwaite",
  between_within = "between-within", residual = "residual", asymptotic = "asymptotic (infinite)"
)
core_dfs <- c("satterthwaite", "kenward_roger", "kenward_roger_linear", "kenward_roger_cholesky", "between_within",
  "residual", "asymptotic")

mmrm_test_options <- function(settings, level) {
  list(reml = settings$method == "reml", df = match(settings$df, core_dfs) - 1L,
    vcov = match(settings$vcov, mmrm_vcovs) - 1L, conf_level = level, alternative = 0L, null = NULL, information = 0L,
    convention = 0L, progress = NULL)
}

# t tests of the rows of l (over all columns of the model), each on its own: columns, fit after fit.
mmrm_tests <- function(problem, fits, l, options, threads, call) {
  contrasts <- lapply(seq_len(nrow(l)), function(i) l[i, , drop = FALSE])
  raw <- ask_core(rm_mmrm_test(problem, fits, contrasts, options, threads), call)
  raw$status <- status_factor(raw$status)
  raw[c("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high", "status")]
}

mmrm_test <- function(object, l, level) {
  mmrm_tests(object$problem, object$fits, l, mmrm_test_options(object$settings, level), 1L, object$call)
}

# F test of all rows of l together.
mmrm_joint_test <- function(object, l) {
  raw <- ask_core(rm_mmrm_test(object$problem, object$fits, list(l), mmrm_test_options(object$settings, 0.95), 1L), object$call)
  if (nrow(l) == 1L) {
    return(list(statistic = raw$statistic^2, df = 1, df_denominator = raw$df, p_value = raw$p_value, status = raw$status))
  }
  raw[c("statistic", "df", "df_denominator", "p_value", "status")]
}

# What went wrong, once, as a classed warning; the object says it too.
mmrm_warn <- function(object, call) {
  fit <- object$fits[[1]]
  tried <- paste0(fit$tried, " (", status_table$word[fit$tried_status + 1L], ")", collapse = ", ")
  if (object$status %in% c("not_converged", "boundary", "not_estimable", "no_variance", "too_few")) {
    warn_input(object$status, c(
      paste0("The mixed model of `", object$outcome, "` has status `", object$status, "`: ", status_sentence(object$status),
        "."),
      x = paste0("Covariances tried: ", tried, "."), i = mmrm_advice(object)
    ), "covariance", call)
  }
  if (!all(object$kept) && object$status != "no_data") {
    warn_input("rank_deficient", paste0("Coefficients that depend on others are left out: ",
      quoted(names(object$coefficients)[!object$kept], 8), "."), "formula", call)
  }
}

mmrm_advice <- function(object) {
  fit <- object$fits[[1]]
  visits <- object$input$visits
  if (object$status == "too_few") {
    return(paste0(nobs(object), " measurements for ", length(object$coefficients), " coefficients."))
  }
  if (object$status == "no_variance") {
    return("The model explains every measurement; is the outcome constant, or a copy of a covariate?")
  }
  if (object$status %in% c("boundary", "not_estimable") && length(fit$trouble)) {
    at <- unique(c(fit$theta_high, fit$theta_low)[c(fit$trouble, fit$trouble + length(fit$theta_high))])
    at <- at[!is.na(at) & at > 0L & at <= length(visits)]
    if (length(at)) {
      return(paste0("Visits concerned: ", quoted(visits[at], 8), ". A simpler covariance, such as `covariance = c(\"us\", ",
        "\"toeph\", \"ar1h\", \"cs\")`, may be estimable."))
    }
  }
  "Try `covariance = c(\"us\", \"toeph\", \"ar1h\", \"cs\")`, taken in that order until one converges."
}

#' @export
format.respondr_mmrm <- function(x, ..., width = getOption("width")) {
  settings <- x$settings
  fit <- x$fits[[1]]
  lines <- c(
    paste0("Mixed model for repeated measures, ", toupper(settings$method), ": ", x$outcome),
    paste0(capitalised(covariance_names[[x$structure]]), " covariance of ", length(x$input$visits), " visits",
      if (length(settings$covariance_by)) paste0(", one for each level of ", paste(settings$covariance_by, collapse = ", ")),
      if (length(fit$tried) > 1L) paste0(" (tried: ", paste(fit$tried, collapse = ", "), ")"),
      "; ", df_names[[settings$df]], " degrees of freedom",
      if (settings$vcov != "model") paste0("; robust covariance ", settings$vcov)),
    if (!is.null(settings$df_note)) paste0(settings$df_note, "."),
    paste0(x$n, " patients, ", nobs(x), " measurements; log likelihood ", formatC(x$log_likelihood, digits = 2, format = "f"),
      "; ", x$iterations, " iterations, convergence ", formatC(x$convergence, digits = 1, format = "g")),
    capitalised(x$input$notes), rm_loss_lines(rm_account(x$input, uses_all = TRUE)),
    if (x$status != "ok") paste0("Status: ", x$status, " (", status_sentence(x$status), ")")
  )
  table <- coefficient_table(x)
  places <- estimate_places(table$estimate, table$conf_low, table$conf_high, table$std_error)
  places <- group_places(places, rep(1L, nrow(table)))
  columns <- list(
    term = table_column("coefficient", table$term, FALSE), estimate = table_column("estimate",
      format_places(table$estimate, places)), se = table_column("SE", format_places(table$std_error, places)),
    interval = table_column(paste(format_level(settings$conf_level), "interval"),
      format_interval(table$conf_low, table$conf_high, places), keep = 3),
    df = table_column("df", format_places(table$df, 1L), keep = 2), t = table_column("t", format_statistic(table$statistic),
      keep = 1), p = table_column("p", format_p(table$p_value))
  )
  fitted <- fit_columns(columns, width)
  c(wrapped(lines, width), "", table_lines(fitted$columns, width, lead = fitted$lead), "",
    wrapped("Means: rm_means(); changes and differences: rm_contrasts(); tests of terms: anova(); covariance: rm_covariance().",
      width))
}

#' @export
print.respondr_mmrm <- function(x, ..., width = getOption("width")) {
  lines <- format(x, width = width)
  lines[1] <- cli::style_bold(lines[1])
  cli::cat_line(lines)
  invisible(x)
}

#' @export
summary.respondr_mmrm <- function(object, ...) object

# The verb: who responds.

#' Logistic regression of response
#'
#' Models the probability of a response, `response ~ hbf + spleen`, by maximum likelihood or one of its corrections for small
#' or separated data. Separation, where a predictor tells events from the others without an error so that maximum likelihood
#' has no finite answer, is looked for by linear programming before the fit, and the terms to blame are named.
#'
#' @section Estimators:
#' With log odds `x b` and log likelihood `l(b)`, the estimators maximise
#' \describe{
#' \item{`ml`}{`l(b)`. Where the data are separated, estimates that run away are printed as infinite and their intervals
#' have one
#'   limit; the others are those of the limit.}
#' \item{`firth`}{`l(b) + log det I(b) / 2`, I the information: Firth (1993), for separation Heinze and Schemper (2002). Its
#'   probabilities are drawn towards 1/2, so `predict()`, [risk_effects()] and [marginal_effects()] use those of FLIC.}
#' \item{`flic`}{Firth's, with the intercept estimated again by maximum likelihood (Puhr et al. 2017): the mean
#' probability is the
#'   share of events.}
#' \item{`flac`}{maximum likelihood on the data and a copy with response 1/2 and weights of Firth's leverages, told
#' apart by an
#'   added covariate (Puhr et al. 2017).}
#' \item{`logf`}{`l(b)` plus the log density of log F(m, m) for each coefficient but the intercept (Greenland and
#' Mansournia 2015).
#'   It depends on the units of the predictors.}
#' \item{`exact`}{conditional maximum likelihood for the terms in `exact`, given the sufficient statistics of all others
#' (Cox 1970;
#'   Mehta and Patel 1995); no probabilities.}
#' \item{`auto`}{`ml`, or `firth` where the data are separated; the print says which and why.}}
#'
#' @param formula `response ~ predictors`, with interactions, `I()`, `log()`, `poly()`, `offset()` and the splines
#'   `ns()`, `bs()`
#'   and `rcs()`; `response ~ .` takes all other columns, `cbind(events, others) ~ dose` grouped counts. The event is
#'   `TRUE`, 1 or
#'   the second level; text and three or more levels need `event`.
#' @param data A data frame, or the multiple imputations of mice (class `mids`), whose fits are pooled; see
#'   [pool_logistic()].
#' @param ... Not used.
#' @param method The estimator.
#' @param by Columns of groups: one model in each; gives the table of odds ratios of all, with a status for each group.
#' @param weights Case weights of at least 0; the event counts are those of patients.
#' @param offset Added to the log odds.
#' @param subset Rows used.
#' @param event The response that is counted; it may be several.
#' @param reference Named reference levels of factors, `c(spleen = "present")`.
#' @param conf_level Confidence level.
#' @param interval `"profile"` (inverts the likelihood-ratio test), `"wald"` or `"score"`; the p-values are those of the
#'   same test.
#' @param steps Units of numeric predictors that the odds ratios are given for, such as `c(hbf = 10)`.
#' @param m Degrees of freedom of the log F prior.
#' @param exact For `method = "exact"`: the one or two terms to be tested; all terms if there are no more than two.
#' @param midp Mid-p instead of exact p-values and limits.
#' @param exact_limit Steps the exact answer may take.
#' @param max_iterations,tolerance Of the search; the tolerance is its last step in standard errors.
#' @param threads Threads of the computation; they do not change a bit of it.
#' @return An object of class `respondr_logistic`, `respondr_model`. It answers to `coef()`, `vcov()`, `confint()`,
#'   `predict()`,
#'   `residuals()`, `fitted()`, `logLik()`, `anova()`, `update()`, `simulate()`, `tidy()`, `glance()`, `augment()` and the
#'   influence functions of stats, to emmeans, marginaleffects, broom.helpers (`gtsummary::tbl_regression()`) and
#'   insight, and
#'   to [odds_ratios()], [term_tests()], [risk_effects()], [marginal_effects()], [collinearity()], [report_text()] and
#'   `plot()`.
#'   With `by`, a table of odds ratios ([result_columns]).
#' @section Errors:
#' `respondr_error_formula`, `_column`, `_event`, `_reference`, `_weights`, `_infinite`, `_steps`, `_exact`: words that
#' fit no
#' column. Data that have no answer give a warning (`respondr_warning_separated`, `_one_level`, `_rank_deficient`,
#' `_not_converged`) and the `status` of the model.
#' @references
#' Firth D (1993) \doi{10.1093/biomet/80.1.27}. Heinze G, Schemper M (2002) \doi{10.1002/sim.1047}. Puhr R, Heinze G, Nold M,
#' Lusa L, Geroldinger A (2017) \doi{10.1002/sim.7273}. Greenland S, Mansournia MA (2015) \doi{10.1002/sim.6537}. Mehta
#' CR, Patel NR
#' (1995) \doi{10.1002/sim.4780141908}. Konis K (2007) Linear programming algorithms for detecting separated data in binary
#' logistic regression models. Albert A, Anderson JA (1984) \doi{10.1093/biomet/71.1.1}.
#' @examples
#' fit <- fit_logistic(low ~ age + factor(race) + smoke, MASS::birthwt, steps = c(age = 5))
#' fit
#' odds_ratios(fit)
#' # 4 patients without a response, all of whom have their spleen
#' spleen <- rep(c("removed", "present"), c(27, 35))
#' patients <- data.frame(response = rep(1:0, c(58, 4)), spleen)
#' fit_logistic(response ~ spleen, patients)
#' @export
fit_logistic <- function(formula, data = NULL, ..., method = "auto", by = NULL, weights = NULL, offset = NULL, subset = NULL,
                         event = NULL, reference = NULL, conf_level = 0.95, interval = "profile", steps = NULL, m = 1,
                         exact = NULL, midp = FALSE, exact_limit = 2e7, max_iterations = 200, tolerance = 1e-10,
                         threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- logistic_words(list(method = method, conf_level = conf_level, interval = interval, m = m, exact = exact,
    midp = midp, exact_limit = exact_limit, max_iterations = max_iterations, tolerance = tolerance, threads = threads,
    formula = formula, event = event, reference = reference, steps = steps), call)
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights), offset = substitute(offset),
    by = substitute(by)), null_word, env)
  if (inherits(data, "mids")) {
    return(logistic_imputed(formula, data, columns, words, env, call))
  }
  if (!is.null(columns$by)) {
    return(logistic_by(formula, data, columns, words, env, call))
  }
  fit <- logistic_model(formula, data, columns, words, env, call)
  logistic_say(fit, call)
  fit
}

logistic_methods <- c("ml", "firth", "flic", "flac", "logf", "exact")
logistic_intervals <- c("profile", "wald", "score")

logistic_words <- function(words, call) {
  check_word(words$method, c("auto", logistic_methods), "method", call)
  check_word(words$interval, logistic_intervals, "interval", call)
  words$conf_level <- check_number(words$conf_level, "conf_level", call, 0, 1, open = TRUE)
  words$m <- check_number(words$m, "m", call, 0, 1e6)
  check_flag(words$midp, "midp", call)
  words$exact_limit <- check_number(words$exact_limit, "exact_limit", call, 1, 1e12)
  words$max_iterations <- check_whole(words$max_iterations, "max_iterations", call, 1, 1e6)
  words$tolerance <- check_number(words$tolerance, "tolerance", call, 1e-14, 1e-2)
  words$threads <- check_threads(words$threads, call)
  if (!is.null(words$exact) && words$method != "exact") {
    stop_input("exact", c("`exact` names terms for `method = \"exact\"`.", i = "Ask for that method, or leave `exact` out."),
      "exact", call)
  }
  words
}

# The model of one set of rows.
logistic_model <- function(formula, data, columns, words, env, call) {
  input <- predictor_input(formula, data, columns$subset, columns$weights, columns$offset, words$event, words$reference,
    "binary", env, call)
  words$steps <- check_steps(words$steps, input, call)
  problem <- logistic_problem(input)
  found <- logistic_separation(input, problem)
  method <- words$method
  if (method == "auto") method <- if (found$verdict == "none" || found$one_class) "ml" else "firth"
  words$formula <- formula
  words$family <- "logistic"
  part <- if (found$one_class) logistic_empty(problem, method, if (nrow(input$x)) "one_level" else "no_data") else
    logistic_estimate(problem, method, found, words, input, call)
  new_logistic(part, problem, input, found, method, words, logistic_data(input, data, env), call)
}

# What the core reads: shares of events, trials times case weight.
logistic_problem <- function(input) {
  weight <- input$trials * (input$weights %||% 1)
  plain <- is.null(input$weights) && all(input$trials == 1)
  list(x = input$x, y = as.double(input$y), weight = if (!plain) as.double(weight), offset = input$offset)
}

# The columns that the predictors are computed from, of the rows used.
logistic_data <- function(input, data, env) {
  data <- as_data(data, NULL)
  names <- all.vars(input$terms)
  columns <- lapply(stats::setNames(names, names), function(name) {
    x <- if (name %in% names(data)) data[[name]] else get0(name, attr(input$terms, ".Environment"), inherits = TRUE)
    if (length(dim(x)) == 2L) x[input$rows, , drop = FALSE] else if (length(x) >= max(input$rows, 0L)) x[input$rows]
  })
  quick_frame(columns[lengths(columns) > 0L], length(input$rows))
}

new_logistic <- function(part, problem, input, found, method, words, data, call) {
  used <- input$trials > 0 & (input$weights %||% 1) > 0
  structure(c(part, list(
    method = method, asked = words$method, separation = found, problem = problem, input = input, terms = input$terms,
    xlevels = input$xlevels, contrasts = input$contrasts, model = input$frame, data = data, weights = input$weights,
    offset = input$offset, family = stats::binomial(), n = as.integer(round(sum(input$trials[used]))),
    events = as.integer(round(sum((input$y * input$trials)[used]))), settings = words, call = call
  )), class = c("respondr_logistic", "respondr_model"))
}

# What stays unsaid in the numbers: as a message where the choice answers it, as a warning where it does not.
logistic_say <- function(fit, call) {
  found <- fit$separation
  names <- names(fit$coefficients)
  if (fit$status %in% c("one_level", "no_data")) {
    warn_input(fit$status, c(paste0("All ", fit$n, " responses are the same: there is nothing to tell apart."),
      i = paste0("The event is `", fit$input$event, "`, counted ", fit$events, " times.")), "formula", call)
  } else if (found$verdict != "none" && fit$method == "ml") {
    infinite <- names[runs(found$columns$runs_to)]
    warn_input("separated", c(paste0(capitalised(separation_words(found)), "."),
      x = if (length(infinite)) paste0("Maximum likelihood has no finite estimate of ", quoted(infinite, 8), "."),
      i = "Use `method = \"firth\"` (or \"auto\")."), "method", call)
  } else if (found$verdict != "none" && fit$asked == "auto") {
    rlang::inform(c(paste0(capitalised(separation_words(found)), "."), i = "Fitted by Firth's penalised likelihood."),
      class = c("respondr_message_separated", "respondr_message"))
  }
  if (fit$status == "not_converged") {
    warn_input("not_converged", c(paste0("The search did not converge in ", fit$iterations, " steps."),
      i = "Raise `max_iterations`; predictors on very different scales may be divided by their unit."), "formula", call)
  }
  if (any(!fit$kept) && fit$method != "exact" && !fit$status %in% c("one_level", "no_data")) {
    warn_input("rank_deficient", paste0("Coefficients that depend on others are left out: ", quoted(names[!fit$kept],
      8), "."),
      "formula", call)
  }
}

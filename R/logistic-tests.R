# Tests of terms and of the model, comparison of nested models.

#' Tests of the terms of a logistic model
#'
#' Likelihood-ratio (after Firth and log F of the penalised likelihood, with the penalty of the full model), Wald or
#' score test of
#' each term given all terms that do not contain it, and of all terms together.
#'
#' @param fit,object A model of [fit_logistic()].
#' @param test `"lr"`, `"wald"` or `"score"`.
#' @param ... For `anova()`: models nested in each other, fitted to the same rows. Their p-values are those of the
#'   larger model's
#'   test that the coefficients it has beyond the smaller one are 0.
#' @return A result ([result_columns]) of one row a term and one for `all terms`; `anova()` of several models a data
#'   frame of class
#'   `anova`.
#' @section Errors:
#' `respondr_error_models` for models of other rows or that are not nested.
#' @references Heinze G, Schemper M (2002) \doi{10.1002/sim.1047} for the penalised test.
#' @examples
#' fit <- fit_logistic(low ~ age * smoke + factor(race), MASS::birthwt)
#' term_tests(fit)
#' anova(fit_logistic(low ~ age, MASS::birthwt), fit)
#' @export
term_tests <- function(fit, test = "lr") {
  call <- rlang::current_call()
  check_logistic(fit, call)
  not_pooled(fit, call)
  check_word(test, c("lr", "wald", "score"), "test", call)
  input <- fit$input
  if (!length(input$labels)) {
    stop_input("formula", "The model has no terms to test.", "fit", call)
  }
  rows <- if (fit$method == "exact") exact_term_rows(fit) else term_rows(fit, test, call)
  n <- length(rows$term)
  blank <- rep(NA_real_, n)
  build_result(c(list(outcome = rep(input$outcome, n), term = rows$term, event = rep(input$event, n),
    method = rep(if (fit$method == "exact") "exact" else test, n), n = rep(fit$n, n), events = rep(fit$events, n),
    estimate = blank, conf_level = blank, statistic = rows$statistic, df = rows$df, p_value = rows$p_value,
    status = factor(rows$status, levels = status_table$word))), class = "respondr_terms", settings = list(
    family = "logistic", title = paste0("Tests of the terms of ", event_title(input)),
    lines = c(logistic_lines(fit), test_line(fit, test)), conf_level = fit$settings$conf_level), call = call)
}

test_line <- function(fit, test) {
  if (fit$method == "exact") {
    return("exact conditional score tests, given the sufficient statistics of all other coefficients")
  }
  penalised <- fit$method %in% c("firth", "flic", "logf") && test == "lr"
  paste0(c(lr = paste0(if (penalised) "penalised ", "likelihood-ratio"), wald = "Wald", score = "score")[[test]],
    " tests, each term given those that do not contain it")
}

# Terms that contain the one tested are left out of its model.
term_rows <- function(fit, test, call) {
  input <- fit$input
  k <- length(input$labels)
  asked <- logistic_ask(fit)
  factors <- attr(input$terms, "factors")
  above <- lapply(seq_len(k), function(i) {
    setdiff(which(vapply(seq_len(k), function(j) all(factors[factors[, i] > 0, j] > 0), NA)), i)
  })
  empty <- fit$status %in% c("one_level", "no_data")
  one <- function(tested, left_out) {
    if (empty) {
      return(data.frame(statistic = NA_real_, df = NA_real_, p_value = NA_real_, status = fit$status))
    }
    stay <- which(!input$assign %in% left_out)
    extra <- seq_len(ncol(asked$problem$x))[-seq_along(input$assign)]  # the covariate of FLAC
    problem <- asked$problem
    problem$x <- problem$x[, c(stay, extra), drop = FALSE]
    logistic_tests(problem, asked$options, list(which(input$assign[stay] %in% tested)), test, call = call)
  }
  rows <- lapply(seq_len(k), function(i) one(i, above[[i]]))
  if (k > 1L) rows <- c(rows, list(one(seq_len(k), integer())))
  c(list(term = c(input$labels, if (k > 1L) "all terms")), do.call(rbind, rows))
}

exact_term_rows <- function(fit) {
  tests <- fit$exact$tests
  terms <- ifelse(tests$set == 0, "both terms", fit$exact$terms[pmax(tests$set, 1L)])
  list(term = terms, statistic = tests$score, df = tests$df,
    p_value = if (fit$settings$midp) tests$p_score_midp else tests$p_score, status = tests$status)
}

#' @rdname term_tests
#' @export
anova.respondr_logistic <- function(object, ..., test = "lr") {
  others <- list(...)
  if (!length(others)) {
    return(term_tests(object, test))
  }
  call <- rlang::current_call()
  check_word(test, c("lr", "wald", "score"), "test", call)
  compare_logistic(c(list(object), others), test, call)
}

compare_logistic <- function(models, test, call) {
  first <- models[[1]]
  ok <- vapply(models, function(m) inherits(m, "respondr_logistic") && !inherits(m, "respondr_pooled") &&
    identical(m$input$rows, first$input$rows) &&
    identical(m$problem[c("y", "weight", "offset")], first$problem[c("y", "weight", "offset")]), NA)
  if (!all(ok)) {
    stop_input("models", c("`anova()` compares logistic models of the same response in the same rows.",
      i = paste0("Rows used: ", paste(vapply(models, function(m) length(m$input$rows), 0L), collapse = ", "),
        ". Fit the smaller model to the complete rows of the larger one.")), "...", call)
  }
  methods <- unique(vapply(models, function(m) m$method, ""))
  if (length(methods) > 1L || methods == "exact") {
    stop_input("models", c(paste0("The models were fitted by ", quoted(methods), "."),
      i = "Fit all of them by one `method` that has a likelihood."), "...", call)
  }
  rank <- vapply(models, function(m) sum(m$kept), 0L)
  steps <- lapply(seq_along(models)[-1], function(i) {
    pair <- models[c(i - 1L, i)][order(rank[c(i - 1L, i)])]
    nested_test(pair[[1]], pair[[2]], test, call)
  })
  value <- function(name) c(NA, vapply(steps, function(s) s[[name]], 0))
  sign <- c(NA, ifelse(diff(rank) < 0, -1, 1))
  words <- vapply(models, function(m) deparse_one(m$settings$formula), "")
  structure(data.frame(rank = rank, "log Lik" = vapply(models, function(m) m$log_likelihood, 0), Df = sign * value("df"),
    Chisq = value("statistic"), "Pr(>Chi)" = value("p_value"), check.names = FALSE),
    heading = c(paste0("Nested logistic models (", methods, "), ", sub(", each.*", "", test_line(first, test)), "\n"),
      paste0("Model ", seq_along(words), ": ", words, collapse = "\n")), class = c("anova", "data.frame"))
}

# The columns that the larger model has beyond the smaller are tested in the larger, which is written on the columns of
# the smaller
# and a complement; no estimator but log F depends on that.
nested_test <- function(small, large, test, call) {
  if (sum(small$kept) == sum(large$kept)) {
    stop_input("models", "Two of the models have as many coefficients: neither is nested in the other.", "...", call)
  }
  xs <- small$problem$x[, small$kept, drop = FALSE]
  xl <- large$problem$x[, large$kept, drop = FALSE]
  scale <- function(x) x / rep(pmax(apply(abs(x), 2L, max), 1e-300), each = nrow(x))
  inside <- qr.resid(qr(scale(xl), tol = 1e-11), scale(xs))
  if (max(abs(inside), 0) > 1e-7) {
    stop_input("models", c("The models are not nested.", i = "Each must hold the terms of the smaller one."), "...", call)
  }
  named <- all(colnames(xs) %in% colnames(xl)) && isTRUE(all.equal(xl[, colnames(xs), drop = FALSE], xs))
  if (!named && large$method == "logf") {
    stop_input("models", "By log F, the columns of the smaller model must be columns of the larger one.", "...", call)
  }
  extra <- if (named) setdiff(colnames(xl), colnames(xs)) else {
    both <- qr(scale(cbind(xs, xl)), tol = 1e-9)
    colnames(xl)[setdiff(both$pivot[seq_len(both$rank)], seq_len(ncol(xs))) - ncol(xs)]
  }
  asked <- logistic_ask(large)
  more <- asked$problem$x[, -seq_len(ncol(large$problem$x)), drop = FALSE]
  x <- cbind(xs, xl[, extra, drop = FALSE])
  if (nrow(asked$problem$x) > nrow(x)) x <- cbind(rbind(x, x), more)
  asked$problem$x <- x
  logistic_tests(asked$problem, asked$options, list(ncol(xs) + seq_along(extra)), test, call = call)
}

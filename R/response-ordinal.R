# Ordered response and predictors: the proportional-odds model (inst/include/respondr/response/ordinal*.hpp).

#' Ordered response: proportional-odds model
#'
#' Classes of response (none < minor < main) against predictors by the cumulative logit model: logit P(class <= j) =
#' theta_j - x'beta, fitted by maximum likelihood (Newton's steps on the observed information, halved where they
#' overshoot). exp(beta) is the **common odds ratio**: of being above a cut, level over reference, the same at every
#' cut. Above 1 is a better response.
#'
#' `ordinal_tests()` tests each term and all terms together (likelihood ratio, Wald or score), and whether the odds are
#' proportional: the score test of slopes that differ between the cuts (`"proportional"`; with the `"observed"`
#' information the figure SAS prints) and Brant's Wald test (`"brant"`), for each term and for all together. Brant's fits a
#' logistic model at each cut j, class above it or not, and compares their slopes: with b all slopes, V their covariance
#' (whoever is above cut l > j is above j) and D the differences from the first cut, (D b)' (D V D')^-1 (D b) is
#' chi-squared with (cuts - 1) degrees of freedom a slope. Which term departs, and what to do then, is printed.
#' `ordinal_cuts()` gives the odds ratios of these models, to be seen beside the common one.
#'
#' @section Separation:
#' Where a linear combination of predictors orders the patients without contradicting the classes, a coefficient runs to
#' infinity. That is decided by linear programming, not by watching the iterations; the rows have status `separated`, the
#' estimate 0 or infinite, a likelihood-ratio p-value that holds and an interval with one finite limit.
#'
#' @param formula `class ~ predictors`, as in [fit_logistic()]; `class` is a factor, worst class first, a logical, or
#'   numbers.
#' @param data A data frame, one row a patient.
#' @param ... Must be empty.
#' @param subset A condition on the rows of `data`.
#' @param weights Case weights or counts, a column of `data`.
#' @param reference Reference levels of factors, such as `c(arm = "placebo")`; else the first level.
#' @param method `"lr"` (likelihood ratio with profile interval), `"wald"`, or `"score"` (whose interval is the profile
#'   one and inverts another test: `p_matches` is `FALSE`).
#' @param information Of the standard errors and the Wald test: `"observed"` (as R's polr) or `"expected"` (as SAS).
#' @param conf_level Confidence level.
#' @return A data frame of class `respondr_ordinal`, one row for each coefficient, columns as in [result_columns];
#'   `estimate` is the common odds ratio, `std_error` that of its logarithm. `coef()` gives the coefficients (log odds
#'   ratios) and cuts, `vcov()`, `logLik()`, `nobs()` and `predict(type = "probs")` the usual. `ordinal_tests()`: a data
#'   frame of class `respondr_terms`. `ordinal_cuts()`: one row for each coefficient and cut, `event` the classes above
#'   it.
#' @section Errors:
#' `respondr_error_levels` where the classes have no order or fewer than two are seen; those of [fit_logistic()] for
#' formula and columns.
#' @references McCullagh P (1980) Regression models for ordinal data. J R Stat Soc B 42:109-142. Peterson B, Harrell FE
#'   (1990) Partial proportional odds models for ordinal response variables. \doi{10.2307/2347760}. Brant R (1990)
#'   Assessing proportionality in the proportional odds model for ordinal logistic regression. \doi{10.2307/2532457}.
#'   Venzon DJ, Moolgavkar SH (1988) \doi{10.2307/2347496}.
#' @examples
#' x <- response_ordinal(Sat ~ Infl + Type + Cont, MASS::housing, weights = Freq)
#' x
#' ordinal_tests(x, c("lr", "proportional", "brant"))
#' ordinal_cuts(x)
#' @export
response_ordinal <- function(formula, data = NULL, ..., subset = NULL, weights = NULL, reference = NULL, method = "lr",
                             information = "observed", conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  check_word(method, c("lr", "wald", "score"), "method", call)
  check_word(information, c("observed", "expected"), "information", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  if (missing(formula)) formula <- NULL
  input <- ordinal_input(formula, data, null_word(substitute(subset), env), null_word(substitute(weights), env),
    reference, env,
    call)
  fit <- ordinal_fit(input, information, call)
  words <- list(method = method, information = information, conf_level = conf_level)
  ordinal_result(input, fit, words, call)
}

# The class becomes a number for predictor_input(), which reads everything else.
ordinal_input <- function(formula, data, subset, weights, reference, env, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", c("`formula` must name a class of response and its predictors.", i = "Write `class ~ arm + hbf`."),
      "formula", call)
  }
  data <- as_data(data, call)
  from <- environment(formula) %||% env
  name <- deparse_one(formula[[2]])
  x <- eval_column(formula[[2]], data, from, "response", if (length(data)) nrow(data), call)
  response <- prates_response_levels(x, name, call)
  if (!isTRUE(response$ordered)) {
    stop_input("levels", c(paste0("The classes of `", name, "` have no order: ", quoted(response$labels, 12), "."),
      i = "Make it a factor, worst class first: `factor(x, levels = c(\"none\", \"minor\", \"main\"))`."), "formula", call)
  }
  taken <- all.vars(formula[[2]])
  code <- as.double(response$code)
  if (length(data)) data$.class_code <- code else data <- data.frame(.class_code = code)
  formula[[2]] <- as.name(".class_code")
  input <- predictor_input(formula, data, subset, weights, NULL, NULL, reference, "continuous", env, call, leave_out = taken)
  used <- if (is.null(input$weights)) rep(TRUE, length(input$y)) else input$weights > 0
  seen <- sort(unique(as.integer(input$y[used])))
  if (length(seen) < 2L) {
    stop_input("levels", c(paste0("The patients used have ", if (length(seen)) paste0("one class of `", name, "`: ",
      quoted(response$labels[seen])) else paste0("no class of `", name, "`"), "."),
        i = "A model needs at least two classes."),
      "formula", call)
  }
  if (!sum(input$assign > 0L)) {
    stop_input("formula", "The model has no predictors.", "formula", call)
  }
  input$outcome <- name
  names(input$missing)[names(input$missing) == ".class_code"] <- name
  input$classes <- response$labels[seen]
  input$empty <- response$labels[-seen]
  input$used <- used
  input$code <- match(as.integer(input$y), seen) - 1L
  input$n <- as.integer(round(if (is.null(input$weights)) sum(used) else sum(input$weights)))
  input
}

# Columns centred and scaled, those that depend on others left out.
ordinal_problem <- function(input) {
  at <- which(input$assign > 0L)
  x <- input$x[input$used, at, drop = FALSE]
  with_one <- cbind(1, x)
  kept <- independent_columns(separation_scale(with_one)$x)[-1]
  centre <- colMeans(x)
  x <- x - rep(centre, each = nrow(x))
  scale <- sqrt(colMeans(x^2))
  scale[!(scale > 0)] <- 1
  x <- x / rep(scale, each = nrow(x))
  offset <- if (!is.null(input$offset)) as.double(input$offset[input$used])
  list(x = x[, kept, drop = FALSE], y = as.integer(input$code[input$used]), levels = length(input$classes),
    weight = if (!is.null(input$weights)) as.double(input$weights[input$used]), offset = offset, kept = kept,
      centre = centre,
    scale = scale)
}

ordinal_fit <- function(input, information, call) {
  problem <- ordinal_problem(input)
  raw <- ask_core(response_ordinal_fit(problem), call)
  cuts <- problem$levels - 1L
  p <- sum(problem$kept)
  back <- diag(1, cuts + p)
  scale <- problem$scale[problem$kept]
  if (p) {
    back[cuts + seq_len(p), cuts + seq_len(p)] <- diag(1 / scale, p)
    back[seq_len(cuts), cuts + seq_len(p)] <- rep(problem$centre[problem$kept] / scale, each = cuts)
  }
  covariance <- tryCatch(chol2inv(chol(raw[[information]])), error = function(cnd) matrix(NA_real_, cuts + p, cuts + p))
  gamma <- drop(back %*% raw$gamma)
  found <- if (!raw$converged || raw$largest > 8) ordinal_separation(problem) else list(verdict = "none",
    runs_to = rep(0, p))
  columns <- colnames(input$x)[input$assign > 0L]
  beta <- rep(NA_real_, length(columns))
  beta[problem$kept] <- gamma[cuts + seq_len(p)]
  names <- c(paste(input$classes[seq_len(cuts)], input$classes[-1], sep = "|"), columns[problem$kept])
  list(problem = problem, raw = raw, cuts = stats::setNames(gamma[seq_len(cuts)], names[seq_len(cuts)]),
    beta = stats::setNames(beta, columns), vcov = structure(back %*% covariance %*% t(back), dimnames = list(names, names)),
    log_likelihood = raw$log_likelihood, separation = found$verdict, runs_to = found$runs_to, converged = raw$converged)
}

# A patient of class j is an event below cut j and no event below cut j - 1; the model separates if these binary rows
# are separated by cuts and predictors together.
ordinal_separation <- function(problem) {
  keep <- !duplicated(cbind(problem$x, problem$y))
  x <- problem$x[keep, , drop = FALSE]
  y <- problem$y[keep]
  cuts <- problem$levels - 1L
  rows <- function(cut, event, at) {
    one <- matrix(0, length(at), cuts)
    one[cbind(seq_along(at), cut)] <- 1
    list(x = cbind(one, -x[at, , drop = FALSE]), y = rep(event, length(at)))
  }
  upper <- rows(y[y < cuts] + 1L, 1, which(y < cuts))
  lower <- rows(y[y > 0L], 0, which(y > 0L))
  found <- lib_separation(rbind(upper$x, lower$x), c(upper$y, lower$y))
  list(verdict = found$verdict, runs_to = unname(found$runs_to[-seq_len(cuts)]))
}

ordinal_ask <- function(fit, sets, kind, call) {
  place <- cumsum(fit$problem$kept)
  sets <- lapply(sets, function(s) place[s[fit$problem$kept[s]]])
  none <- lengths(sets) == 0L
  out <- data.frame(statistic = rep(NA_real_, length(sets)), df = NA_real_, p_value = NA_real_,
    status = factor("rank_deficient", levels = status_table$word))
  if (any(!none)) {
    raw <- ask_core(response_ordinal_tests(fit$problem, sets[!none], kind), call)
    out[!none, 1:3] <- raw[c("statistic", "df", "p_value")]
    out$status[!none] <- status_factor(raw$status)
  }
  out
}

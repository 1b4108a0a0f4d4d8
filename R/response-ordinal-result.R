# The rows of response_ordinal(), tests of its terms, and what R asks of a model.

ordinal_result <- function(input, fit, words, call) {
  told <- predictor_columns(input)[input$assign > 0L, , drop = FALSE]
  columns <- ordinal_columns(fit, words, call)
  n <- nrow(told)
  z <- stats::qnorm((1 + words$conf_level) / 2)
  inside <- cumsum(fit$problem$kept)
  se <- sqrt(diag(fit$vcov))[-seq_along(fit$cuts)]
  std_error <- ifelse(fit$problem$kept & columns$finite, se[pmax(inside, 1L)], NA_real_)
  limits <- if (words$method == "wald") {
    list(low = fit$beta - z * std_error, high = fit$beta + z * std_error, reason = rep("", n))
  } else {
    ordinal_limits(fit, columns, std_error, words, call)
  }
  tests <- if (words$method == "wald") {
    statistic <- (fit$beta / std_error)^2
    list(statistic = statistic, df = ifelse(is.na(statistic), NA_real_, 1), p_value = stats::pchisq(statistic, 1,
      lower.tail = FALSE))
  } else {
    ordinal_ask(fit, as.list(seq_len(n)), c(lr = 0L, score = 1L)[[words$method]], call)
  }
  count <- ordinal_counts(input, told)
  status <- ifelse(!fit$problem$kept, "rank_deficient", ifelse(columns$finite, if (fit$converged) "ok" else "not_converged",
    "separated"))
  rows <- list(
    outcome = rep(input$outcome, n), term = told$term, contrast = contrast_labels(told, rep(1, n), input),
      level = told$level,
    reference = told$reference, method = rep(words$method, n), n = count$n, n_reference = count$n_reference,
    estimand = rep("common odds ratio", n), estimate = unname(exp(columns$beta)), std_error = unname(std_error),
    conf_low = unname(exp(limits$low)), conf_high = unname(exp(limits$high)), conf_level = rep(words$conf_level, n),
    conf_method = factor(ifelse(is.na(limits$low) & is.na(limits$high), NA,
      if (words$method == "wald") "wald" else "profile"),
      levels = conf_method_table$word), p_matches = ifelse(is.na(tests$p_value), NA, words$method != "score"),
    statistic = unname(tests$statistic), df = tests$df, p_value = unname(tests$p_value),
    status = factor(status, levels = status_table$word), note = factor(limits$reason)
  )
  settings <- list(family = "response", scale = "ratio", conf_level = words$conf_level, mixed_scales = FALSE,
    title = paste0("Common odds ratios of a better ", input$outcome), lines = ordinal_lines(input, fit, words, call))
  out <- build_result(rows, class = "respondr_ordinal", settings = settings, trace = ordinal_trace(input, fit, words),
    input = NULL, call = call)
  attr(out, "input") <- list(model = list(input = input, fit = fit, words = words), visits = NULL)
  out
}

# Which coefficients are finite, and where the others run.
ordinal_columns <- function(fit, words, call) {
  beta <- fit$beta
  finite <- rep(TRUE, length(beta))
  runs <- rep(0, length(beta))
  runs[fit$problem$kept] <- fit$runs_to
  finite[is.na(runs) | runs != 0] <- FALSE
  beta[!finite] <- ifelse(is.infinite(runs[!finite]), runs[!finite], NA)
  list(beta = beta, finite = finite, runs = runs)
}

ordinal_limits <- function(fit, columns, std_error, words, call) {
  n <- length(fit$beta)
  out <- list(low = rep(NA_real_, n), high = rep(NA_real_, n), reason = rep("", n))
  at <- which(fit$problem$kept & !is.na(columns$runs))
  if (!length(at)) {
    return(out)
  }
  scale <- fit$problem$scale[at]
  step <- std_error[at] * scale
  step[is.na(step)] <- 0
  raw <- ask_core(response_ordinal_limits(fit$problem, cumsum(fit$problem$kept)[at], step, words$conf_level), call)
  out$low[at] <- ifelse(columns$runs[at] == -Inf, -Inf, raw$low / scale)
  out$high[at] <- ifelse(columns$runs[at] == Inf, Inf, raw$high / scale)
  sentences <- c("", "a limit is infinite, because the likelihood stays close to its maximum all the way (separation)",
    "the search for a limit did not converge")
  raw$low_end[columns$runs[at] == -Inf] <- 1L
  raw$high_end[columns$runs[at] == Inf] <- 1L
  out$reason[at] <- sentences[pmax(raw$low_end, raw$high_end) + 1L]
  out
}

# Patients of the level and of the reference; all where there is no level.
ordinal_counts <- function(input, told) {
  w <- (input$weights %||% rep(1, length(input$y))) * input$used
  of <- function(term, level) {
    x <- if (!is.na(level)) input$frame[[term]]
    if (is.null(x)) NA_integer_ else as.integer(round(sum(w[as.character(x) == level])))
  }
  n <- mapply(of, told$term, told$level)
  list(n = ifelse(is.na(n), input$n, n), n_reference = mapply(of, told$term, told$reference))
}

ordinal_lines <- function(input, fit, words, call) {
  whole <- ordinal_ask(fit, list(seq_along(fit$beta)), if (words$method == "score") 1L else 0L, call)
  odds <- if (length(input$classes) > 2L) ordinal_ask(fit, list(seq_along(fit$beta)), 2L, call)
  test <- function(t) paste0("chi-squared ", format_statistic(t$statistic), " on ", t$df, " df, p ", format_p(t$p_value))
  c(
    paste0("patients by class, worst first: ", paste(input$classes, ordinal_class_counts(input), collapse = ", ")),
    if (length(input$empty)) paste0("classes without patients: ", paste(input$empty, collapse = ", ")),
    predictor_lines(input),
    paste0("all terms: ", test(whole), if (words$method == "score") " (score)" else " (likelihood ratio)"),
    if (!is.null(odds)) {
      if (is.na(odds$p_value)) "proportional odds: cannot be tested here" else
        paste0("proportional odds: ", test(odds), " (score test of slopes of their own at each cut)")
    },
    if (fit$separation != "none") paste0("SEPARATION (", fit$separation,
      "): a combination of predictors orders the classes"),
    if (!fit$converged) "the fit did not converge",
    if (!all(fit$problem$kept)) paste0("left out, as they depend on others: ", paste(names(fit$beta)[!fit$problem$kept],
      collapse = ", "))
  )
}

ordinal_class_counts <- function(input) {
  w <- (input$weights %||% rep(1, length(input$y))) * input$used
  vapply(seq_along(input$classes) - 1L, function(k) format_number(sum(w[input$code == k])), "")
}

ordinal_trace <- function(input, fit, words) {
  trace_table(list(
    c("model", "proportional odds", "logit P(class <= j) = theta_j - x'beta, maximum likelihood"),
    c("classes", paste(input$classes, collapse = " < "), "worst first"),
    c("test", words$method, switch(words$method, lr = "likelihood ratio", wald = "Wald",
      score = "score, expected information")),
    c("interval", if (words$method == "wald") "wald" else "profile",
      if (words$method == "score") "inverts another test" else ""),
    c("information", words$information, "of standard errors"),
    c("iterations", as.character(fit$raw$iterations), if (fit$converged) "converged" else "not converged"),
    c("separation", fit$separation, "by linear programming where the fit is suspect")
  ))
}

ordinal_model <- function(x, call) {
  model <- attr(x, "input")$model
  if (!inherits(x, "respondr_ordinal") || is.null(model)) {
    stop_input("x", "`x` must be a result of `response_ordinal()`.", "x", call)
  }
  model
}

#' @export
coef.respondr_ordinal <- function(object, ...) {
  fit <- ordinal_model(object, rlang::current_call())$fit
  c(fit$beta, fit$cuts)
}

#' @export
vcov.respondr_ordinal <- function(object, ...) {
  fit <- ordinal_model(object, rlang::current_call())$fit
  order <- c(seq_along(fit$cuts)[0], length(fit$cuts) + seq_len(sum(fit$problem$kept)), seq_along(fit$cuts))
  fit$vcov[order, order, drop = FALSE]
}

#' @export
logLik.respondr_ordinal <- function(object, ...) {
  model <- ordinal_model(object, rlang::current_call())
  structure(model$fit$log_likelihood, df = length(model$fit$cuts) + sum(model$fit$problem$kept), nobs = model$input$n,
    class = "logLik")
}

#' @export
nobs.respondr_ordinal <- function(object, ...) ordinal_model(object, rlang::current_call())$input$n

#' @export
predict.respondr_ordinal <- function(object, newdata = NULL, type = "probs", ...) {
  call <- rlang::current_call()
  model <- ordinal_model(object, call)
  check_word(type, c("probs", "class"), "type", call)
  input <- model$input
  made <- if (is.null(newdata)) list(x = input$x, offset = input$offset) else predictor_matrix(input, newdata, call)
  beta <- model$fit$beta
  beta[is.na(beta)] <- 0
  eta <- drop(made$x[, input$assign > 0L, drop = FALSE] %*% beta) + (made$offset %||% 0)
  below <- vapply(model$fit$cuts, function(cut) stats::plogis(cut - eta), eta)
  below <- cbind(0, matrix(below, length(eta)), 1)
  probs <- matrix(below[, -1] - below[, -ncol(below)], length(eta), dimnames = list(names(eta), input$classes))
  if (type == "probs") probs else factor(input$classes[max.col(probs, "first")], levels = input$classes, ordered = TRUE)
}

#' @rdname report_text
#' @export
report_text.respondr_ordinal <- function(x, ...) {
  d <- as.data.frame(x)
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(d)), function(i) {
    one <- d[i, ]
    what <- paste0("common odds ratio of a better ", one$outcome, ", ", one$term, " (", one$contrast, ")")
    if (is.na(one$estimate)) {
      return(paste0("The ", what, " is not available: ", status_sentence(as.character(one$status)), "."))
    }
    paste0("The ", what, " was ", format_places(one$estimate, places[i]), " (", format_level(one$conf_level),
      " confidence interval ", format_places(one$conf_low, places[i]), " to ", format_places(one$conf_high, places[i]), "; ",
      format_p_words(one$p_value), ", ", c(lr = "likelihood-ratio", wald = "Wald",
        score = "score")[[as.character(one$method)]],
      " test)", if (one$status != "ok") paste0("; ", status_sentence(as.character(one$status))), ".")
  }, "")
}

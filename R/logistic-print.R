# A logistic model in print: what was counted, how it was estimated and why, who was left out, then the odds ratios.

logistic_method_names <- c(ml = "maximum likelihood", firth = "Firth's penalised likelihood",
  flic = "Firth's penalised likelihood with the intercept of maximum likelihood (FLIC)",
  flac = "Firth's penalised likelihood with an added covariate (FLAC)",
  logf = "penalised likelihood with a log F prior", exact = "exact conditional likelihood")

# The lines that stand above every table of the model.
logistic_lines <- function(fit) {
  input <- fit$input
  c(estimator_line(fit), separation_line(fit), reference_line(input), dropped_line(fit), probability_line(fit),
    if (inherits(fit, "respondr_pooled")) pooled_line(fit))
}

event_title <- function(input) {
  if (identical(input$outcome, input$event)) input$event else paste0(input$outcome, " = ", input$event)
}

estimator_line <- function(fit) {
  if (fit$status %in% c("one_level", "no_data")) {
    return("not estimated: all responses are the same")
  }
  name <- logistic_method_names[[fit$method]]
  if (fit$method == "logf") name <- paste0(name, ", m = ", format_number(fit$settings$m), ", in the units of the columns")
  if (fit$method == "exact") name <- paste0(name, " of ", paste(fit$exact$terms, collapse = " and "),
    ", given the other coefficients")
  why <- if (fit$asked == "auto") {
    if (fit$method == "firth") ", because the data are separated" else " (the data are not separated)"
  }
  paste0("estimated by ", name, why)
}

separation_line <- function(fit) {
  found <- fit$separation
  if (is.null(found) || found$one_class || (found$verdict == "none" && fit$asked == "auto")) {
    return(NULL)
  }
  separation_words(found)
}

reference_line <- function(input) {
  out <- character()
  if (length(input$reference)) {
    out <- paste0("reference: ", paste(names(input$reference), input$reference, collapse = ", "))
  }
  if (length(input$unused)) {
    unused <- paste0(names(input$unused), " ", vapply(input$unused, paste, "", collapse = " and "), collapse = ", ")
    out <- c(out, paste0("levels that no patient used has: ", unused))
  }
  if (length(input$constant)) out <- c(out, paste0("of a single value, so without a coefficient: ",
    quoted(input$constant, 12)))
  out
}

dropped_line <- function(fit) {
  input <- fit$input
  zero <- sum(input$trials == 0 | (input$weights %||% 1) == 0)
  zero <- if (length(input$weights) || any(input$trials == 0)) zero else 0L
  why <- input$missing[input$missing > 0L]
  c(
    if (input$n_dropped > 0L) paste0("left out: ", input$n_dropped, " row", if (input$n_dropped != 1L) "s",
      " without a value (", paste(names(why), why, collapse = ", "), ")"),
    if (zero > 0L) paste0(zero, if (zero == 1L) " row of weight 0 says nothing and is not counted" else
      " rows of weight 0 say nothing and are not counted")
  )
}

probability_line <- function(fit) {
  if (fit$method == "firth" && !is.null(fit$flic)) {
    "probabilities (predictions, risks, marginal effects): by FLIC, Firth's fit with the intercept of maximum likelihood"
  }
}

logistic_trace <- function(fit, interval = fit$settings$interval) {
  settings <- fit$settings
  found <- fit$separation
  trace_table(list(
    c("event", fit$input$event, paste0(fit$events, " of ", fit$n, " patients; the others: ", fit$input$levels[1])),
    c("estimator", fit$method, if (fit$asked == "auto") "chosen by auto" else "as asked"),
    c("separation", found$verdict, if (found$one_class) "one class" else paste("found by", found$how)),
    c("interval", interval, c(profile = "inverts the likelihood-ratio test", wald = "inverts the Wald test",
      score = "inverts the score test")[[interval]]),
    c("log likelihood", formatC(fit$log_likelihood, digits = 4, format = "f"), if (is.finite(fit$penalised) &&
      fit$penalised != fit$log_likelihood) paste("penalised", formatC(fit$penalised, digits = 4, format = "f")) else ""),
    c("search", paste(fit$iterations, "steps"), paste0("status ", fit$status, ", tolerance ", format(settings$tolerance),
      " standard errors"))
  ))
}

#' @export
format.respondr_logistic <- function(x, ..., width = getOption("width")) {
  share <- if (x$n) paste0(" (", formatC(100 * x$events / x$n, digits = 1, format = "f"), "%)")
  lines <- c(
    paste0("Logistic regression: ", event_title(x$input)),
    paste0("Event: ", x$input$event, ", ", x$events, " of ", x$n, " patients", share, "; the others: ", x$input$levels[1]),
    capitalised(logistic_lines(x)),
    if (x$status != "ok") paste0("Status: ", x$status, " (", status_sentence(x$status), ")")
  )
  out <- wrapped(lines, width)
  if (any(x$input$assign > 0L)) {
    odds <- odds_ratios(x)
    fitted <- fit_columns(odds_columns(odds), width)
    methods <- unique(as.character(odds$conf_method[!is.na(odds$conf_method)]))
    out <- c(out, "", table_lines(fitted$columns, width), result_footer(odds, fitted$dropped, width),
      if (length(methods)) wrapped(paste0("Intervals: ", paste(conf_method_sentence(methods), collapse = "; "), "."), width))
  }
  c(out, "", wrapped(model_line(x), width))
}

# The term and what is compared stand in the table of a model even where there is one row.
odds_columns <- function(odds) {
  columns <- result_table(odds)
  keys <- list(term = table_column("term", format_text(odds$term), FALSE),
    contrast = table_column("contrast", format_text(odds$contrast), FALSE))
  keys$contrast$short <- table_column("contrast", sub(" / .*", "", format_text(odds$contrast)), FALSE)
  names(columns)[names(columns) == "estimate"] <- "odds"
  if (!is.null(columns$odds)) {
    columns$odds$label <- if (is_constant(odds$estimand)) as.character(odds$estimand[1]) else "estimate"
  }
  if (!is.null(columns$status)) columns$status$keep <- 8  # the header says it, and the note
  c(keys, columns[setdiff(names(columns), names(keys))])
}

model_line <- function(x) {
  if (!any(x$input$assign > 0L) || x$status %in% c("one_level", "no_data") || x$method == "exact" ||
        inherits(x, "respondr_pooled")) {
    return("Tests of terms: term_tests(); coefficients: tidy().")
  }
  asked <- logistic_ask(x)
  all <- logistic_tests(asked$problem, asked$options, list(which(x$input$assign > 0L)), "lr")
  p <- if (is.na(all$p_value)) "p not available" else sentence_p(all$p_value)
  paste0("All terms: ", if (x$method %in% c("firth", "flic", "logf")) "penalised ", "likelihood-ratio chi-square ",
    format_statistic(all$statistic), " on ", format_statistic(all$df), " df, ", p,
    ". Tests of terms: term_tests(); risks: risk_effects(); influence: plot(fit, \"influence\").")
}

#' @export
print.respondr_logistic <- function(x, ..., width = getOption("width")) {
  lines <- format(x, width = width)
  lines[1] <- cli::style_bold(lines[1])
  cli::cat_line(lines)
  invisible(x)
}

#' Everything about a logistic model
#'
#' The odds ratios with all their columns, the coefficients, the tests of terms and the choices made.
#'
#' @param object A model of [fit_logistic()].
#' @param ... Not used.
#' @return A list of class `summary.respondr_logistic`: `model`, `odds`, `coefficients`, `tests`, `trace`.
#' @examples
#' summary(fit_logistic(low ~ age + smoke, MASS::birthwt))
#' @export
summary.respondr_logistic <- function(object, ...) {
  terms <- length(object$input$labels) > 0L
  structure(list(model = object, odds = if (terms) odds_ratios(object), coefficients = generics::tidy(object),
    tests = if (terms && !inherits(object, "respondr_pooled")) term_tests(object), trace = logistic_trace(object)),
  class = "summary.respondr_logistic")
}

#' @export
format.summary.respondr_logistic <- function(x, ..., width = getOption("width")) {
  out <- format(x$model, width = width)
  tidied <- x$coefficients
  places <- estimate_places(tidied$estimate, tidied$conf.low, tidied$conf.high, tidied$std.error)
  places <- group_places(places, rep(1L, nrow(tidied)))
  columns <- list(table_column("coefficient", tidied$term, FALSE), table_column("log odds",
    format_places(tidied$estimate, places)),
    table_column("SE", format_places(tidied$std.error, places)),
    table_column("interval", format_interval(tidied$conf.low, tidied$conf.high, places), keep = 2),
    table_column("chi-square", format_statistic(tidied$statistic), keep = 1), table_column("p", format_p(tidied$p.value)))
  out <- c(out, "", "Coefficients (log odds)", table_lines(fit_columns(columns, width)$columns, width))
  if (!is.null(x$tests)) {
    tests <- c(list(term = table_column("term", format_text(x$tests$term), FALSE)),
      result_table(x$tests)[setdiff(names(result_table(x$tests)), "term")])
    out <- c(out, "", "Tests of terms", table_lines(fit_columns(tests, width)$columns, width),
      wrapped(capitalised(test_line(x$model, "lr")), width))
  }
  c(out, "", "How it was computed", trace_lines(x$trace, width))
}

#' @export
print.summary.respondr_logistic <- function(x, ..., width = getOption("width")) {
  cli::cat_line(format(x, width = width))
  invisible(x)
}

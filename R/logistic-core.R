# The logistic core as R calls it. input: list(x = model matrix, y = share of events, weight = trials times case weight or
# NULL, offset = or NULL). options: a list of what differs from logistic_options(); the estimator by word or by its code.

logistic_estimators <- c("ml", "firth", "logf")
logistic_limit_reasons <- c("ok", "infinite", "flat", "aliased", "not_converged", "not_estimable")

# `penalised` (logF): logical, one a column; NULL: all columns but the intercept. `tolerance`: what is left in standard errors.
logistic_options <- function(estimator = "ml", logf_m = 1, penalised = NULL, max_iterations = 200L, tolerance = 1e-10,
                             threads = 1L) {
  if (is.character(estimator)) {
    estimator <- match(estimator, logistic_estimators) - 1L
  }
  list(
    estimator = as.integer(estimator), logf_m = as.double(logf_m),
    penalised = if (!is.null(penalised)) as.logical(penalised), max_iterations = as.integer(max_iterations),
    tolerance = as.double(tolerance), threads = as.integer(threads)
  )
}

logistic_core_options <- function(options) do.call(logistic_options, as.list(options))

logistic_core_input <- function(input) {
  double <- function(x) {
    if (!is.null(x) && !is.double(x)) storage.mode(x) <- "double"
    x
  }
  list(x = double(input$x), y = double(input$y), weight = double(input$weight), offset = double(input$offset))
}

status_word <- function(codes) status_table$word[codes + 1L]

# What a fit answers: beta, vcov, fitted, leverage, kept, log_likelihood (of the data, without binomial coefficients),
# penalised (what was maximised, with Firth's half log determinant or the logF prior), iterations, converged, status.
logistic_named_fit <- function(fit, input, call) {
  fit <- ask_core(fit, call)
  names <- colnames(input$x)
  names(fit$beta) <- names(fit$kept) <- names
  dimnames(fit$vcov) <- list(names, names)
  fit$status <- status_word(fit$status)
  fit
}

logistic_fit <- function(input, options = list(), call = NULL) {
  input <- logistic_core_input(input)
  logistic_named_fit(logistic_core_fit(input, logistic_core_options(options)), input, call)
}

# Firth's fit with the intercept estimated again by maximum likelihood; status one_level (and Firth's own intercept) where all
# responses are the same.
logistic_flic <- function(input, options = list(), call = NULL) {
  input <- logistic_core_input(input)
  logistic_named_fit(logistic_core_flic(input, logistic_core_options(options)), input, call)
}

# FLAC is maximum likelihood on these data; the last column, `.added`, is its covariate.
logistic_flac_data <- function(input, options = list(), call = NULL) {
  input <- logistic_core_input(input)
  out <- ask_core(logistic_core_flac_data(input, logistic_core_options(options)), call)
  if (!is.null(colnames(input$x))) colnames(out$x) <- c(colnames(input$x), ".added")
  out$status <- status_word(out$status)
  out
}

# The fit of FLAC for the patients themselves, with `augmented`, the data on which limits and tests are to be asked (by
# maximum likelihood).
logistic_flac <- function(input, options = list(), call = NULL) {
  augmented <- logistic_flac_data(input, options, call)
  p <- ncol(input$x)
  own <- seq_len(nrow(input$x))
  ml <- logistic_options()
  ml[c("max_iterations", "tolerance", "threads")] <-
    logistic_core_options(options)[c("max_iterations", "tolerance", "threads")]
  fit <- logistic_fit(augmented, ml, call)
  out <- fit
  out$beta <- fit$beta[seq_len(p)]
  out$vcov <- fit$vcov[seq_len(p), seq_len(p), drop = FALSE]
  out$kept <- fit$kept[seq_len(p)]
  out$fitted <- fit$fitted[own]
  out$leverage <- fit$leverage[own]
  out$penalised <- fit$log_likelihood
  out$log_likelihood <- logistic_log_likelihood(input, out$fitted)
  out$added <- unname(fit$beta[p + 1L])
  out$augmented <- augmented
  out
}

# Without binomial coefficients.
logistic_log_likelihood <- function(input, fitted) {
  m <- input$weight %||% rep(1, length(input$y))
  part <- function(y, mu) ifelse(y > 0, y * log(mu), 0)
  sum(m * (part(input$y, fitted) + part(1 - input$y, 1 - fitted)))
}

# One row a column asked for: low, high, low_reason, high_reason (ok; infinite: the likelihood stays within the quantile all
# the way, by separation; flat: as far as the search went; aliased; not_converged; not_estimable), evaluations.
logistic_limits <- function(input, options = list(), columns, conf_level = 0.95, kind = "profile", call = NULL) {
  code <- match(kind, c("profile", "score", "wald")) - 1L
  out <- ask_core(
    logistic_core_limits(logistic_core_input(input), logistic_core_options(options), as.integer(columns), conf_level, code),
    call
  )
  out$low_reason <- logistic_limit_reasons[out$low_reason + 1L]
  out$high_reason <- logistic_limit_reasons[out$high_reason + 1L]
  as.data.frame(out, stringsAsFactors = FALSE)
}

# One row a set of columns; `null`: one value a column of x, NULL for 0. Columns that are aliased do not count in df.
logistic_tests <- function(input, options = list(), sets, kind = "lr", null = NULL, call = NULL) {
  code <- match(kind, c("lr", "wald", "score")) - 1L
  out <- ask_core(
    logistic_core_tests(logistic_core_input(input), logistic_core_options(options), lapply(sets, as.integer), code,
      if (!is.null(null)) as.double(null)),
    call
  )
  out$status <- status_word(out$status)
  as.data.frame(out, stringsAsFactors = FALSE)
}

# separated: none, quasi, complete; direction: of the coefficients (empty without separation); columns: those that are
# infinite; status not_converged: neither settled nor shown to separate.
logistic_recession <- function(input, options = list(), call = NULL) {
  out <- ask_core(logistic_core_recession(logistic_core_input(input), logistic_core_options(options)), call)
  out$separated <- c("none", "quasi", "complete")[out$separated + 1L]
  names(out$columns) <- colnames(input$x)
  if (length(out$direction)) names(out$direction) <- colnames(input$x)
  out$status <- status_word(out$status)
  out
}

# Residuals, Cook's distance and one-step changes of the coefficients, from a fit of logistic_fit() and its like.
logistic_influence <- function(input, fit, call = NULL) {
  out <- ask_core(logistic_core_influence(logistic_core_input(input), fit), call)
  colnames(out$dfbeta) <- colnames(input$x)
  out
}

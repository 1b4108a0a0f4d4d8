# Multiple imputation: one model in each completed data set, pooled.

#' Logistic regression of multiply imputed data
#'
#' [fit_logistic()] takes the imputations of mice (class `mids`) in place of `data`, or `pool_logistic()` a list of
#' completed data
#' frames of the same patients. One estimator serves all: `auto` is Firth's as soon as one completed data set is separated.
#' Coefficients are averaged; their covariance is Rubin's, `U + (1 + 1 / m) B` with the mean covariance U and the
#' covariance B of
#' the estimates between imputations. With `interval = "wald"` limits and p come from t with the degrees of freedom of
#' Barnard and
#' Rubin (1999); with `interval = "profile"` from CLIP: each data set's signed root of the profile (penalised)
#' likelihood ratio gives a
#' distribution function `Phi(r(b))`, and the limits are the quantiles of their mean.
#'
#' @inheritParams fit_logistic
#' @param data_sets A list of data frames.
#' @return A model of class `respondr_pooled`, `respondr_logistic`: coefficients, intervals, `odds_ratios()`, `predict()` for
#'   `newdata` and tables; with `fits`, the models of the data sets. Its missing information stands in `pooling`: `fmi`,
#'   `df`, `between`,
#'   `within`.
#' @references Rubin DB (1987) Multiple Imputation for Nonresponse in Surveys. Barnard J, Rubin DB (1999)
#'   \doi{10.1093/biomet/86.4.948}. Heinze G, Ploner M, Beyea J (2013) \doi{10.1002/sim.5899}.
#' @examples
#' sets <- lapply(c(100, 120, 140), function(w) {
#'   transform(MASS::birthwt, lwt = ifelse(lwt > 200, w, lwt))
#' })
#' pool_logistic(low ~ lwt + smoke, sets, steps = c(lwt = 10))
#' @export
pool_logistic <- function(formula, data_sets, ..., method = "auto", weights = NULL, offset = NULL, subset = NULL,
                          event = NULL,
                          reference = NULL, conf_level = 0.95, interval = "profile", steps = NULL, m = 1,
                          max_iterations = 200,
                          tolerance = 1e-10, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  if (!is.list(data_sets) || is.data.frame(data_sets) || length(data_sets) < 2L || !all(vapply(data_sets,
    is.data.frame, NA))) {
    stop_input("data", c("`data_sets` must be a list of at least two completed data frames.",
      i = "mice::complete(imputed, \"all\") gives one."), "data_sets", call)
  }
  words <- logistic_words(list(method = method, conf_level = conf_level, interval = interval, m = m, exact = NULL,
    midp = FALSE, exact_limit = 2e7, max_iterations = max_iterations, tolerance = tolerance, threads = threads,
    formula = formula, event = event, reference = reference, steps = steps), call)
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights), offset = substitute(offset)),
    null_word, env)
  pool_fits(formula, data_sets, columns, words, env, call)
}

logistic_imputed <- function(formula, data, columns, words, env, call) {
  if (!is.null(columns$by)) {
    stop_input("by", c("`by` does not go with multiple imputations.", i = "Fit the groups one by one with `subset`."),
      "by", call)
  }
  rlang::check_installed("mice", "to complete imputed data.")
  sets <- lapply(seq_len(data$m), function(i) mice::complete(data, i))
  pool_fits(formula, sets, columns, words, env, call)
}

pool_fits <- function(formula, sets, columns, words, env, call) {
  if (words$method == "exact" || words$interval == "score") {
    stop_input("method", c("Imputed data are pooled by Wald or profile intervals of ml, firth, flic, flac or logf.",
      i = "Use another `method` or `interval`."), "method", call)
  }
  asked <- words$method
  fit_all <- function(method) {
    words$method <- method
    lapply(sets, function(d) logistic_model(formula, d, columns, words, env, call))
  }
  fits <- fit_all(asked)
  methods <- vapply(fits, function(f) f$method, "")
  if (asked == "auto" && any(methods == "firth") && any(methods != "firth")) fits <- fit_all("firth")
  check_pooled(fits, call)
  out <- fits[[1]]
  out$asked <- asked
  out$settings$method <- asked
  verdicts <- vapply(fits, function(f) f$separation$verdict, "")
  worst <- which.max(match(verdicts, c("none", "quasi", "complete")))
  out$separation <- fits[[worst]]$separation
  pooled <- pool_rubin(lapply(fits, `[[`, "coefficients"), lapply(fits, `[[`, "vcov"), out$n - sum(out$kept))
  out$coefficients <- pooled$estimate
  out$vcov <- pooled$total
  if (!is.null(out$flic)) {
    flic <- pool_rubin(lapply(fits, function(f) f$flic$coefficients), lapply(fits, function(f) f$flic$vcov), Inf)
    out$flic <- list(coefficients = flic$estimate, vcov = flic$total)
  }
  out$fitted.values <- Reduce(`+`, lapply(fits, `[[`, "fitted.values")) / length(fits)
  out$log_likelihood <- mean(vapply(fits, `[[`, 0, "log_likelihood"))
  out$pooling <- pooled[c("between", "within", "df", "fmi")]
  out$fits <- fits
  out$call <- call
  class(out) <- c("respondr_pooled", class(out))
  out
}

check_pooled <- function(fits, call) {
  names <- lapply(fits, function(f) names(f$coefficients)[f$kept])
  if (length(unique(names)) > 1L) {
    stop_input("data", c("The completed data sets have different columns of the model.",
      i = "A level that only some of them have, or a column that depends on others in some?"), "data", call)
  }
  bad <- vapply(fits, function(f) f$status, "") != "ok"
  if (any(bad)) {
    stop_input("data", c(paste0("The model of data set ", which(bad)[1], " has the status ",
      fits[[which(bad)[1]]]$status, "."),
      i = "Use `method = \"auto\"` or \"firth\"."), "data", call)
  }
}

# Rubin's rules with the degrees of freedom of Barnard and Rubin (1999, eq. 3 to 5); fmi is their fraction of missing
# information.
pool_rubin <- function(estimates, covariances, df_complete) {
  m <- length(estimates)
  q <- do.call(rbind, estimates)
  estimate <- colMeans(q)
  within <- Reduce(`+`, covariances) / m
  between <- stats::cov(q)
  total <- within + (1 + 1 / m) * between
  lambda <- pmin(1, (1 + 1 / m) * diag(between) / diag(total))
  old <- (m - 1) / lambda^2
  observed <- if (is.finite(df_complete)) (df_complete + 1) / (df_complete + 3) * df_complete * (1 - lambda) else Inf
  df <- ifelse(lambda < 1e-12, observed, 1 / (1 / old + 1 / observed))
  list(estimate = estimate, total = total, within = diag(within), between = diag(between), df = df,
    fmi = ((1 + 1 / m) * diag(between) / diag(within) + 2 / (df + 3)) / ((1 + 1 / m) * diag(between) / diag(within) + 1))
}

pooled_coefficients <- function(object, level) {
  estimate <- object$coefficients
  error <- sqrt(diag(object$vcov))
  out <- data.frame(column = names(estimate), estimate = unname(estimate), std_error = unname(error), conf_low = NA_real_,
    conf_high = NA_real_, statistic = NA_real_, df = NA_real_, p_value = NA_real_, conf_method = NA_character_, reason = "")
  at <- which(object$kept)
  t <- unname(estimate / error)[at]
  df <- unname(object$pooling$df)[at]
  wald <- object$settings$interval == "wald"
  rows <- if (wald) at else at[!(object$method == "flic" & at == 1L)]
  half <- stats::qt((1 + level) / 2, df) * error[at]
  out$statistic[at] <- t
  out$df[at] <- df
  out$conf_low[at] <- estimate[at] - half
  out$conf_high[at] <- estimate[at] + half
  out$p_value[at] <- 2 * stats::pt(-abs(t), df)
  out$conf_method[at] <- "rubin"
  if (!wald) {
    for (j in rows) out[j, c("conf_low", "conf_high", "p_value")] <- clip_limits(object, j, level)
    out[rows, c("statistic", "df")] <- NA_real_
    out$conf_method[rows] <- "clip"
  }
  out
}

# Quantiles of the mean of the data sets' distribution functions, and twice the smaller tail at 0.
clip_limits <- function(object, j, level) {
  asked <- lapply(object$fits, logistic_ask)
  centre <- vapply(object$fits, function(f) f$coefficients[[j]], 0)
  spread <- sqrt(object$vcov[j, j])
  share <- function(b) {
    mean(vapply(seq_along(asked), function(i) {
      null <- numeric(ncol(asked[[i]]$problem$x))
      null[j] <- b
      test <- logistic_tests(asked[[i]]$problem, asked[[i]]$options, list(j), "lr", null, object$call)
      stats::pnorm(sign(b - centre[i]) * sqrt(max(test$statistic, 0)))
    }, 0))
  }
  limit <- function(p, side) {
    far <- NULL
    for (k in 1:12) {
      far <- mean(centre) + side * spread * 2^k
      if (side * (share(far) - p) > 0) break
    }
    if (side * (share(far) - p) <= 0) {
      return(side * Inf)
    }
    stats::uniroot(function(b) share(b) - p, sort(c(mean(centre), far)), extendInt = "upX", tol = 1e-9 * spread)$root
  }
  at_zero <- share(0)
  c(limit((1 - level) / 2, -1), limit((1 + level) / 2, 1), 2 * min(at_zero, 1 - at_zero))
}

pooled_line <- function(fit) {
  worst <- max(fit$pooling$fmi[fit$kept], na.rm = TRUE)
  paste0("pooled over ", length(fit$fits), " imputed data sets, ",
    if (fit$settings$interval == "wald") "by Rubin's rules" else
    "intervals by CLIP", "; largest fraction of missing information ", formatC(worst, digits = 2, format = "f"))
}

not_pooled <- function(fit, call) {
  if (inherits(fit, "respondr_pooled")) {
    stop_input("pooled", c("This is not available for pooled imputations.",
      i = "`fit$fits` holds the model of each data set."),
      "fit", call)
  }
}

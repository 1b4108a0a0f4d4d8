# Effects on the probability: standardised risks and average marginal effects.

#' Risks, risk differences and risk ratios from a logistic model
#'
#' The risk of the event if all patients had a value of the predictor, all else as observed (g-computation,
#' standardisation over the
#' patients of the fit): `sum(w p(x_i with value)) / sum(w)`. The difference and ratio compare each level of a factor
#' with its
#' reference, an indicator at 1 with 0, and any other numeric predictor with itself plus one step. Standard errors by
#' the delta method, for the covariates as they
#' are: with gradient g, `sqrt(g' V g)`; the interval of a risk on the log odds, of a ratio on the logarithm. After Firth the
#' probabilities are those of FLIC, and V its covariance.
#'
#' @param fit A model of [fit_logistic()].
#' @param of Variables (columns of the data); all of the model by default.
#' @param steps Steps of numeric variables, such as `c(hbf = 10)`; those of the model, else 1.
#' @param conf_level Confidence level.
#' @return A result ([result_columns]): for each variable and level the rows `risk`, `risk difference` and `risk ratio`;
#'   each p-value
#'   is that of the Wald test which the interval inverts.
#' @section Errors:
#' `respondr_error_of` for what is no variable of the model; `respondr_error_method` after `method = "exact"`.
#' @references Localio AR, Margolis DJ, Berlin JA (2007) \doi{10.1016/j.jclinepi.2006.12.001}. Puhr R et al. (2017)
#'   \doi{10.1002/sim.7273}.
#' @examples
#' fit <- fit_logistic(low ~ age + factor(race) + smoke, MASS::birthwt)
#' risk_effects(fit, of = "smoke")
#' @export
risk_effects <- function(fit, of = NULL, steps = fit$settings$steps, conf_level = fit$settings$conf_level) {
  call <- rlang::current_call()
  conf_level <- check_effects(fit, conf_level, call)
  of <- effect_variables(fit, of, call)
  parts <- lapply(of, function(name) risk_rows(fit, name, effect_step(fit, name, steps), conf_level, call))
  effects_result(fit, do.call(rbind, parts), "Risks standardised over the patients of the fit", conf_level, call)
}

#' Average marginal effects of a logistic model
#'
#' For numeric variables the mean over patients of the slope of the probability, times the step (a derivative, not a
#' difference);
#' for factors and 0/1 indicators the mean difference of the probability at the level and at the reference. Standard
#' errors by the delta method.
#' After Firth the probabilities are those of FLIC.
#'
#' @inheritParams risk_effects
#' @return A result ([result_columns]).
#' @section Errors:
#' As [risk_effects()].
#' @examples
#' marginal_effects(fit_logistic(low ~ age + factor(race) + smoke, MASS::birthwt), steps = c(age = 5))
#' @export
marginal_effects <- function(fit, of = NULL, steps = fit$settings$steps, conf_level = fit$settings$conf_level) {
  call <- rlang::current_call()
  conf_level <- check_effects(fit, conf_level, call)
  of <- effect_variables(fit, of, call)
  parts <- lapply(of, function(name) marginal_rows(fit, name, effect_step(fit, name, steps), conf_level, call))
  effects_result(fit, do.call(rbind, parts), "Average marginal effects on the probability", conf_level, call)
}

check_effects <- function(fit, conf_level, call) {
  check_logistic(fit, call)
  check_predicts(fit, call)
  not_pooled(fit, call)
  check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
}

effect_variables <- function(fit, of, call) {
  known <- setdiff(names(fit$data), all.vars(rlang::expr(!!offset_expression(fit))))
  if (!is.null(of) && (!is.character(of) || !all(of %in% known))) {
    stop_input("of", c("`of` must name variables of the model.", i = paste0("Variables: ", quoted(known, 12), ".")),
      "of", call)
  }
  unique(of %||% known)
}

offset_expression <- function(fit) {
  at <- attr(fit$input$terms, "offset")
  as.call(c(as.name("list"), as.list(attr(fit$input$terms, "variables"))[-1][at]))
}

effect_step <- function(fit, name, steps) {
  step <- if (name %in% names(steps)) steps[[name]] else 1
  step
}

# The values a variable is set to: levels, reference first; 0 and 1 of an indicator; NULL for other numbers.
effect_levels <- function(fit, name) {
  x <- fit$data[[name]]
  xlevels <- fit$input$xlevels
  if (name %in% names(xlevels)) {
    return(xlevels[[name]])
  }
  inside <- vapply(names(xlevels), function(label) identical(all.vars(str2lang(label)), name), NA)
  if (any(inside)) {
    column <- names(xlevels)[inside][1]
    shown <- as.character(fit$input$frame[[column]])
    first <- match(xlevels[[column]], shown)
    return(unique(as.character(x[first])))
  }
  if (is.numeric(x) && all(x %in% 0:1)) {
    return(c("0", "1"))
  }
  if (is.numeric(x)) NULL else as.character(sort(unique(x)))
}

set_value <- function(data, name, value) {
  x <- data[[name]]
  data[[name]] <- if (is.factor(x)) factor(rep(value, nrow(data)), levels = levels(x)) else
    if (is.logical(x)) rep(as.logical(value), nrow(data)) else if (is.numeric(x)) rep(as.double(value), nrow(data)) else
      rep(value, nrow(data))
  data
}

# Mean probability of the rows of `data`, and its gradient.
standardised_risk <- function(fit, data, call) {
  x <- predictor_matrix(fit$input, data, call)$x
  at <- linear_predictor(fit, list(x = x, offset = fit$offset))
  mu <- stats::plogis(at$eta)
  w <- fit$problem$weight %||% rep(1, nrow(x))
  w <- w / sum(w)
  list(mean = sum(w * mu), gradient = colSums(x * (w * mu * (1 - mu))))
}

# Standard error of a function with this gradient; none where coefficients are infinite.
delta_error <- function(fit, gradient) {
  use <- probability_coefficients(fit)
  if (any(is.infinite(use$coefficients))) {
    return(NA_real_)
  }
  kept <- is.finite(use$coefficients)
  sqrt(max(0, drop(gradient[kept] %*% use$vcov[kept, kept, drop = FALSE] %*% gradient[kept])))
}

effect_row <- function(name, contrast, level, reference, estimand, estimate, error, low, high, z) {
  data.frame(term = name, contrast = contrast, level = level, reference = reference, estimand = estimand,
    estimate = estimate,
    std_error = error, conf_low = low, conf_high = high, statistic = z, p_value = 2 * stats::pnorm(-abs(z)))
}

risk_rows <- function(fit, name, step, conf_level, call) {
  levels <- effect_levels(fit, name)
  data <- fit$data
  z <- stats::qnorm((1 + conf_level) / 2)
  worlds <- if (is.null(levels)) list(data, replace(data, name, data[[name]] + step)) else
    lapply(levels, function(v) set_value(data, name, v))
  labels <- levels %||% c("as observed", paste("plus", format_number(step)))
  risks <- lapply(worlds, function(d) standardised_risk(fit, d, call))
  own <- lapply(seq_along(risks), function(k) {
    m <- risks[[k]]$mean
    error <- delta_error(fit, risks[[k]]$gradient)
    half <- z * error / (m * (1 - m))
    effect_row(name, labels[k], labels[k], NA, "risk", m, error, stats::plogis(stats::qlogis(m) - half),
      stats::plogis(stats::qlogis(m) + half), NA_real_)
  })
  against <- lapply(seq_along(risks)[-1], function(k) compare_risks(fit, name, labels[c(k, 1L)], risks[c(k, 1L)], z))
  do.call(rbind, c(own, against))
}

compare_risks <- function(fit, name, labels, risks, z) {
  m <- c(risks[[1]]$mean, risks[[2]]$mean)
  difference <- m[1] - m[2]
  error <- delta_error(fit, risks[[1]]$gradient - risks[[2]]$gradient)
  ratio <- m[1] / m[2]
  log_error <- delta_error(fit, risks[[1]]$gradient / m[1] - risks[[2]]$gradient / m[2])
  rbind(
    effect_row(name, paste(labels[1], "-", labels[2]), labels[1], labels[2], "risk difference", difference, error,
      difference - z * error, difference + z * error, difference / error),
    effect_row(name, paste(labels[1], "/", labels[2]), labels[1], labels[2], "risk ratio", ratio, log_error,
      ratio * exp(-z * log_error), ratio * exp(z * log_error), log(ratio) / log_error)
  )
}

marginal_rows <- function(fit, name, step, conf_level, call) {
  levels <- effect_levels(fit, name)
  z <- stats::qnorm((1 + conf_level) / 2)
  row <- function(contrast, level, reference, estimate, gradient) {
    error <- delta_error(fit, gradient)
    effect_row(name, contrast, level, reference, "average marginal effect", estimate, error, estimate - z * error,
      estimate + z * error, estimate / error)
  }
  if (is.null(levels)) {
    slope <- average_slope(fit, name, step, call)
    contrast <- paste0("slope", if (step != 1) paste0(" x ", format_number(step)))
    return(row(contrast, NA, NA, slope$estimate, slope$gradient))
  }
  risks <- lapply(levels, function(v) standardised_risk(fit, set_value(fit$data, name, v), call))
  do.call(rbind, lapply(seq_along(levels)[-1], function(k) {
    row(paste(levels[k], "-", levels[1]), levels[k], levels[1], risks[[k]]$mean - risks[[1]]$mean,
      risks[[k]]$gradient - risks[[1]]$gradient)
  }))
}

# Mean of p (1 - p) d, d the slope of the log odds: by central differences of the model matrix, which are exact where it
# is linear.
average_slope <- function(fit, name, step, call) {
  h <- 1e-4 * max(stats::sd(fit$data[[name]]), 1e-8 * max(abs(fit$data[[name]])), .Machine$double.xmin, na.rm = TRUE)
  moved <- function(by) predictor_matrix(fit$input, replace(fit$data, name, fit$data[[name]] + by), call)$x
  slope <- (moved(h) - moved(-h)) / (2 * h) * step
  use <- probability_coefficients(fit)
  finite <- is.finite(use$coefficients)
  x <- fit$problem$x
  mu <- stats::plogis(linear_predictor(fit, list(x = x, offset = fit$offset))$eta)
  w <- fit$problem$weight %||% rep(1, nrow(x))
  w <- w / sum(w)
  d <- drop(slope[, finite, drop = FALSE] %*% use$coefficients[finite])
  v <- mu * (1 - mu)
  list(estimate = sum(w * v * d), gradient = colSums(slope * (w * v)) + colSums(x * (w * v * (1 - 2 * mu) * d)))
}

effects_result <- function(fit, rows, title, conf_level, call) {
  n <- nrow(rows)
  status <- ifelse(is.na(rows$estimate), "not_estimable", ifelse(is.na(rows$std_error), fit$status, "ok"))
  infinite <- any(is.infinite(fit$coefficients))
  out <- c(as.list(rows), list(
    outcome = rep(fit$input$outcome, n), event = rep(fit$input$event, n), method = rep(fit$method, n), n = rep(fit$n, n),
    events = rep(fit$events, n), conf_level = rep(conf_level, n),
    conf_method = factor(ifelse(is.na(rows$std_error), NA, "delta"), levels = conf_method_table$word[-1]),
    p_matches = ifelse(is.na(rows$p_value), NA, TRUE), status = factor(status, levels = status_table$word)
  ))
  lines <- c(logistic_lines(fit), if (infinite) "with infinite coefficients the delta method gives no standard error")
  build_result(out, class = "respondr_effects", settings = list(family = "logistic",
    title = paste0(title, ", ", event_title(fit$input)), conf_level = conf_level, lines = lines,
    mixed_scales = TRUE), trace = logistic_trace(fit, "wald"), call = call)
}

# survival::survfit() and survdiff(): curves, medians and the log-rank test of response_time(); cmprsk::cuminc(): Gray's.

# time, status (0 censored, 1 the event, 2, 3, ... others in the order of `others`), group a factor. Kaplan-Meier, or
# Aalen-Johansen where other events compete; intervals on the log(-log) scale. `curves`: the probability that the event has
# happened, with its limits and patients at risk; `medians`: one row a group.
lib_survfit <- function(time, status, group, others, conf_level) {
  rlang::check_installed("survival", "for times of response.")
  parts <- lapply(levels(group), function(g) {
    at <- group == g
    if (!any(at)) {
      return(NULL)
    }
    lib_survfit_one(time[at], status[at], g, others, conf_level)
  })
  list(curves = do.call(rbind, lapply(parts, `[[`, "curve")), medians = do.call(rbind, lapply(parts, `[[`, "median")))
}

lib_survfit_one <- function(time, status, group, others, conf_level) {
  competing <- length(others) > 0L
  y <- if (competing) {
    survival::Surv(time, factor(status, levels = 0:(length(others) + 1L), labels = c("censored", "event", others)))
  } else {
    survival::Surv(time, status)
  }
  fit <- survival::survfit(y ~ 1, conf.type = "log-log", conf.int = conf_level)
  first <- function(x, state) if (is.matrix(x)) x[, state] else x
  if (competing) {
    state <- match("event", fit$states)
    risk <- first(fit$n.risk, 1L)
    estimate <- fit$pstate[, state]
    low <- first(fit$lower, state)
    high <- first(fit$upper, state)
    events <- first(fit$n.event, state)
    left <- rowSums(as.matrix(fit$n.event)) - events
  } else {
    risk <- fit$n.risk
    estimate <- 1 - fit$surv
    low <- 1 - fit$upper
    high <- 1 - fit$lower
    events <- fit$n.event
    left <- rep(0, length(events))
  }
  none <- estimate <= 0
  low[none] <- 0
  high[none] <- NA
  curve <- data.frame(group = group, time = c(0, fit$time), n_risk = c(length(time), risk), events = c(0, events),
    competing = c(0, left), estimate = c(0, estimate), low = c(0, low), high = c(NA, high))
  if (any(fit$time == 0)) curve <- curve[-1, , drop = FALSE]
  list(curve = curve, median = cbind(data.frame(group = group, n = length(time), events = sum(status == 1)),
    if (competing) crossing_times(curve) else km_median(fit, conf_level)))
}

km_median <- function(fit, conf_level) {
  q <- stats::quantile(fit, 0.5)
  data.frame(estimate = unname(q$quantile), low = unname(q$lower), high = unname(q$upper))
}

# When the curve and its limits first reach one half; NA where they do not.
crossing_times <- function(curve) {
  when <- function(x) {
    at <- which(!is.na(x) & x >= 0.5 - 1e-12)
    if (length(at)) curve$time[at[1]] else NA_real_
  }
  data.frame(estimate = when(curve$estimate), low = when(curve$high), high = when(curve$low))
}

# Log-rank test of the event; those who meet another event first count as censored there.
lib_logrank <- function(time, status, group) {
  group <- droplevels(group)
  none <- list(statistic = NA_real_, df = NA_real_, p_value = NA_real_)
  if (nlevels(group) < 2L || !any(status == 1)) {
    return(none)
  }
  test <- tryCatch(survival::survdiff(survival::Surv(time, as.numeric(status == 1)) ~ group), error = function(cnd) NULL)
  df <- sum(test$exp > 0) - 1L
  if (is.null(test) || df < 1L || !is.finite(test$chisq)) {
    return(none)
  }
  list(statistic = test$chisq, df = as.double(df), p_value = stats::pchisq(test$chisq, df, lower.tail = FALSE))
}

# Gray's test of the cumulative incidences of the event (status 1) between groups, where others (2, 3, ...) compete.
lib_gray <- function(time, status, group) {
  group <- droplevels(group)
  none <- list(statistic = NA_real_, df = NA_real_, p_value = NA_real_)
  if (nlevels(group) < 2L || !any(status == 1)) {
    return(none)
  }
  tests <- tryCatch(suppressWarnings(cmprsk::cuminc(time, status, group, cencode = 0))$Tests, error = function(cnd) NULL)
  if (is.null(tests) || !"1" %in% rownames(tests) || !all(is.finite(tests["1", ]))) {
    return(none)
  }
  list(statistic = tests[["1", "stat"]], df = tests[["1", "df"]],
    p_value = stats::pchisq(tests[["1", "stat"]], tests[["1", "df"]], lower.tail = FALSE))
}

has_cmprsk <- function() requireNamespace("cmprsk", quietly = TRUE)

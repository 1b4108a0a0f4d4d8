# The smooth calibration curve and its distances from the line of equal probabilities (Austin and Steyerberg 2019).

smooth_kinds <- c("auto", "loess", "spline")

# loess up to 2,000 patients, a spline of the log odds beyond.
smooth_kind <- function(kind, n) if (kind == "auto") if (n <= 2000) "loess" else "spline" else kind

# distance: ici, e50, e90, emax over the patients; curve: at, estimate, low, high.
smooth_calibration <- function(patients, p, kind, at = NULL, conf_level = 0.95) {
  weight <- patients$weight %||% rep(1, length(p))
  kind <- smooth_kind(kind, length(p))
  none <- list(kind = kind, distance = stats::setNames(rep(NA_real_, 4L), c("ici", "e50", "e90", "emax")))
  used <- weight > 0
  if (sum(used) < 10L || length(unique(p[used])) < 5L || length(unique(patients$event[used])) < 2L) {
    return(none)
  }
  fit <- lib_calibration_curve(p[used], patients$event[used], weight[used], kind)
  inside <- if (!is.null(fit)) fit(p[used])$estimate
  if (is.null(inside) || anyNA(inside)) {
    return(none)
  }
  gap <- abs(inside - p[used])
  quantiles <- weighted_quantiles(gap, weight[used], c(0.5, 0.9))
  none$distance[] <- c(stats::weighted.mean(gap, weight[used]), quantiles, max(gap))
  if (!is.null(at)) none$curve <- data.frame(predicted = at, fit(at, conf_level))
  none
}

# Linear between order statistics (type 7) where weights are whole.
weighted_quantiles <- function(x, weight, probability) {
  if (all(weight == 1) || any(weight != round(weight)) || sum(weight) > 1e7) {
    return(unname(stats::quantile(x, probability)))
  }
  unname(stats::quantile(rep(x, weight), probability))
}

# Rows, print and picture of response_time().

time_result <- function(input, patients, words, ends, call) {
  by <- names(input$by)
  group <- group_of_patient(input)
  labels <- if (length(by)) do.call(paste, c(lapply(by, function(b) as.character(input$by[[b]])),
    sep = ", ")) else "all patients"
  patients$group <- factor(labels[group], levels = unique(labels))
  used <- !is.na(patients$time)
  others <- c(death = "death", stop = "stopped")[ends]
  fit <- if (any(used)) lib_survfit(patients$time[used], patients$status[used], patients$group[used], others,
    words$conf_level)
  method <- if (length(ends)) "aalen_johansen" else "kaplan_meier"
  rows <- time_rows(input, patients, fit, words, method, by)
  tests <- if (nrow(input$by) > 1L && any(used)) words$test
  for (word in tests) {
    ask <- list(log_rank = lib_logrank, gray = lib_gray)[[word]]
    found <- ask(patients$time[used], patients$status[used], patients$group[used])
    rows <- rbind(rows, time_test_row(rows, word, found, patients, used, by))
  }
  settings <- list(family = "response", by = by, scale = "difference", conf_level = words$conf_level, mixed_scales = TRUE,
    keep_estimand = TRUE, visit_note = NULL, skipped = input$skipped,
    title = if (words$what == "time") "Time to response" else "Duration of response",
    lines = time_lines(input, patients, words, ends))
  rows$status <- factor(rows$status, levels = status_table$word)
  trace <- trace_table(list(
    c("event", paste(input$responses[[1]]$labels[words$event], collapse = " or "), ""),
    c("estimate", c(kaplan_meier = "Kaplan-Meier", aalen_johansen = "Aalen-Johansen")[[method]], "survival::survfit()"),
    c("interval", "log(-log)", "of the curve; of the median by where the limits of the curve cross one half"),
    c("time of a response", words$placed, "it came between the visit before and this one"),
    c("start", format_number(words$start), "responses at or before it do not count")
  ))
  out <- build_result(rows, class = "respondr_time", settings = settings, trace = trace, input = NULL, call = call)
  attr(out, "input") <- list(curves = fit$curves, patients = patients, words = words, ends = ends, times = sort(input$time),
    event = paste(input$responses[[1]]$labels[words$event], collapse = " or "), visits = NULL)
  out
}

time_rows <- function(input, patients, fit, words, method, by) {
  name <- if (words$what == "time") "median time to response" else "median duration of response"
  had <- if (words$what == "time") "responded by " else "lost by "
  frames <- lapply(seq_len(nrow(input$by)), function(g) {
    label <- levels(patients$group)[g]
    all <- patients[as.integer(patients$group) == g, , drop = FALSE]
    m <- if (length(fit)) fit$medians[fit$medians$group == label, , drop = FALSE]
    curve <- if (length(fit)) fit$curves[fit$curves$group == label, , drop = FALSE]
    value <- function(x) if (length(x)) x else NA_real_
    none <- is.null(m) || !nrow(m)
    shares <- lapply(words$at, function(t) time_share(curve, t, all))
    k <- 1L + length(shares)
    data.frame(outcome = rep(names(input$outcomes), k), input$by[rep(g, k), , drop = FALSE],
      method = method, n = if (none) 0L else m$n, n_dropped = sum(is.na(all$time)),
      n_risk = c(NA_integer_, vapply(shares, `[[`, 0L, "n_risk")),
      events = c(if (none) 0L else as.integer(m$events), vapply(shares, `[[`, 0L, "events")),
      estimand = c(name, if (length(shares)) paste0(had, format_number(words$at))),
      estimate = c(value(m$estimate), vapply(shares, `[[`, 0, "estimate")),
      conf_low = c(value(m$low), vapply(shares, `[[`, 0, "low")), conf_high = c(value(m$high), vapply(shares, `[[`, 0,
        "high")),
      conf_level = words$conf_level, conf_method = "log_log", p_matches = NA, statistic = NA_real_, df = NA_real_,
      p_value = NA_real_, status = if (none) "no_data" else c(if (is.na(m$estimate)) "not_estimable" else "ok",
        vapply(shares, `[[`, "", "status")),
      note = c(if (!none && is.na(m$estimate)) "the curve does not reach one half" else "", rep("", k - 1L)),
      check.names = FALSE)
  })
  out <- do.call(rbind, frames)
  row.names(out) <- NULL
  out$conf_method <- factor(ifelse(is.na(out$conf_low) & is.na(out$conf_high), NA, out$conf_method),
    levels = conf_method_table$word)
  out
}

# The share with the event by time t. Beyond the last time there is nothing to say, unless nobody was left to observe.
time_share <- function(curve, t, all) {
  time <- all$time[!is.na(all$time)]
  counts <- list(n_risk = sum(time >= t), events = sum(time <= t & all$status[!is.na(all$time)] == 1))
  rows <- if (length(curve)) nrow(curve) else 0L
  ended <- rows > 0L && curve$events[rows] + curve$competing[rows] == curve$n_risk[rows]
  if (!rows || (t > curve$time[rows] && !ended)) {
    return(c(counts, list(estimate = NA_real_, low = NA_real_, high = NA_real_, status = "not_estimable")))
  }
  at <- max(which(curve$time <= t))
  c(counts, list(estimate = curve$estimate[at], low = curve$low[at], high = curve$high[at], status = "ok"))
}

time_test_row <- function(rows, word, test, patients, used, by) {
  out <- rows[1, , drop = FALSE]
  for (b in by) out[[b]] <- out[[b]][NA_integer_]
  out$method <- word
  out$n <- sum(used)
  out$n_dropped <- sum(!used)
  out$n_risk <- NA_integer_
  out$events <- sum(patients$status[used] == 1)
  out$estimand <- NA_character_
  out[c("estimate", "conf_low", "conf_high")] <- NA_real_
  out$conf_method <- factor(NA, levels = levels(rows$conf_method))
  out$statistic <- test$statistic
  out$df <- test$df
  out$p_value <- test$p_value
  out$status <- if (is.na(test$p_value)) "not_estimable" else "ok"
  out$note <- ""
  out
}

time_lines <- function(input, patients, words, ends) {
  width <- (patients$by_visit - patients$after)[patients$status == 1]
  event <- paste(input$responses[[1]]$labels[words$event], collapse = " or ")
  without <- sum(is.na(patients$time))
  c(
    paste0("response: ", event, "; visits at ", paste(format_number(sort(input$time)), collapse = ", ")),
    if (length(width)) paste0(if (words$what == "time") "a response" else "a loss",
      " is seen only at visits: it came between the visit before and the one where it was seen, intervals of ",
      format_number(stats::median(width)), " (median; ", format_number(min(width)), " to ", format_number(max(width)),
      "); the time is that of the ", if (words$placed == "visit") "visit" else "middle of the interval"),
    if (length(ends)) paste0("competing: ", paste0(c(death = "death", stop = "stopping")[ends], " (",
      vapply(seq_along(ends), function(k) sum(patients$status == 1 + k, na.rm = TRUE), 0L), ")", collapse = ", ")),
    if (any(patients$late)) paste0("a ", if (words$what == "time") "response" else "loss", " first seen after death or ",
      "stopping, counted as that: ", sum(patients$late), if (sum(patients$late) == 1L) " patient" else " patients"),
    if (length(ends) && nrow(input$by) > 1L) time_test_lines(words$test),
    if (without) paste0(if (words$what == "time") "without a class after the start: " else "without a response: ", without,
      if (without == 1L) " patient" else " patients")
  )
}

time_test_lines <- function(test) {
  c(
    if ("gray" %in% test) "test gray: Gray's, of the cumulative incidences",
    if ("log_rank" %in% test) "test log_rank: of the cause-specific hazards, not of the cumulative incidences",
    if (!"gray" %in% test && !has_cmprsk())
      "Gray's test of the cumulative incidences is left out: it needs the package cmprsk, which is not installed"
  )
}

#' @rdname response_time
#' @param x A result of `response_time()`.
#' @export
time_curves <- function(x, ...) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  time_parts(x, call)$curves
}

#' @rdname response_time
#' @export
time_patients <- function(x, ...) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  patients <- time_parts(x, call)$patients
  patients[setdiff(names(patients), c("status", "origin", "group", "late"))]
}

time_parts <- function(x, call) {
  parts <- attr(x, "input")
  if (!inherits(x, "respondr_time") || is.null(parts$patients)) {
    stop_input("x", "`x` must be a result of `response_time()`.", "x", call)
  }
  parts
}

#' @rdname report_text
#' @export
report_text.respondr_time <- function(x, ...) {
  d <- as.data.frame(x)
  places <- result_places(x)
  by <- attr(x, "settings")$by
  vapply(seq_len(nrow(d)), function(i) {
    one <- d[i, ]
    test <- c(log_rank = "Log-rank test", gray = "Gray's test of the cumulative incidences")[as.character(one$method)]
    if (!is.na(test)) {
      return(if (is.na(one$p_value)) paste0(test, " over the groups: cannot be computed.") else
        paste0(test, " over the groups: chi-squared ", format_statistic(one$statistic), " on ", one$df, " df, ",
          format_p_words(one$p_value), "."))
    }
    group <- if (length(by)) paste0(" (", paste(by, vapply(by, function(b) as.character(one[[b]]), ""),
      collapse = ", "), ")")
    what <- paste0(capitalised(as.character(one$estimand)), group, ", ", one$events, " of ", one$n,
      " patients with the event: ")
    if (is.na(one$estimate)) {
      why <- if (one$n == 0L) "no patients" else if (is.na(one$n_risk)) "not reached" else "nobody was observed that long"
      return(paste0(what, why, "."))
    }
    limit <- function(v) if (is.na(v)) "not reached" else format_places(v, places[i])
    paste0(what, format_places(one$estimate, places[i]), " (", format_level(one$conf_level), " confidence interval ",
      limit(one$conf_low), " to ", limit(one$conf_high), ").")
  }, "")
}

#' @rdname response_time
#' @export
plot.respondr_time <- function(x, ...) {
  picture <- time_picture(x, rlang::current_call())
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

#' @rdname response_time
#' @param object As `x`.
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_time <- function(object, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  time_picture(object, rlang::current_call())
}

time_picture <- function(x, call) {
  parts <- time_parts(x, call)
  if (is.null(parts$curves)) stop_input("plot", "No patient has a time to draw.", "x", call)
  curves <- parts$curves
  curves$group <- factor(curves$group, levels = unique(as.character(curves$group)))
  if (nlevels(curves$group) > 8L) {
    stop_input("plot", paste0("A picture of ", nlevels(curves$group), " curves cannot be read (8 at most)."), "x", call)
  }
  visits <- sort(unique(c(0, curves$time, parts$times - parts$words$start)))
  visits <- visits[visits >= 0 & visits <= max(curves$time)]
  ticks <- if (length(visits) <= 9L) visits else pretty(c(0, max(visits)), 5)
  ticks <- ticks[ticks <= max(visits) * 1.02]
  risk <- do.call(rbind, lapply(levels(curves$group), function(g) {
    p <- parts$patients[parts$patients$group == g & !is.na(parts$patients$time), , drop = FALSE]
    data.frame(group = g, at = ticks, n = vapply(ticks, function(t) sum(p$time >= t - 1e-9), 0L))
  }))
  risk$group <- factor(risk$group, levels = levels(curves$group))
  data <- list(curves = curves, risk = risk, ticks = ticks, level = parts$words$conf_level, what = parts$words$what,
    y = if (parts$words$what == "time") "patients with a response (%)" else "response lost (%)", event = parts$event,
    how = if (length(parts$ends)) "Cumulative incidence (Aalen-Johansen)" else "One minus Kaplan-Meier")
  if (has_ggplot()) gg_time(data) else base_time(data)
}

time_caption <- function(data) {
  paste0("Response: ", data$event, ". ", data$how, " with ", format_level(data$level),
    " log(-log) band; a response is seen only at visits. Below: patients at risk.")
}

# Steps as corners, so that the band has the shape of the curve; a little beyond the last time, so that its step is seen.
time_steps <- function(curves) {
  beyond <- 0.04 * max(curves$time)
  parts <- lapply(split(curves, droplevels(curves$group)), function(d) {
    d <- d[c(seq_len(nrow(d)), nrow(d)), , drop = FALSE]
    d$time[nrow(d)] <- d$time[nrow(d)] + beyond
    k <- nrow(d)
    at <- rep(seq_len(k), each = 2L)
    out <- d[at[-length(at)], , drop = FALSE]
    out$time <- d$time[at[-1]]
    out
  })
  do.call(rbind, parts)
}

gg_time <- function(data) {
  steps <- time_steps(data$curves)
  band <- steps[!is.na(steps$low) & !is.na(steps$high), , drop = FALSE]
  risk <- data$risk
  risk$y <- -12 - 9 * as.integer(risk$group)
  guide <- if (nlevels(steps$group) == 1L) "none" else gg_legend(levels(steps$group))
  ggplot2::ggplot(steps, ggplot2::aes(x = .data$time, y = 100 * .data$estimate, colour = .data$group,
    linetype = .data$group)) +
    ggplot2::geom_hline(yintercept = 50, colour = "grey75", linewidth = 0.3) +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = 100 * .data$low, ymax = 100 * .data$high, fill = .data$group), data = band,
      alpha = 0.15, colour = NA) +
    ggplot2::geom_line(linewidth = 0.9) +
    ggplot2::geom_text(ggplot2::aes(x = .data$at, y = .data$y, label = .data$n, colour = .data$group), data = risk,
      size = 3.4,
      show.legend = FALSE, inherit.aes = FALSE) +
    ggplot2::scale_colour_manual(values = group_colours, aesthetics = c("colour", "fill"), name = NULL) +
    ggplot2::scale_linetype_discrete(name = NULL) +
    ggplot2::scale_y_continuous(breaks = seq(0, 100, 25), limits = c(min(risk$y) - 4, 101)) +
    ggplot2::scale_x_continuous(breaks = data$ticks) +
    ggplot2::guides(colour = guide, fill = guide, linetype = guide) +
    ggplot2::labs(x = "time", y = data$y, caption = paste(strwrap(time_caption(data), 90), collapse = "\n")) +
    gg_theme()
}

base_time <- function(data) {
  groups <- levels(data$curves$group)
  old <- graphics::par(mar = c(4 + length(groups), 5, 1.5, 1), las = 1)
  on.exit(graphics::par(old))
  graphics::plot(NA, xlim = range(data$ticks, 1.04 * data$curves$time), ylim = c(0, 100), xlab = "",
    ylab = data$y, xaxt = "n")
  graphics::axis(1, at = data$ticks)
  for (g in seq_along(groups)) {
    d <- data$curves[data$curves$group == groups[g], , drop = FALSE]
    s <- time_steps(droplevels(d))
    graphics::lines(s$time, 100 * s$estimate, col = group_colours[g], lwd = 2, lty = g)
    graphics::lines(s$time, 100 * s$low, col = fade(group_colours[g], 0.4), lty = 3)
    graphics::lines(s$time, 100 * s$high, col = fade(group_colours[g], 0.4), lty = 3)
    r <- data$risk[data$risk$group == groups[g], ]
    graphics::mtext(r$n, side = 1, line = 1.6 + g, at = r$at, col = group_colours[g], cex = 0.8)
  }
  if (length(groups) > 1L) graphics::legend("topleft", short_labels(groups, 50L), col = group_colours[seq_along(groups)],
    lty = seq_along(groups), lwd = 2,
    bty = "n")
  invisible(data$curves)
}

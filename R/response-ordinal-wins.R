# Ordered response of independent arms as pairs of patients: who wins, by the Brunner-Munzel machinery of compare_groups().

#' Ordered response of two arms: win odds, win probability, net benefit
#'
#' Every patient of an arm is set against every patient of the reference; the better class wins, equal classes are ties. With
#' p = P(win) + P(tie) / 2 the **win probability** is p, the **net benefit** 2 p - 1 = P(win) - P(loss), and the **win odds**
#' p / (1 - p): ties count half for each side. The **win ratio** P(win) / P(loss) leaves them out, and so moves away from 1
#' as classes become coarser and ties more (Brunner, Vandemeulebroecke and Muetze 2021); it is given where `estimand` asks
#' for it, beside the share of ties in the print. The contrast is level over (or minus) reference; above 1 (0.5, 0) the
#' level does better.
#'
#' @section Methods:
#' * `"logit"`: t = log(p / (1 - p)) / (s / (p (1 - p))) with s the standard error of p from the placements (Brunner and
#'   Munzel 2000) and their degrees of freedom; the interval is that of the same t, so the limits stay inside their
#'   range. The win ratio likewise: t = log(W / L) / s, with s from the shares of wins and losses of each patient (Bebchuk
#'   and Lachin 2016) and Satterthwaite's degrees of freedom.
#' * `"brunner_munzel"`: t = (p - 1/2) / s and its interval, carried to the scale asked. A limit of p beyond 0 or 1
#'   stands there.
#' * `"linear"`: the exact trend, the linear-by-linear association of arm and class with the classes as scores 1, 2, ...
#'   (Agresti 2013), by [compare_rates()]; its estimate is the correlation and it has no interval. Two arms.
#'
#' A patient without a class is left out and counted; [classify_response()] can count such patients as non-responders.
#'
#' @inheritParams compare_groups
#' @param formula `class ~ arm`; `class` is a factor, worst class first, a logical, or numbers.
#' @param estimand One or several of `"win_odds"`, `"win_probability"`, `"net_benefit"`, `"win_ratio"`.
#' @param method One or several of the methods above.
#' @param contrasts `"reference"` (each arm against the reference) or `"pairwise"`.
#' @return A data frame of class `respondr_wins`, one row for each comparison, estimand and method; columns as in
#'   [result_columns]. `std_error` is that of the estimate, of win odds and win ratio that of their logarithm.
#' @section Errors:
#' Those of [compare_groups()]; `respondr_error_levels` where the classes have no order.
#' @references Brunner E, Vandemeulebroecke M, Muetze T (2021) Win odds: an adaptation of the win ratio to include ties.
#' \doi{10.1002/sim.8967}. Brunner E, Munzel U (2000) \doi{10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U}.
#' Bebchuk JD, Lachin JM (2016) Large sample inference for a win ratio analysis of a composite outcome based on
#' prioritized components. \doi{10.1093/biostatistics/kxv032}. Agresti A (2013) Categorical Data Analysis, 3rd edition,
#' Wiley, section 3.4.
#' @examples
#' d <- data.frame(arm = rep(c("control", "treated"), c(14, 11)), class = factor(c(
#'   1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1, 3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4)))
#' response_wins(class ~ arm, d)
#' response_wins(class ~ arm, d, estimand = c("win_odds", "win_ratio"), method = "logit")
#' @export
response_wins <- function(formula, data = NULL, ..., by = NULL, subset = NULL, reference = NULL, contrasts = "reference",
                          estimand = c("win_odds", "win_probability", "net_benefit"), method = c("logit", "linear"),
                          conf_level = 0.95) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  check_words(estimand, names(wins_estimands), "estimand", call)
  check_words(method, c("logit", "brunner_munzel", "linear"), "method", call)
  check_word(contrasts, c("reference", "pairwise"), "contrasts", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  if (missing(formula)) formula <- NULL
  given <- wins_given(formula, data, null_word(substitute(subset), env), substitute(by), env, call)
  base <- wins_base(given, reference, contrasts, conf_level)
  ratio <- "win_ratio" %in% estimand
  if (ratio && !"logit" %in% method) {
    stop_input("word", c("The win ratio has a test on the scale of its logarithm only.",
      i = "Use `method = \"logit\"`, alone or with others."), "method", call)
  }
  scales <- setdiff(estimand, "win_ratio")
  frames <- if (length(scales)) lapply(setdiff(method, "linear"), function(m) wins_rows(base, m, scales, conf_level))
  if (ratio) frames <- c(frames, list(wins_ratio_rows(base, given, conf_level)))
  if ("linear" %in% method) frames <- c(frames, list(wins_trend(base, given, conf_level)))
  wins_result(do.call(rbind, frames), base, given, estimand, method, conf_level, call)
}

wins_estimands <- c(win_odds = "win odds", win_probability = "win probability", net_benefit = "net benefit",
  win_ratio = "win ratio")

# The class as a number, in the data that compare_groups() reads.
wins_given <- function(formula, data, subset, by, env, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", c("`formula` must name a class of response and an arm.", i = "Write `class ~ arm`."),
      "formula", call)
  }
  data <- as_data(data, call)
  from <- environment(formula) %||% env
  keep <- if (length(data)) subset_rows(subset, data, from, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  name <- deparse_one(formula[[2]])
  x <- eval_column(formula[[2]], data, from, "response", if (length(data)) nrow(data), call)
  response <- prates_response_levels(x, name, call)
  if (!isTRUE(response$ordered)) {
    stop_input("levels", c(paste0("The classes of `", name, "` have no order: ", quoted(response$labels, 12), "."),
      i = "Make it a factor, worst class first: `factor(x, levels = c(\"none\", \"minor\", \"main\"))`."), "formula", call)
  }
  arm <- eval_column(formula[[3]], data, from, "arm", length(response$code), call)
  by <- select_columns(by, data, env, "by", call)
  frame <- data.frame(class = as.double(response$code), arm = arm)
  if (length(by)) frame <- cbind(frame, data[by])
  names(frame)[1:2] <- c(".class", ".arm")
  list(data = frame, by = by, outcome = name, arm = deparse_one(formula[[3]]), classes = response$labels)
}

wins_base <- function(given, reference, contrasts, conf_level) {
  compare_groups(.class ~ .arm, given$data, by = given$by, reference = reference, contrasts = contrasts, effect = "none",
    method = "brunner_munzel", conf_level = conf_level)
}

# One scale: value of the win probability, its slope, and where it stands under no difference.
wins_scale <- function(estimand, p) {
  switch(estimand, win_odds = p / (1 - p), win_probability = p, net_benefit = 2 * p - 1)
}

wins_rows <- function(base, method, estimand, conf_level) {
  d <- as.data.frame(base)
  p <- d$estimate
  se <- d$std_error
  half <- stats::qt((1 + conf_level) / 2, d$df)
  spread <- se / (p * (1 - p))
  logit <- method == "logit"
  low <- if (logit) stats::plogis(stats::qlogis(p) - half * spread) else pmax(0, d$conf_low)
  high <- if (logit) stats::plogis(stats::qlogis(p) + half * spread) else pmin(1, d$conf_high)
  statistic <- if (logit) stats::qlogis(p) / spread else d$statistic
  value <- if (logit) 2 * stats::pt(-abs(statistic), d$df) else d$p_value
  known <- !is.na(low) & !is.na(statistic)
  frames <- lapply(estimand, function(e) {
    out <- d
    out$method <- method
    out$estimand <- wins_estimands[[e]]
    out$estimate <- wins_scale(e, p)
    out$std_error <- switch(e, win_odds = spread, win_probability = se, net_benefit = 2 * se)
    out$conf_low <- ifelse(known, wins_scale(e, low), NA)
    out$conf_high <- ifelse(known, wins_scale(e, high), NA)
    out$null_value <- c(win_odds = 1, win_probability = 0.5, net_benefit = 0)[[e]]
    out$conf_method <- ifelse(known, if (logit) "delta" else "brunner_munzel_t", NA)
    out$p_matches <- ifelse(known, TRUE, NA)
    out$statistic <- ifelse(known, statistic, NA)
    out$p_value <- ifelse(known, value, NA)
    out
  })
  do.call(rbind, frames)
}

# Pairs won over pairs lost (inst/include/respondr/response/wins.hpp).
wins_ratio_rows <- function(base, given, conf_level) {
  out <- as.data.frame(base)
  names <- c("estimate", "std_error", "conf_low", "conf_high", "statistic", "df", "p_value")
  out[intersect(c(names, "conf_attained", "p_low", "p_high"), names(out))] <- NA_real_
  out$method <- "logit"
  out$estimand <- wins_estimands[["win_ratio"]]
  out$null_value <- 1
  out$status <- as.character(out$status)
  for (i in seq_len(nrow(out))) {
    one <- wins_of_row(out[i, ], given)
    counts <- lapply(1:2, function(arm) as.double(tabulate(one$.class[as.integer(one$.arm) == arm], length(given$classes))))
    raw <- response_win_ratio(counts[[2]], counts[[1]], conf_level)
    out[i, names] <- raw[names]
    if (sum(counts[[1]]) + sum(counts[[2]]) > 0) out$status[i] <- as.character(status_factor(raw$status))
  }
  out$conf_method <- ifelse(is.na(out$conf_low), NA, "delta")
  out$p_matches <- ifelse(is.na(out$p_value), NA, TRUE)
  out
}

wins_trend <- function(base, given, conf_level) {
  out <- as.data.frame(base)
  blank <- c("std_error", "conf_low", "conf_high", "conf_attained", "df", "statistic", "p_value", "estimate", "p_matches",
    "null_value", "p_low", "p_high")
  out[intersect(blank, names(out))] <- NA_real_
  out$p_matches <- NA
  out$method <- "linear"
  out$estimand <- "correlation"
  out$conf_method <- NA_character_
  out$distribution <- NA_character_
  for (i in seq_len(nrow(out))) {
    one <- wins_of_row(out[i, ], given)
    if (length(unique(one$.class)) < 2L || length(unique(as.character(one$.arm))) < 2L) next
    one$.class <- factor(one$.class)
    found <- as.data.frame(compare_rates(.class ~ .arm, one, method = "linear"))
    out[i, c("estimate", "statistic", "p_value")] <- found[1, c("estimate", "statistic", "p_value")]
    out$distribution[i] <- as.character(found$distribution[1])
    out$status[i] <- as.character(found$status[1])
  }
  out
}

# Patients of one comparison.
wins_of_row <- function(row, given) {
  d <- given$data
  keep <- !is.na(d$.class) & as.character(d$.arm) %in% c(as.character(row$level), as.character(row$reference))
  for (b in given$by) keep <- keep & as.character(d[[b]]) %in% as.character(row[[b]])
  out <- d[keep, c(".class", ".arm"), drop = FALSE]
  out$.arm <- factor(as.character(out$.arm), levels = c(as.character(row$reference), as.character(row$level)))
  out
}

wins_result <- function(rows, base, given, estimand, method, conf_level, call) {
  d <- as.data.frame(base)
  rows$outcome <- given$outcome
  rows$n_ties <- NULL
  key <- row_keys(rows, c(given$by, "contrast"))
  rows <- rows[order(match(key, unique(key))), , drop = FALSE]
  row.names(rows) <- NULL
  rows$method <- factor(as.character(rows$method), levels = method)
  rows$two_sided <- NULL
  for (name in c("conf_attained", "p_low", "p_high", "effect_name", "effect", "effect_low", "effect_high")) {
    if (all(is.na(rows[[name]]))) rows[[name]] <- NULL
  }
  rows$conf_method <- factor(as.character(rows$conf_method), levels = conf_method_table$word)
  rows$distribution <- factor(as.character(rows$distribution), levels = distribution_words[-1])
  rows$status <- factor(as.character(rows$status), levels = status_table$word)
  settings <- attr(base, "settings")
  settings <- list(family = "response", by = given$by, scale = "difference", conf_level = conf_level,
    alternative = "two.sided",
    p_adjust = "none", adjust_over = NULL, skipped = settings$skipped, mixed_scales = TRUE, keep_estimand = TRUE,
    title = "Wins of an ordered response, level against reference",
    lines = c(classes_line(given$classes), wins_lines(d, given)))
  trace <- trace_table(list(c("wins", "better class; ties count half", ""), c("contrast", "level against reference", ""),
    c("logit", "log(p / (1 - p)), t with Brunner-Munzel df", "Brunner, Vandemeulebroecke and Muetze 2021"),
    c("exact trend", "linear-by-linear, scores 1, 2, ...", "compare_rates(method = \"linear\")")))
  build_result(rows, class = "respondr_wins", settings = settings, trace = trace, input = NULL, call = call)
}

classes_line <- function(classes, most = 12L) {
  if (length(classes) <= most) {
    return(paste("classes, worst first:", paste(classes, collapse = " < ")))
  }
  ends <- classes[c(1L, length(classes))]
  number <- suppressWarnings(as.numeric(ends))
  if (!anyNA(number)) ends <- vapply(signif(number, 4L), format_number, "")
  paste0(length(classes), " values, worst first, from ", ends[1], " to ", ends[2])
}

wins_lines <- function(d, given, most = 6L) {
  unlist(lapply(seq_len(min(most, nrow(d))), function(i) {
    one <- wins_of_row(d[i, ], given)
    level <- one$.class[as.integer(one$.arm) == 2L]
    other <- one$.class[as.integer(one$.arm) == 1L]
    pairs <- length(level) * as.double(length(other))
    if (!pairs) {
      return(NULL)
    }
    low <- tabulate(other, length(given$classes))
    won <- sum(as.double(tabulate(level, length(given$classes))) * (cumsum(low) - low))
    tied <- sum(as.double(tabulate(level, length(given$classes))) * low)
    share <- function(x) paste0(format_places(100 * x / pairs, 1L), "%")
    group <- if (length(given$by)) paste0(" (", paste(given$by, vapply(given$by, function(b) as.character(d[[b]][i]), ""),
      collapse = ", "), ")")
    paste0("pairs of patients, ", d$contrast[i], group, ": ", format_count(pairs), ", of which ", share(won), " won, ",
      share(tied), " tied, ",
      share(pairs - won - tied), " lost")
  }))
}

#' @rdname report_text
#' @export
report_text.respondr_wins <- function(x, ...) {
  d <- as.data.frame(x)
  places <- result_places(x)
  vapply(seq_len(nrow(d)), function(i) {
    one <- d[i, ]
    arms <- paste0(one$level, " (", one$n, " patients) against ", one$reference, " (", one$n_reference, ")")
    if (is.na(one$estimate)) {
      return(paste0("No ", one$estimand, " of ", one$outcome, ", ", arms, ": ",
        status_sentence(as.character(one$status)), "."))
    }
    interval <- if (!is.na(one$conf_low)) paste0(" (", format_level(one$conf_level), " confidence interval ",
      format_places(one$conf_low, places[i]), " to ", format_places(one$conf_high, places[i]), ")")
    test <- c(logit = "t of the log win odds", brunner_munzel = "Brunner-Munzel test",
      linear = "linear-by-linear association")[[as.character(one$method)]]
    p <- if (is.na(one$p_value)) status_sentence(as.character(one$status)) else paste0(format_p_words(one$p_value), ", ",
      if (one$distribution %in% "exact") "exact ", test)
    paste0(capitalised(as.character(one$estimand)), " of ", one$outcome, ", ", arms, ": ", format_places(one$estimate,
      places[i]),
      interval, "; ", p, ".")
  }, "")
}

# From counts to the rows of compare_rates().

# Events and patients, arm running fastest over groups; strata are added up.
rates_counts <- function(input, call) {
  if (is.null(input$event)) {
    stop_input("event", c(
      paste0("The event of `", input$outcome, "` cannot be told: its responses are ", quoted(input$response, 12), "."),
      i = "Name what is counted, for example `event = \"yes\"`; it may be several."
    ), "event", call)
  }
  size <- dim(input$counts)
  add_up <- function(x) as.integer(apply(x, c(2L, 4L), sum))
  if (size[3] == 1L && size[1] == 2L && sum(input$event) == 1L) {
    n <- as.vector(input$counts[1L, , , ] + input$counts[2L, , , ])
    return(list(events = as.vector(input$counts[which(input$event), , , , drop = FALSE]), n = n, arms = size[2]))
  }
  list(events = add_up(input$counts[input$event, , , , drop = FALSE]), n = add_up(input$counts), arms = size[2])
}

rates_pairs <- function(input, contrasts) {
  k <- length(input$arms)
  if (contrasts == "reference") {
    return(list(level = seq_len(k)[-1L], reference = rep(1L, k - 1L)))
  }
  both <- utils::combn(k, 2L)
  list(level = both[2, ], reference = both[1, ])
}

rates_options <- function(words, method, conf_level) {
  at <- function(word, table) match(word, table) - 1L
  estimand <- estimand_of(words, method)
  interval <- if (words$interval %in% intervals_of(estimand)) words$interval else "test"
  list(
    method = at(method, rate_methods), estimand = at(estimand, rate_estimands), interval = at(interval, rate_intervals),
    alternative = at(words$alternative, alternatives), two_sided = at(words$two_sided, count_rules),
    distribution = at(words$distribution, distributions), null = as.double(words$null %||% no_effect(estimand)),
    conf_level = conf_level, midp = words$midp, continuity = rate_continuity(words, method), pooled = words$pooled,
    exact_limit = words$exact_limit, progress = progress_hook()
  )
}

no_effect <- function(estimand) switch(estimand, ratio = , odds_ratio = 1, rate = NA_real_, 0)

# The columns of C++ for one method; for one sample every arm is a problem.
rates_core <- function(counts, pairs, words, method, conf_level, call) {
  options <- rates_options(words, method, conf_level)
  solved <- if (is.null(pairs)) {
    rates_solve_arms(c(counts, list(level = 1L, reference = 1L)), options, words$threads)
  } else {
    rates_solve(c(counts, pairs), options, words$threads)
  }
  ask_core(solved, call)
}

solve_rates <- function(input, words, call) {
  counts <- rates_counts(input, call)
  pairs <- if (!input$one) rates_pairs(input, words$contrasts)
  labels <- rates_labels(input, pairs, words)
  solved <- lapply(words$method, function(m) rates_core(counts, pairs, words, m, words$conf_level, call))
  frames <- lapply(seq_along(words$method), function(i) {
    rates_frame(labels, solved[[i]], words, words$method[i], input, pairs)
  })
  out <- bind_methods(frames)
  out <- adjust_rates(out, input, counts, pairs, words, call)
  build_result(out, class = "respondr_rates", settings = rates_settings(input, words, out),
    trace = rates_trace(input, words), input = input, call = call)
}

# Group first, then pair: the order that C++ numbers problems in.
rates_labels <- function(input, pairs, words) {
  each <- max(length(pairs$level), 1L)
  n <- nrow(input$by) * each
  out <- list(outcome = constant_factor(input$outcome, n))
  for (b in names(input$by)) out[[b]] <- rep(input$by[[b]], each = each)
  if (is.null(pairs)) {
    out$contrast <- constant_factor(if (is.null(words$null)) "rate" else paste("rate -", format_number(words$null)), n)
  } else {
    between <- if (rates_scale(words) == "ratio") " / " else " - "
    pair <- rep_len(seq_len(each), n)
    out$contrast <- enumerated(paste0(input$arms[pairs$level], between, input$arms[pairs$reference]), pair)
    out$level <- factor(input$arms[pairs$level][pair], levels = input$arms)
    out$reference <- factor(input$arms[pairs$reference][pair], levels = input$arms)
  }
  out$event <- constant_factor(input$event_label, n)
  out
}

# Ratios are written with a stroke; where methods differ in their estimand the contrast is the plain one.
rates_scale <- function(words) {
  estimands <- vapply(words$method, function(m) estimand_of(words, m), "")
  if (all(estimands %in% c("ratio", "odds_ratio"))) "ratio" else "difference"
}

rates_frame <- function(labels, solved, words, method, input, pairs) {
  n <- length(solved$status)
  estimand <- estimand_of(words, method)
  same <- function(word) constant_factor(word, n)
  out <- c(
    labels,
    list(method = same(method), alternative = same(words$alternative),
      null_value = rep(as.double(words$null %||% no_effect(estimand)), n), two_sided = same(words$two_sided),
      distribution = distribution_factor(solved$distribution)),
    solved["n"], if (!is.null(pairs)) solved["n_reference"], list(n_dropped = rates_dropped(input, pairs)),
    solved["events"], if (!is.null(pairs)) solved["events_reference"],
    list(estimand = same(rate_estimand_words(estimand, method))),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = solved$p_matches == 1L),
    solved[c("statistic", "df", "p_value")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
  structure(out, row.names = .set_row_names(n), class = "data.frame")
}

rates_dropped <- function(input, pairs) {
  if (is.null(pairs)) {
    return(as.vector(input$n_dropped))
  }
  as.vector(input$n_dropped[pairs$level, , drop = FALSE] + input$n_dropped[pairs$reference, , drop = FALSE])
}

# Adjusted p over the families; Bonferroni has simultaneous intervals by inversion, each at level 1 - alpha / m.
adjust_rates <- function(out, input, counts, pairs, words, call) {
  if (words$p_adjust == "none") {
    return(out)
  }
  by <- names(input$by)
  family <- adjust_families(out, words$adjust_over, by)
  out$p_adjusted <- stats::ave(out$p_value, family, FUN = function(p) stats::p.adjust(p, words$p_adjust))
  if (is.null(counts)) {
    return(out)
  }
  out$conf_low_adjusted <- out$conf_high_adjusted <- rep(NA_real_, nrow(out))
  if (words$p_adjust == "bonferroni") {
    tested <- stats::ave(as.double(!is.na(out$p_value)), family, FUN = sum)
    for (m in unique(tested[tested > 0])) {
      level <- 1 - (1 - words$conf_level) / m
      wide <- bind_methods(lapply(words$method, function(k) {
        as.data.frame(rates_core(counts, pairs, words, k, level, call)[c("conf_low", "conf_high")])
      }))
      hit <- tested == m & !is.na(out$p_value)
      out$conf_low_adjusted[hit] <- wide$conf_low[hit]
      out$conf_high_adjusted[hit] <- wide$conf_high[hit]
    }
  }
  out
}

rates_settings <- function(input, words, rows, ...) {
  settings <- list(
    family = "rates", by = names(input$by), scale = rates_scale(words), conf_level = words$conf_level,
    alternative = words$alternative, p_adjust = words$p_adjust, adjust_over = words$adjust_over,
    convention = words$convention, skipped = input$skipped, kind = input$kind, call_words = words,
    title = if (input$one) "Rates of one sample"
  )
  other <- list(...)
  if (is.null(other$lines)) other$lines <- c(input$notes, rates_line(input), rates_choice_line(words))
  settings[names(other)] <- other
  settings
}

# Events of each arm, where there are few arms and no groups.
rates_line <- function(input) {
  if (nrow(input$by) > 1L || length(input$arms) > 8L || input$one || is.null(input$event)) {
    return(NULL)
  }
  of_arm <- function(i, which) sum(input$counts[which, i, , ])
  n <- vapply(seq_along(input$arms), of_arm, 0L, TRUE)
  events <- vapply(seq_along(input$arms), of_arm, 0L, input$event)
  share <- sprintf(" (%.1f%%)", 100 * events / n)
  share[n == 0L] <- ""
  paste0("events: ", paste0(input$arms, " ", format_count(events), "/", format_count(n), share, collapse = ", "))
}

rates_choice_line <- function(words) {
  c(if (isTRUE(words$midp) && any(c("fisher", "binomial") %in% words$method)) "exact tests by mid-p",
    if (any(vapply(words$method, rate_continuity, NA, words = words))) "chi-square and score tests with continuity correction",
    if (isFALSE(words$pooled) && "barnard" %in% words$method) "Barnard's test by the unpooled statistic")
}

rates_trace <- function(input, words) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  exact <- intersect(words$method, c("fisher", "boschloo", "barnard", "binomial"))
  trace_table(list(
    choice("convention", words$convention),
    choice("event", input$event_label, paste("of", paste(input$response, collapse = ", "))),
    if (!input$one) choice("contrast",
      if (rates_scale(words) == "ratio") "level over reference" else "level minus reference",
      input$notes[1]),
    choice("two-sided rule", words$two_sided, if ("barnard" %in% words$method && words$two_sided != "central") {
      "Barnard's test orders by the absolute statistic"
    } else ""),
    if (any(c("fisher", "binomial") %in% words$method)) choice("mid-p", if (words$midp) "yes" else "no"),
    if (any(c("chisq", "score") %in% words$method)) choice("continuity correction",
      if (rate_continuity(words, "chisq")) "yes" else "no"),
    if ("barnard" %in% words$method) choice("statistic of Barnard's test", if (words$pooled) "pooled" else "unpooled",
      "maximum over the common rate by a search and refinement"),
    choice("interval", words$interval,
      if (words$interval == "test") "the inversion of the test, where it has one" else ""),
    if (length(exact)) choice("exact up to", format(words$exact_limit), "elementary steps"),
    choice("adjustment", words$p_adjust, paste(words$adjust_over, collapse = ", "))
  ))
}

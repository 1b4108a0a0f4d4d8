# From the columns of C++ to the rows of compare_paired_rates(), families adjusted, choices traced.

# What C++ reads: binary responses, or all levels.
prates_core_input <- function(input, pairs, binary) {
  if (!is.null(input$cells)) {
    return(list(cells = if (binary) input$binary_cells else input$cells))
  }
  if (identical(input$kind, "counts")) {
    return(list(tables = unname(if (binary) input$binary_tables else input$tables)))
  }
  codes <- unname(if (binary) input$binary else input$outcomes)
  list(
    outcomes = lapply(codes, as.integer),
    levels = if (binary) rep(2L, length(codes)) else lengths(lapply(unname(input$responses), `[[`, "labels")),
    rows = input$rows, group_start = input$group_start, level = pairs$level, reference = pairs$reference
  )
}

prates_pairs <- function(input, contrasts) friedman_pairs(input, contrasts)

# Labels of the problems: outcome first, then group, then contrast.
prates_labels <- function(input, pairs, between) {
  names <- names(input$outcomes)
  groups <- nrow(input$by)
  count <- length(pairs$level)
  n <- length(names) * groups * count
  out <- list(outcome = enumerated(names, rep(seq_along(names), each = groups * count)))
  for (b in names(input$by)) out[[b]] <- rep(rep(input$by[[b]], each = count), length(names))
  pair <- rep_len(seq_len(count), n)
  out$contrast <- enumerated(paste0(input$visits[pairs$level], between, input$visits[pairs$reference]), pair)
  out$level <- factor(input$visits[pairs$level][pair], levels = input$visits)
  out$reference <- factor(input$visits[pairs$reference][pair], levels = input$visits)
  out
}

prates_keys <- function(labels) do.call(paste, c(lapply(unname(labels), as.character), sep = "\r"))

# One data frame of all methods, comparison by comparison; tests over all visits first.
prates_rows <- function(input, words, seed, call) {
  pairs <- prates_pairs(input, words$contrasts)
  count <- length(pairs$level)
  frames <- lapply(words$method, function(method) {
    over <- method %in% prates_visit_methods
    frame <- if (over) {
      prates_visit_rows(input, words, method, seed, call)
    } else {
      prates_pair_rows(input, words, method, pairs, seed, call)
    }
    problem <- seq_len(nrow(frame)) - 1L
    frame <- unclass(frame)
    frame$block <- if (over) problem else problem %/% count
    frame$place <- if (over) rep_len(0L, length(problem)) else problem %% count + 1L
    quick_frame(frame)
  })
  out <- unclass(if (length(frames) == 1L) frames[[1]] else bind_blocks(frames))
  out$block <- out$place <- NULL
  out$contrast <- factor(as.character(out$contrast), levels = unique(as.character(out$contrast)))
  if (!any(words$method %in% prates_visit_methods)) out$n <- NULL
  if (all(words$method %in% prates_visit_methods)) out$n_pairs <- NULL
  for (name in c("n_gained", "n_lost", "events", "events_reference", "effect")) {
    if (all(is.na(out[[name]]))) out[[name]] <- NULL
  }
  if (is.null(out$effect)) out$effect_name <- out$effect_low <- out$effect_high <- NULL
  quick_frame(out)
}

bind_blocks <- function(frames) {
  rank <- rep(seq_along(frames), vapply(frames, nrow, 0L))
  out <- do.call(rbind, frames)
  out[order(out$block, out$place, rank), , drop = FALSE]
}

prates_default_rate_effect <- c(difference = "odds_ratio", ratio = "difference", odds_ratio = "difference")

prates_pair_rows <- function(input, words, method, pairs, seed, call) {
  binary <- method %in% prates_pair_methods
  estimand <- if (binary) prates_estimand_of(method, words)
  one <- words
  if (!binary) one$estimand <- "none"
  default <- words$effect == "default"
  one$effect <- if (!binary) "none" else if (default) prates_default_rate_effect[[estimand]] else words$effect
  labels <- prates_labels(input, pairs, if (binary && estimand != "difference") " / " else " - ")
  keys <- if (binary) character() else prates_keys(labels)
  options <- prates_options(one, method, c(prates_pair_methods, prates_square_methods), seed, keys)
  if (!binary) options$estimand <- 0L
  solved <- ask_core(paired_rates_solve(prates_core_input(input, pairs, binary), options, words$threads), call)
  directed <- binary || method == "marginal_homogeneity"
  n <- length(solved$status)
  no_change <- if (binary && estimand != "difference") 1 else 0
  null <- if (!directed) NA_real_ else if (is.na(words$null)) no_change else words$null
  prates_frame(labels, solved, words, method, list(
    event = if (binary) input$event[as.integer(labels$outcome)] else NA_character_,
    alternative = if (directed) words$alternative else "two.sided", null = null,
    two_sided = switch(method, mcnemar_exact = words$two_sided, mcnemar_midp = "central", NA_character_),
    estimand = if (binary) paste(if (estimand == "odds_ratio") "conditional", prates_estimand_text[[estimand]]) else
      if (directed) "mean change of scores" else NA_character_,
    effect = if (binary && one$effect != "none") one$effect else NA_character_
  ))
}

prates_estimand_text <- c(difference = "difference of rates", ratio = "ratio of rates", odds_ratio = "odds ratio")

prates_visit_rows <- function(input, words, method, seed, call) {
  labels <- friedman_labels(input, 1L)
  core <- prates_core_input(input, list(level = integer(), reference = integer()), TRUE)
  options <- prates_options(words, method, prates_visit_methods, seed, prates_keys(labels))
  options$effect <- 0L
  solved <- ask_core(paired_rates_visits(core, options, words$threads), call)
  n <- length(solved$status)
  labels$contrast <- rep("all visits", n)
  labels$level <- labels$reference <- factor(rep(NA_character_, n), levels = input$visits)
  prates_frame(labels, solved, words, method, list(event = input$event[as.integer(labels$outcome)],
    alternative = "two.sided", null = NA_real_, two_sided = NA_character_, estimand = NA_character_, effect = NA_character_))
}

prates_frame <- function(labels, solved, words, method, text) {
  n <- length(solved$status)
  column <- function(value) rep_len(as.character(value), n)
  labels$contrast <- as.character(labels$contrast)
  out <- c(
    labels,
    list(event = column(text$event), method = factor(rep_len(method, n), levels = words$method),
      alternative = column(text$alternative), null_value = rep_len(as.double(text$null), n), two_sided = column(text$two_sided),
      distribution = distribution_factor(solved$distribution)),
    solved[c("n", "n_pairs", "n_dropped", "events", "events_reference", "n_gained", "n_lost")],
    list(estimand = trimws(column(text$estimand))), solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep_len(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = solved$p_matches == 1L),
    solved[c("statistic", "df", "p_value", "p_low", "p_high")],
    list(effect_name = column(text$effect)), solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = as.character(note_factor(solved$notes)))
  )
  out$p_matches[is.na(out$conf_method)] <- NA
  quick_frame(out, n)
}

prates_adjust_rates <- function(out, input, words, seed, call) {
  if (words$adjust$method == "none") {
    return(out)
  }
  keys <- out
  for (name in c("outcome", names(input$by), "contrast", "method")) {
    keys[[name]] <- factor(as.character(keys[[name]]), levels = unique(as.character(keys[[name]])))
  }
  family <- adjust_families(keys, words$adjust$over, names(input$by))
  out$p_adjusted <- stats::ave(out$p_value, family, FUN = function(p) stats::p.adjust(p, words$adjust$method))
  out$conf_low_adjusted <- out$conf_high_adjusted <- NA_real_
  if (words$adjust$method == "bonferroni") {
    tested <- stats::ave(as.numeric(!is.na(out$p_value)), family, FUN = sum)
    for (m in unique(tested[tested > 0])) {
      again <- words
      again$conf_level <- 1 - (1 - words$conf_level) / m
      wide <- prates_rows(input, again, seed, call)
      hit <- which(tested == m)
      out$conf_low_adjusted[hit] <- wide$conf_low[hit]
      out$conf_high_adjusted[hit] <- wide$conf_high[hit]
    }
  }
  out
}

prates_lines <- function(out, input, words) {
  c(
    if (all(prates_visit_methods %in% words$method)) {
      "method cochran_q uses the patients with every visit, cmh all with two or more"
    },
    if (any(words$method %in% prates_square_methods) && length(input$outcomes) == 1L) {
      paste0("levels: ", paste(input$responses[[1]]$labels, collapse = ", "))
    },
    if ("mcnemar" %in% words$method && isTRUE(words$continuity)) "method mcnemar with continuity correction"
  )
}

prates_trace <- function(input, words) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  pairs <- intersect(words$method, prates_pair_methods)
  trace_table(list(
    choice("convention", words$convention),
    choice("contrast", "after minus, or over, before", input$visit_note),
    choice("pairing", switch(input$kind, long = "by id", counts = "counts")),
    choice("levels", "by label"),
    if (length(input$event)) choice("event", paste(unique(input$event), collapse = "; ")),
    if (length(pairs)) choice("interval", words$conf_method, "default: the one that inverts the test"),
    if ("mcnemar" %in% pairs) choice("continuity", as.character(words$continuity), "asymptotic McNemar test"),
    if ("mcnemar_exact" %in% pairs) choice("two-sided rule", words$two_sided, "of the interval; the p of no change is the same"),
    if ("bowker" %in% words$method) choice("df of Bowker's test", "all pairs of levels"),
    if (length(setdiff(words$method, pairs))) choice("distribution", words$distribution,
      paste("exact up to", format(words$exact_limit), "elementary steps")),
    choice("adjustment", words$adjust$method, paste(words$adjust$over, collapse = ", "))
  ))
}

#' @rdname as_htest
#' @export
as_htest.respondr_paired_rates <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  method <- as.character(one$method)
  status <- as.character(one$status)
  by <- attr(one, "settings")$by
  interval <- if (!is.na(one$conf_low) || !is.na(one$conf_high)) {
    structure(c(one$conf_low, one$conf_high), conf.level = one$conf_level)
  }
  name <- as.character(one$estimand)
  parts <- list(
    statistic = if (!is.na(one$statistic)) stats::setNames(one$statistic, prates_statistic(method)),
    parameter = if (!is.na(one$df)) c(df = one$df), p.value = one$p_value, conf.int = interval,
    estimate = if (!is.na(one$estimate)) stats::setNames(one$estimate, name),
    null.value = if (!is.na(one$null_value)) stats::setNames(one$null_value, name),
    stderr = if (!is.na(one$std_error)) one$std_error,
    alternative = if (!is.na(one$alternative)) as.character(one$alternative),
    method = paste0(capitalised(method_name(one)), if (status != "ok") paste0(" (", status, ": ", status_sentence(status), ")")),
    data.name = paste(c(as.character(one$outcome), if (!is.na(one$event)) paste("event", one$event),
      if (length(by)) paste(by, vapply(by, function(b) as.character(one[[b]]), "")), paste("contrast", one$contrast)),
      collapse = ", ")
  )
  structure(parts[!vapply(parts, is.null, NA)], class = "htest")
}

prates_statistic <- function(method) {
  name <- c(mcnemar_exact = "gained", mcnemar_midp = "gained", marginal_homogeneity = "Z", cochran_q = "Q")[method]
  if (is.na(name)) "chi-squared" else unname(name)
}

# All arms together, and arms within strata: what rates_table() and rates_strata() compute, as results.

# arm x response x group or arm x response x stratum x group; two responses, the event last, where the event is known.
rates_array <- function(input, arms = seq_along(input$arms), strata = FALSE) {
  x <- input$counts[, arms, , , drop = FALSE]
  if (!is.null(input$event)) {
    both <- list(colSums(x[!input$event, , , , drop = FALSE]), colSums(x[input$event, , , , drop = FALSE]))
    x <- aperm(array(unlist(both), c(dim(both[[1]]), 2L)), c(4L, 1L, 2L, 3L))
  }
  if (strata) {
    return(aperm(x, c(2L, 1L, 3L, 4L)))
  }
  aperm(colSums(aperm(x, c(3L, 1L, 2L, 4L))), c(2L, 1L, 3L))
}

# Scores named by arm find their arm.
rates_scores <- function(scores, arms) {
  if (is.null(names(scores)) || !setequal(names(scores), arms)) scores else unname(scores[arms])
}

rates_stream_labels <- function(input, what) {
  groups <- if (length(input$by)) do.call(paste, c(lapply(unname(input$by), as.character), sep = "\r")) else ""
  paste(input$outcome, what, groups, sep = "\r")
}

solve_rates_overall <- function(input, words, scores, seed, call) {
  seed <- new_seed(seed, call)
  ordered <- words$method %in% c("trend", "linear")
  central <- words$two_sided == "central"
  solved <- rates_table(rates_array(input), words$method, scores = rates_scores(scores, input$arms),
    distribution = words$distribution, alternative = words$alternative,
    two_sided = if (central && any(ordered)) "central" else "distance", mid_p = words$midp,
    conf_level = words$conf_level, exact_limit = words$exact_limit, replicates = words$replicates, seed = seed$value,
    threads = words$threads, labels = rates_stream_labels(input, "table"), call = call)
  estimand <- ifelse(solved$method == "trend", "slope of the rate", ifelse(solved$method == "linear", "correlation",
    NA))
  head <- list(term = constant_factor(input$arm_name, length(solved$status)))
  out <- rates_plain_frame(solved, head, input, words, estimand, colSums(input$n_dropped))
  out$effect_name <- factor(ifelse(is.na(out$effect), NA, "cramers_v"))
  finish_rates(out, input, words, seed, attr(solved, "seed"), "Rates of all arms together", call)
}

solve_rates_strata <- function(input, words, scores, seed, call) {
  seed <- new_seed(seed, call)
  words$estimand <- words$estimand %||% "odds_ratio"
  together <- words$method %in% strata_methods[8:10]
  if (any(together) && !all(together)) {
    stop_input("method", c("`method` mixes tests of all arms together with comparisons of two.",
      i = "Ask for `\"general\"`, `\"row_means\"` and `\"correlation\"` in a call of their own."), "method", call)
  }
  if (!all(together)) rates_counts(input, call)
  pairs <- if (!all(together)) rates_pairs(input, if (words$contrasts == "overall") "reference" else words$contrasts)
  parts <- lapply(seq_len(max(length(pairs$level), 1L)), function(i) {
    arms <- if (is.null(pairs)) seq_along(input$arms) else c(pairs$reference[i], pairs$level[i])
    solve_strata_arms(input, words, scores, arms, seed, is.null(pairs), call)
  })
  out <- bind_pairs(parts, length(words$method))
  if (!is.null(pairs)) out$contrast <- factor(out$contrast, unique(as.character(out$contrast)))
  drawn <- unlist(lapply(parts, attr, "seed"))
  finish_rates(out, input, words, seed, drawn[1:2], "Rates in strata", call)
}

# Rows of several pairs of arms, each by group and method: group first, then pair, then method.
bind_pairs <- function(parts, methods) {
  if (length(parts) == 1L) {
    return(parts[[1]])
  }
  n <- nrow(parts[[1]])
  out <- do.call(rbind, parts)
  group <- rep((seq_len(n) - 1L) %/% methods, length(parts))
  out <- out[order(group, rep(seq_along(parts), each = n), rep(seq_len(n), length(parts))), , drop = FALSE]
  row.names(out) <- NULL
  out
}

# One pair of arms, or all of them.
solve_strata_arms <- function(input, words, scores, arms, seed, together, call) {
  estimand <- words$estimand
  if (estimand == "nnt") {
    stop_input("word", c("The number needed to treat has no form for strata here.",
      i = "Use `estimand = \"difference\"`."), "estimand", call)
  }
  names <- input$arms[arms]
  solved <- rates_strata(rates_array(input, arms, TRUE), words$method, estimand = estimand, interval = words$interval,
    scores = rates_scores(scores, names), distribution = words$distribution, alternative = words$alternative,
    two_sided = if (words$two_sided == "central") "central" else "minlike", mid_p = words$midp,
    continuity = words$continuity %||% (words$convention == "r"), conf_level = words$conf_level,
    exact_limit = words$exact_limit, replicates = words$replicates, seed = seed$value, threads = words$threads,
    labels = rates_stream_labels(input, paste(names, collapse = "\r")), call = call)
  n <- length(solved$status)
  head <- if (together) list(term = constant_factor(input$arm_name, n)) else {
    between <- if (estimand %in% c("ratio", "odds_ratio")) " / " else " - "
    list(contrast = constant_factor(paste0(names[2], between, names[1]), n),
      level = factor(rep(names[2], n), levels = input$arms), reference = factor(rep(names[1], n), levels = input$arms))
  }
  known <- c(difference = "common difference of rates", ratio = "common ratio of rates",
    odds_ratio = "common odds ratio")
  out <- rates_plain_frame(solved, head, input, words, unname(known[as.character(solved$estimand)]),
    colSums(input$n_dropped[arms, , drop = FALSE]))
  out$effect <- NULL
  structure(out, seed = attr(solved, "seed"))
}

# The columns of rates_table() and rates_strata() beside labels; n_dropped: one number a group.
rates_plain_frame <- function(solved, head, input, words, estimand, n_dropped) {
  n <- length(solved$status)
  labels <- list(outcome = constant_factor(input$outcome, n))
  for (b in names(input$by)) labels[[b]] <- input$by[[b]][solved$problem]
  known <- intersect(names(solved), setdiff(result_dictionary$name, c("method", "estimand")))
  out <- c(labels, head, if (!is.null(input$event)) list(event = constant_factor(input$event_label, n)),
    list(method = solved$method, alternative = constant_factor(words$alternative, n),
      n_dropped = as.integer(n_dropped)[solved$problem], estimand = factor(estimand),
      conf_level = rep(words$conf_level, n)), unclass(solved)[known])
  structure(out, row.names = .set_row_names(n), class = "data.frame")
}

finish_rates <- function(out, input, words, seed, drawn, title, call) {
  if (!length(drawn)) restore_seed(seed)
  out <- adjust_rates(out, input, NULL, NULL, words, call)
  strata <- if (words$kind == "strata") paste0("strata: ", paste(names(input$strata), collapse = ", "), " (",
    nrow(input$strata), ")")
  settings <- rates_settings(input, words, out, title = title, lines = c(input$notes, rates_line(input), strata),
    seed = if (length(drawn)) drawn, replicates = if (length(drawn)) words$replicates)
  build_result(out, class = "respondr_rates", settings = settings, trace = rates_trace(input, words), input = input,
    call = call)
}

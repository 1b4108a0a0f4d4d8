# The rows of response_rate(): rates of the arms, differences by the rates family, and adjusted differences.

response_labels <- function(input, cells, words, each) {
  at <- cells$grid[rep(seq_len(nrow(cells$grid)), each = each), ]
  out <- list(outcome = constant_factor(input$outcome, nrow(at)))
  for (b in names(input$by)) out[[b]] <- input$by[[b]][at$group]
  counted <- names(input$response$counted)
  c(out, list(counted = factor(counted[at$counted], levels = counted),
    missing = factor(words$missing[at$missing], levels = words$missing)))
}

response_core_words <- function(words) {
  list(interval = words$interval, estimand = "rate", alternative = "two.sided", two_sided = "central", midp = FALSE,
    distribution = "auto", null = NULL, pooled = TRUE, continuity = NULL, convention = "respondr", exact_limit = 1e8,
    threads = words$threads)
}

response_rate_rows <- function(input, cells, words, call) {
  k <- length(input$arms)
  core <- response_core_words(words)
  counts <- list(events = cells$events, n = cells$n, arms = k)
  solved <- rates_core(counts, NULL, core, "binomial", words$conf_level, call)
  n <- length(cells$n)
  arm <- rep(input$arms, nrow(cells$grid))
  out <- c(response_labels(input, cells, words, k), list(contrast = arm, level = arm, method = rep("binomial", n),
    n = cells$n, n_dropped = cells$lost, events = cells$events, estimand = rep("rate", n)),
    solved[c("estimate", "std_error", "conf_low", "conf_high")], list(conf_level = rep(words$conf_level, n),
    conf_method = conf_method_factor(solved$conf_method), p_value = rep(NA_real_, n),
    status = status_factor(solved$status), note = note_factor(solved$notes)))
  if (input$response$each) {
    limits <- response_simultaneous_limits(input, cells, words, call)
    out[c("conf_low_adjusted", "conf_high_adjusted")] <- limits
  }
  out
}

# Limits of all classes of an arm together, in the order of the cells (arm, group, class, convention).
response_simultaneous_limits <- function(input, cells, words, call) {
  dims <- c(length(input$arms), input$groups, length(input$response$counted), length(words$missing))
  turn <- function(x, dims, order) aperm(array(x, dims), order)
  counts <- matrix(turn(as.double(cells$events), dims, c(3L, 1L, 2L, 4L)), dims[3])
  limits <- ask_core(response_share_limits(counts, match(words$simultaneous, response_simultaneous) - 1L,
    words$conf_level), call)
  lapply(unname(limits), function(x) as.vector(turn(x, dims[c(3L, 1L, 2L, 4L)], c(2L, 3L, 1L, 4L))))
}

response_difference_rows <- function(input, cells, words, call) {
  k <- length(input$arms)
  pairs <- rates_pairs(input, "reference")
  core <- response_core_words(words)
  core[c("interval", "two_sided", "estimand")] <- list("test", "minlike", "difference")
  counts <- list(events = cells$events, n = cells$n, arms = k)
  lapply(words$method, function(method) {
    solved <- rates_core(counts, pairs, core, method, words$conf_level, call)
    n <- length(solved$status)
    each <- k - 1L
    lost <- matrix(cells$lost, k)
    c(response_labels(input, cells, words, each), list(
      contrast = rep(paste(input$arms[-1], "-", input$arms[1]), nrow(cells$grid)),
      level = rep(input$arms[-1], nrow(cells$grid)), reference = rep(input$arms[1], n), method = rep(method, n)),
      solved[c("n", "n_reference")], list(n_dropped = as.vector(sweep(lost[-1, , drop = FALSE], 2, lost[1, ], `+`))),
      solved[c("events", "events_reference")], list(estimand = rep("difference of rates", n)),
      solved[c("estimate", "std_error", "conf_low", "conf_high")], list(conf_level = rep(words$conf_level, n),
      conf_method = conf_method_factor(solved$conf_method), p_matches = solved$p_matches == 1L),
      solved[c("statistic", "p_value")], list(status = status_factor(solved$status), note = note_factor(solved$notes)))
  })
}

# The arms compared within strata, and the comparisons combined.
response_strata_rows <- function(input, cells, words, call) {
  pairs <- rates_pairs(input, "reference")
  strata <- nlevels(input$stratum)
  count <- function(i) response_stratum_counts(input, cells$grid[i, ], words)
  counts <- vapply(seq_len(nrow(cells$grid)), count, integer(2L * length(input$arms) * strata))
  dims <- c(length(input$arms), 2L, strata, nrow(cells$grid))
  each_arm <- function(x) matrix(x, dims[1])
  parts <- lapply(seq_along(pairs$level), function(i) {
    arms <- c(1L, pairs$level[i])
    solved <- rates_strata(array(counts, dims)[arms, , , , drop = FALSE], words$method, estimand = "difference",
      interval = "test", conf_level = words$conf_level, threads = words$threads, call = call)
    names <- input$arms[arms]
    at <- solved$problem
    n <- length(at)
    one <- list(grid = cells$grid[at, , drop = FALSE])
    known <- intersect(names(solved), setdiff(result_dictionary$name, c("method", "estimand", "effect", "alternative",
      "distribution", "two_sided", "df", "n", "n_reference", "events", "events_reference")))
    of_arm <- function(x, arm) as.integer(each_arm(x)[arm, at])
    c(response_labels(input, one, words, 1L), list(.problem = at, contrast = rep(paste(names[2], "-", names[1]), n),
      level = rep(names[2], n), reference = rep(names[1], n), method = as.character(solved$method),
      n = of_arm(cells$n, arms[2]), n_reference = of_arm(cells$n, 1L), events = of_arm(cells$events, arms[2]),
      events_reference = of_arm(cells$events, 1L), n_dropped = of_arm(cells$lost, arms[2]) + of_arm(cells$lost, 1L),
      estimand = rep("common difference of rates", n),
      conf_level = rep(words$conf_level, n)), unclass(solved)[known])
  })
  # As without strata: method by method, problem by problem, arm by arm.
  key <- lapply(parts, function(p) data.frame(method = match(p$method, words$method), problem = p$.problem))
  key <- cbind(do.call(rbind, key), pair = rep(seq_along(parts), vapply(key, nrow, 1L)))
  out <- response_bind(lapply(parts, function(p) p[names(p) != ".problem"]))
  list(lapply(out, `[`, order(key$method, key$problem, key$pair)))
}

# arm x (no event, event) x stratum of one group, count and convention.
response_stratum_counts <- function(input, at, words) {
  y <- response_value(input, at$counted, words$missing[at$missing])
  use <- which(input$whole & input$code == at$group & !is.na(y))
  k <- length(input$arms)
  cell <- as.integer(input$arm) + k * (y + 2L * (as.integer(input$stratum) - 1L))
  tabulate(cell[use], 2L * k * nlevels(input$stratum))
}

# Parts one below the other; what a part does not have is missing there.
response_bind <- function(parts) {
  names_all <- unique(unlist(lapply(parts, names)))
  sizes <- vapply(parts, function(p) length(p$estimate), 1L)
  out <- lapply(stats::setNames(names_all, names_all), function(name) {
    columns <- lapply(seq_along(parts), function(i) {
      x <- parts[[i]][[name]] %||% rep(NA, sizes[i])
      if (is.factor(x)) as.character(x) else x
    })
    x <- do.call(c, columns)
    shown <- unique(unlist(lapply(parts, function(p) levels(p[[name]]))))
    if (is.character(x)) factor(x, levels = union(shown, unique(x[!is.na(x)]))) else x
  })
  if (!is.null(out$note)) {
    note <- as.character(out$note)
    note[is.na(note)] <- ""
    out$note <- factor(note, levels = unique(c("", levels(out$note))))
  }
  out$status <- factor(as.character(out$status), levels = status_table$word)
  out$conf_method <- factor(as.character(out$conf_method), levels = conf_method_table$word[-1])
  out
}

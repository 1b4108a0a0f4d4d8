# From the columns of C++ to the rows of rm_friedman() and rm_friedman_pairs().

solve_rm_friedman <- function(input, words, seed, call) {
  options <- friedman_options(words, words$method, friedman_methods, seed$value, friedman_keys(input))
  solved <- ask_core(name_infinite(rm_friedman_solve(friedman_core_input(input), options, words$threads), input), call)
  rows <- friedman_rows(solved, input, words)
  bootstrap <- words$effect_conf != "none" && any(words$method != "skillings_mack")
  drawn <- bootstrap || any(rows$distribution %in% "monte_carlo")
  if (!drawn) restore_seed(seed)
  account <- friedman_account(input, words)
  settings <- list(
    family = "rm_friedman", by = names(input$by), conf_level = words$conf_level, alternative = words$alternative,
    title = "Rank tests of repeated measures", kind = input$kind, p_adjust = "none", warning = account$warning,
    lines = c(input$notes, account$lines, friedman_distributions(rows)), words = words, seed = if (drawn) seed$value,
    replicates = if (drawn) words$replicates
  )
  build_result(rows, class = "respondr_rm_friedman", settings = settings, trace = friedman_trace(words), input = input,
    call = call)
}

friedman_core_input <- function(input) {
  list(outcomes = unname(input$outcomes), rows = input$rows, group_start = input$group_start)
}

# Keys of the random streams: outcome and group, so that other outcomes and groups change nothing.
friedman_keys <- function(input) {
  labels <- friedman_labels(input, 1L)
  do.call(paste, c(lapply(unname(labels), as.character), sep = "\r"))
}

# Outcome first, then group: the order that C++ numbers problems in; `each` rows a problem.
friedman_labels <- function(input, each) {
  groups <- nrow(input$by)
  out <- list(outcome = enumerated(names(input$outcomes), rep(seq_along(input$outcomes), each = groups * each)))
  for (b in names(input$by)) out[[b]] <- rep(rep(input$by[[b]], each = each), length(input$outcomes))
  out
}

# A patient without any measurement was never in the study of that outcome and is not a dropped one.
without_unmeasured <- function(n_dropped, input, each) {
  groups <- seq_len(nrow(input$by))
  parts <- lapply(groups, function(g) rm_group_input(input, g))
  absent <- vapply(parts, function(part) nrow(part$rows) - measured_patients(part, seq_along(part$outcomes)),
    integer(length(input$outcomes)))
  n_dropped - rep(as.vector(t(matrix(absent, length(input$outcomes)))), each = each)
}

friedman_rows <- function(solved, input, words) {
  n <- length(solved$status)
  solved$n_dropped <- without_unmeasured(solved$n_dropped, input, length(words$method))
  method <- enumerated(words$method, rep_len(seq_along(words$method), n))
  page <- method == "page"
  agreement <- ifelse(method == "skillings_mack", NA_character_, "kendall_w")
  c(
    friedman_labels(input, length(words$method)),
    list(term = constant_factor(input$within_names[1], n), method = method),
    if (any(page)) list(alternative = factor(ifelse(page, words$alternative, NA_character_))),
    list(distribution = distribution_factor(solved$distribution)),
    solved[c("n", "n_dropped", "n_ties")],
    list(estimate = rep(NA_real_, n), conf_level = rep(words$conf_level, n)),
    solved[c("statistic", "df", "df_denominator", "p_value", "p_low", "p_high")],
    list(effect_name = factor(agreement), conf_method = conf_method_factor(solved$conf_method)),
    solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
}

# Who was left out, for the header. Batches go without.
friedman_account <- function(input, words) {
  problems <- length(input$outcomes) * nrow(input$by)
  if (problems > 20L) {
    return(list())
  }
  partial <- "skillings_mack" %in% words$method
  account <- rm_account(input)
  if (identical(words$method, "skillings_mack")) {
    account <- lapply(account, function(entry) {
      entry$used <- rowSums(entry$known) >= 2L
      entry
    })
  }
  loss <- rm_loss(account)
  list(
    warning = if (loss$share > 0.2 && !partial) paste0("CAUTION: ", loss$measured - loss$used, " of ", loss$measured,
      " patients (", round(100 * loss$share), "%) lack a visit and are not in this test; ",
      "method = \"skillings_mack\" uses all who have at least two visits."),
    lines = c(
      if (problems == 1L) rm_loss_lines(account),
      if (partial && length(words$method) > 1L) "method skillings_mack uses all patients who have at least two visits"
    )
  )
}

# How the p of each method was found, where the table does not say it.
friedman_distributions <- function(rows) {
  pairs <- unique(data.frame(method = rows$method, how = rows$distribution))
  pairs <- pairs[!is.na(pairs$how), ]
  if (nrow(pairs) < 2L || anyDuplicated(pairs$method)) {
    return(NULL)
  }
  paste0("p-values: ", paste(pairs$method, gsub("monte_carlo", "Monte Carlo", pairs$how), collapse = ", "))
}

friedman_trace <- function(words) {
  choice <- function(name, value, detail = "") data.frame(choice = name, value = value, detail = detail)
  rbind(
    choice("ties", "midranks", "values equal as decimals of at most nine places, else within four units in the last place"),
    choice("patients", "complete", "skillings_mack: at least two visits"),
    choice("distribution", words$distribution, paste("exact up to", format(words$exact_limit), "elementary steps")),
    choice("interval of Kendall's W", words$effect_conf, "bootstrap of patients")
  )
}

#' @rdname rm_friedman
#' @param x A result of `rm_friedman()`.
#' @param contrast `"reference"`: every visit with the reference visit; `"pairwise"`: all pairs, later minus earlier.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()], over the pairs of an outcome, `by` combination and method.
#'   `"bonferroni"` gives simultaneous intervals as well.
#' @export
rm_friedman_pairs <- function(x, contrast = "reference", ..., method = "conover", p_adjust = "holm", conf_level = NULL,
                              exact_limit = 1e8, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  input <- attr(x, "input")
  if (!inherits(x, "respondr_rm_friedman") || is.null(input)) {
    stop_input("x", c(paste0("`x` must be a result of `rm_friedman()`, not ", given_value(x), "."),
      i = "For means of visits see `rm_contrasts()`."), "x", call)
  }
  words <- list(
    contrast = check_word(contrast, c("reference", "pairwise"), "contrast", call),
    method = check_words(method, friedman_pair_methods, "method", call),
    p_adjust = check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call),
    conf_level = check_level(conf_level, x, call), exact_limit = check_number(exact_limit, "exact_limit", call, 0),
    threads = check_threads(threads, call)
  )
  rows <- friedman_pair_rows(input, words, call)
  settings <- attr(x, "settings")
  loss <- friedman_account(input, list(method = "friedman"))
  settings <- list(
    family = "rm_friedman", by = settings$by, conf_level = words$conf_level, scale = "difference", kind = input$kind,
    title = "Pairs of visits by ranks", p_adjust = words$p_adjust, adjust_over = "contrast", warning = loss$warning,
    lines = c(input$notes, loss$lines,
      if ("nemenyi" %in% words$method) "method nemenyi: p and interval hold for all pairs together, without adjustment"),
    words = words
  )
  build_result(rows, class = "respondr_rm_friedman_pairs", settings = settings, trace = attr(x, "trace"), input = input,
    call = call)
}

friedman_pairs <- function(input, contrast) {
  k <- length(input$visits)
  if (contrast == "reference") {
    return(list(level = setdiff(seq_len(k), input$reference), reference = rep(input$reference, k - 1L)))
  }
  both <- utils::combn(k, 2L)
  list(level = both[2, ], reference = both[1, ])
}

friedman_pair_rows <- function(input, words, call) {
  pairs <- friedman_pairs(input, words$contrast)
  count <- length(pairs$level)
  solved <- friedman_pairs_core(input, pairs, words, words$conf_level, call)
  n <- length(solved$status)
  solved$n_dropped <- without_unmeasured(solved$n_dropped, input, count * length(words$method))
  pair <- rep_len(rep(seq_len(count), each = length(words$method)), n)
  method <- enumerated(words$method, rep_len(seq_along(words$method), n))
  same <- function(word) constant_factor(word, n)
  labels <- friedman_labels(input, count * length(words$method))
  out <- c(
    labels,
    list(
      contrast = enumerated(paste(input$visits[pairs$level], "-", input$visits[pairs$reference]), pair),
      level = factor(input$visits[pairs$level][pair], levels = input$visits),
      reference = factor(input$visits[pairs$reference][pair], levels = input$visits), method = method,
      alternative = same("two.sided"), null_value = rep(0, n), distribution = distribution_factor(solved$distribution)
    ),
    solved[c("n", "n_dropped", "n_ties")], list(estimand = same("difference of mean ranks")),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = !is.na(solved$conf_low)),
    solved[c("statistic", "df", "p_value")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
  c(out, friedman_adjusted(solved, labels, method, input, pairs, words, call))
}

friedman_pairs_core <- function(input, pairs, words, conf_level, call) {
  core_words <- list(distribution = "auto", alternative = "two.sided", conf_level = conf_level,
    exact_limit = words$exact_limit, replicates = 1L, effect_conf = "none")
  options <- c(friedman_options(core_words, words$method, friedman_pair_methods, c(0L, 0L), character()), pairs)
  ask_core(name_infinite(rm_friedman_solve_pairs(friedman_core_input(input), options, words$threads), input), call)
}

# The p and interval of Nemenyi's test hold for all pairs already.
friedman_adjusted <- function(solved, labels, method, input, pairs, words, call) {
  if (words$p_adjust == "none") {
    return(NULL)
  }
  family <- as.integer(interaction(c(lapply(labels, as.integer), list(as.integer(method))), drop = TRUE))
  p <- stats::ave(solved$p_value, family, FUN = function(v) stats::p.adjust(v, words$p_adjust))
  joint <- method == "nemenyi"
  p[joint] <- solved$p_value[joint]
  low <- ifelse(joint, solved$conf_low, NA_real_)
  high <- ifelse(joint, solved$conf_high, NA_real_)
  if (words$p_adjust == "bonferroni") {
    level <- 1 - (1 - words$conf_level) / length(pairs$level)
    wide <- friedman_pairs_core(input, pairs, words, level, call)
    low[!joint] <- wide$conf_low[!joint]
    high[!joint] <- wide$conf_high[!joint]
  }
  list(p_adjusted = p, conf_low_adjusted = low, conf_high_adjusted = high)
}

#' @rdname as_htest
#' @export
as_htest.respondr_rm_friedman <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  method <- as.character(one$method)
  status <- as.character(one$status)
  by <- attr(one, "settings")$by
  ratio <- !is.na(one$df_denominator)
  parts <- list(
    statistic = if (!is.na(one$statistic)) stats::setNames(one$statistic, friedman_statistics[[method]]),
    parameter = if (ratio) {
      c("num df" = one$df, "denom df" = one$df_denominator)
    } else if (!is.na(one$df)) c(df = one$df),
    p.value = one$p_value,
    estimate = if (!is.na(one$effect)) c("Kendall's W" = one$effect),
    alternative = if (!is.null(one$alternative) && !is.na(one$alternative)) as.character(one$alternative),
    method = paste0(capitalised(method_name(one)),
      if (status != "ok") paste0(" (", status, ": ", status_sentence(status), ")")),
    data.name = paste0(one$outcome, " by ", one$term, if (length(by)) {
      paste0(", ", by, " ", vapply(by, function(b) as.character(one[[b]]), ""), collapse = "")
    })
  )
  structure(parts[!vapply(parts, is.null, NA)], class = "htest")
}

friedman_statistics <- c(
  friedman = "Friedman chi-squared", iman_davenport = "F", quade = "F", page = "L",
  skillings_mack = "Skillings-Mack chi-squared"
)

#' @rdname plot_paired
#' @export
plot.respondr_rm_friedman <- function(x, ...) {
  picture <- plot_trajectories(x)
  if (inherits(picture, "ggplot")) print(picture)
  invisible(x)
}

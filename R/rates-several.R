# compare_rates() beyond a pair of arms: all arms together (R/rates-table.R) and pairs of arms in strata (R/rates-strata.R).

check_several_rates <- function(words, strata, overall, call) {
  if (!is.null(words$null)) {
    stop_input("null", "`null` does not go with strata or with all arms together.", "null", call)
  }
  given <- c(
    midp = words$midp && strata && !"exact" %in% words$method, pooled = !words$pooled, interval = !strata && words$interval != "test",
    estimand = overall && !is.null(words$estimand), continuity = isTRUE(words$continuity) && !"cmh" %in% words$method,
    scores = !overall && !is.null(words$scores), p_adjust = words$p_adjust != "none" && overall
  )
  if (any(given)) {
    stop_input("word", paste0("`", names(given)[given][1], "` does not go with ", quoted(words$method), "."), names(given)[given][1],
      call)
  }
  if (!is.null(words$reference) && any(words$method %in% c("trend", "linear", "correlation"))) {
    stop_input("reference", c("A trend takes the arms in their order and has no reference.",
      i = "Order the arms as levels of a factor and leave `reference` out."), "reference", call)
  }
  if (identical(words$estimand, "nnt")) {
    stop_input("word", "`estimand = \"nnt\"` has no stratified interval; use the difference.", "estimand", call)
  }
}

# arms x responses x strata x groups; with an event two responses, the event last.
several_counts <- function(input) {
  counts <- aperm(input$counts, c(2L, 1L, 3L, 4L))
  if (is.null(input$event)) {
    return(counts)
  }
  some <- function(which) apply(counts[, which, , , drop = FALSE], c(1L, 3L, 4L), sum)
  out <- array(0, c(dim(counts)[1], 2L, dim(counts)[3:4]))
  out[, 1L, , ] <- some(!input$event)
  out[, 2L, , ] <- some(input$event)
  out
}

# Labels of the problems: the random numbers of a group do not depend on the others.
several_labels <- function(input, pairs = "") {
  group <- if (length(input$by)) do.call(paste, c(lapply(unname(as.list(input$by)), as.character), sep = "\r")) else ""
  as.vector(outer(pairs, rep_len(group, nrow(input$by)), paste, sep = "\r"))
}

solve_rates_table <- function(input, words, seed, call) {
  counts <- apply(several_counts(input), c(1L, 2L, 4L), sum)
  ordered <- all(words$method %in% c("trend", "linear"))
  solved <- rates_table(counts, words$method, words$scores, words$response_scores, words$distribution, words$alternative,
    if (words$two_sided == "central") "central" else "distance", words$midp, words$conf_level, words$exact_limit, words$replicates,
    seed, words$threads, several_labels(input), call)
  labels <- c(list(term = constant_factor(input$arm_name, length(solved$status))),
    if (ordered) list(two_sided = constant_factor(if (words$two_sided == "central") "central" else "distance", length(solved$status))))
  several_rates(solved, input, words, labels, solved$problem, "respondr_rate_tests", "Tests of several rates", call)
}

solve_rates_strata <- function(input, words, seed, call) {
  counts <- several_counts(input)
  overall <- words$contrasts == "overall" || any(words$method %in% strata_methods[8:10])
  groups <- dim(counts)[4]
  if (overall) {
    pairs <- NULL
    each <- 1L
    tables <- counts
  } else {
    if (is.null(input$event)) rates_counts(input, call)  # says that the event must be named
    pairs <- rates_pairs(input, words$contrasts)
    each <- length(pairs$level)
    tables <- array(0, c(2L, 2L, dim(counts)[3], each * groups))
    for (p in seq_len(each)) {
      tables[, , , (seq_len(groups) - 1L) * each + p] <- counts[c(pairs$reference[p], pairs$level[p]), , , , drop = FALSE]
    }
  }
  estimand <- words$estimand %||% "odds_ratio"
  solved <- rates_strata(tables, words$method, estimand, words$interval, words$scores, words$response_scores, words$distribution,
    words$alternative, if (words$two_sided == "blaker") "minlike" else words$two_sided, words$midp, isTRUE(words$continuity),
    words$conf_level, words$exact_limit, words$replicates, seed, words$threads,
    several_labels(input, if (overall) "" else paste(input$arms[pairs$level], input$arms[pairs$reference])), call)
  ratio <- estimand != "difference"
  pair <- (solved$problem - 1L) %% each + 1L
  labels <- if (overall) list(term = constant_factor(input$arm_name, length(pair))) else list(
    contrast = enumerated(paste0(input$arms[pairs$level], if (ratio) " / " else " - ", input$arms[pairs$reference]), pair),
    level = factor(input$arms[pairs$level][pair], input$arms), reference = factor(input$arms[pairs$reference][pair], input$arms)
  )
  several_rates(solved, input, words, labels, (solved$problem - 1L) %/% each + 1L,
    if (overall) "respondr_rate_tests" else "respondr_rate_strata", "Comparison of rates in strata", call)
}

# Columns that the dictionary knows, with the words of the call.
several_rates <- function(solved, input, words, labels, group, class, title, call) {
  n <- length(solved$status)
  columns <- c(list(outcome = constant_factor(input$outcome, n)), lapply(input$by, `[`, group), labels,
    if (!is.null(input$event)) list(event = constant_factor(input$event_label, n)),
    unclass(solved)[intersect(names(solved), setdiff(result_dictionary$name, c("outcome", names(labels))))],
    list(conf_level = rep(words$conf_level, n)))
  seed <- attr(solved, "seed")
  columns$method <- solved$method
  columns$alternative <- constant_factor(words$alternative, n)
  if (!is.null(solved$effect)) columns$effect_name <- constant_factor("cramers_v", n)
  if (!is.null(labels$contrast)) {
    columns$null_value <- ifelse(is.na(solved$estimate), NA_real_, if (identical(words$estimand, "difference")) 0 else 1)
    if (words$p_adjust != "none") {
      family <- adjust_families(quick_frame(columns[c(names(input$by), "contrast", "method")]), words$adjust_over, names(input$by))
      columns$p_adjusted <- stats::ave(columns$p_value, family, FUN = function(p) stats::p.adjust(p, words$p_adjust))
    }
  }
  settings <- rates_settings(input, words, columns, family = "rates", title = title, seed = seed,
    replicates = if (length(seed)) words$replicates, scale = if (identical(words$estimand, "difference")) "difference" else "ratio")
  settings$method_words <- several_rate_names
  settings$lines <- c(settings$lines, strata_line(input))
  build_result(columns, class = class, settings = settings, trace = several_rates_trace(input, words), input = input, call = call)
}

strata_line <- function(input) {
  if (!length(input$strata)) {
    return(NULL)
  }
  paste0("strata: ", nrow(input$strata), " of ", paste(names(input$strata), collapse = ", "))
}

several_rate_names <- c(
  chisq = "Pearson's chi-square", n1_chisq = "N - 1 chi-square", g = "likelihood-ratio test",
  fisher = "Fisher, Freeman and Halton's test", trend = "Cochran-Armitage test of a trend",
  linear = "linear-by-linear association", cmh = "Cochran-Mantel-Haenszel test", score_iv = "stratified score test",
  exact = "exact conditional test of a common odds ratio", breslow_day = "Breslow-Day test of equal odds ratios",
  tarone = "Breslow-Day-Tarone test of equal odds ratios", woolf = "Woolf's test of equal odds ratios",
  zelen = "Zelen's exact test of equal odds ratios", general = "test of general association",
  row_means = "test of mean scores", correlation = "test of correlation"
)

several_rates_trace <- function(input, words) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  trace_table(list(
    choice("method", paste(words$method, collapse = ", "), paste(unname(several_rate_names[words$method]), collapse = "; ")),
    if (!is.null(input$event)) choice("event", input$event_label, paste("of", paste(input$response, collapse = ", "))),
    choice("arms", paste(input$arms, collapse = ", "), input$notes[1] %||% ""),
    choice("distribution", words$distribution), choice("two-sided rule", words$two_sided),
    if (length(input$strata)) choice("interval", words$interval),
    choice("exact up to", format(words$exact_limit), "elementary steps")
  ))
}

#' @rdname report_text
#' @export
report_text.respondr_rate_tests <- function(x, ...) rm_sentences(x, anova_sentence)

#' @rdname report_text
#' @export
report_text.respondr_rate_strata <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- row_list(x, i)
    if (!is.na(one$estimate)) {
      return(contrast_sentence(one, places[i], settings))
    }
    one$term <- one$contrast
    anova_sentence(one, settings)
  }, "")
}

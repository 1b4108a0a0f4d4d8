# The words of paired rates and their place in the C++ enumerations (inst/include/respondr/paired_rates/types.hpp).

pair_methods <- c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional")
square_methods <- c("bowker", "stuart_maxwell", "bhapkar", "marginal_homogeneity")
visit_methods <- c("cochran_q", "cmh")
paired_rate_methods <- c(pair_methods, square_methods, visit_methods)
paired_rate_estimands <- c("none", "difference", "ratio", "odds_ratio")
paired_rate_intervals <- c("default", "score", "newcombe", "bonett_price", "conditional", "midp", "unconditional")
paired_count_rules <- c("minlike", "central", "blaker")

paired_rates_words <- function(method, estimand, conf_method, contrasts, alternative, null, conf_level, distribution, two_sided,
                        effect, scores, continuity, convention, replicates, exact_limit, threads, input, call) {
  words <- list(
    method = rates_methods(method, input, call), estimand = check_word(estimand, c("default", paired_rate_estimands[-1]), "estimand", call),
    conf_method = check_word(conf_method, paired_rate_intervals, "conf_method", call),
    contrasts = check_word(contrasts, c("reference", "pairwise"), "contrasts", call),
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    two_sided = check_word(two_sided, paired_count_rules, "two_sided", call),
    effect = check_word(effect, c("default", paired_rate_estimands), "effect", call),
    continuity = if (!is.null(continuity)) check_flag(continuity, "continuity", call),
    convention = check_word(convention, conventions, "convention", call),
    replicates = check_whole(replicates, "replicates", call, 1, 1e9),
    exact_limit = if (identical(exact_limit, Inf)) Inf else check_number(exact_limit, "exact_limit", call, 0),
    threads = check_threads(threads, call)
  )
  words$continuity <- words$continuity %||% (words$convention %in% c("r", "spss"))
  check_interval(words, call)
  words$null <- paired_check_rate_null(null, words, call)
  words$scores <- check_scores(scores, words, input, call)
  check_direction(words, call)
  words
}

# Without a word: the exact test of each contrast, and of all visits where there are more than two; responses of more levels
# without an event are tables.
rates_methods <- function(method, input, call) {
  if (!identical(method, "default")) {
    method <- check_words(method, paired_rate_methods, "method", call)
    return(if ("cochran_q" %in% method) union(method, "cmh") else method)
  }
  if (is.null(input$event_given) && any(vapply(input$responses, function(r) length(r$labels) > 2L, NA))) {
    return(c("bowker", "stuart_maxwell"))
  }
  c(if (length(input$visits) > 2L) visit_methods, "mcnemar_exact")
}

own_estimand <- c(mcnemar = "difference", mcnemar_exact = "odds_ratio", mcnemar_midp = "odds_ratio",
  mcnemar_unconditional = "difference")

paired_estimand_of <- function(method, words) if (words$estimand == "default") own_estimand[[method]] else words$estimand

check_interval <- function(words, call) {
  fit <- list(score = paired_rate_estimands[-1], newcombe = "difference", bonett_price = c("difference", "ratio"),
    conditional = "odds_ratio", midp = "odds_ratio", unconditional = "difference")
  for (method in intersect(words$method, pair_methods)) {
    estimand <- paired_estimand_of(method, words)
    if (words$conf_method != "default" && !estimand %in% fit[[words$conf_method]]) {
      stop_input("conf_method", c(
        paste0("`conf_method = \"", words$conf_method, "\"` is an interval of the ", paste(gsub("_", " ", fit[[words$conf_method]]),
          collapse = " or "), ", and method ", method, " estimates the ", gsub("_", " ", estimand), "."),
        i = paste0("Say `estimand = \"", fit[[words$conf_method]][1], "\"`, or another interval.")
      ), "conf_method", call)
    }
  }
}

# Another hypothesis than no change goes with the tests that have one.
paired_check_rate_null <- function(null, words, call) {
  if (is.null(null)) {
    return(NA_real_)
  }
  null <- check_number(null, "null", call)
  for (method in words$method) {
    estimand <- if (method %in% pair_methods) paired_estimand_of(method, words)
    able <- method == "mcnemar" || identical(unname(own_estimand[method]), estimand)
    if (is.null(estimand) || !able) {
      stop_input("null", c(paste0("Method ", method, if (!is.null(estimand)) paste0(" with the ", gsub("_", " ", estimand)),
        " tests no change only."), i = "Leave `null` out, or use `method = \"mcnemar\"`."), "null", call)
    }
    range <- if (estimand == "difference") c(-1, 1) else c(0, Inf)
    if (null <= range[1] || null >= range[2]) {
      stop_input("null", paste0("`null` is a ", gsub("_", " ", estimand), " here: a number between ", range[1], " and ", range[2],
        ", not ", given_value(null), "."), "null", call)
    }
  }
  null
}

check_scores <- function(scores, words, input, call) {
  sizes <- lengths(lapply(input$responses, `[[`, "labels"))
  if (is.null(scores)) {
    if ("marginal_homogeneity" %in% words$method) check_order(input, "marginal_homogeneity", "scores", call)
    return(lapply(unname(sizes), function(k) as.double(seq_len(k))))
  }
  if (!"marginal_homogeneity" %in% words$method) {
    stop_input("scores", "`scores` go with `method = \"marginal_homogeneity\"`.", "scores", call)
  }
  if (!is.numeric(scores) || !all(is.finite(scores))) {
    stop_input("scores", "`scores` must be numbers, one a level.", "scores", call)
  }
  lapply(seq_along(sizes), function(o) {
    labels <- input$responses[[o]]$labels
    if (!is.null(names(scores))) {
      at <- match(labels, names(scores))
      if (anyNA(at)) {
        stop_input("scores", paste0("`scores` has none for ", quoted(labels[is.na(at)]), "."), "scores", call)
      }
      return(as.double(scores[at]))
    }
    if (length(scores) != length(labels)) {
      stop_input("scores", c(paste0("`scores` has ", length(scores), " numbers for the ", length(labels), " levels ",
        quoted(labels, 12), "."), i = "Give one a level, or name them."), "scores", call)
    }
    as.double(scores)
  })
}

# Levels whose order is that of the alphabet have none.
check_order <- function(input, what, argument, call) {
  loose <- vapply(input$responses, function(r) !r$ordered && length(r$labels) > 2L, NA)
  if (any(loose)) {
    r <- input$responses[[which(loose)[1]]]
    stop_input("order", c(paste0(what, " needs ordered levels; those of `", names(input$outcomes)[which(loose)[1]], "` are ",
      quoted(r$labels, 12), "."), i = paste0("Make the response a factor with its levels in order, or name `", argument, "`.")),
      argument, call)
  }
}

check_direction <- function(words, call) {
  none <- setdiff(words$method, c(pair_methods, "marginal_homogeneity"))
  if (words$alternative != "two.sided" && length(none) == length(words$method)) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and ", quoted(none), " ",
        if (length(none) > 1L) "have" else "has", " none."), i = "Leave it out, or use a McNemar test."
    ), "alternative", call)
  }
}

check_rates_adjust <- function(p_adjust, adjust_over, input, call) {
  check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call)
  columns <- c("outcome", names(input$by), "contrast", "method")
  if (!is.null(adjust_over)) check_words(adjust_over, columns, "adjust_over", call)
  list(method = p_adjust, over = adjust_over)
}

paired_rates_options <- function(words, methods, codes, seed, labels) {
  at <- function(word, table) match(word, table) - 1L
  list(
    methods = at(methods, codes), alternative = at(words$alternative, alternatives),
    estimand = if (words$estimand == "default") 0L else at(words$estimand, paired_rate_estimands),
    effect = at(words$effect, paired_rate_estimands), interval = at(words$conf_method, paired_rate_intervals),
    two_sided = at(words$two_sided, paired_count_rules), null = words$null, conf_level = words$conf_level,
    continuity = words$continuity, distribution = at(words$distribution, distributions), exact_limit = words$exact_limit,
    replicates = words$replicates, seed = seed, scores = words$scores, problem_labels = labels, progress = progress_hook()
  )
}

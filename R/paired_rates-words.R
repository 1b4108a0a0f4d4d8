# The words of paired rates and their place in the C++ enumerations (inst/include/respondr/paired_rates/types.hpp).

prates_pair_methods <- c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional")
prates_square_methods <- c("bowker", "stuart_maxwell", "bhapkar", "marginal_homogeneity")
prates_visit_methods <- c("cochran_q", "cmh")
prates_methods_all <- c(prates_pair_methods, prates_square_methods, prates_visit_methods)
prates_estimands <- c("none", "difference", "ratio", "odds_ratio")
prates_intervals <- c("default", "score", "newcombe", "bonett_price", "conditional", "midp", "unconditional")
prates_count_rules <- c("minlike", "central", "blaker")

prates_words <- function(method, estimand, conf_method, contrasts, alternative, null, conf_level, distribution, two_sided,
                        effect, scores, continuity, convention, replicates, exact_limit, threads, input, call) {
  words <- list(
    method = prates_methods(method, input, call),
    estimand = check_word(estimand, c("default", prates_estimands[-1]), "estimand", call),
    conf_method = check_word(conf_method, prates_intervals, "conf_method", call),
    contrasts = check_word(contrasts, c("reference", "pairwise"), "contrasts", call),
    alternative = check_word(alternative, alternatives[1:3], "alternative", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    two_sided = check_word(two_sided, prates_count_rules, "two_sided", call),
    effect = check_word(effect, c("default", prates_estimands), "effect", call),
    continuity = if (!is.null(continuity)) check_flag(continuity, "continuity", call),
    convention = check_word(convention, conventions, "convention", call),
    replicates = check_whole(replicates, "replicates", call, 1, 1e9),
    exact_limit = if (identical(exact_limit, Inf)) Inf else check_number(exact_limit, "exact_limit", call, 0),
    threads = check_threads(threads, call)
  )
  words$continuity <- words$continuity %||% (words$convention %in% c("r", "spss"))
  prates_check_interval(words, call)
  words$null <- prates_check_rate_null(null, words, call)
  words$scores <- prates_check_scores(scores, words, input, call)
  prates_check_direction(words, call)
  words
}

# Without a word: the exact test of each contrast, and of all visits where there are more than two; responses of more levels
# without an event are tables.
prates_methods <- function(method, input, call) {
  if (!identical(method, "default")) {
    method <- check_words(method, prates_methods_all, "method", call)
    return(if ("cochran_q" %in% method) union(method, "cmh") else method)
  }
  if (is.null(input$event_given) && any(vapply(input$responses, function(r) length(r$labels) > 2L, NA))) {
    return(c("bowker", "stuart_maxwell"))
  }
  c(if (length(input$visits) > 2L) prates_visit_methods, "mcnemar_exact")
}

prates_own_estimand <- c(mcnemar = "difference", mcnemar_exact = "odds_ratio", mcnemar_midp = "odds_ratio",
  mcnemar_unconditional = "difference")

prates_estimand_of <- function(method, words) if (words$estimand == "default") prates_own_estimand[[method]] else words$estimand

prates_check_interval <- function(words, call) {
  fit <- list(score = prates_estimands[-1], newcombe = "difference", bonett_price = c("difference", "ratio"),
    conditional = "odds_ratio", midp = "odds_ratio", unconditional = "difference")
  for (method in intersect(words$method, prates_pair_methods)) {
    estimand <- prates_estimand_of(method, words)
    if (words$conf_method != "default" && !estimand %in% fit[[words$conf_method]]) {
      stop_input("conf_method", c(
        paste0("`conf_method = \"", words$conf_method, "\"` is an interval of the ",
          paste(gsub("_", " ", fit[[words$conf_method]]), collapse = " or "), ", and method ", method, " estimates the ", gsub("_", " ", estimand), "."),
        i = paste0("Say `estimand = \"", fit[[words$conf_method]][1], "\"`, or another interval.")
      ), "conf_method", call)
    }
  }
}

# Another hypothesis than no change goes with the tests that have one.
prates_check_rate_null <- function(null, words, call) {
  if (is.null(null)) {
    return(NA_real_)
  }
  null <- check_number(null, "null", call)
  for (method in words$method) {
    estimand <- if (method %in% prates_pair_methods) prates_estimand_of(method, words)
    able <- method == "mcnemar" || identical(unname(prates_own_estimand[method]), estimand)
    if (is.null(estimand) || !able) {
      stop_input("null", c(paste0("Method ", method, if (!is.null(estimand)) paste0(" with the ", gsub("_", " ", estimand)),
        " tests no change only."), i = "Leave `null` out, or use `method = \"mcnemar\"`."), "null", call)
    }
    range <- if (estimand == "difference") c(-1, 1) else c(0, Inf)
    if (null <= range[1] || null >= range[2]) {
      stop_input("null", paste0("`null` is a ", gsub("_", " ", estimand), " here: a number between ", range[1],
        " and ", range[2], ", not ", given_value(null), "."), "null", call)
    }
  }
  null
}

prates_check_scores <- function(scores, words, input, call) {
  if (!"marginal_homogeneity" %in% words$method) {
    if (!is.null(scores)) stop_input("scores", "`scores` go with `method = \"marginal_homogeneity\"`.", "scores", call)
    return(list())
  }
  sizes <- lengths(lapply(input$responses, `[[`, "labels"))
  if (is.null(scores)) {
    prates_check_order(input, "marginal_homogeneity", "scores", call)
    return(lapply(unname(sizes), function(k) as.double(seq_len(k))))
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
prates_check_order <- function(input, what, argument, call) {
  loose <- vapply(input$responses, function(r) !r$ordered && length(r$labels) > 2L, NA)
  if (any(loose)) {
    r <- input$responses[[which(loose)[1]]]
    stop_input("order", c(paste0(what, " needs ordered levels; those of `", names(input$outcomes)[which(loose)[1]], "` are ",
      quoted(r$labels, 12), "."), i = paste0("Make the response a factor with its levels in order, or name `", argument, "`.")),
      argument, call)
  }
}

prates_check_direction <- function(words, call) {
  none <- setdiff(words$method, c(prates_pair_methods, "marginal_homogeneity"))
  if (words$alternative != "two.sided" && length(none) == length(words$method)) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and ", quoted(none), " ",
        if (length(none) > 1L) "have" else "has", " none."), i = "Leave it out, or use a McNemar test."
    ), "alternative", call)
  }
}

prates_check_rates_adjust <- function(p_adjust, adjust_over, input, call) {
  check_word(p_adjust, stats::p.adjust.methods, "p_adjust", call)
  columns <- c("outcome", names(input$by), "contrast", "method")
  if (!is.null(adjust_over)) check_words(adjust_over, columns, "adjust_over", call)
  list(method = p_adjust, over = adjust_over)
}

prates_options <- function(words, methods, codes, seed, labels) {
  at <- function(word, table) match(word, table) - 1L
  list(
    methods = at(methods, codes), alternative = at(words$alternative, alternatives),
    estimand = if (words$estimand == "default") 0L else at(words$estimand, prates_estimands),
    effect = at(words$effect, prates_estimands), interval = at(words$conf_method, prates_intervals),
    two_sided = at(words$two_sided, prates_count_rules), null = words$null, conf_level = words$conf_level,
    continuity = words$continuity, distribution = at(words$distribution, distributions), exact_limit = words$exact_limit,
    replicates = words$replicates, seed = seed, scores = words$scores, problem_labels = labels, progress = progress_hook()
  )
}

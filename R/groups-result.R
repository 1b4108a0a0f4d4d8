# One batch in C++ for each method and effect size, and from its columns to rows with words.

solve_groups <- function(input, words, seed, call) {
  seed <- new_seed(seed, call)
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))  # a call that stops has drawn nothing
  rows <- lapply(words$method, function(m) solve_two_method(input, words, m, seed, call))
  drawn <- any(vapply(rows, attr, NA, "drawn"))
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  out <- adjust_rows(bind_methods(rows), input, words, seed, call, solve_two_method)
  settings <- list(
    family = "groups", by = names(input$by), scale = if (identical(words$method, "f")) "ratio" else "difference",
    conf_level = words$conf_level, alternative = words$alternative, p_adjust = words$adjust$method,
    adjust_over = words$adjust$over, convention = words$convention, seed = if (drawn) seed$value,
    replicates = if (drawn) words$replicates, lines = input$arm_note, skipped = input$skipped, kind = input$kind,
    call_words = words
  )
  if (words$family == "variances") settings$title <- "Spread of independent groups"
  build_result(out, class = "respondr_groups", settings = settings, trace = groups_trace(input, words), input = input,
    call = call)
}

solve_two_method <- function(input, words, method, seed, call) {
  effects <- if (identical(words$effect, "default")) default_two_effect[[method]] else words$effect
  labels <- groups_labels(input, if (method == "f") " / " else " - ")
  core <- if (input$kind == "rows") two_core_input(input)
  frames <- lapply(effects, function(effect) {
    options <- two_options(words, method, effect, seed, labels)
    solved <- if (input$kind == "figures") {
      groups_solve_figures(input$figures, options)
    } else {
      groups_solve(core, options, words$threads)
    }
    two_frame(labels, ask_core(name_infinite(solved, input), call), words, method, effect)
  })
  monte_carlo <- any(vapply(frames, function(f) {
    any(as.integer(f$distribution) == match("monte_carlo", levels(f$distribution)), na.rm = TRUE)
  }, NA))
  structure(bind_methods(frames), drawn = method == "bootstrap" || monte_carlo)
}

two_core_input <- function(input) {
  sigma <- input$sigma %||% rep(NA_real_, input$k)
  list(outcomes = if (is.matrix(input$outcomes)) input$outcomes else unname(input$outcomes), order = input$order,
    start = input$start, k = input$k, level = input$level, reference = input$reference, sd_level = sigma[input$level],
    sd_reference = sigma[input$reference])
}

# Labels are keys of the random streams, only where a random number may be drawn.
two_options <- function(words, method, effect, seed, labels) {
  at <- function(word, table) match(word, table) - 1L
  setup <- two_convention(words$convention)
  random <- method %in% c("mann_whitney", "brunner_munzel", "permutation", "bootstrap")
  list(
    method = at(method, c(two_methods, variance_methods)), alternative = at(words$alternative, alternatives),
    null = words$null %||% two_null(method), margin_low = words$margins[1], margin_high = words$margins[2],
    conf_level = words$conf_level, distribution = at(words$distribution, distributions),
    two_sided = at(words$two_sided, rank_rules), exact_rule = at(setup$exact_rule, two_exact_rules),
    limits = at(setup$limits, c("inversion", "moses")), continuity = words$continuity %||% setup$continuity,
    exact_limit = words$exact_limit, effect = at(effect, two_effects), hedges = words$hedges, bca = words$boot_conf == "bca",
    replicates = words$replicates, seed = seed$value, progress = progress_hook(),
    problem_labels = if (random) do.call(paste, c(lapply(labels, as.character), sep = "\r")) else character()
  )
}

two_frame <- function(labels, solved, words, method, effect) {
  n <- length(solved$status)
  same <- function(word) constant_factor(word, n)
  equivalence <- words$alternative == "equivalence"
  rule <- switch(method, mann_whitney = words$two_sided, brunner_munzel = , permutation = "central", NA)
  out <- c(
    labels,
    list(method = same(method), alternative = same(words$alternative),
      null_value = rep.int(words$null %||% two_null(method), n)),
    if (equivalence) list(margin_low = rep.int(words$margins[1], n), margin_high = rep.int(words$margins[2], n)),
    list(two_sided = if (is.na(rule)) missing_factor(n) else same(rule),
      distribution = distribution_factor(solved$distribution)),
    solved[c("n", "n_reference", "n_dropped", "n_ties")],
    list(estimand = same(two_estimands[[method]])),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep.int(if (equivalence) 2 * words$conf_level - 1 else words$conf_level, n)),
    solved["conf_attained"],
    list(conf_method = conf_method_factor(solved$conf_method), p_matches = solved$p_matches == 1L),
    solved[c("statistic", "df", if (words$family == "variances") "df_denominator", "p_value", "p_low", "p_high")],
    list(effect_name = if (effect != "none") same(two_effect_label(effect, words$hedges)) else missing_factor(n)),
    solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
  attr(out, "row.names") <- .set_row_names(n)
  class(out) <- "data.frame"
  out
}

missing_factor <- function(n) structure(rep.int(NA_integer_, n), levels = character(), class = "factor")

groups_trace <- function(input, words) {
  setup <- two_convention(words$convention)
  choice <- function(name, value, detail = "") c(name, value, detail)
  ranks <- "mann_whitney" %in% words$method
  trace_table(list(
    choice("convention", words$convention),
    choice("contrast", "level against reference", input$arm_note),
    choice("contrasts", words$contrasts),
    if (ranks) choice("ties", "midranks", "decimals are compared exactly on their last place"),
    if (ranks) choice("distribution", words$distribution, switch(setup$exact_rule, never = "asymptotic",
      work = paste0("exact below ", format(words$exact_limit), " steps, else Monte Carlo"),
      n50_no_ties = "exact below 50 in both arms without ties")),
    if (ranks) choice("two-sided p", words$two_sided, "exact Mann-Whitney test"),
    if (ranks) choice("continuity", as.character(words$continuity %||% setup$continuity), "asymptotic test only"),
    if (ranks && setup$limits == "moses") choice("asymptotic limits", "moses", "order statistics without tie correction"),
    if ("brunner_munzel" %in% words$method) choice("Brunner-Munzel",
      if (words$distribution %in% c("auto", "asymptotic")) "t approximation" else "studentized permutation"),
    if ("bootstrap" %in% words$method) choice("bootstrap interval", words$boot_conf, paste(words$replicates, "replicates")),
    choice("adjustment", words$adjust$method, paste(words$adjust$over, collapse = ", "))
  ))
}

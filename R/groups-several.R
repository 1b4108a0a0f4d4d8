# Tests of several arms at once: compare_groups() hands them to groups_k() (one row a test) or groups_k_pairs() (one row a
# contrast, for the family of contrasts), which give rows; this file makes their options and puts the class on.

# Words of a list that stands beside those functions; none where they are not built in.
several_arm_words <- function(list) {
  get0(list, topenv(environment()), mode = "character", inherits = FALSE, ifnotfound = character())
}

is_several_arms <- function(method) {
  words <- c(several_arm_words("groups_k_methods"), several_arm_words("groups_k_pair_methods"))
  is.character(method) && any(method %in% words)
}

# given: the arguments that the user wrote, as values; absent ones keep the defaults of the tests.
several_arm_options <- function(given, seed) {
  out <- given[intersect(names(given), c("method", "alternative", "two_sided", "distribution", "exact_limit", "replicates",
    "conf_level", "p_adjust", "threads"))]
  effect <- given$effect
  if (!is.null(effect) && !identical(effect, "default")) {
    ranks <- effect %in% several_arm_words("groups_k_rank_effects")
    if (all(ranks)) out$rank_effect <- effect
    if (identical(effect, "none") || !all(ranks)) out$effect <- effect
  }
  if (!is.null(given$boot_conf)) out$effect_conf <- given$boot_conf
  c(out, list(seed = seed))
}

solve_several_arms <- function(input, given, seed, call) {
  omnibus <- given$method %in% several_arm_words("groups_k_methods")
  pairs <- given$method %in% several_arm_words("groups_k_pair_methods")
  if (!all(omnibus) && !all(pairs)) {
    stop_input("word", c(
      paste0("`method` mixes tests of all arms, of families of contrasts and of two arms: ", quoted(given$method), "."),
      i = "Call once for each kind."
    ), "method", call)
  }
  seed <- new_seed(seed, call)
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))
  options <- several_arm_options(given, seed$value)
  solve <- get(if (all(omnibus)) "groups_k" else "groups_k_pairs", topenv(environment()), inherits = FALSE)
  rows <- solve(input, options, call)
  drawn <- isTRUE(attr(rows, "drawn"))
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  settings <- list(
    family = "groups", by = names(input$by), scale = "difference", conf_level = given$conf_level %||% 0.95,
    alternative = given$alternative %||% "two.sided", p_adjust = given$p_adjust %||% "none", kind = input$kind,
    seed = if (drawn) seed$value, replicates = if (drawn) given$replicates %||% 10000, skipped = input$skipped,
    title = if (all(omnibus)) "Several independent groups" else "Contrasts of several independent groups",
    lines = if (all(omnibus)) paste0("arms: ", paste(input$arms, collapse = ", ")) else c(input$arm_note,
      "adjusted p and simultaneous intervals hold for the contrasts of an outcome and method together"),
    call_words = given
  )
  build_result(rows, class = if (all(omnibus)) c("respondr_groups_k", "respondr_groups") else "respondr_groups",
    settings = settings, input = input, call = call)
}

#' @rdname as_htest
#' @export
as_htest.respondr_groups_k <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  by <- attr(one, "settings")$by
  status <- as.character(one$status)
  ratio <- !is.null(one$df_denominator) && !is.na(one$df_denominator)
  parts <- list(
    statistic = if (!is.na(one$statistic)) stats::setNames(one$statistic, if (ratio) "F" else "statistic"),
    parameter = if (ratio) {
      c("num df" = one$df, "denom df" = one$df_denominator)
    } else if (!is.na(one$df)) c(df = one$df),
    p.value = one$p_value,
    estimate = if (!is.na(one$effect)) stats::setNames(one$effect, as.character(one$effect_name)),
    method = paste0(capitalised(method_name(one)),
      if (status != "ok") paste0(" (", status, ": ", status_sentence(status), ")")),
    data.name = paste0(one$outcome, " by ", one$term, if (length(by)) {
      paste0(", ", by, " ", vapply(by, function(b) as.character(one[[b]]), ""), collapse = "")
    })
  )
  structure(parts[!vapply(parts, is.null, NA)], class = "htest")
}

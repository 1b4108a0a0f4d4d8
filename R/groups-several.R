# compare_groups() beyond two arms at a time: tests of all arms together, families of contrasts with their own adjustment, and
# change between arms. The rows come from R/groups-k*.R and R/groups-change.R.

groups_family_methods <- c(groups_k_methods, groups_k_pair_methods, "change_score", "ancova")

groups_k_names <- c(
  anova = "one-way analysis of variance", welch_anova = "Welch's test of several means", f_star = "Brown and Forsythe's F*",
  kruskal_wallis = "Kruskal-Wallis test", jonckheere = "Jonckheere-Terpstra test of a trend", tukey = "Tukey-Kramer",
  games_howell = "Games-Howell", dunnett = "Dunnett", steel = "Steel", dscf = "Dwass, Steel, Critchlow and Fligner",
  dunn = "Dunn", t = "paired t-test within the arm", change_score = "t-test of the changes", ancova = "analysis of covariance"
)

# given: the words of compare_groups() that were named in the call.
groups_several <- function(input, given, seed, call) {
  given$method <- check_words(given$method, groups_family_methods, "method", call)
  kinds <- list(groups_k_methods, groups_k_pair_methods, c("change_score", "ancova"))
  kind <- which(vapply(kinds, function(k) any(given$method %in% k), NA))
  if (length(kind) > 1L) {
    stop_input("method", c(
      "Tests of all arms together, families of contrasts and comparisons of change have results of their own.",
      i = "Name methods of one kind in a call."
    ), "method", call)
  }
  check_several_words(given, kind, call)
  if ("jonckheere" %in% given$method && !is.null(given$reference)) {
    stop_input("reference", c("`\"jonckheere\"` takes the arms in their order and has no reference.",
      i = "Order the arms as levels of a factor and leave `reference` out."), "reference", call)
  }
  seed <- new_seed(seed, call)
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))
  options <- several_options(given, kind, seed)
  rows <- switch(kind, groups_k(input, options, call), groups_k_pairs(input, options, call), change_rows(input, options, given, call))
  drawn <- isTRUE(attr(rows, "drawn"))
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  several_result(rows, input, given, kind, if (drawn) seed$value, options, call)
}

# Words that a kind does not know would be passed over in silence.
check_several_words <- function(given, kind, call) {
  known <- c("method", "conf_level", "threads", "reference", list(
    c("alternative", "distribution", "two_sided", "effect", "replicates", "exact_limit"),
    c("alternative", "contrasts", "p_adjust"),
    c("alternative", "contrasts", "p_adjust", "covariance")
  )[[kind]])
  strange <- setdiff(names(given), known)
  if (length(strange)) {
    stop_input("word", paste0("`", strange[1], "` does not go with ", quoted(given$method), "."), strange[1], call)
  }
  own <- setdiff(intersect(given$method, groups_k_pair_methods), "dunn")
  if (length(own) && !is.null(given$p_adjust)) {
    stop_input("p_adjust", paste0(quoted(own), " adjust", if (length(own) == 1L) "s", " by itself; leave `p_adjust` out."),
      "p_adjust", call)
  }
}

several_options <- function(given, kind, seed) {
  options <- given[intersect(names(given), c("method", "alternative", "two_sided", "distribution", "exact_limit", "replicates",
    "conf_level", "threads", "covariance", "p_adjust"))]
  if (!is.null(given$contrasts)) options$contrast <- given$contrasts
  if (kind == 3L) options$method <- "ancova"
  options$seed <- seed$value
  for (effect in given$effect) {
    if (effect %in% c("none", groups_k_rank_effects)) options$rank_effect <- effect
    if (!effect %in% groups_k_rank_effects || effect == "none") options$effect <- effect
  }
  options
}

# Rows of the methods asked for; the change within each arm stands beside either.
change_rows <- function(input, options, given, call) {
  if (is.null(input$baselines)) {
    stop_input("baseline", c(paste0(quoted(given$method), " need", if (length(given$method) == 1L) "s", " a baseline."),
      i = "Write `after ~ arm` with `baseline = before`, or `outcome ~ arm * visit | id`."), "baseline", call)
  }
  rows <- groups_change(input, options, call)
  lost <- attr(rows, "lost")
  rows <- rows[rows$method %in% c("t", given$method), , drop = FALSE]
  rows$method <- droplevels(rows$method)
  structure(rows, lost = lost)
}

several_result <- function(rows, input, given, kind, seed, options, call) {
  lost <- attr(rows, "lost")
  columns <- unclass(rows)
  attr(columns, "row.names") <- attr(columns, "lost") <- attr(columns, "drawn") <- NULL
  if (is.null(columns$estimate)) columns$estimate <- rep(NA_real_, length(columns$status))
  adjusted <- switch(kind, "none", if ("dunn" %in% given$method) given$p_adjust %||% "holm" else "family",
    given$p_adjust %||% "none")
  settings <- list(
    family = "groups_k", by = names(input$by), scale = "difference", conf_level = given$conf_level %||% 0.95,
    title = c("Tests of several arms", "Contrasts of several arms", "Change within and between arms")[kind],
    p_adjust = adjusted, adjust_over = "the contrasts of a method", seed = seed,
    replicates = if (length(seed)) options$replicates %||% groups_k_defaults$replicates, lines = input$arm_note,
    skipped = input$skipped, kind = input$kind, method_words = several_words(given, input$arms), lost = lost,
    visit_note = if (kind == 3L) input$visit_note
  )
  if (identical(given$covariance, "hc3")) settings$lines <- c(settings$lines, "standard errors: HC3 (MacKinnon and White)")
  if (kind == 1L) settings$lines <- if ("jonckheere" %in% given$method) paste("order of the arms:", paste(input$arms, collapse = ", "))
  class <- c(if (kind == 1L) "respondr_group_tests" else "respondr_group_contrasts", "respondr_groups")
  build_result(columns, class = class, settings = settings, trace = several_trace(input, given, adjusted), input = input,
    call = call)
}

several_words <- function(given, arms) {
  words <- groups_k_names
  if (length(arms) > 2L) words["change_score"] <- "analysis of variance of the changes"
  if (identical(given$covariance, "hc3")) {
    of <- c("change_score", "ancova")
    words[of] <- paste(c("test of the changes", "analysis of covariance"), "with HC3 standard errors")
  }
  words
}

several_trace <- function(input, given, adjusted) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  trace_table(list(
    choice("method", paste(given$method, collapse = ", "), paste(unname(groups_k_names[given$method]), collapse = "; ")),
    choice("arms", paste(input$arms, collapse = ", "), input$arm_note %||% ""),
    if (!is.null(given$distribution)) choice("distribution", given$distribution),
    if (!is.null(given$covariance)) choice("covariance", given$covariance, "of the analysis of covariance and the test of the changes"),
    choice("adjustment", adjusted, if (adjusted == "family") "the joint distribution of the contrasts" else "")
  ))
}

# outcome ~ arm * visit | id as change: each later visit beside the reference visit, one outcome each.
groups_from_visits <- function(formula, data, outcomes, by, subset, reference, contrasts, call) {
  split <- is.list(reference) || !is.null(names(reference))
  visits <- if (split) reference[setdiff(names(reference), "arm")]
  long <- rm_input(formula, data, outcomes, NULL, by, subset, if (length(visits)) unlist(visits), NULL, call)
  arm <- names(long$between)
  if (length(arm) != 1L || !is.factor(long$between[[1]]) || length(long$within_names) != 1L) {
    stop_input("formula", c("Change between arms takes one arm and one factor of visits: `outcome ~ arm * visit | id`.",
      i = "For more factors use `rm_anova()` or `rm_mmrm()`."), "formula", call)
  }
  check_apart(names(long$by), stats::setNames(list(as.name(arm)), "arm"), "by", call)
  named <- if (split) reference[names(reference) %in% c("arm", arm)]
  first <- if (split) (if (length(named)) named[[1]]) else reference
  base <- long$reference
  wide <- baselines <- list()
  for (name in names(long$outcomes)) {
    for (v in setdiff(seq_along(long$visits), base)) {
      label <- paste(name, "at", long$visits[v])
      wide[[label]] <- long$outcomes[[name]][long$rows[, v]]
      baselines[[label]] <- long$outcomes[[name]][long$rows[, base]]
    }
  }
  group <- rep(seq_along(diff(long$group_start)), diff(long$group_start))
  by_columns <- lapply(long$by, function(x) x[group])
  input <- groups_from_columns(wide, long$between[[1]], by_columns, nrow(long$rows), first, arm, contrasts, call)
  input$baselines <- baselines
  input$skipped <- c(long$skipped[setdiff(names(long$skipped), names(input$skipped))], input$skipped)
  input
}

#' @rdname report_text
#' @export
report_text.respondr_group_tests <- function(x, ...) rm_sentences(x, anova_sentence)

#' @rdname report_text
#' @export
report_text.respondr_group_contrasts <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- row_list(x, i)
    if (is.na(one$estimate) && !is.null(one$df_denominator) && !is.na(one$df_denominator)) {
      one$term <- one$contrast
      return(anova_sentence(one, settings))
    }
    if (!is.na(one$n_reference)) one$n <- one$n + one$n_reference
    contrast_sentence(one, places[i], settings)
  }, "")
}

# A bar with an id, and more than the id's visits before it.
has_visits <- function(formula) {
  rhs <- formula[[length(formula)]]
  is.call(rhs) && identical(rhs[[1]], as.name("|")) && is.call(rhs[[2]]) && as.character(rhs[[2]][[1]])[1] == "*"
}

# Baseline columns of the same rows, in the order of the outcomes.
group_baselines <- function(baseline, input, data, subset, env, call) {
  if (is.null(baseline)) {
    return(NULL)
  }
  data <- as_data(data, call)
  if (!length(data)) {
    stop_input("baseline", c("`baseline` names columns of `data`, and there is none.",
      i = "Write `compare_groups(after ~ arm, data, baseline = before)`."), "baseline", call)
  }
  columns <- baseline_columns(baseline, data, env)
  plain <- all(vapply(columns, function(e) is.symbol(e) && as.character(e) %in% names(data), NA))
  if (!plain) columns <- select_columns(baseline, data, env, "baseline", call)
  paired <- vapply(pair_baselines(columns, outcome_names(input), call), as.character, "")
  names <- unique(paired)
  outcomes <- lapply(outcome_names(input), as.name)
  check_apart(names, stats::setNames(outcomes, rep("outcome", length(outcomes))), "baseline", call)
  check_apart(names(input$by), stats::setNames(lapply(names, as.name), rep("baseline", length(names))), "by", call)
  keep <- subset_rows(subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  columns <- check_outcomes(stats::setNames(lapply(names, function(name) data[[name]]), names), call)
  columns[paired]
}

#' @rdname as_htest
#' @export
as_htest.respondr_group_tests <- function(x, row = NULL, ...) {
  one <- htest_row(x, row, rlang::current_call())
  by <- attr(one, "settings")$by
  status <- as.character(one$status)
  ratio <- !is.null(one$df_denominator) && !is.na(one$df_denominator)
  parts <- list(
    statistic = if (!is.na(one$statistic)) stats::setNames(one$statistic, if (ratio) "F" else "statistic"),
    parameter = if (ratio) c("num df" = one$df, "denom df" = one$df_denominator) else if (!is.na(one$df)) c(df = one$df),
    p.value = one$p_value,
    estimate = if (!is.na(one$effect)) stats::setNames(one$effect, as.character(one$effect_name)),
    method = paste0(capitalised(unname(groups_k_names[as.character(one$method)])),
      if (status != "ok") paste0(" (", status, ": ", status_sentence(status), ")")),
    data.name = paste0(one$outcome, " by ", one$term, if (length(by)) {
      paste0(", ", by, " ", vapply(by, function(b) as.character(one[[b]]), ""), collapse = "")
    })
  )
  structure(parts[!vapply(parts, is.null, NA)], class = "htest")
}

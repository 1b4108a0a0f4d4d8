# The three readings of one study side by side.

#' Completers, all patients, pairs: one table
#'
#' The change from the reference visit to every other visit by three analyses of the same data: the repeated-measures ANOVA of
#' the patients who have every visit (each contrast with its own error), the mixed model of all measurements, and the paired
#' t-test of each pair of visits. Where no patient is missing the first and the third are the same; where many are, the table
#' shows what the choice of patients does.
#'
#' @inheritParams rm_anova
#' @param formula As for [rm_anova()].
#' @param contrast_by Between factors at each of whose levels the changes are given.
#' @param ... Words of [rm_mmrm()], such as `covariance` or `df`.
#' @return A data frame of class `respondr_rm_contrasts`: for each outcome, group and contrast the rows `t` (completers),
#'   `reml` or `ml` (mixed model) and `t_pairs` (paired t-test), each with its n.
#' @examples
#' long <- data.frame(
#'   id = rep(1:8, 3), month = rep(c(0, 3, 12), each = 8),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 7.3, 6.8, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 8.4, NA,
#'          9.0, 9.1, NA, 9.9, 9.3, 8.5, NA, NA)
#' )
#' rm_compare(hb ~ month | id, long)
#' @export
rm_compare <- function(formula, data, ..., outcomes = NULL, within = NULL, by = NULL, contrast_by = NULL, reference = NULL,
                       visits = NULL, conf_level = 0.95) {
  call <- rlang::current_call()
  frame <- as_data(data, call)
  env <- parent.frame()
  pick <- function(e, argument) select_columns(e, frame, env, argument, call)
  words <- list(formula = formula, data = frame, outcomes = outcome_words(substitute(outcomes), frame, env, call),
    within = names_or_null(pick(substitute(within), "within")), by = names_or_null(pick(substitute(by), "by")),
    reference = reference, visits = visits, conf_level = conf_level)
  groups <- pick(substitute(contrast_by), "contrast_by")
  anova <- do.call(rm_anova, c(words, list(effect = "none", method = "anova")))
  input <- attr(anova, "input")
  if (length(input$within_names) > 1L) {
    stop_input("within", "`rm_compare()` compares visits: it takes one within factor.", "within", call)
  }
  completers <- as.data.frame(rm_contrasts(anova, by = groups))
  mixed <- as.data.frame(mixed_contrasts(words, groups, list(...)))
  pairs <- paired_contrasts(input, groups, conf_level, call)
  bind_readings(list(completers, mixed, pairs), input, groups, anova, conf_level, call)
}

mixed_contrasts <- function(words, groups, more) {
  fit <- do.call(rm_mmrm, c(words, more))
  fits <- if (inherits(fit, "respondr_mmrm")) list(fit) else attr(fit, "fits")
  do.call(rbind, lapply(fits, function(f) as.data.frame(rm_contrasts(f, by = groups))))
}

# The paired t-test of each visit against the reference, in each group asked for.
paired_contrasts <- function(input, groups, conf_level, call) {
  frames <- list()
  for (o in seq_along(input$outcomes)) {
    for (g in seq_len(nrow(input$by))) {
      part <- rm_group_input(input, g)
      value <- matrix(input_column(part, "outcomes", o)[part$rows], nrow(part$rows))
      combos <- if (length(groups)) unique(part$between[stats::complete.cases(part$between[groups]), groups, drop = FALSE])
      for (k in seq_len(max(1L, NROW(combos)))) {
        in_group <- rep(TRUE, nrow(value))
        for (name in groups) in_group <- in_group & part$between[[name]] %in% combos[[name]][k]
        frames[[length(frames) + 1L]] <- paired_block(value[in_group, , drop = FALSE], part, o, groups, combos, k, conf_level)
      }
    }
  }
  do.call(rbind, frames)
}

paired_block <- function(value, part, o, groups, combos, k, conf_level) {
  later <- part$contrasts
  rows <- lapply(later, function(v) {
    as.data.frame(compare_paired(value[, part$reference], value[, v], effect = "none", conf_level = conf_level))
  })
  rows <- do.call(rbind, rows)
  labels <- data.frame(outcome = rep(names(part$outcomes)[o], length(later)), part$by[rep(1L, length(later)), , drop = FALSE],
    contrast = paste0(part$visits[later], " - ", part$visits[part$reference]), level = part$visits[later],
    reference = part$visits[part$reference], row.names = NULL)
  for (name in groups) labels[[name]] <- as.character(combos[[name]][k])
  data.frame(labels, method = "t_pairs", n = rows$n_pairs, rows[c("estimate", "std_error", "conf_low", "conf_high", "statistic",
    "df", "p_value", "status")], stringsAsFactors = FALSE)
}

bind_readings <- function(parts, input, groups, anova, conf_level, call) {
  keys <- c("outcome", names(input$by), groups, "contrast", "level", "reference", "method")
  numbers <- c("n", "estimate", "std_error", "conf_low", "conf_high", "statistic", "df", "p_value")
  all <- do.call(rbind, lapply(parts, function(p) {
    p[keys] <- lapply(p[keys], as.character)
    p$status <- as.character(p$status)
    p[c(keys, numbers, "status")]
  }))
  order_of <- function(name) {
    levels <- if (name == "contrast") unique(parts[[1]]$contrast) else unique(all[[name]])
    match(all[[name]], as.character(levels))
  }
  all <- all[do.call(order, lapply(setdiff(keys, c("level", "reference")), order_of)), , drop = FALSE]
  for (name in keys) all[[name]] <- factor(all[[name]], levels = unique(all[[name]]))
  all$status <- status_factor(match(all$status, status_table$word) - 1L)
  n <- nrow(all)
  columns <- c(as.list(all), list(
    alternative = constant_factor("two.sided", n), null_value = rep(0, n), estimand = constant_factor("difference of means", n),
    conf_level = rep(conf_level, n), p_matches = !is.na(all$conf_low)
  ))
  settings <- attr(anova, "settings")
  build_result(columns, class = "respondr_rm_contrasts", settings = list(
    family = "rm_compare", by = c(names(input$by), groups), conf_level = conf_level, scale = "difference", p_adjust = "none",
    title = "Changes by three analyses", kind = "long", warning = settings$warning,
    lines = c(paste0("rows t: ANOVA of the patients who have every visit, each contrast with its own error; reml or ml: mixed ",
      "model of all measurements; t_pairs: paired t-test of the two visits"), input$notes)
  ), input = input, call = call)
}

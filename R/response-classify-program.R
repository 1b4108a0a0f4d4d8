# A rule as the flat program of inst/include/respondr/response/types.hpp; the codes are those of its enums.

response_measures <- c(value = 0L, baseline = 1L, change = 2L, percent_change = 3L, ratio = 4L, rci = 5L)
response_relations <- c(">" = 0L, ">=" = 1L, "<" = 2L, "<=" = 3L, "==" = 4L, "!=" = 5L)
response_handling <- c(nonresponder = 1L, excluded = 2L, carried = 3L, open = 4L)
response_moments <- c(each = 0L, at = 1L, last = 2L, best = 3L, any = 3L)

rule_program <- function(rule, input, call) {
  sources <- input$sources
  steps <- list()
  level <- first <- last <- integer()
  for (clause in unlist(unname(rule$sets), recursive = FALSE)) {
    own <- node_steps(clause$condition, sources)
    level <- c(level, match(clause$level, rule$levels) - 1L)
    first <- c(first, length(steps))
    steps <- c(steps, own)
    last <- c(last, length(steps))
  }
  part <- function(name, type) vapply(steps, `[[`, type, name)
  list(op = part("op", 0L), argument = part("argument", 0L), measure = part("measure", 0L), relation = part("relation", 0L),
    cutoff = part("cutoff", 0), level = level, first = first, last = last,
    set_start = as.integer(c(0L, cumsum(lengths(unname(rule$sets))))),
    missing = response_handling[[rule$missing]], zero_baseline = response_handling[[rule$zero_baseline]],
    death = response_handling[[rule$death]], moment = response_moments[[rule$time$kind]],
    visit = rule_visit(rule, input, call), sustained = as.integer(rule$time$sustained),
    confirmed = isTRUE(rule$time$confirmed))
}

# Position of the rule's visit among the judged ones, from 0.
rule_visit <- function(rule, input, call) {
  if (rule$time$kind != "at") {
    return(-1L)
  }
  at <- match(rule$time$visit, input$judged)
  if (is.na(at)) {
    stop_input("visits", c(paste0("The rule judges visit ", quoted(rule$time$visit),
      ", which is not among the judged visits."),
      i = paste0("Judged visits: ", quoted(input$judged, 12), ".")), "visit", call)
  }
  at - 1L
}

response_step <- function(op, argument, measure = 0L, relation = 0L, cutoff = 0) {
  list(op = op, argument = as.integer(argument), measure = measure, relation = relation, cutoff = cutoff)
}

node_steps <- function(node, sources) {
  if (is.null(node)) {
    return(list(response_step(4L, 1L)))
  }
  if (node$op == "compare") {
    return(leaf_steps(node, which(sources$variable == node$variable & sources$visit %in% (node$visit %||% NA)) - 1L))
  }
  parts <- unlist(lapply(node$args, node_steps, sources), recursive = FALSE)
  c(parts, list(switch(node$op, and = response_step(1L, length(node$args)), or = response_step(2L, length(node$args)),
    not = response_step(3L, 1L))))
}

leaf_steps <- function(leaf, variable) {
  cutoff <- as.numeric(leaf$cutoff)
  if (leaf$measure == "rci") {
    cutoff <- cutoff * leaf$parameters$sd_baseline * sqrt(2 * (1 - leaf$parameters$reliability))
  }
  measure <- response_measures[[leaf$measure]]
  one <- function(relation, k) response_step(0L, variable, measure, response_relations[[relation]], cutoff[k])
  if (leaf$relation != "between") {
    return(list(one(leaf$relation, 1L)))
  }
  list(one(if (leaf$closed[1]) ">=" else ">", 1L), one(if (leaf$closed[2]) "<=" else "<", 2L), response_step(1L, 2L))
}

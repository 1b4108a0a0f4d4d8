# A rule in words.

node_words <- function(node, outer = "") {
  if (is.null(node)) {
    return("otherwise")
  }
  if (node$op == "compare") {
    return(leaf_words(node))
  }
  if (node$op == "not") {
    return(paste0("not (", node_words(node$args[[1]]), ")"))
  }
  if (!is.null(node$at_least)) {
    return(paste0("at least ", node$at_least, " of these hold: (", paste(vapply(node$of, node_words, ""),
      collapse = "; "), ")"))
  }
  out <- paste(vapply(node$args, node_words, "", outer = node$op), collapse = paste0(" ", node$op, " "))
  if (nzchar(outer)) paste0("(", out, ")") else out
}

leaf_words <- function(leaf) {
  unit <- if (leaf$measure == "percent_change") " %" else ""
  words <- switch(leaf$measure,
    value = paste(leaf$variable, "is", relation_words(leaf)),
    baseline = paste("the baseline of", leaf$variable, "is", relation_words(leaf)),
    ratio = paste("the ratio of", leaf$variable, "to its baseline is", relation_words(leaf)),
    rci = paste0("the reliable-change index of ", leaf$variable, " (SD ", number_decimal(leaf$parameters$sd_baseline),
      ", reliability ", number_decimal(leaf$parameters$reliability), ") is ", relation_words(leaf)),
    change = , percent_change = paste(change_words(leaf, unit))
  )
  if (!is.null(leaf$visit)) words <- paste0("at visit ", leaf$visit, " ", words)
  if (is.null(leaf$mid)) words else
    paste0(words, " (minimal important difference", if (nzchar(leaf$mid)) paste0(", ", leaf$mid), ")")
}

relation_words <- function(leaf, unit = "") {
  cutoff <- paste0(leaf$cutoff, unit)
  switch(leaf$relation, ">" = paste("above", cutoff), ">=" = paste("at least", cutoff), "<" = paste("below", cutoff),
    "<=" = paste("at most", cutoff), "==" = cutoff, "!=" = paste("not", cutoff),
    between = paste0("between ", cutoff[1], " and ", cutoff[2], ends_words(leaf$cutoff, leaf$closed)))
}

ends_words <- function(cutoff, closed) {
  if (all(closed)) {
    return(", both included")
  }
  if (!any(closed)) ", neither included" else paste0(", ", cutoff[closed], " included, ", cutoff[!closed], " not")
}

# Rose, fell or neither: a cut-off away from no change in the direction asked for is a rise or a fall by its size.
change_words <- function(leaf, unit) {
  value <- as.numeric(leaf$cutoff)
  relation <- leaf$relation
  if (relation == "between" && (all(value > 0) || all(value < 0))) {
    size <- if (value[1] > 0) leaf$cutoff else rev(vapply(leaf$cutoff, decimal_negated, ""))
    closed <- if (value[1] > 0) leaf$closed else rev(leaf$closed)
    return(paste0(leaf$variable, if (value[1] > 0) " rose by " else " fell by ", size[1], " to ", size[2], unit,
      ends_words(size, closed)))
  }
  if (relation != "between" && value == 0) {
    return(paste(leaf$variable, switch(relation, ">" = "rose", ">=" = "did not fall", "<" = "fell", "<=" = "did not rise",
      "==" = "did not change", "!=" = "changed")))
  }
  up <- relation %in% c(">", ">=", "==") && value > 0
  if (up || (relation %in% c("<", "<=", "==") && value < 0)) {
    by <- switch(relation, ">" = , "<" = "more than ", ">=" = , "<=" = "at least ", "exactly ")
    return(paste0(leaf$variable, if (up) " rose by " else " fell by ", by,
      if (up) leaf$cutoff else decimal_negated(leaf$cutoff), unit))
  }
  paste0("the ", if (nzchar(unit)) "percent ", "change of ", leaf$variable, " is ", relation_words(leaf, unit))
}

listed <- function(x, last = " and ") {
  if (length(x) < 2L) x else paste0(paste(x[-length(x)], collapse = ", "), last, x[length(x)])
}

# Sentences on what is judged when, and what stands in for a value that is not there.
rule_terms <- function(rule) {
  worst <- rule$levels[1]
  follows <- function(word) {
    switch(word, nonresponder = paste0("counts as ", worst, " (nonresponder)"), excluded = "is left out of the denominator",
      carried = "keeps the last level observed", open = "is left without a level (open)")
  }
  leaves <- unlist(lapply(rule$sets, set_leaves), recursive = FALSE)
  measures <- vapply(leaves, `[[`, "", "measure")
  elsewhere <- !all(vapply(leaves, function(leaf) is.null(leaf$visit), NA))
  c(
    if (any(!measures %in% c("value", "baseline"))) "Changes are the value at the visit minus the baseline.",
    if (elsewhere) "A condition at a named visit looks at that visit, whichever visit is judged.",
    if ("rci" %in% measures)
      "The reliable-change index is the change over SD * sqrt(2 (1 - reliability)) (Jacobson and Truax 1991).",
    rule_time_words(rule$time),
    paste0("Where a value that is needed is missing, the patient ", follows(rule$missing), "."),
    if (any(measures %in% c("percent_change", "ratio")))
      paste0("Where a ", listed(c("percent change", "ratio")[c("percent_change", "ratio") %in% measures], " or "),
        " is needed and the baseline is 0, the patient ", follows(rule$zero_baseline), "."),
    paste0("After death a patient ", follows(rule$death), ".")
  )
}

rule_time_words <- function(time) {
  judged <- switch(time$kind, each = "Each visit is judged.", last = "The last visit with a value is judged.",
    best = "The best level at any visit is taken (best response ever).", at = paste0("Visit ", time$visit, " is judged."))
  c(judged,
    if (time$sustained > 1L) paste0("A level counts if it, or a better one, holds at ", time$sustained,
      " consecutive visits, the visit judged and those before it."),
    if (time$confirmed) "A level counts if it, or a better one, holds again at the next visit.")
}

rule_overlap_words <- function(rule) {
  overlaps <- rule$overlaps
  if (is.null(overlaps)) {
    return("Not looked at for gaps, overlaps and levels out of reach: too many combinations of cut-offs.")
  }
  if (!nrow(overlaps)) {
    return(if (any(lengths(rule$sets) > 2L)) "No two conditions overlap.")
  }
  words <- ifelse(overlaps$within, paste("whoever meets", overlaps$better, "meets", overlaps$worse, "too"),
    paste0(overlaps$better, " and ", overlaps$worse, " can both hold (", overlaps$example, ")"))
  set <- ifelse(nzchar(overlaps$set), paste0(rule$by, " ", overlaps$set, ": "), "")
  paste0("Overlaps, where the better level is given: ", paste0(set, words, collapse = "; "), ".")
}

# What the check took for granted because the rule says so.
rule_domain_words <- function(rule) {
  ends <- vapply(names(rule$range), function(name) {
    end <- rule$range[[name]]
    paste(name, if (!any(nzchar(end))) "can be any number" else paste(c(if (nzchar(end[1])) paste("is at least", end[1]),
      if (nzchar(end[2])) paste(if (nzchar(end[1])) "at most" else "is at most", end[2])), collapse = " and "))
  }, "")
  whole <- if (length(rule$whole)) paste(listed(rule$whole), if (length(rule$whole) > 1L) "take" else "takes",
    "whole numbers only")
  if (length(c(ends, whole))) paste0("Taken as given: ", paste(c(ends, whole), collapse = "; "), ".")
}

#' @export
format.respondr_rule <- function(x, ..., width = getOption("width")) {
  wide <- max(nchar(x$levels, "width"))
  sets <- lapply(seq_along(x$sets), function(i) {
    clauses <- x$sets[[i]]
    lines <- lapply(seq_along(clauses), function(k) {
      level <- clauses[[k]]$level
      words <- strwrap(node_words(clauses[[k]]$condition), max(20L, width - wide - 7L))
      paste0(c(paste0("  ", k, ". ", level, strrep(" ", wide - nchar(level, "width"))), rep(strrep(" ", wide + 5L),
        length(words) - 1L)), "  ", words)
    })
    c(if (!is.null(x$by)) c("", paste(x$by, names(x$sets)[i])), unlist(lines))
  })
  c(
    paste0("Response rule: ", paste(rev(x$levels), collapse = " > ")),
    strwrap("Levels are tried best first; the first that holds wins.", width),
    unlist(sets), "",
    strwrap(paste(rule_terms(x), collapse = " "), width), strwrap(c(rule_overlap_words(x), rule_domain_words(x)), width)
  )
}

#' @export
print.respondr_rule <- function(x, ..., width = getOption("width")) {
  writeLines(format(x, width = width))
  invisible(x)
}

#' @export
as.character.respondr_rule <- function(x, ...) {
  sets <- vapply(seq_along(x$sets), function(i) {
    clauses <- x$sets[[i]]
    words <- vapply(seq_along(clauses), function(k) {
      clause <- clauses[[k]]
      if (is.null(clause$condition)) paste("otherwise", clause$level) else
        paste0(clause$level, " if ", node_words(clause$condition))
    }, "")
    where <- if (is.null(x$by)) "Response is " else paste0("Where ", x$by, " is ", names(x$sets)[i], ", response is ")
    paste0(where, paste(words, collapse = "; else "), ".")
  }, "")
  sets <- gsub("; else otherwise ", "; otherwise ", sets, fixed = TRUE)
  paste(c(paste0("The levels of response are ", listed(rev(x$levels)),
    ", from the best to the worst. They are tried in this ",
    "order, and the first whose condition holds is given."), sets, rule_terms(x)), collapse = " ")
}

#' @rdname report_text
#' @export
report_text.respondr_rule <- function(x, ...) as.character(x)

#' @export
as.data.frame.respondr_rule <- function(x, row.names = NULL, optional = FALSE, ...) {
  sizes <- lengths(x$sets)
  clauses <- unlist(unname(x$sets), recursive = FALSE)
  out <- data.frame(
    set = rep(names(x$sets), sizes), order = sequence(unname(sizes)),
    level = factor(vapply(clauses, `[[`, "", "level"), x$levels, ordered = TRUE),
    condition = vapply(clauses, `[[`, "", "text"),
    words = vapply(clauses, function(clause) node_words(clause$condition), "")
  )
  if (is.null(x$by)) out[-1] else stats::setNames(out, c(x$by, names(out)[-1]))
}

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_rule <- function(x, options = NULL, ...) {
  escaped <- function(text) knit_escape(text, "pipe")
  sets <- lapply(seq_along(x$sets), function(i) {
    clauses <- x$sets[[i]]
    items <- vapply(seq_along(clauses), function(k) {
      paste0(k, ". **", escaped(clauses[[k]]$level), "**: ", escaped(node_words(clauses[[k]]$condition)))
    }, "")
    c(if (!is.null(x$by)) c(paste0(escaped(x$by), " ", escaped(names(x$sets)[i]), ":"), ""), items, "")
  })
  notes <- c("Levels are tried best first; the first that holds wins.", rule_terms(x), rule_domain_words(x))
  knitr::asis_output(paste(c("", "", paste0("Rule of response: ", escaped(paste(rev(x$levels), collapse = ", ")),
    ", best first."), "", unlist(sets), paste(escaped(notes), collapse = " "), "", ""), collapse = "\n"))
}

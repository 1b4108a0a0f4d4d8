# Calls of libraries that have an R interface only, one function each.

# Shapiro-Wilk p of the changes of every problem, in the order of result_labels(); NA outside 3 to 5,000 pairs or without
# spread.
lib_shapiro <- function(input) {
  group <- factor(group_of_patient(input), levels = seq_len(length(input$group_start) - 1L))
  unlist(lapply(seq_along(outcome_names(input)), function(o) {
    columns <- lapply(input$contrasts, function(v) {
      vapply(split(input_pair(input, o, v)$change, group), shapiro_p, 0)
    })
    as.vector(do.call(rbind, columns))
  }), use.names = FALSE)
}

shapiro_p <- function(change) {
  change <- change[is.finite(change)]
  spread <- diff(range(change, 0))
  if (length(change) < 3L || length(change) > 5000L || diff(range(change)) <= 1e-10 * max(spread, 1e-300)) {
    return(NA_real_)
  }
  stats::shapiro.test(change)$p.value
}

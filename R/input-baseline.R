# Baselines beside outcomes: which belongs to which, and how that is said.

# One baseline for each outcome, in their order: matched by name where the baselines have names, one for all of them, or as many.
pair_baselines <- function(baseline, outcomes, call) {
  own <- names(baseline)
  if (any(nzchar(own))) {
    if (anyDuplicated(own) || !setequal(own, outcomes)) {
      stop_input("baseline", c(paste0("`baseline` names ", quoted(own), "; the outcomes are ", quoted(outcomes), "."),
        i = "Name each outcome once, or give the baselines in the order of the outcomes."), "baseline", call)
    }
    baseline <- baseline[outcomes]
  }
  if (!length(baseline) %in% c(1L, length(outcomes))) {
    stop_input("baseline", paste0("`baseline` names ", length(baseline), " columns for ", length(outcomes), " outcomes."),
      "baseline", call)
  }
  unname(rep_len(baseline, length(outcomes)))
}

baseline_note <- function(before, after) {
  if (length(after) == 1L) return(paste("baseline column", before))
  if (length(unique(before)) == 1L) return(paste("baseline column", before[1], "for every outcome"))
  paste0("baseline columns ", paste(before, "for", after, collapse = ", "))
}

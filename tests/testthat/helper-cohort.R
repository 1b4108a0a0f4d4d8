# Names that a spec gives to figures.
figures_names <- function(figures) cohort_spec(1000, cohort_names(figures), figures)$figures$name

cohort_names <- function(figures) {
  columns <- unique(unlist(regmatches(figures$of, gregexpr("[a-z]+@[0-9]+", figures$of))))
  visits <- split(sub(".*@", "", columns), sub("@.*", "", columns))
  timed <- lapply(visits, function(v) cohort_measure(2, visits = v))
  c(timed, list(x = cohort_measure(2), g = cohort_category(c("in", "out"))))
}
